import pytest

from campaigns.services.preview import preview
from campaigns.storage.campaigns import put_draft
from contacts.domain.facts import Kind
from contacts.domain.leaving_tokens import read_leaving
from contacts.domain.verdicts import Reason
from core.errors import BadInput
from core.tokens import TokenKind
from tests.campaigns.scenes import HTML, add_contact, add_reader, make_draft, tell
from tests.conftest import NOON


def test_a_preview_shows_what_the_contact_would_get_and_whether(database, settings, keyring):
    with database.writing() as session:
        campaign = put_draft(session, make_draft(), NOON)
        reader = add_reader(session, "maya@example.org", given_name="Maya")
        other = add_contact(session, "never-asked@example.org", given_name="Noor")
        shown = preview(session, campaign, settings, keyring, at=NOON, contact=reader)
        assert (shown.contact_id, shown.verdict, shown.subject) == (reader.id, None, "New this spring")
        assert "Hello Maya" in shown.html
        assert "Hello Maya" in shown.text
        headers = dict(shown.headers)
        assert headers["To"] == "Maya <maya@example.org>"
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["List-Id"].endswith("<everything.127.0.0.1>") or "everything" in headers["List-Id"]
        assert preview(session, campaign, settings, keyring, at=NOON, contact=other).verdict is Reason.NO_PERMISSION
        tell(session, reader, Kind.OPT_OUT, ["marketing"])
        assert preview(session, campaign, settings, keyring, at=NOON, contact=reader).verdict is Reason.OPTED_OUT


def test_g10_the_links_of_a_preview_speak_of_nobody(database, settings, keyring):
    with database.writing() as session:
        campaign = put_draft(session, make_draft(), NOON)
        reader = add_reader(session, "maya@example.org")
        shown = preview(session, campaign, settings, keyring, at=NOON, contact=reader)
        token = dict(shown.headers)["List-Unsubscribe"].split(">")[0].rpartition("/")[2]
        assert read_leaving(keyring, TokenKind.UNSUBSCRIBE, token).own == bytes(32)


def test_without_a_contact_somebody_of_the_audience_is_shown_or_an_invented_person(database, settings, keyring):
    with database.writing() as session:
        campaign = put_draft(session, make_draft(), NOON)
        assert "Hello Alex" in preview(session, campaign, settings, keyring, at=NOON).html
        reader = add_reader(session, "maya@example.org", given_name="Maya")
        shown = preview(session, campaign, settings, keyring, at=NOON)
        assert (shown.contact_id, "Hello Maya" in shown.html) == (reader.id, True)


def test_a_shipped_template_is_shown_with_the_campaigns_words(database, settings, keyring):
    with database.writing() as session:
        draft = make_draft(template="announcement", html="", text="", content={"headline": "Big & new"})
        shown = preview(session, put_draft(session, draft, NOON), settings, keyring, at=NOON)
        assert shown.subject == "New this spring"
        assert "Big &amp; new" in shown.html
        assert "Big & new" in shown.text
        draft = make_draft(template="announcement", html="", text="", subject="For {{ contact.given_name }}")
        assert preview(session, put_draft(session, draft, NOON), settings, keyring, at=NOON).subject == "For Alex"


def test_a_template_that_breaks_is_told_by_line(database, settings, keyring):
    with database.writing() as session:
        campaign = put_draft(session, make_draft(html=HTML.replace("given_name", "shoe_size")), NOON)
        with pytest.raises(BadInput) as refused:
            preview(session, campaign, settings, keyring, at=NOON)
        assert (refused.value.field, refused.value.line) == ("html", 1)


def test_content_of_the_wrong_kind_is_told_by_its_name_not_by_a_line_of_ours(database, settings, keyring):
    with database.writing() as session:
        draft = make_draft(template="announcement", html="", text="", content={"body": ["a"]})
        campaign = put_draft(session, draft, NOON)
        with pytest.raises(BadInput, match=r"content\.body") as refused:
            preview(session, campaign, settings, keyring, at=NOON)
        assert (refused.value.field, refused.value.line) == ("content.body", None)
