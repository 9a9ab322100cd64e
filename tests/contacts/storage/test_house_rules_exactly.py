"""House rules to the letter, on both databases: what is closed and for how long, and which limits are in force."""

from datetime import timedelta

import pytest

from contacts.domain.quiet_hours import QuietHours
from contacts.domain.verdicts import Reason
from contacts.storage.closures import close_scope, reopen_scope
from contacts.storage.frequencies import set_frequency
from contacts.storage.house_rules import Cap, HouseRules, house_rules

DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)
CLOSED = HouseRules(Reason.TOPIC_CLOSED)
SURVEYS = HouseRules(None, (Cap(4, 90, ("research",)),), ())


@pytest.fixture
def session(database):
    with database.writing() as opened:
        yield opened
        opened.rollback()


def test_a_closed_topic_closes_no_other_one(session, noon):
    close_scope(session, "offers", at=noon)
    assert house_rules(session, "offers", at=noon) == CLOSED
    assert house_rules(session, "updates", at=noon) == HouseRules()
    assert house_rules(session, "research", at=noon) == SURVEYS


def test_a_topic_is_closed_from_its_moment_until_it_is_opened_again(session, noon):
    close_scope(session, "offers", at=noon + DAY)
    reopen_scope(session, "offers", at=noon + 2 * DAY)
    said = [
        house_rules(session, "offers", at=noon + days * DAY - less) for days in (1, 2) for less in (MOMENT, 0 * DAY)
    ]
    assert said == [HouseRules(), CLOSED, CLOSED, HouseRules()]


def test_what_is_no_topic_has_no_rules_and_an_unknown_one_is_closed(session, noon):
    assert house_rules(session, "tracking", at=noon) == HouseRules()
    assert house_rules(session, "confirmation", at=noon) == HouseRules()
    assert house_rules(session, "marketing:unknown", at=noon) == CLOSED
    assert house_rules(session, "partner:unknown", at=noon) == HouseRules(Reason.PARTNER_STOPPED)


def test_the_newest_limit_of_each_scope_above_is_in_force_with_the_topics_it_counts(session, noon):
    set_frequency(session, "offers", cap=(9, 9), quiet=QuietHours(1, 2), at=noon)
    set_frequency(session, "offers", cap=(2, 7), at=noon + DAY)
    set_frequency(session, "marketing", quiet=QuietHours(60, 120), at=noon)
    set_frequency(session, "everything", cap=(5, 30), quiet=QuietHours(5, 5), at=noon)
    set_frequency(session, "updates", cap=(1, 1), at=noon)
    found = house_rules(session, "offers", at=noon + DAY)
    mail = ("announcements", "updates", "offers", "other", "research")
    assert (found.stopped, found.quiet) == (None, (QuietHours(60, 120),))
    assert set(found.caps) == {Cap(2, 7, ("offers",)), Cap(5, 30, mail)}
    before = house_rules(session, "offers", at=noon + DAY - MOMENT)
    assert set(before.caps) == {Cap(9, 9, ("offers",)), Cap(5, 30, mail)}
    assert set(before.quiet) == {QuietHours(1, 2), QuietHours(60, 120)}
    assert house_rules(session, "offers", at=noon - MOMENT) == HouseRules()
