"""A rating in the mail's link pre-selects on the page, if it is there, open, and one of the numbers."""

import pytest

from surveys.domain.cells import Answers, Cell
from surveys.domain.preselecting import first_rating, preselected
from surveys.domain.survey_files import read_survey

PAGE = """
name = "rated"
title = "How was it?"
[[page]]
name = "first"
[[page.question]]
name = "score"
kind = "nps"
text = "Would you recommend us?"
[[page.question]]
name = "why"
kind = "text"
text = "Why?"
"""
RATED = read_survey(PAGE)
ASKED = RATED.pages[0].questions


def test_a_survey_that_begins_with_something_else_has_no_rating_for_its_mail():
    assert first_rating(RATED) is ASKED[0]
    assert first_rating(read_survey(PAGE.replace('kind = "nps"', 'kind = "long_text"'))) is None


@pytest.mark.parametrize(
    ("wanted", "answers", "fields"),
    [
        ({"score": "9"}, {}, {"score": ["9"]}),
        ({"score": "9"}, {"why": (Cell(text="so"),)}, {"score": ["9"], "why": ["so"]}),
        ({"score": "9"}, {"score": (Cell(number=2),)}, None),
        ({"score": "11"}, {}, None),
        ({"score": ""}, {}, None),
        ({"why": "9"}, {}, None),
        ({}, {}, None),
    ],
)
def test_g11_only_an_open_rating_is_preselected_and_what_was_answered_stays(
    wanted: dict[str, str], answers: Answers, fields: dict[str, list[str]] | None
):
    assert preselected(ASKED, answers, wanted) == fields
