"""Quotas, ends and the seed: who is turned away, at which page, and that no race lets in one too many."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from surveys.domain.anonymity import Anonymity
from surveys.domain.outcomes_of_asking import Disposition
from surveys.domain.turns import Act, Turn
from surveys.services.analyse import analyse
from surveys.services.choose_anonymity import choose_anonymity
from surveys.services.respond import Press, Pressed, press_all
from surveys.storage.answer_sheets import Link
from surveys.storage.answer_tables import tables_of
from surveys.storage.dispositions import dispositions_of
from surveys.storage.quota_counts import QuotaCount
from surveys.storage.responses import Response, answers_of
from tests.conftest import NOON
from tests.patience import until
from tests.surveys.answered_scenes import answered, answered_anonymously
from tests.surveys.pressing import look, press
from tests.surveys.survey_scenes import invitations, invited, opened, people

SURVEY = """
name = "seats"
title = "Seats"
thanks = "Thank you."
[[end]]
name = "full"
text = "There are enough answers of your kind, thank you."
[[end]]
name = "elsewhere"
text = "This is about music."
screened_out = true
[[quota]]
name = "players"
limit = 2
end = "full"
when = { question = "plays", op = "is", value = "yes" }
[[quota]]
name = "quick"
limit = 1
end = "full"
when = "plays == 'yes' and speed > 100"
[[page]]
name = "first"
jump = [{ to = "elsewhere", when = { question = "plays", op = "is", value = "never" } }]
[[page.question]]
name = "plays"
kind = "single"
text = "Do you play?"
required = true
shuffle = true
choices = [{ name = "yes", label = "Yes" }, { name = "no", label = "No" }, { name = "never", label = "Never" }]
[[page]]
name = "last"
[[page.question]]
name = "speed"
kind = "number"
text = "How fast?"
"""


@pytest.fixture
def house(database):
    with database.writing() as session:
        survey = opened(session, SURVEY)
        people(session, 8)
        invited(session, survey)
    with database.reading() as session:
        numbers = [each.id for each in invitations(session)]
    return database, numbers


def go(session: Session, number: int, page: str, **fields: str) -> Pressed:
    return press(session, number, page, {name: [value] for name, value in fields.items()})


def answer(session: Session, number: int, plays: str = "yes", speed: str = "") -> Pressed:
    pressed = go(session, number, "first", plays=plays)
    return pressed if pressed.stored and pressed.stored.complete else go(session, number, "last", speed=speed)


def endings(session: Session) -> list[tuple[str, str, str]]:
    query = select(Response.state, Response.ending, Response.quota).order_by(Response.id)
    return [(state, ending, quota) for state, ending, quota in session.execute(query)]


def counts(session: Session) -> dict[str, int]:
    return {each.name: each.completed for each in session.scalars(select(QuotaCount))}


def test_who_would_be_one_too_many_is_turned_away_as_soon_as_that_is_sure(house):
    database, numbers = house
    with database.writing() as session:
        answer(session, numbers[0], speed="120")
        late = answer(session, numbers[1], speed="130")
        assert (late.quota, late.stored and late.stored.ending) == ("quick", "full")
        assert counts(session) == {"players": 1, "quick": 1}
        answer(session, numbers[2], speed="90")
        early = go(session, numbers[3], "first", plays="yes")
        assert (early.quota, early.stored and early.stored.complete) == ("players", True)
        answer(session, numbers[4], plays="no")
        assert counts(session) == {"players": 2, "quick": 1}
        assert endings(session) == [
            ("complete", "", ""),
            ("complete", "full", "quick"),
            ("complete", "", ""),
            ("complete", "full", "players"),
            ("complete", "", ""),
        ]


def test_a_screen_out_ends_at_its_own_end_and_takes_no_seat(house):
    database, numbers = house
    with database.writing() as session:
        pressed = go(session, numbers[0], "first", plays="never")
        assert pressed.stored is not None
        assert (pressed.stored.complete, pressed.stored.ending) == (True, "elsewhere")
        assert endings(session) == [("complete", "elsewhere", "")]
        assert counts(session) == {}


def test_going_back_or_keeping_turns_nobody_away(house):
    database, numbers = house
    with database.writing() as session:
        for number in numbers[:2]:
            answer(session, number)
        link = Link(numbers[2])
        for act in (Act.STAY, Act.BACK):
            (pressed,) = press_all(session, [Press(link, Turn("first", {"plays": ["yes"]}, act))], at=NOON)
            assert isinstance(pressed, Pressed)
            assert (pressed.stored and pressed.stored.page, pressed.quota) == ("first", "")


def test_those_who_press_together_share_the_room_that_is_left(house):
    database, numbers = house
    with database.writing() as session:
        for number in numbers[:5]:
            go(session, number, "first", plays="yes")
    with database.writing() as session:
        presses = [Press(Link(number), Turn("last", {})) for number in numbers[:5]]
        said = press_all(session, [*presses, presses[0]], at=NOON)
    assert [each.quota for each in said if isinstance(each, Pressed)] == ["", "", "players", "players", "players", ""]
    assert isinstance(said[-1], Pressed)
    assert said[-1].step is None
    with database.reading() as session:
        assert counts(session) == {"players": 2}


def test_of_two_sessions_at_once_the_second_waits_for_the_first_and_finds_the_last_seat_taken(house):
    """The first completes and does not commit; the second must neither pass nor fail, but wait (PostgreSQL: a lock)."""
    database, numbers = house
    with database.writing() as session:
        answer(session, numbers[0])
        for number in numbers[1:3]:
            go(session, number, "first", plays="yes")
    stored, may_end = Event(), Event()

    def slow() -> str:
        with database.writing() as session:
            quota = go(session, numbers[1], "last").quota
            stored.set()
            assert may_end.wait(20)
        return quota

    def quick() -> str:
        with database.writing() as session:
            return go(session, numbers[2], "last").quota

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(slow)
        assert stored.wait(20)
        second = pool.submit(quick)
        if database.dialect == "postgresql":
            until(lambda: _somebody_waits(database), "the second session waits for the lock")
        assert not second.done()
        may_end.set()
        assert (first.result(20), second.result(20)) == ("", "players")
    with database.reading() as session:
        assert counts(session) == {"players": 2}


def _somebody_waits(database) -> bool:
    with database.reading() as session:
        return bool(session.scalar(text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")))


def test_many_at_once_never_pass_a_quota(house):
    database, numbers = house
    with database.writing() as session:
        for number in numbers:
            go(session, number, "first", plays="yes")

    def finish(number: int) -> str:
        with database.writing() as session:
            return go(session, number, "last", speed="120").quota

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(finish, numbers))
    assert set(said) == {"", "quick"}
    assert said.count("") == 1
    with database.reading() as session:
        assert counts(session) == {"players": 1, "quick": 1}


def test_the_seed_decides_the_order_and_both_are_stored(house):
    database, numbers = house
    with database.writing() as session:
        for place, number in enumerate(numbers[:2]):
            link = Link(number, seed=place + 5)
            press_all(session, [Press(link, Turn("first", {"plays": ["no"]}), 4.26)], at=NOON)
            press_all(session, [Press(Link(number, seed=99), Turn("last", {}), 2.0)], at=NOON)
        found = list(session.scalars(select(Response).order_by(Response.id)))
        assert [each.seed for each in found] == [5, 6]
        for each in found:
            assert each.shown[""] == ["plays", "speed"]
            assert sorted(each.shown["plays.choices"]) == ["never", "no", "yes"]
            assert each.pace == {"first": 4.3, "last": 2.0}
            assert answers_of(session, each.id)["plays"][0].value == "no"
        orders = [look(session, numbers[2]).road]
        assert orders[0].stops


@pytest.mark.parametrize("mode", [Anonymity.IDENTIFIED, Anonymity.ANONYMOUS])
def test_results_and_response_rates_agree_on_who_was_screened_out(database, mode):
    with database.writing() as session:
        survey = opened(session, SURVEY)
        choose_anonymity(session, survey, mode, at=NOON)
        people(session, 8)
        invited(session, survey)
        add = answered_anonymously if mode is Anonymity.ANONYMOUS else answered
        add(session, survey, [{"plays": "yes"}] * 8, **({} if add is answered_anonymously else {"first": 101}))
        response = tables_of(survey).response
        first, second, third = session.scalars(select(response.id).order_by(response.id).limit(3))
        for number, facts in ((first, ("elsewhere", "")), (second, ("full", "")), (third, ("full", "players"))):
            own = update(response).where(response.id == number)
            session.execute(own.values(ending=facts[0], quota=facts[1]))
        looked = analyse(session, survey, at=NOON).looked
        assert (looked.everybody, looked.screened) == (6, 2)
        counts = dispositions_of(session, survey)
        ended = [counts[each] for each in (Disposition.COMPLETE, Disposition.SCREENED_OUT, Disposition.OVER_QUOTA)]
        assert ended == [6, 1, 1]
