"""Answers under the limit of age, of every kind that can tell an age."""

from datetime import datetime, timedelta

import pytest

from surveys.domain.cells import REFUSED, Answers, Cell
from surveys.domain.survey_files import read_survey
from surveys.domain.young_answers import impossible, tells_a_child
from tests.conftest import NOON

SURVEY = """
name = "ages"
title = "Ages"
[[page]]
name = "all"
[[page.question]]
name = "born"
kind = "date"
text = "When were you born?"
birth = true
refusal = "I would rather not say"
[[page.question]]
name = "years"
kind = "number"
text = "How old are you?"
age = true
[[page.question]]
name = "grade"
kind = "single"
text = "Which grade are you in?"
age = true
choices = [{ name = "seventh", label = "7th", score = 13 }, { name = "none", label = "No school" }]
[[page.question]]
name = "shoes"
kind = "number"
text = "How many shoes do you have?"
"""


def judged(answers: dict[str, Cell], at: datetime = NOON) -> bool:
    given: Answers = {name: (cell,) for name, cell in answers.items()}
    return tells_a_child(read_survey(SURVEY).by_name, given, at, 16)


@pytest.mark.parametrize(
    ("question", "cell", "child"),
    [
        ("born", Cell(value="2012-01-31"), True),
        ("born", Cell(value="1980-01-31"), False),
        ("born", Cell(value="2030-01-31"), True),
        ("born", Cell(value=REFUSED), False),
        ("years", Cell(number=15), True),
        ("years", Cell(number=16), False),
        ("grade", Cell(value="seventh"), True),
        ("grade", Cell(value="none"), False),
        ("shoes", Cell(number=3), False),
        ("unknown", Cell(number=3), False),
    ],
)
def test_g13_what_an_answer_says_of_age(question: str, cell: Cell, child: bool):
    assert judged({question: cell}) is child


def test_g13_a_birthday_has_come_when_it_has_come_everywhere_and_nothing_answered_says_nothing():
    birthday = {"born": Cell(value="2010-11-22")}
    midnight = NOON.replace(hour=0)
    assert judged(birthday, midnight + timedelta(hours=11, minutes=59))
    assert not judged(birthday, midnight + timedelta(hours=12))
    assert not tells_a_child(read_survey(SURVEY).by_name, {"years": ()}, NOON, 16)


@pytest.mark.parametrize(
    ("question", "cell", "said"),
    [
        ("born", Cell(value="2026-11-22"), None),
        ("born", Cell(value="2026-11-23"), "Please check the year."),
        ("born", Cell(value="2085-01-01"), "Please check the year."),
        ("born", Cell(value="0001-01-01"), "Please check the year."),
        ("born", Cell(value="1896-11-21"), "Please check the year."),
        ("born", Cell(value="1896-11-22"), None),
        ("born", Cell(value=REFUSED), None),
        ("years", Cell(number=-3), "Please check the age."),
        ("years", Cell(number=0), None),
        ("years", Cell(number=130), None),
        ("years", Cell(number=131), "Please check the age."),
        ("years", Cell(number=29.5), "Please check the age."),
        ("years", Cell(), None),
        ("grade", Cell(value="seventh"), None),
        ("shoes", Cell(number=-3), None),
    ],
)
def test_g13_a_birth_or_an_age_that_nobody_can_have_is_asked_again(question: str, cell: Cell, said: str | None):
    faults = list(impossible(read_survey(SURVEY).by_name[question], (cell,), NOON.date()))
    assert [(each.field, each.said()) for each in faults] == ([(question, said)] if said else [])


def test_g13_where_no_day_is_known_or_nothing_was_answered_nothing_is_asked_again():
    born = read_survey(SURVEY).by_name["born"]
    assert not list(impossible(born, (Cell(value="2085-01-01"),), None))
    assert not list(impossible(born, (), NOON.date()))
