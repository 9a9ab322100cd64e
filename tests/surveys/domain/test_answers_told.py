"""Answers in words for the person who gave them, and what in the way they were given looks like a machine's."""

from datetime import timedelta

import pytest

from surveys.domain.answers_told import told
from surveys.domain.cells import REFUSED, Answers, Cell
from surveys.domain.machine_answers import (
    Sign,
    read_signs,
    signs_of_delivery,
    signs_of_pace,
    signs_of_request,
    written,
)
from surveys.domain.survey_files import read_survey
from tests.conftest import NOON

SURVEY = """
name = "tea"
title = "Tea"
[[page]]
name = "all"
[[page.question]]
name = "tea"
kind = "single"
text = "Tea?"
refusal = "I would rather not say"
choices = [{ name = "yes", label = "Yes, please" }, { name = "no", label = "No" }]
other = "Something else"
[[page.question]]
name = "with"
kind = "multiple"
text = "With what?"
choices = [{ name = "milk", label = "Milk" }, { name = "lemon", label = "Lemon" }]
[[page.question]]
name = "stars"
kind = "rating"
text = "How good?"
low = "Bad"
high = "Good"
[[page.question]]
name = "said"
kind = "statement"
text = "Thank you."
"""


def lines(answers: Answers) -> list[tuple[str, ...]]:
    return [each.lines for each in told(read_survey(SURVEY).questions(), answers)]


def test_answers_are_told_in_the_words_of_the_form():
    given = {
        "tea": (Cell(value="other", text="Coffee"),),
        "with": (Cell(value="milk"), Cell(value="lemon")),
        "stars": (Cell(number=5.0),),
    }
    assert lines(given) == [("Something else", "Something else: Coffee"), ("Milk", "Lemon"), ("5",)]
    assert lines({"tea": (Cell(value=REFUSED),)}) == [("I would rather not say",), (), ()]
    assert lines({"tea": (Cell(value="yes"),)})[0] == ("Yes, please",)


@pytest.mark.parametrize(
    ("agent", "trap", "signs"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "", set()),
        ("Mozilla/5.0 HeadlessChrome/120.0", "", {Sign.AGENT}),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "spam", {Sign.TRAP}),
    ],
)
def test_what_a_request_tells(agent: str, trap: str, signs: set[Sign]):
    assert signs_of_request({"user-agent": agent}, NOON, trap=trap) == signs


def test_what_time_tells():
    assert signs_of_pace(None, 3) == signs_of_pace(2, 3) == signs_of_pace(0.1, 0) == frozenset()
    assert signs_of_pace(0.9, 1) == signs_of_pace(6.9, 20) == {Sign.HASTY}
    assert signs_of_delivery(NOON, None) == signs_of_delivery(NOON, NOON - timedelta(minutes=1)) == frozenset()
    assert signs_of_delivery(NOON, NOON - timedelta(seconds=2)) == {Sign.SOON}


def test_signs_are_kept_together_and_read_again():
    assert written({Sign.SOON, Sign.AGENT}, "hasty soon") == "agent hasty soon"
    assert read_signs("agent hasty unknown") == (Sign.AGENT, Sign.HASTY)
    assert all(sign.words for sign in Sign)
