"""Who is owed a confirmation mail: one a day and four a month, no child, nobody who stopped, and each judged alone."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys, Pepper, read_address
from contacts.domain.facts import Kind
from contacts.domain.scopes import CONFIRMATION
from contacts.domain.verdicts import Reason
from contacts.domain.wordings import Line, Wording
from contacts.services.unsubscribe import keys_behind
from contacts.storage.askers import askers_due, people_asking
from contacts.storage.attempts import attempts_of, count_attempt, forget_attempts
from contacts.storage.gate import Wish, ask, verdicts
from contacts.storage.ledger import record
from contacts.storage.permits import settle
from contacts.storage.signup_forms import keep_wording
from contacts.storage.signups import (
    Signup,
    ask_anew,
    forget_signups,
    signup_numbered,
    take_for_confirming,
    take_for_mailing,
)
from core.database import Database
from tests.contacts.people import fact
from tests.contacts.signing_up import add_newsletter

WORDING = Wording("News", "We write.", (Line("updates", "Updates"),), "2026-01", "", "Halcyon")


def asks(session: Session, pepper: Pepper, written: str, *, at: datetime) -> Signup:
    """Somebody enters an address."""
    address = read_address(written)
    keys = pepper.keys(address)
    signup = Signup(
        address=address.delivery,
        address_key=keys.own,
        family_key=keys.family,
        form_id=1,
        topics=["updates"],
        source="mailing_list",
        wording_hash=keep_wording(session, WORDING, at=at),
        policy_version="2026-01",
        requested_at=at,
        expires_at=at + timedelta(days=7),
    )
    ask_anew(session, signup)
    return signup


def mailed(session: Session, signup: Signup, *, at: datetime) -> None:
    """The request's mail is planned, permitted, and sent."""
    assert take_for_mailing(session, signup.id, at=at)
    wish = Wish(signup.id, bytes(signup.address_key), bytes(signup.family_key), CONFIRMATION)
    permit = ask(session, [wish], sender_id=1, at=at)[signup.id]
    assert isinstance(permit, int)
    settle(session, {permit: "sent"}, at=at)


def due(session: Session, at: datetime) -> list[str]:
    return [each.address for each in askers_due(session, at=at, most=10)]


def test_the_gate_judges_each_asker_alone(database: Database, pepper: Pepper, noon: datetime):
    with database.writing() as session:
        ann = asks(session, pepper, "ann@example.org", at=noon)
        bob = asks(session, pepper, "bob@example.org", at=noon)
        assert take_for_confirming(session, ann.id, at=noon)
        said = verdicts(session, CONFIRMATION, {ann.address_key, bob.address_key}, at=noon)
        assert said == {ann.address_key: Reason.NO_PERMISSION, bob.address_key: None}
        assert due(session, noon) == ["bob@example.org"]


def test_one_mail_a_day_and_the_next_waits(database: Database, pepper: Pepper, noon: datetime):
    with database.writing() as session:
        first = asks(session, pepper, "ann@example.org", at=noon)
        mailed(session, first, at=noon)
        second = asks(session, pepper, "ann@example.org", at=noon + timedelta(hours=1))
        assert signup_numbered(session, first.id, at=noon) is not None, "a mailed link stays"
        assert due(session, noon + timedelta(hours=23)) == []
        assert [each.id for each in askers_due(session, at=noon + timedelta(days=1), most=9)] == [second.id]


def test_four_mails_a_month_and_no_more(database: Database, pepper: Pepper, noon: datetime):
    with database.writing() as session:
        for day in range(0, 8, 2):
            mailed(session, asks(session, pepper, "ann@example.org", at=noon + timedelta(days=day)),
                   at=noon + timedelta(days=day))  # fmt: skip
        late = noon + timedelta(days=29)
        asks(session, pepper, "ann@example.org", at=late)
        assert due(session, late) == []
        assert due(session, noon + timedelta(days=30)) == ["ann@example.org"]


def test_g13_a_child_is_never_due_and_its_address_is_forgotten(database: Database, pepper: Pepper, noon: datetime):
    with database.writing() as session:
        young = asks(session, pepper, "young@example.org", at=noon)
        keys = AddressKeys(young.address_key, young.family_key)
        record(session, [fact(keys, Kind.CHILD, "everything", at=noon)], at=noon)
        assert session.scalar(select(Signup.id)) is None
        asks(session, pepper, "young@example.org", at=noon)
        assert due(session, noon) == []
        forget_signups(session, at=noon)
        assert session.scalar(select(Signup.id)) is None


@pytest.mark.parametrize("kind", [Kind.OPT_OUT, Kind.COMPLAINT, Kind.ERASURE])
def test_whoever_stops_everything_gets_no_mail_for_what_was_asked_before(
    database: Database, pepper: Pepper, noon: datetime, kind: Kind
):
    with database.writing() as session:
        ann = asks(session, pepper, "ann@example.org", at=noon)
        record(session, [fact(AddressKeys(ann.address_key, ann.family_key), kind, "everything", at=noon)], at=noon)
        assert due(session, noon) == []
        asks(session, pepper, "ann@example.org", at=noon)
        assert due(session, noon) == ["ann@example.org"], "asked after that: this is how one comes back"


def test_an_opt_out_from_one_topic_ends_no_request(database: Database, pepper: Pepper, noon: datetime):
    with database.writing() as session:
        ann = asks(session, pepper, "ann@example.org", at=noon)
        keys = AddressKeys(ann.address_key, ann.family_key)
        record(session, [fact(keys, Kind.OPT_OUT, "offers", at=noon)], at=noon)
        assert due(session, noon) == ["ann@example.org"]


def test_people_who_ask_are_read_from_their_own_request(database: Database, pepper: Pepper, noon: datetime):
    with database.writing() as session:
        add_newsletter(session, at=noon)
        signup = asks(session, pepper, "Ann@example.org", at=noon)
        (person,) = people_asking(session, [signup.id], at=noon).values()
        assert (person.address, person.source) == ("Ann@example.org", "confirmation")
        assert person.attributes == {"form": "News", "topics": ["Updates"], "code": ""}
        assert person not in session
        assert people_asking(session, [signup.id], at=noon + timedelta(days=7)) == {}
        assert keys_behind(session, signup.address_key).family == signup.family_key


def test_attempts_are_counted_by_the_hour_and_forgotten_after_a_day(database: Database, noon: datetime):
    digest = b"d" * 32
    with database.writing() as session:
        for minutes in (0, 59, 60, 23 * 60):
            count_attempt(session, digest, at=noon + timedelta(minutes=minutes))
        assert attempts_of(session, digest, at=noon + timedelta(minutes=59)) == (2, 4)
        assert attempts_of(session, digest, at=noon + timedelta(hours=23)) == (1, 4)
        assert attempts_of(session, digest, at=noon + timedelta(hours=24)) == (0, 2)
        forget_attempts(session, at=noon + timedelta(hours=24))
        assert attempts_of(session, digest, at=noon + timedelta(hours=23)) == (1, 2)
