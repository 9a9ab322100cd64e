from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from campaigns.domain.wishes import DraftSchedule
from campaigns.services.launch import due, launch
from campaigns.services.schedule_campaign import schedule
from campaigns.storage.campaigns import put_draft
from campaigns.storage.mailings import get_mailing
from campaigns.storage.messages import Message
from contacts.domain.facts import Kind
from contacts.storage.contacts import Contact
from core.errors import BadInput
from tests.campaigns.scenes import add_reader, clear, make_draft, tell

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ZONES = {"tokyo": "Asia/Tokyo", "berlin": "Europe/Berlin", "york": "America/New_York", "moon": "Moon/Base", "none": ""}


def _launched(session, wished: DraftSchedule, settings, keyring, *, at: datetime = MONDAY) -> dict[str, datetime]:
    """When each of some people of several zones is first tried."""
    for name, zone in ZONES.items():
        add_reader(session, f"{name}@example.org", time_zone=zone)
    campaign = put_draft(session, make_draft(schedule=wished), at)
    planned = schedule(session, campaign, clear(campaign), when="", zone="", at=at)
    session.flush()
    launch(session, planned.mailing.id, settings, keyring, at=planned.mailing.due_at)
    rows = session.execute(
        select(Contact.address, Message.next_try_at).join(Contact, Contact.address_key == Message.address_key)
    )
    return {address.partition("@")[0]: moment for address, moment in rows}


@pytest.fixture
def berlin(settings):
    return settings.model_copy(update={"time_zone": "Europe/Berlin"})


def test_everybody_gets_it_at_nine_where_they_live(database, berlin, keyring):
    with database.writing() as session:
        wished = DraftSchedule("2026-12-01 09:00", "America/New_York", timed_for="recipient")
        first = _launched(session, wished, berlin, keyring)
        mailing = get_mailing(session, 1)
        assert mailing.due_at == datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
        assert mailing.local_moment == "2026-12-01 09:00"
        in_berlin = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
        assert first == {
            "tokyo": datetime(2026, 12, 1, 0, 0, tzinfo=UTC),
            "berlin": in_berlin,
            "moon": in_berlin,
            "none": in_berlin,
            "york": datetime(2026, 12, 1, 14, 0, tzinfo=UTC),
        }


def test_where_nine_had_passed_when_it_was_scheduled_it_is_the_next_day(database, berlin, keyring):
    with database.writing() as session:
        first = _launched(session, DraftSchedule("2026-11-23 09:00", timed_for="recipient"), berlin, keyring)
        assert first["york"] == datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
        assert first["berlin"] == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
        assert first["tokyo"] == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


def test_hours_where_each_person_lives_are_heeded_from_the_first_try(database, berlin, keyring):
    with database.writing() as session:
        wished = DraftSchedule("now", hours="mon-fri 09:00-17:00", hours_in="recipient")
        first = _launched(session, wished, berlin, keyring)
        assert first["berlin"] == first["none"] == MONDAY
        assert first["tokyo"] == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
        assert first["york"] == datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def test_who_may_not_be_written_to_gets_no_moment(database, berlin, keyring):
    with database.writing() as session:
        tell(session, add_reader(session, "left@example.org", time_zone="Asia/Tokyo"), Kind.OPT_OUT, ["everything"])
        first = _launched(session, DraftSchedule("2026-12-01 09:00", timed_for="recipient"), berlin, keyring)
        assert first["left"] is None


def test_one_moment_for_all_is_no_hour_on_everybodys_wall(database, berlin, keyring):
    with database.writing() as session:
        campaign = put_draft(session, make_draft(schedule=DraftSchedule("now", timed_for="recipient")), MONDAY)
        with pytest.raises(BadInput, match="no hour that people could have"):
            schedule(session, campaign, clear(campaign), when="", zone="", at=MONDAY)
        assert due(session, MONDAY) == []
