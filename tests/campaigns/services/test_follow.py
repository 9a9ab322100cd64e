from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.domain.machines import BURST_LINKS
from campaigns.domain.states import MessageState
from campaigns.services.follow import follow
from campaigns.storage.claims import Outcome, claim, settle
from campaigns.storage.clicks import Click
from campaigns.storage.links import store_links
from contacts.domain.facts import Kind
from contacts.storage.contacts import Contact
from core.database import Database
from tests.campaigns.scenes import a_sender, add_reader, make_draft, sending, tell
from tests.conftest import NOON

URLS = [f"https://example.org/{each}" for each in range(6)]
LATER = NOON + timedelta(hours=1)
MUCH_LATER = NOON + timedelta(hours=2)


def _sent(session: Session, *scopes: str, tracking: bool = True) -> tuple[Contact, int, list[int]]:
    """A message that was handed over at noon, and its links."""
    person = add_reader(session, "reader@example.org", *scopes)
    mailing = sending(session, make_draft(tracking=tracking))
    sender = a_sender(session)
    number = claim(session, sender, at=NOON, lease=LATER - NOON, most=1)[0].message_id
    settle(session, sender, [Outcome(number, MessageState.SENT, handed_over_at=NOON)])
    return person, number, list(store_links(session, mailing.campaign_id, URLS).values())


def _clicks(database: Database) -> list[tuple[int, datetime]]:
    with database.reading() as session:
        return [(click.link_id, click.at) for click in session.scalars(select(Click).order_by(Click.id))]


def test_a_readers_click_is_kept_once_as_interest_in_the_topic(database):
    with database.writing() as session:
        person, message, links = _sent(session)
        assert follow(session, message, links[0], clicked_at=LATER, at=LATER)
        assert not follow(session, message, links[0], clicked_at=LATER, at=MUCH_LATER)
        click = session.scalars(select(Click)).one()
        assert (click.contact_id, click.topic, click.at) == (person.id, "announcements", LATER)


def test_g16_who_does_not_permit_tracking_is_not_recorded(database):
    with database.writing() as session:
        _person, message, links = _sent(session, "announcements")
        assert not follow(session, message, links[0], clicked_at=LATER, at=LATER)
    assert _clicks(database) == []


@pytest.mark.parametrize(
    ("kind", "scope"),
    [
        (Kind.OPT_OUT, "tracking"),
        (Kind.CHILD, "everything"),
        (Kind.ERASURE, "everything"),
        (Kind.COMPLAINT, "everything"),
    ],
)
def test_g16_permission_is_judged_at_the_click(database, kind, scope):
    with database.writing() as session:
        person, message, links = _sent(session)
        tell(session, person, kind, [scope], at=NOON + timedelta(minutes=30))
        assert not follow(session, message, links[0], clicked_at=LATER, at=LATER)
    assert _clicks(database) == []


def test_g16_an_opt_out_from_mail_alone_leaves_the_clicks_of_earlier_mail(database):
    with database.writing() as session:
        person, message, links = _sent(session)
        tell(session, person, Kind.OPT_OUT, ["marketing"], at=LATER)
        assert follow(session, message, links[0], clicked_at=MUCH_LATER, at=MUCH_LATER)


@pytest.mark.parametrize("kind", [Kind.OPT_OUT, Kind.CONSENT])
def test_g16_a_click_stored_late_needs_the_permission_of_then_and_of_now(database, kind):
    with database.writing() as session:
        scopes = ("announcements", "tracking") if kind is Kind.OPT_OUT else ("announcements",)
        person, message, links = _sent(session, *scopes)
        tell(session, person, kind, ["tracking"], at=LATER + timedelta(seconds=1))
        assert not follow(session, message, links[0], clicked_at=LATER, at=MUCH_LATER)
    assert _clicks(database) == []


def test_g16_a_deleted_contact_is_not_recorded(database):
    with database.writing() as session:
        person, message, links = _sent(session)
        session.delete(person)
        session.flush()
        assert not follow(session, message, links[0], clicked_at=LATER, at=LATER)


def test_a_campaign_without_tracking_records_nothing(database):
    with database.writing() as session:
        _person, message, links = _sent(session, tracking=False)
        assert not follow(session, message, links[0], clicked_at=LATER, at=LATER)
        assert not follow(session, 999, links[0], clicked_at=LATER, at=LATER)


def test_g16_a_hit_right_after_the_handover_is_a_scanners(database):
    with database.writing() as session:
        _person, message, links = _sent(session)
        at = NOON + timedelta(seconds=1)
        assert not follow(session, message, links[0], clicked_at=at, at=at)


def test_g16_a_burst_over_many_links_takes_back_its_beginning(database):
    with database.writing() as session:
        _person, message, links = _sent(session)
        assert follow(session, message, links[0], clicked_at=LATER - timedelta(minutes=1), at=LATER)
        for place, link in enumerate(links):
            at = LATER + timedelta(milliseconds=place)
            kept = follow(session, message, link, clicked_at=at, at=at, others=place)
            assert kept is (place < BURST_LINKS)
    assert _clicks(database) == [(links[0], LATER - timedelta(minutes=1))]


def test_g16_a_burst_is_seen_without_the_doors_help_too(database):
    with database.writing() as session:
        _person, message, links = _sent(session)
        kept = [follow(session, message, link, clicked_at=LATER, at=LATER) for link in links[: BURST_LINKS + 1]]
    assert kept == [True] * BURST_LINKS + [False]
    assert _clicks(database) == []
