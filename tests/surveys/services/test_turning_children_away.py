"""An age under the limit ends a survey kindly, keeps nothing, and blocks whose link it was (G13)."""

import pytest
from sqlalchemy import func, select

from contacts.storage.blocks import Block
from contacts.storage.cases import Case
from surveys.domain.anonymity import Anonymity
from surveys.domain.answering import Go
from surveys.domain.turns import Act, Turn
from surveys.services import respond
from surveys.services.choose_anonymity import choose_anonymity
from surveys.storage.answer_sheets import Link, Standing
from surveys.storage.children import turn_child_away
from surveys.storage.invitations import NOBODY, Invitation, invitation_of
from surveys.storage.pseudonyms import Identity, Veil, add_pseudonym
from surveys.storage.responses import Answer, Response
from tests.conftest import NOON
from tests.core.test_emptied_logs import WORDS, lying
from tests.surveys.pressing import look, press
from tests.surveys.survey_scenes import invitations, invited, opened, people

AGED = """
name = "aged"
title = "You"
[[page]]
name = "first"
[[page.question]]
name = "likes"
kind = "text"
text = "What do you like?"
[[page]]
name = "second"
[[page.question]]
name = "years"
kind = "number"
text = "How old are you?"
age = true
[[page.question]]
name = "born"
kind = "date"
text = "When were you born?"
birth = true
"""
CHILD = {"years": ["11"]}


def rows(session, *tables):
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]


@pytest.mark.parametrize("mode", list(Anonymity))
def test_g13_a_childs_answers_go_and_the_person_is_blocked(database, keyring, mode):
    with database.writing() as session:
        survey = opened(session, AGED)
        choose_anonymity(session, survey, mode, at=NOON)
        people(session, 1)
        invited(session, survey)
        number = invitations(session)[0].id
        veil = Veil(0, keyring.digests(b"mark"))
        pseudonym = press(session, number, "first", {"likes": ["music"]}, veil=veil).sheet.pseudonym
        veil = Veil(pseudonym, veil.marks)
        assert rows(session, Response, Answer) == [1, 1]
        link, turn = Link(number, veil=veil), Turn("second", CHILD, Act.STAY)
        assert respond.press(session, link, turn, at=NOON).sheet.standing is Standing.OPEN, "still typing, perhaps"
        assert rows(session, Answer) == [1]
        pressed = press(session, number, "second", CHILD, Go.NEXT, veil=veil)
        assert (pressed.sheet.standing, pressed.step) == (Standing.NOT_FOR_YOU, None)
        assert rows(session, Response, Answer, Identity, Case) == [0, 0, 0, 1]
        assert rows(session, Block)[0]
        assert [each.contact_id == NOBODY for each in session.scalars(select(Invitation))] == [False]
        assert look(session, number, veil=veil).standing is Standing.NOT_FOR_YOU


def test_g13_a_grown_up_goes_on_and_of_nobody_there_is_nobody_to_block(database):
    with database.writing() as session:
        survey = opened(session, AGED)
        first, second = (add_pseudonym(session, survey, at=NOON) for _ in range(2))
        for number, years in ((first, "40"), (second, "11")):
            press(session, number, "first", {"likes": ["music"]})
            press(session, number, "second", {"years": [years]})
        assert rows(session, Response, Block, Invitation) == [1, 0, 1]
        stranger = invitation_of(session, survey, b"k" * 32, None, at=NOON)
        turn_child_away(session, survey, stranger, None, at=NOON)
        assert rows(session, Case) == [0]
        assert look(session, stranger.id).standing is Standing.NOT_FOR_YOU


@pytest.mark.parametrize(
    "slip", [{"born": ["2085-01-01"]}, {"born": ["0001-01-01"]}, {"years": ["-3"]}, {"years": ["1000"], "born": [""]}]
)
def test_g13_a_slip_of_the_fingers_is_asked_again_and_neither_blocks_anybody_nor_is_stored(database, slip):
    with database.writing() as session:
        survey = opened(session, AGED)
        people(session, 1)
        invited(session, survey)
        number = invitations(session)[0].id
        press(session, number, "first", {"likes": ["music"]})
        pressed = press(session, number, "second", slip)
        assert pressed.step is not None
        assert (pressed.step.page, len(pressed.step.faults), pressed.stored) == ("second", 1, None)
        link = Link(number)
        for act in (Act.STAY, Act.BACK):
            respond.press(session, link, Turn("second", slip, act), at=NOON)
        assert rows(session, Answer, Block, Case) == [1, 0, 0]
        done = press(session, number, "second", {"born": ["1985-01-01"]}).step
        assert done is not None
        assert done.complete


def test_g13_of_a_childs_words_no_file_of_the_database_holds_anything_once_they_were_dropped(database):
    with database.writing() as session:
        survey = opened(session, AGED)
        people(session, 1)
        invited(session, survey)
        number = invitations(session)[0].id
    for page, posted in (("first", {"likes": [WORDS.decode()]}), ("second", CHILD)):
        with database.writing() as session:
            press(session, number, page, posted)
        assert lying(database) is (page == "first" and database.dialect == "sqlite")
