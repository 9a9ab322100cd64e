"""G17: the verdict that was stored on a message can be shown with its ground, and judging again gives the same."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from campaigns.services.explain_message import explain_message
from campaigns.storage.claims import claim
from campaigns.storage.handovers import settle_and_ask
from campaigns.storage.messages import Message
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.scopes import EVERYTHING
from contacts.domain.verdicts import Reason
from contacts.storage.closures import close_scope
from contacts.storage.contacts import Contact
from contacts.storage.frequencies import set_frequency
from contacts.storage.gate import Wish, ask
from contacts.storage.ledger import record
from contacts.storage.permits import Permit, settle
from contacts.storage.policies import publish_policy
from core.database import Database
from tests.campaigns.scenes import a_sender, add_contact, add_reader, sending, tell
from tests.conftest import NOON

HOUR = timedelta(hours=1)


def stored(database: Database) -> dict[str, tuple[str, Reason | None, bool]]:
    """Each person's state, stored verdict, and whether judging again gives the same."""
    with database.reading() as session:
        found = {}
        for message, contact in session.execute(
            select(Message, Contact).join(Contact, Contact.address_key == Message.address_key)
        ):
            told = explain_message(session, message, contact.keys)
            assert told is not None
            found[contact.address.partition("@")[0]] = (message.state, told.stored, told.same)
        return found


@pytest.fixture
def town(database: Database) -> Database:
    """A campaign frozen at noon for six people, each with another story, and sent an hour later."""
    with database.writing() as session:
        set_frequency(session, "announcements", cap=(1, 7), at=NOON - HOUR)
        everybody = {name: add_reader(session, f"{name}@example.org") for name in ("reader", "tired", "later", "last")}
        add_contact(session, "never@example.org")
        child = add_reader(session, "child@example.org")
        tell(session, child, Kind.CHILD, [EVERYTHING])
        tired = everybody["tired"]
        wish = Wish(99, tired.address_key, tired.family_key, "announcements")
        permit = ask(session, [wish], sender_id=1, at=NOON - HOUR)[99]
        assert isinstance(permit, int)
        settle(session, {permit: "sent"}, at=NOON - HOUR)
        sending(session)
        tell(session, everybody["later"], Kind.OPT_OUT, ["marketing"], at=NOON)
        sender = a_sender(session)
        claims = {each.contact.address: each for each in claim(session, sender, at=NOON + HOUR, lease=HOUR, most=9)}
    assert set(claims) == {"reader@example.org", "last@example.org"}
    with database.writing() as session:
        tell(session, claims["last@example.org"].contact, Kind.OPT_OUT, ["announcements"], at=NOON)
        wishes = [
            Wish(each.message_id, each.contact.address_key, each.contact.family_key, "announcements")
            for each in claims.values()
        ]
        given = settle_and_ask(session, sender, wishes, at=NOON + HOUR)
    assert sorted(str(each) for each in given) == ["2", "opted_out"]
    with database.writing() as session:
        last = claims["last@example.org"].message_id
        session.execute(
            update(Message).where(Message.id == last).values(state="withheld", reason="opted_out", lease_until=None)
        )
    return database


EXPECTED = {
    "reader": ("claimed", None, True),
    "tired": ("excluded", Reason.CAP_REACHED, True),
    "later": ("withheld", Reason.OPTED_OUT, True),
    "last": ("withheld", Reason.OPTED_OUT, True),
    "never": ("excluded", Reason.NO_PERMISSION, True),
    "child": ("excluded", Reason.CHILD, True),
}


def test_g17_judging_again_gives_the_stored_verdict_of_every_message(town: Database):
    assert stored(town) == EXPECTED


def _change_everything(session, at: datetime) -> None:
    """Whatever may change afterwards: permissions, caps, topics, the policy."""
    for contact in session.scalars(select(Contact)):
        said: dict[str, Any] = {"source": "purchase", "policy_version": "2026-01", "confirmed": True}
        own = (contact.address_key, contact.family_key)
        record(session, [Fact(*own, Kind.CONSENT, "announcements", Door.PREFERENCES, at, **said)], at=at)
        record(session, [Fact(*own, Kind.OPT_OUT, EVERYTHING, Door.PAGE, at)], at=at)
    set_frequency(session, "announcements", cap=(50, 7), at=at)
    close_scope(session, "announcements", at=at)
    publish_policy(session, "2027-01", "notice", at=at)


def test_g17_an_old_verdict_stays_whatever_changes_afterwards(town: Database):
    with town.writing() as session:
        _change_everything(session, NOON + 2 * HOUR)
    assert stored(town) == EXPECTED


def test_g17_a_verdict_that_was_tampered_with_is_not_the_same(town: Database):
    with town.writing() as session:
        session.execute(update(Message).where(Message.reason == "child").values(reason="cap_reached"))
    assert stored(town)["child"] == ("excluded", Reason.CAP_REACHED, False)


def test_g17_a_permit_of_the_first_release_has_no_verdict_to_judge_again(town: Database):
    with town.writing() as session:
        session.execute(update(Permit).where(Permit.outcome.is_(None)).values(judged_sequence=0))
        session.execute(update(Message).values(judged_at=None, judged_sequence=None))
        message = session.scalars(select(Message).where(Message.state == "claimed")).one()
        contact = session.scalars(select(Contact).where(Contact.address_key == message.address_key)).one()
        assert explain_message(session, message, contact.keys) is None
