"""What follows from a handover, and when a deferred message is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from campaigns.domain.fates import (
    GIVEN_UP,
    LONGEST_PAUSE,
    REFUSED,
    WINDOW,
    Consequence,
    Fate,
    consequence,
    is_hard_bounce,
    next_try,
)
from campaigns.domain.states import MessageState
from contacts.domain.verdicts import Reason

MOST_ATTEMPTS = 13  # as many as are in the window of a day
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fate", "refused", "attempts", "expected"),
    [
        (Fate.SENT, None, 0, Consequence(MessageState.SENT)),
        (Fate.UNKNOWN, None, 0, Consequence(MessageState.UNKNOWN)),
        (Fate.FAILED, None, 0, Consequence(MessageState.FAILED, REFUSED)),
        (Fate.WITHHELD, Reason.OPTED_OUT, 0, Consequence(MessageState.WITHHELD, "opted_out")),
        (
            Fate.WITHHELD,
            Reason.QUIET_HOURS,
            0,
            Consequence(MessageState.PLANNED, "quiet_hours", AT + timedelta(minutes=15)),
        ),
        (Fate.DEFERRED, None, 0, Consequence(MessageState.PLANNED, None, AT + timedelta(minutes=1))),
        (Fate.DEFERRED, None, 2, Consequence(MessageState.PLANNED, None, AT + timedelta(minutes=4))),
        (Fate.DEFERRED, None, MOST_ATTEMPTS - 1, Consequence(MessageState.FAILED, GIVEN_UP)),
        (Fate.WITHHELD, None, 0, Consequence(MessageState.PLANNED, "gate_failed", AT + timedelta(minutes=1))),
        (Fate.WITHHELD, None, MOST_ATTEMPTS, Consequence(MessageState.WITHHELD, "gate_failed")),
    ],
)
def test_each_fate_has_one_consequence(fate, refused, attempts, expected):
    assert consequence(fate, refused, attempts, AT, 0.5) == expected


def test_retries_grow_are_spread_and_end_after_about_a_day():
    moments, at, attempts = [], AT, 0
    while (again := next_try(attempts := attempts + 1, at, 0.5)) is not None:
        moments.append(again - at)
        at = again
    assert moments == sorted(moments)
    assert moments[-1] == LONGEST_PAUSE
    assert timedelta(hours=20) < at - AT < timedelta(hours=28)
    assert next_try(1, AT, 0.0) == AT + timedelta(seconds=45)
    assert next_try(1, AT, 1.0) == AT + timedelta(seconds=75)


@pytest.mark.parametrize(
    ("window", "attempts"),
    [
        (timedelta(), 1),
        (timedelta(minutes=1), 2),
        (timedelta(minutes=2, seconds=59), 2),
        (timedelta(minutes=3), 3),
        (WINDOW, MOST_ATTEMPTS),
        (timedelta(days=7), 49),
    ],
)
def test_a_message_is_given_up_when_its_pauses_together_are_longer_than_the_window(window, attempts):
    tried = 1
    while next_try(tried, AT, 0.5, window) is not None:
        tried += 1
    assert tried == attempts
    given_up = consequence(Fate.DEFERRED, None, attempts - 1, AT, 0.5, window)
    assert given_up == Consequence(MessageState.FAILED, GIVEN_UP)


@pytest.mark.parametrize("said", ["5.1.1 no such user", "#5.1.10 gone", "5.2.1 disabled", "moved (5.1.6)"])
def test_an_enhanced_status_about_the_address_is_a_hard_bounce(said):
    assert is_hard_bounce(550, said)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (450, "4.1.1 later"), (451, "5.1.1"), (550, "5.7.1 policy"), (550, "no such user"), (552, "5.2.2 full"),
        (None, None), (550, "15.1.12"), (550, ""), (550, "5.7.1 listed; not a 5.1.1"), (550, "4.2.2 5.1.1"),
    ],
)  # fmt: skip
def test_anything_else_says_nothing_about_the_person(code, said):
    assert not is_hard_bounce(code, said)
