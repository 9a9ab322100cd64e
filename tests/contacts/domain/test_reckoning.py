"""What a person's events order, against what stands in the tables."""

from datetime import UTC, datetime, timedelta

import pytest

from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.permission import Numbered
from contacts.domain.policy import Basis, Rule
from contacts.domain.reckoning import BLOCK, CONSENT, PAUSE, RHYTHM, Recorded, Rows, first_difference, ordered

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STORED = NOON + timedelta(seconds=2)
UNTIL = NOON + timedelta(days=30)
POLICY = {("2026-01", "purchase", "offers"): Rule(Basis.NOTICE, 730)}


def told(number: int, kind: Kind, scope: str, **more: object) -> Recorded:
    fact = Fact(bytes(32), bytes(range(32)), kind, scope, Door.PREFERENCES, NOON, **more)  # type: ignore[arg-type]  # test values
    return Recorded(Numbered(number, fact), STORED)


STORY = [
    told(3, Kind.NOTICE, "offers", source="purchase", policy_version="2026-01"),
    told(5, Kind.OPT_OUT, "research"),
    told(6, Kind.PAUSE, "updates", confirmed=True, details={"until": UNTIL.isoformat()}),
    told(7, Kind.RHYTHM, "everything", confirmed=True, details={"days": 7}),
]
DUE = ordered(STORY, POLICY)


def test_every_table_gets_the_rows_that_the_events_order():
    assert ordered(STORY, POLICY) == DUE == {
        BLOCK: {
            "research (opt_out)": {"event_sequence": 5, "rank": 4, "family_key": bytes(range(32)), "since": STORED}
        },
        CONSENT: {
            "offers": {
                "event_sequence": 3, "basis": "notice", "source": "purchase", "policy_version": "2026-01",
                "confirmed": False, "given_at": NOON, "since": STORED, "lapses_at": NOON + timedelta(days=730),
            }
        },
        PAUSE: {"updates": {"until": UNTIL}},
        RHYTHM: {"all mail": {"days": 7}},
    }  # fmt: skip


def test_who_has_no_events_is_due_nothing():
    assert ordered([], POLICY) == {BLOCK: {}, CONSENT: {}, PAUSE: {}, RHYTHM: {}}


def test_equal_rows_differ_in_nothing():
    assert first_difference(DUE, {what: dict(rows) for what, rows in DUE.items()}) is None


def without(what: str) -> dict[str, Rows]:
    return {name: rows for name, rows in DUE.items() if name != what}


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (BLOCK, "a block is missing: research (opt_out), ordered by event 5."),
        (CONSENT, "a consent is missing: offers, ordered by event 3."),
        (PAUSE, "a pause is missing: updates."),
        (RHYTHM, "a rhythm is missing: all mail."),
    ],
)
def test_a_missing_row_is_named_by_its_place_and_its_event(what, said):
    assert first_difference(DUE, without(what)) == said


def test_a_row_that_no_event_orders_is_named():
    extra = {**DUE, BLOCK: {**DUE[BLOCK], "offers (child)": {"event_sequence": 3}}}
    assert first_difference(DUE, extra) == "a block stands that no event orders: offers (child); it names event 3."


def test_a_changed_row_names_its_columns():
    changed = {**DUE, CONSENT: {"offers": {**DUE[CONSENT]["offers"], "confirmed": True, "lapses_at": None}}}
    assert first_difference(DUE, changed) == (
        "a consent was changed: offers, ordered by event 3, in confirmed, lapses_at."
    )
