"""Answers under the limit of age, of every kind that can tell an age."""

from datetime import datetime, timedelta

import pytest

from surveys.domain.cells import REFUSED, Answers, Cell
from surveys.domain.survey_files import read_survey
from surveys.domain.young_answers import tells_a_child
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
