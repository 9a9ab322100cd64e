"""A test run tells the way a survey takes with these answers, and what it leaves out and why."""

from surveys.domain.branching import path
from surveys.domain.cells import Cell
from surveys.domain.paths_told import Missing, Way, missing, way
from surveys.domain.survey_files import read_survey
from tests.surveys.domain.sample_surveys import trip
from tests.surveys.domain.whole_surveys import WHOLE

ENDING = """
name = "ends"
title = "Ends"
[[end]]
name = "early"
text = "Bye."
[[page]]
name = "one"
[[page.jump]]
to = "early"
when = { question = "again", op = "is", value = "no" }
[[page.jump]]
to = "three"
when = { question = "again", op = "is", value = "yes" }
[[page.question]]
name = "again"
kind = "yes_no"
text = "Again?"
[[page]]
name = "two"
[[page.question]]
name = "why"
kind = "text"
text = "Why?"
[[page]]
name = "three"
title = "Third"
[[page.question]]
name = "how"
kind = "text"
text = "How?"
show_if = { question = "again", op = "answered" }
"""


def test_the_way_counts_what_is_answered_and_tells_why_the_rest_is_left_out():
    answers = {"went": (Cell(value="yes"),), "score": (Cell(number=3.0),)}
    road = path(trip(), answers)
    assert way(road, "trip")[:2] == [Way("start", "", 1, 1, here=False), Way("trip", "", 2, 1, here=True)]
    assert missing(trip(), road) == [
        Missing("Page “why_not”", "shown only if “Did you go?” is “No”"),
        Missing(
            "How was the train?",
            "shown only if “How did you travel?” includes “Train” and “Would you recommend it?” is more than 6",
        ),
    ]


def test_a_loop_over_nothing_is_left_out_for_that_reason():
    survey = read_survey(WHOLE.replace('show_if = { question = "rides", op = "greater", value = 1 }\n', ""))
    rides = {"rides": (Cell(number=3.0),)}
    told = missing(survey, path(survey, rides))
    assert told[0] == Missing("Page “About {{ item }}”", "there is nothing to repeat it for")
    with_bikes = rides | {"bikes": (Cell(value="city"), Cell(value="race"))}
    road = path(survey, with_bikes)
    assert [each.name for each in way(road, "")][1:3] == ["each_city", "each_race"]
    assert missing(survey, road) == []


def test_an_end_a_jump_and_a_page_without_questions_are_reasons():
    survey = read_survey(ENDING)
    assert [each.why for each in missing(survey, path(survey, {"again": (Cell(value="no"),)}))] == [
        "the survey ends before it",
        "the survey ends before it",
    ]
    assert [each.why for each in missing(survey, path(survey, {}))] == ["none of its questions is asked"]
    assert missing(survey, path(survey, {"again": (Cell(value="yes"),)})) == [
        Missing("Page “two”", "a jump passes it by")
    ]
