"""Answering by the link of an invitation: what is stored, when, and what never is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contacts.domain.facts import Kind
from contacts.storage.contacts import Contact
from core.errors import NotFound
from surveys.domain.answering import Go, Step
from surveys.domain.branching import path
from surveys.domain.cells import Cell
from surveys.domain.survey_files import read_survey
from surveys.services.apply_survey import apply_survey
from surveys.services.respond import Pressed
from surveys.storage.answer_sheets import Sheet, Standing
from surveys.storage.responses import Answer, Response, answers_of
from surveys.storage.surveys import close_survey, find_survey, open_survey
from tests.campaigns.scenes import tell
from tests.conftest import NOON
from tests.surveys.domain.sample_surveys import BRANCHING, trip
from tests.surveys.pressing import decline, look, press
from tests.surveys.survey_scenes import answer, counted, invitations, invited, opened, people

NEXT = Go.NEXT
WENT = {"went": ["yes"]}


@pytest.fixture
def asked(database):
    with database.writing() as session:
        survey = opened(session)
        people(session, 2)
        invited(session, survey)
        yield session


@pytest.fixture
def first(asked):
    return invitations(asked)[0]


def stored(session: Session) -> int | None:
    return session.scalar(select(func.count()).select_from(Answer))


def step_of(pressed: Pressed) -> Step:
    assert pressed.step is not None
    return pressed.step


def response_of(sheet: Sheet) -> Response:
    assert sheet.response is not None
    return sheet.response


def test_g11_looking_stores_nothing_not_even_that_somebody_looked(asked, first):
    before = counted(asked)
    for _ in range(3):
        sheet = look(asked, first.id)
        assert (sheet.standing, sheet.stop("").name, sheet.response) == (Standing.OPEN, "start", None)
    assert not asked.new
    assert not asked.dirty
    assert counted(asked) == before


def test_pages_are_stored_as_they_are_answered_and_the_link_resumes(asked, first):
    pressed = press(asked, first.id, "start", WENT, NEXT, at=NOON)
    assert step_of(pressed).page == "trip"
    sheet = look(asked, first.id)
    assert (sheet.stop("").name, sheet.answers) == ("trip", {"went": (Cell(value="yes"),)})
    assert sheet.stop("start").name == "start"


def test_nobody_skips_a_page_that_lacks_an_answer(asked, first):
    answer(asked, first, ("start", WENT))
    assert look(asked, first.id).stop("end").name == "trip"
    assert look(asked, first.id).stop("why_not").name == "start"


def test_faults_store_nothing_and_begin_nothing(asked, first):
    before = counted(asked)
    pressed = press(asked, first.id, "start", {"went": ["maybe"]}, NEXT, at=NOON)
    assert [fault.field for fault in step_of(pressed).faults] == ["went"]
    assert counted(asked) == before


def test_a_complete_response_is_never_touched_again(asked, first):
    answer(asked, first)
    sheet = look(asked, first.id)
    assert (sheet.standing, response_of(sheet).completed_at) == (Standing.DONE, NOON)
    before = answers_of(asked, response_of(sheet).id)
    pressed = press(asked, first.id, "start", {"went": ["no"]}, NEXT, at=NOON + timedelta(days=1))
    assert (pressed.sheet.standing, pressed.step) == (Standing.DONE, None)
    assert answers_of(asked, response_of(sheet).id) == before
    assert decline(asked, first.id, at=NOON).standing is Standing.DONE


def test_completion_keeps_only_what_is_on_the_path(asked, first):
    answer(asked, first, ("start", WENT), ("trip", {"how": ["car"], "score": ["3"]}), ("start", {"went": ["no"]}))
    response = response_of(look(asked, first.id))
    assert set(answers_of(asked, response.id)) == {"went", "how", "score"}
    answer(asked, first, ("why_not", {"reason": ["ill"]}), ("end", {}))
    assert set(answers_of(asked, response.id)) == {"went", "reason"}


def test_g13_a_child_gets_a_closed_door_and_nothing_is_stored(asked, first):
    answer(asked, first, ("start", WENT))
    tell(asked, asked.get(Contact, first.contact_id), Kind.CHILD, ["everything"])
    before = counted(asked)
    assert look(asked, first.id).standing is Standing.NOT_FOR_YOU
    assert look(asked, first.id).definition is None
    pressed = press(asked, first.id, "trip", {"score": ["9"]}, NEXT, at=NOON)
    assert (pressed.sheet.standing, pressed.step) == (Standing.NOT_FOR_YOU, None)
    assert decline(asked, first.id, at=NOON).standing is Standing.NOT_FOR_YOU
    assert counted(asked) == before


def test_somebody_who_opted_out_after_the_invitation_may_still_answer(asked, first):
    tell(asked, asked.get(Contact, first.contact_id), Kind.OPT_OUT, ["everything"])
    answer(asked, first)
    assert look(asked, first.id).standing is Standing.DONE


def test_a_deleted_contact_loses_no_response(asked, first):
    answer(asked, first, ("start", WENT))
    asked.delete(asked.get(Contact, first.contact_id))
    asked.flush()
    answer(asked, first)
    assert look(asked, first.id).standing is Standing.DONE


def test_declining_drops_what_was_begun_and_can_be_reconsidered(asked, first):
    answer(asked, first, ("start", WENT))
    decline(asked, first.id, at=NOON)
    assert (stored(asked), first.declined_at) == (0, NOON)
    assert decline(asked, first.id, at=NOON).standing is Standing.OPEN
    answer(asked, first, ("start", WENT))
    assert first.declined_at is None


def test_a_closed_survey_stores_nothing_and_reopens_where_it_was(asked, first):
    answer(asked, first, ("start", WENT))
    survey = find_survey(asked, "trip")
    close_survey(asked, survey, NOON)
    assert press(asked, first.id, "trip", {"score": ["9"]}, NEXT, at=NOON).sheet.standing is Standing.CLOSED
    open_survey(asked, survey, NOON)
    assert look(asked, first.id).stop("").name == "trip"


def test_an_invitation_to_a_survey_that_is_not_open_yet_says_so(asked, first):
    survey = find_survey(asked, "trip")
    survey.state = "draft"
    assert look(asked, first.id).standing is Standing.NOT_YET
    survey.version = 0
    assert look(asked, first.id).standing is Standing.NOT_YET


def test_an_invitation_that_is_gone_is_told(asked):
    with pytest.raises(NotFound):
        look(asked, 99999)


def test_a_response_keeps_the_version_it_began_with(asked, first):
    answer(asked, first, ("start", WENT))
    changed = BRANCHING.replace('name = "score"\nkind = "nps"', 'name = "mark"\nkind = "nps"')
    newer = changed.replace('question = "score"', 'question = "mark"')
    assert newer != changed
    assert apply_survey(asked, read_survey(newer), at=NOON).published
    assert look(asked, first.id).version == 1
    other = invitations(asked)[1]
    assert look(asked, other.id).version == 2
    assert look(asked, other.id, version=1).version == 1
    assert look(asked, other.id, version=9).version == 2
    press(asked, other.id, "start", WENT, NEXT, at=NOON, version=1)
    assert look(asked, other.id).version == 1


words = st.text(max_size=30) | st.sampled_from(["yes", "no", "train", "7", "4111 1111 1111 1111"])
names = [
    "went",
    "went-other",
    "reason",
    "how",
    "how-other",
    "score",
    "train_class",
    "nights",
    "judged-food",
    "more",
    "x",
]
forms = st.dictionaries(st.sampled_from(names), st.lists(words, max_size=2))
presses = st.lists(
    st.tuples(st.sampled_from([*(page.name for page in trip().pages), "", "zz"]), forms, st.sampled_from(Go)),
    max_size=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(presses)
def test_no_submitted_bytes_reach_the_database_that_the_definition_does_not_allow(asked, first, presses):
    with asked.begin_nested() as savepoint:
        for page, posted, go in presses:
            press(asked, first.id, page, posted, go, at=NOON)
        sheet = look(asked, first.id)
        for name, cells in (answers_of(asked, sheet.response.id) if sheet.response else {}).items():
            question = trip().by_name[name]
            assert set(question.read(question.fields(cells)).cells) == set(cells)
        if sheet.response and sheet.response.done:
            answers = answers_of(asked, response_of(sheet).id)
            assert set(path(trip(), answers).answers) == set(answers)
        savepoint.rollback()
    asked.expire_all()


def test_presses_at_the_same_moment_leave_one_whole_response(database):
    with database.writing() as session:
        survey = opened(session)
        people(session, 1)
        invited(session, survey)
        number = invitations(session)[0].id
    together = Barrier(6)

    def go_through(which: int) -> str:
        together.wait(10)
        said = ""
        for page, posted in (("start", {"went": ["no"]}), ("why_not", {"reason": [f"reason {which}"]}), ("end", {})):
            with database.writing() as own:
                said = press(own, number, page, posted, NEXT, at=NOON).sheet.standing.value
        return said

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(go_through, range(6))) <= {"open", "done"}
    with database.reading() as session:
        assert session.scalars(select(Response.state)).all() == ["complete"]
        assert {cell.question for cell in session.scalars(select(Answer))} == {"went", "reason"}


def test_gdpr_17_who_was_erased_answers_nothing_while_the_law_keeps_their_data(asked, first):
    tell(asked, asked.get(Contact, first.contact_id), Kind.ERASURE, ["everything"])
    before = counted(asked)
    assert look(asked, first.id).standing is Standing.NOT_FOR_YOU
    press(asked, first.id, "start", {"went": ["yes"]}, NEXT, at=NOON)
    assert counted(asked) == before
