"""Limits to the letter, on both databases: whose mail counts for whom, and where it is quiet for whom."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from contacts.domain.quiet_hours import QuietHours
from contacts.domain.verdicts import Reason
from contacts.storage.contacts import Contact
from contacts.storage.frequencies import set_frequency
from contacts.storage.gate import judge, verdict_expression
from contacts.storage.permits import Permit
from contacts.storage.signups import Signup
from tests.contacts.people import add_permitted

DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)


@pytest.fixture
def session(database):
    with database.writing() as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def ann(session, pepper, noon):
    return add_permitted(session, pepper, "ann@example.org", "offers", at=noon)


def had(session, keys, scope: str, at) -> None:
    times = {"granted_at": at, "settled_at": at, "outcome": "sent"}
    session.add(Permit(message_id=1, address_key=keys.own, scope=scope, sender_id=1, **times))
    session.flush()


def test_what_else_somebody_had_today_keeps_no_confirmation_back(session, ann, noon):
    session.add(
        Signup(
            address="ann@example.org", address_key=ann.own, family_key=ann.family, form_id=1, topics=["offers"],
            source="mailing_list", wording_hash="0" * 64, policy_version="2026-01", requested_at=noon,
            expires_at=noon + DAY,
        )
    )  # fmt: skip
    had(session, ann, "offers", noon)
    assert judge(session, "confirmation", [ann.own], at=noon).verdicts == {ann.own: None}
    had(session, ann, "confirmation", noon)
    assert judge(session, "confirmation", [ann.own], at=noon).verdicts == {ann.own: Reason.CAP_REACHED}


@pytest.mark.parametrize("house", ["UTC", "Asia/Tokyo"])
def test_where_others_live_makes_it_quiet_for_nobody_else(session, pepper, noon, house):
    set_frequency(session, "everything", quiet=QuietHours(20 * 60, 22 * 60), at=noon)
    zones = {"ben": "UTC", "cem": "Asia/Tokyo", "dot": ""}
    people = {
        name: add_permitted(session, pepper, f"{name}@example.org", "offers", at=noon, time_zone=zone).own
        for name, zone in zones.items()
    }
    found = judge(session, "offers", list(people.values()), at=noon, quiet_in=house).verdicts
    quiet = {name for name, own in people.items() if found[own] is Reason.QUIET_HOURS}
    assert quiet == ({"cem"} if house == "UTC" else {"cem", "dot"})
    assert set(found.values()) == {None, Reason.QUIET_HOURS}


def test_an_audience_that_is_frozen_counts_the_days_before_its_moment(session, ann, pepper, noon):
    add_permitted(session, pepper, "ben@example.org", "offers", at=noon)
    set_frequency(session, "offers", cap=(1, 7), at=noon)
    had(session, ann, "offers", noon)
    for at, said in ((noon, "cap_reached"), (noon + 7 * DAY - MOMENT, "cap_reached"), (noon + 7 * DAY, None)):
        asked = verdict_expression(session, "offers", Contact.address_key, Contact.family_key, at=at)
        assert session.scalars(select(asked).select_from(Contact).order_by(Contact.address)).all() == [said, None]
