import pytest

from campaigns.domain.campaign_files import DraftSender
from campaigns.domain.wishes import DraftSchedule
from campaigns.services.apply_campaign import apply_draft, apply_file, as_file
from contacts.storage.segments import save_segment
from core.errors import BadInput, Conflict, NotFound
from tests.campaigns.scenes import make_draft, scheduled
from tests.conftest import NOON

FILE = """
name = "spring"
title = "Spring"
topic = "announcements"
template = "announcement"
html_file = "own.html"

[content]
headline = "Hello"
"""


def _no_files(path: str) -> str:
    raise BadInput(f"There is no file {path}.", field="html_file")


def test_a_file_makes_a_campaign_and_applying_it_again_changes_the_same_one(database):
    with database.writing() as session:
        first = apply_file(session, FILE, lambda path: f"<p>{path}</p>", at=NOON)
        again = apply_file(session, FILE.replace("Hello", "Bye"), lambda path: f"<p>{path}</p>", at=NOON)
        assert (first.created, again.created) == (True, False)
        assert again.campaign.id == first.campaign.id
        assert again.campaign.html == "<p>own.html</p>"
        assert again.campaign.content == {"headline": "Bye"}


def test_a_campaign_written_to_a_file_and_applied_is_the_same(database):
    with database.writing() as session:
        first = apply_file(session, FILE, lambda path: "<p>\nx\n</p>", at=NOON).campaign
        written = as_file(first)
        assert apply_file(session, written, _no_files, at=NOON).campaign.draft == first.draft
        assert as_file(first) == written


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"topic": "gossip"}, "topic"),
        ({"template": "postcard"}, "template"),
        ({"sender": DraftSender(email="nobody")}, "sender.email"),
        ({"sender": DraftSender(reply_to="a b@example.org")}, "sender.reply_to"),
        ({"name": "Spring!"}, "name"),
        ({"schedule": DraftSchedule("2026-11-22 09:00", "UTC")}, "at"),
        ({"schedule": DraftSchedule("2027-11-22 09:00", "Mars/Olympus")}, "zone"),
        ({"schedule": DraftSchedule("9999-12-31 23:59", "America/New_York")}, "at"),
        ({"schedule": DraftSchedule("0001-01-01 00:00", "Asia/Tokyo", timed_for="recipient")}, "at"),
        ({"schedule": DraftSchedule("9999-12-31 23:59")}, "at"),
        ({"audience": {"rules": [{"field": "shoe_size", "op": "is", "value": 1}]}}, "audience.rules[0].field"),
    ],
)
def test_what_cannot_be_used_is_named_by_its_field(database, changes, field):
    with database.writing() as session, pytest.raises(BadInput) as refused:
        apply_draft(session, make_draft(**changes), at=NOON)
    assert refused.value.field == field


def test_an_audience_may_name_a_segment_that_is_there(database):
    with database.writing() as session:
        with pytest.raises(NotFound):
            apply_draft(session, make_draft(audience={"segment": "germans"}), at=NOON)
        save_segment(session, "germans", {"rules": []}, at=NOON)
        assert apply_draft(session, make_draft(audience={"segment": "germans"}), at=NOON).created


def test_a_scheduled_campaign_is_not_changed_by_a_file(database):
    with database.writing() as session:
        scheduled(session)
        with pytest.raises(Conflict, match="only a draft"):
            apply_draft(session, make_draft(), at=NOON)
