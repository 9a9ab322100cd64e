from pathlib import Path
from typing import Any

import pytest

from campaigns.domain.campaign_files import read_campaign
from campaigns.domain.checks import Severity
from campaigns.mail.shipped import kinds
from campaigns.services.apply_campaign import apply_draft
from campaigns.services.check_campaign import Checked, check_campaign
from core.database import Database
from core.settings import Settings
from core.tokens import Keyring, TokenKind
from tests.campaigns.scenes import HTML, TEXT, add_contact, add_reader, add_readers, make_draft
from tests.conftest import NOON

DEMO = Path(__file__).parents[3] / "demo"


def _check(database: Database, settings: Settings, keyring: Keyring, **changes: Any) -> Checked:
    with database.writing() as session:
        campaign = apply_draft(session, make_draft(**changes), at=NOON).campaign
        return check_campaign(session, campaign, settings, keyring, at=NOON)


def _errors(checked: Checked) -> list[str]:
    return [found.sentence for found in checked.findings if found.severity is Severity.ERROR]


def test_a_campaign_with_everything_in_place_is_cleared(database, settings, keyring):
    with database.writing() as session:
        add_reader(session, "a@example.org")
    checked = _check(database, settings, keyring)
    assert checked.clearance is not None
    told = [(found.severity, found.sentence.partition(": ")[0]) for found in checked.findings]
    assert set(told) == {(Severity.WARNING, "For a contact of whom only the address is known")}


def test_an_audience_of_nobody_is_a_warning(database, settings, keyring):
    with database.writing() as session:
        add_contact(session, "never-asked@example.org")
    checked = _check(database, settings, keyring, html=HTML.replace("given_name", "address"), text="")
    assert [found.where for found in checked.findings] == ["audience"]
    assert "Of 1 contacts whom the audience means" in checked.findings[0].sentence
    assert checked.clearance is not None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"html": "<p>{{ contact.nickname }}</p>"}, "the variable “contact.nickname” does not exist"),
        ({"html": "<p>{% if %}</p>"}, "Line 1"),
        ({"subject": ""}, "The subject is empty."),
        ({"html": HTML.replace("{{ unsubscribe_url }}", "https://example.org/")}, "no visible unsubscribe link"),
        ({"text": TEXT.replace("{{ unsubscribe_url }}", "")}, "The text part has no unsubscribe link."),
        ({"html": HTML.replace("{{ sender.postal_address }}", "")}, "postal address"),
        ({"html": HTML.replace("advertisement", "letter")}, "advertising"),
        ({"html": HTML.replace("https://example.org/new", "/new")}, "is relative"),
        ({"preheader": "{{ contact.name }}"}, "The preheader is plain text"),
    ],
)
def test_g20_what_must_be_right_is_an_error_and_nothing_is_cleared(database, settings, keyring, changes, sentence):
    with database.writing() as session:
        add_reader(session, "a@example.org")
    checked = _check(database, settings, keyring, **changes)
    assert any(sentence in told for told in _errors(checked)), checked.findings
    assert checked.clearance is None


@pytest.mark.parametrize(
    ("content", "where"),
    [({"body": ["a"]}, "content.body"), ({"sections": "x"}, "content.sections"), ({"closing": 3}, "content.closing")],
)
def test_g20_content_of_the_wrong_kind_is_named_and_no_template_is_rendered_with_it(
    database, settings, keyring, content, where
):
    with database.writing() as session:
        add_readers(session, 3)
    checked = _check(
        database, settings, keyring, template="announcement", html="", text="", content={"headline": "x"} | content
    )
    assert checked.clearance is None
    assert [found.where for found in checked.findings] == [where]
    assert "Line" not in str(checked)
    assert "Give a default" not in str(checked)


def test_a_template_of_ones_own_may_take_content_of_any_kind(database, settings, keyring):
    with database.writing() as session:
        add_reader(session, "a@example.org")
    html = HTML.replace("</p>", " {% for each in content.body %}{{ each }}{% endfor %}</p>", 1)
    assert _check(database, settings, keyring, html=html, content={"body": ["a", "b"]}).clearance is not None


def test_g20_settings_that_lack_a_duty_are_errors(database, settings, keyring):
    bare = settings.model_copy(update={"sender_postal_address": "", "base_url": "http://mail.example.org"})
    told = _errors(_check(database, bare, keyring))
    assert "The sender's postal address is not set." in told
    assert any("would not be encrypted" in sentence for sentence in told)


def test_a_sender_that_no_header_can_carry_is_an_error(database, settings, keyring):
    odd = settings.model_copy(update={"sender_name": "Evil\r\nBcc: all@example.org"})
    assert any("line breaks" in sentence for sentence in _errors(_check(database, odd, keyring)))


def test_a_contact_that_lacks_what_the_template_needs_is_named_by_number_never_by_address(database, settings, keyring):
    with database.writing() as session:
        person = add_reader(session, "secret-person@example.org", given_name="")
    checked = _check(database, settings, keyring)
    assert any(f"For contact {person.id}:" in told for told in _errors(checked))
    assert "secret-person" not in str(checked)


def test_p25_a_link_that_differs_from_contact_to_contact_is_told_not_to_be_counted(database, settings, keyring):
    with database.writing() as session:
        add_reader(session, "a@example.org", attributes={"page": "https://example.org/a"})
    html = HTML.replace("given_name", 'attributes.page | default("https://example.org/none")')
    html = html.replace(
        "https://example.org/new?a=1&amp;b=2", '{{ contact.attributes.page | default("https://x.org") }}'
    )
    text = "{{ sender.postal_address }} This is an advertisement. {{ unsubscribe_url }}"
    checked = _check(database, settings, keyring, html=html, text=text)
    assert [found.sentence for found in checked.findings] == [
        "Links that differ from contact to contact are sent as they are, and not counted."
    ]
    untracked = _check(database, settings, keyring, html=html, text=text, tracking=False)
    assert untracked.findings == ()


def test_a_closed_topic_is_an_error(database, settings, keyring):
    from contacts.storage.closures import close_scope

    with database.writing() as session:
        campaign = apply_draft(session, make_draft(), at=NOON).campaign
        close_scope(session, "announcements", at=NOON)
        checked = check_campaign(session, campaign, settings, keyring, at=NOON)
    assert any("closed or unknown" in told for told in _errors(checked))


def test_g20_a_header_without_one_click_is_an_error(database, settings, keyring, monkeypatch):
    monkeypatch.setattr("campaigns.services.check_campaign.ONE_CLICK", b"List-Unsubscribe-Post: never written")
    assert "The header's one-click opt-out does not work." in _errors(_check(database, settings, keyring))


def test_a_segment_or_a_template_that_is_gone_is_an_error(database, settings, keyring):
    with database.writing() as session:
        campaign = apply_draft(session, make_draft(), at=NOON).campaign
        campaign.audience = {"segment": "gone"}
        campaign.template, campaign.html = "gone", ""
        session.flush()
        checked = check_campaign(session, campaign, settings, keyring, at=NOON)
    assert [found.where for found in checked.findings] == ["audience", "template"]
    assert checked.clearance is None


@pytest.mark.parametrize("kind", kinds())
def test_each_template_that_ships_passes_its_own_checks(database, settings, keyring, kind):
    research = kind.startswith("survey")
    topic = "research" if research else "announcements"
    content = {
        "headline": "Hello",
        "body": "Look [here](https://example.org/look).",
    } | ({} if research else {"button_url": "https://example.org"})
    with database.writing() as session:
        add_reader(session, "a@example.org", topic)
        draft = make_draft(topic=topic, template=kind, html="", text="", content=content)
        campaign = apply_draft(session, draft, at=NOON).campaign
        if research:
            campaign.personal_path, campaign.personal_kind = "/s/", int(TokenKind.ANSWER)
        checked = check_campaign(session, campaign, settings, keyring, at=NOON)
    assert checked.findings == ()


@pytest.mark.parametrize("name", ["announcement.toml", "second.toml"])
def test_the_campaigns_of_the_demo_pass(database, settings, keyring, name):
    draft = read_campaign((DEMO / name).read_text())
    with database.writing() as session:
        add_reader(session, "a@example.org", draft.topic)
        campaign = apply_draft(session, draft, at=NOON).campaign
        checked = check_campaign(session, campaign, settings, keyring, at=NOON)
    assert checked.clearance is not None, checked.findings
