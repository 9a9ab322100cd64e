"""Undo takes back exactly the last change that was made on the person's own page, and no more."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.domain.addresses import AddressKeys
from contacts.domain.choosing import Chooser, starts, stops
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.lifting import require_right
from contacts.domain.permission import Numbered, Standing, standing, verdict
from contacts.domain.stopping import stop_fact
from contacts.domain.undoing import UNDO_FOR, last_act, last_number, undo

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANN = AddressKeys(b"o" * 32, b"f" * 32)
MINUTE = timedelta(minutes=1)
TOPICS = ["offers", "updates", "research", "partner:acme"]


class Diary:
    """A person's events, one act a minute."""

    def __init__(self) -> None:
        self.events: list[Numbered] = []
        self.at = AT

    def add(self, *facts: Fact) -> None:
        self.events += [Numbered(len(self.events) + n, fact) for n, fact in enumerate(facts, start=1)]
        self.at += MINUTE

    def tell(self, kind: Kind, scope: str, door: Door = Door.PREFERENCES, **details) -> None:
        self.add(
            Fact(ANN.own, ANN.family, kind, scope, door, self.at, details=details, confirmed=door is Door.PREFERENCES)
        )

    def save(self, *wanted: str) -> None:
        who, before = Chooser(ANN, "1", self.at), self.stands
        new = [scope for scope in wanted if not on(before, scope, self.at)]
        self.add(*stops(before, wanted, TOPICS, who), *starts(before, new, TOPICS, who))

    def undo(self) -> None:
        act = last_act(self.events, at=self.at)
        assert act is not None
        facts = undo(act, ANN, at=self.at)
        for each in facts:
            require_right(each)
        self.add(*facts)

    @property
    def stands(self) -> Standing:
        return standing(self.events)


def on(stands: Standing, scope: str, at: datetime) -> bool:
    return verdict(stands, scope, {}, at=at) is None


def all_on(diary: Diary) -> set[str]:
    return {scope for scope in TOPICS if on(diary.stands, scope, diary.at)}


@pytest.fixture
def diary() -> Diary:
    """Somebody who said yes to offers and updates."""
    made = Diary()
    made.save("offers", "updates")
    return made


def test_an_undone_stop_permits_what_was_permitted_before_and_nothing_else(diary: Diary):
    diary.add(stop_fact(ANN, Door.PREFERENCES, at=diary.at))
    assert all_on(diary) == set()
    diary.undo()
    assert all_on(diary) == {"offers", "updates"}


def test_an_undone_yes_is_an_opt_out(diary: Diary):
    diary.save("offers", "updates", "research")
    diary.undo()
    assert all_on(diary) == {"offers", "updates"}
    assert diary.events[-1].fact.kind is Kind.OPT_OUT


def test_an_undone_yes_after_a_wide_stop_brings_the_wide_stop_back(diary: Diary):
    diary.tell(Kind.OPT_OUT, "everything", Door.MAILTO)
    diary.save("research")
    diary.undo()
    assert all_on(diary) == set()
    assert ("everything", "opt_out") in diary.stands.blocks


def test_an_undone_pause_is_over_and_an_undone_end_pauses_again(diary: Diary):
    until = diary.at + timedelta(days=30)
    diary.tell(Kind.PAUSE, "everything", until=until.isoformat())
    diary.undo()
    assert diary.stands.pauses == {}
    diary.undo()
    assert diary.stands.pauses == {"everything": until}
    diary.tell(Kind.PAUSE, "everything", until=(until + timedelta(days=60)).isoformat())
    diary.undo()
    assert diary.stands.pauses == {"everything": until}


def test_a_pause_that_was_over_before_is_not_brought_back(diary: Diary):
    diary.tell(Kind.PAUSE, "everything", until=diary.at.isoformat())
    diary.tell(Kind.RELEASE, "everything", reason="pause")
    act = last_act(diary.events, at=diary.at)
    assert act is not None
    assert undo(act, ANN, at=diary.at) == []


def test_an_undone_rhythm_is_the_one_before(diary: Diary):
    diary.tell(Kind.RHYTHM, "everything", days=7)
    diary.tell(Kind.RHYTHM, "everything", days=30)
    diary.undo()
    assert diary.stands.rhythm_days == 7


def test_only_the_last_change_and_only_one_made_here_and_only_for_a_day(diary: Diary):
    assert last_act([], at=AT) is None
    assert last_act(diary.events, at=diary.at + UNDO_FOR) is None
    diary.tell(Kind.SHARED, "sharing:acme", Door.PARTNER_EXPORT)
    assert last_act(diary.events, at=diary.at) is not None
    diary.tell(Kind.OPT_OUT, "offers", Door.MAILTO)
    assert last_act(diary.events, at=diary.at) is None
    assert last_number(diary.events) == diary.events[-1].sequence


def test_an_act_is_all_that_was_saved_in_one_moment_and_nothing_from_before(diary: Diary):
    diary.tell(Kind.HOLD, "research", Door.OPERATOR)
    at = diary.at
    diary.tell(Kind.OPT_OUT, "offers")
    diary.at = at
    diary.tell(Kind.OPT_OUT, "updates")
    act = last_act(diary.events, at=at + UNDO_FOR)
    assert act is not None
    assert [each.fact.scope for each in act.events] == ["offers", "updates"]
    assert [*act.before, *act.events] == diary.events
    assert last_act(diary.events, at=at + UNDO_FOR + timedelta(microseconds=1)) is None


def test_how_old_the_events_before_are_does_not_matter(diary: Diary):
    diary.at += 30 * UNDO_FOR
    at = diary.at
    diary.tell(Kind.OPT_OUT, "offers")
    act = last_act(diary.events, at=at)
    assert act is not None
    assert [each.fact.scope for each in act.events] == ["offers"]


def test_a_page_is_not_stale_for_what_changed_nothing(diary: Diary):
    before = last_number(diary.events)
    diary.tell(Kind.SHARED, "sharing:acme", Door.PARTNER_EXPORT)
    assert last_number(diary.events) == before
    assert last_number([]) == 0


@given(st.lists(st.frozensets(st.sampled_from(TOPICS)), min_size=1, max_size=4), st.booleans())
def test_after_an_undo_what_is_permitted_is_what_was(saves, stop_all):
    diary = Diary()
    for wanted in saves[:-1]:
        diary.save(*wanted)
    if stop_all:
        diary.tell(Kind.OPT_OUT, "everything", Door.PAGE)
    before, length = all_on(diary), len(diary.events)
    diary.save(*saves[-1])
    assert all_on(diary) == set(saves[-1])
    if len(diary.events) > length:
        diary.undo()
    assert all_on(diary) == before


def test_an_act_is_named_by_its_last_event(diary: Diary):
    act = last_act(diary.events, at=diary.at)
    assert act is not None
    assert act.number == diary.events[-1].sequence
