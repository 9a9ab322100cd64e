"""Anonymous and confidential surveys, read by somebody who has the whole database (G14)."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.settings import Settings
from scheduler import Clock
from surveys.domain.anonymity import Anonymity, day_of, mark_of
from surveys.domain.answering import Go
from surveys.services.choose_anonymity import choose_anonymity
from surveys.services.release_answers import release_due
from surveys.services.respond import Pressed
from surveys.services.unlink_answers import unlink, unlink_due
from surveys.storage.answer_sheets import Standing
from surveys.storage.answer_tables import AnonymousAnswer, AnonymousResponse, tables_of
from surveys.storage.batches import waiting
from surveys.storage.dispositions import dispositions_of
from surveys.storage.identities import count_linked
from surveys.storage.invitations import NOBODY, Invitation, turnout
from surveys.storage.pseudonyms import SpentMark, Veil
from surveys.storage.responses import Answer, Response
from surveys.storage.surveys import Survey, close_survey, find_survey, open_survey
from tests.conftest import NOON
from tests.surveys.pressing import decline, look, press
from tests.surveys.spying import Spy, changed, dump, people_in
from tests.surveys.survey_scenes import invitations, invited, opened, people

PEOPLE = 14
LATER = NOON + timedelta(hours=5, minutes=17)


@pytest.fixture
def house(database: Any, keyring: Any) -> Any:
    """A survey of any mode with people invited, and ways to answer it."""
    return Asked(database, keyring)


class Asked:
    """People who were asked; each step is a transaction of its own, as it is in the product."""

    def __init__(self, database: Any, keyring: Any) -> None:
        self.database, self.keyring = database, keyring

    def ask(self, mode: Anonymity, unlink_days: int | None = None) -> list[int]:
        with self.database.writing() as session:
            survey = opened(session)
            choose_anonymity(session, survey, mode, unlink_days, at=NOON)
            people(session, PEOPLE)
        with self.database.writing() as session:
            invited(session, trip(session))
        with self.database.reading() as session:
            return [each.id for each in invitations(session)]

    def marks(self, number: int) -> list[bytes]:
        marks: list[bytes] = self.keyring.digests(mark_of(number))
        return marks

    def press(self, number: int, page: str, posted: dict[str, list[str]], pseudonym: int = 0) -> Pressed:
        veil = Veil(pseudonym, self.marks(number))
        with self.database.writing() as session:
            return press(session, number, page, posted, Go.NEXT, at=LATER, veil=veil)

    def answer(self, number: int, words: str = "") -> Pressed:
        pseudonym = self.press(number, "start", {"went": ["no"]}).sheet.pseudonym
        self.press(number, "why_not", {"reason": [words or f"the reason of {number}"]}, pseudonym)
        return self.press(number, "end", {}, pseudonym)

    def release(self) -> dict[str, int]:
        with self.database.writing() as session:
            return release_due(session, self.marks)

    def standing(self, number: int) -> Standing:
        with self.database.reading() as session:
            return look(session, number, veil=Veil(0, self.marks(number))).standing

    def ask_all(self, question: Callable[[Any], Any]) -> Any:
        with self.database.reading() as session:
            return question(session)


def trip(session: Session) -> Survey:
    """The survey as it is now."""
    return find_survey(session, "trip")


def suspects(house: Asked, numbers: Sequence[int]) -> list[set[int]]:
    """Whom an attacker can name for what each of these wrote."""
    spy = house.ask_all(Spy)
    return [spy.suspects(f"the reason of {number}") for number in numbers]


def contacts_of(house: Asked, numbers: Sequence[int]) -> list[int]:
    """Whose invitations these are."""
    with house.database.reading() as session:
        return [session.get_one(Invitation, each).contact_id for each in numbers]


def test_g14_of_an_identified_survey_the_attacker_finds_everybody(house: Asked):
    numbers = house.ask(Anonymity.IDENTIFIED)
    for number in numbers[:3]:
        house.answer(number)
    for found, contact in zip(suspects(house, numbers[:3]), contacts_of(house, numbers), strict=False):
        assert contact in found


def test_g14_no_way_leads_from_an_anonymous_answer_to_a_person_before_its_batch_or_after(house: Asked):
    numbers = house.ask(Anonymity.ANONYMOUS)
    order = [numbers[each] for each in (3, 9, 1, 12, 7, 0, 11, 5, 13, 2, 8)]
    for number in order:
        house.answer(number)
    assert not any(suspects(house, order))
    assert house.release() == {"trip": len(order)}
    found = suspects(house, order)
    assert all(each == found[0] for each in found)
    assert len(found[0]) in {0, PEOPLE}, "nobody, or everybody alike"
    with house.database.reading() as session:
        rows = session.scalars(select(AnonymousResponse).order_by(AnonymousResponse.id)).all()
        assert {row.completed_at for row in rows} == {day_of(LATER)}
        assert session.scalar(select(func.count()).select_from(Answer)) == 0
        assert session.scalar(select(func.count()).select_from(Response)) == 0
        assert session.scalar(select(func.count()).where(Invitation.contact_id == NOBODY)) == 0
        lying = [row for row in dump(session) if row.table == "anonymous_answer" and row.holds("the reason of")]
        texts = [row.get("text") for row in sorted(lying, key=lambda row: str(row.hidden))]
        stored = session.scalars(select(AnonymousAnswer.text).order_by(AnonymousAnswer.response_id)).all()
        in_order = [f"the reason of {number}" for number in order]
        assert in_order not in (texts, [each for each in stored if each])
        answered = session.scalars(select(Invitation.id).where(Invitation.answered)).all()
        assert set(answered) == set(order)


def test_g14_whoever_watches_the_database_sees_nothing_of_the_person_change(house: Asked):
    numbers = house.ask(Anonymity.ANONYMOUS)
    with house.database.writing() as session:
        decline(session, numbers[0], at=NOON, veil=Veil(0, house.marks(numbers[0])))
    for number in numbers[:3]:
        before = house.ask_all(dump)
        house.answer(number)
        moved = changed(before, house.ask_all(dump))
        assert moved
        assert not people_in(moved)
        assert house.standing(number) is Standing.DONE
    assert house.release() == {}, "so few are not told apart from each other well enough"
    for number in numbers[3:5]:
        house.answer(number)
    before = house.ask_all(dump)
    assert house.release() == {"trip": 5}
    moved = changed(before, house.ask_all(dump))
    assert len({row.get("id") for row in moved if row.table == "invitation" and row.get("contact_id")}) == 5


def test_g14_an_invitation_to_an_anonymous_survey_is_answered_once(house: Asked):
    number, other, *_ = house.ask(Anonymity.ANONYMOUS)
    first = house.press(number, "start", {"went": ["no"]}).sheet.pseudonym
    second = house.press(number, "start", {"went": ["no"]}).sheet.pseudonym
    assert first != second
    for pseudonym in (first, second):
        house.press(number, "why_not", {"reason": [f"draft {pseudonym}"]}, pseudonym)
    assert house.press(number, "end", {}, first).step is not None
    assert house.press(number, "end", {}, second).sheet.standing is Standing.DONE
    assert house.ask_all(lambda session: session.scalar(select(func.count()).select_from(SpentMark))) == 1
    with house.database.writing() as session:
        pseudonym = press(session, other, "start", {"went": ["no"]}, Go.NEXT, at=NOON).sheet.pseudonym
        press(session, other, "why_not", {"reason": ["ill"]}, Go.NEXT, at=NOON, veil=Veil(pseudonym))
        with pytest.raises(Conflict):
            press(session, other, "end", {}, Go.NEXT, at=NOON, veil=Veil(pseudonym))


def test_g14_what_is_left_of_an_anonymous_survey_is_released_at_its_end_and_names_nobody(house: Asked):
    numbers = house.ask(Anonymity.ANONYMOUS)
    for number in numbers[:2]:
        house.answer(number)
    assert house.ask_all(lambda session: waiting(session, trip(session).id)) == 2
    with house.database.writing() as session:
        close_survey(session, trip(session), NOON)
    assert house.release() == {"trip": 2}
    assert not house.ask_all(lambda session: session.scalars(select(Invitation.id).where(Invitation.answered)).all())
    assert house.ask_all(lambda session: turnout(session, trip(session).id).completed) == 2
    counts = house.ask_all(lambda session: dispositions_of(session, trip(session)))
    assert (counts["complete"], counts["delivered"], sum(counts.values())) == (2, PEOPLE - 2, PEOPLE)
    assert house.ask_all(lambda session: tables_of(trip(session)).answer) is AnonymousAnswer
    with house.database.writing() as session:
        open_survey(session, trip(session), NOON)
    assert house.standing(numbers[0]) is Standing.DONE


def test_g14_a_confidential_survey_forgets_for_good_who_answered_what_when_its_time_comes(house: Asked):
    numbers = house.ask(Anonymity.CONFIDENTIAL, unlink_days=30)
    for number in numbers[:3]:
        house.answer(number)
    assert contacts_of(house, numbers)[0] in suspects(house, numbers[:1])[0]
    assert house.ask_all(lambda session: count_linked(session, trip(session).id)) == 3
    house.press(numbers[3], "start", {"went": ["no"]})
    became = house.ask_all(lambda session: dispositions_of(session, trip(session)))
    assert (became["complete"], sum(became.values())) == (3, PEOPLE)
    with house.database.writing() as session:
        with pytest.raises(Conflict):
            unlink(session, trip(session), at=NOON)
        close_survey(session, trip(session), NOON)
        assert unlink_due(session, at=NOON + timedelta(days=29)) == []
    with house.database.writing() as session:
        assert unlink_due(session, at=NOON + timedelta(days=30)) == ["trip"]
        assert unlink_due(session, at=NOON + timedelta(days=31)) == []
    assert not any(suspects(house, numbers[:3]))
    assert house.ask_all(lambda session: dispositions_of(session, trip(session))) == became
    assert {house.standing(number) for number in numbers[:3]} == {Standing.DONE}
    started = house.ask_all(lambda session: session.scalars(select(Response.started_at)).all())
    assert set(started) == {day_of(LATER)}


def test_g14_the_clock_releases_what_waits_and_unlinks_what_is_due(house: Asked, settings: Settings):
    clock = Clock(settings, house.database, lambda: LATER)
    for number in house.ask(Anonymity.ANONYMOUS)[:5]:
        house.answer(number)
    clock.release_answers()
    assert house.ask_all(lambda session: session.scalar(select(func.count()).select_from(AnonymousResponse))) == 5
    clock.release_answers()
    clock.mind_surveys()


def test_g14_the_link_of_a_confidential_survey_leads_back_to_what_was_begun(house: Asked):
    number = house.ask(Anonymity.CONFIDENTIAL)[0]
    assert house.press(number, "start", {"went": ["no"]}).sheet.pseudonym == 0
    assert house.ask_all(lambda session: look(session, number).stop("").name) == "why_not"
    with house.database.writing() as session:
        decline(session, number, at=NOON)
    assert house.ask_all(lambda session: look(session, number).stop("").name) == "start"


def test_g14_anonymity_is_chosen_in_time_and_never_loosened(house: Asked):
    house.ask(Anonymity.CONFIDENTIAL, unlink_days=10)
    with house.database.writing() as session:
        survey = trip(session)
        for days in (11, None):
            with pytest.raises(Conflict):
                choose_anonymity(session, survey, Anonymity.CONFIDENTIAL, days, at=NOON)
        with pytest.raises(Conflict):
            choose_anonymity(session, survey, Anonymity.IDENTIFIED, at=NOON)
        choose_anonymity(session, survey, Anonymity.CONFIDENTIAL, 5, at=NOON)
        choose_anonymity(session, survey, Anonymity.ANONYMOUS, at=NOON)
        assert (survey.anonymity, survey.unlink_days) == ("anonymous", None)
        with pytest.raises(Conflict):
            unlink(session, survey, at=NOON)
