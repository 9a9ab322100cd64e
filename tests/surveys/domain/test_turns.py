"""Turns of the form: next, back, stay and the review; and quotas that are sure to be full before the last page."""

from surveys.domain.branching import Setting, path
from surveys.domain.cells import Answers, Cell
from surveys.domain.early_ends import decided
from surveys.domain.survey_files import read_survey
from surveys.domain.turns import REVIEW, Act, Turn, take_turn

SURVEY = """
name = "tea"
title = "Tea"
review = true
[[end]]
name = "away"
text = "Goodbye."
[[quota]]
name = "all"
limit = 9
end = "away"
[[quota]]
name = "drinkers"
limit = 9
end = "away"
when = { question = "tea", op = "is_not", value = "no" }
[[quota]]
name = "both"
limit = 9
end = "away"
when = { all = [{ question = "tea", op = "is", value = "yes" }, { question = "cups", op = "greater", value = 1 }] }
[[quota]]
name = "thirsty"
limit = 9
end = "away"
when = "tea != 'no'"
[[page]]
name = "first"
jump = [{ to = "away", when = { question = "tea", op = "is", value = "never" } }]
[[page.question]]
name = "tea"
kind = "single"
text = "Tea?"
required = true
choices = [{ name = "yes", label = "Yes" }, { name = "no", label = "No" }, { name = "never", label = "Never" }]
[[page]]
name = "last"
[[page.question]]
name = "cups"
kind = "number"
text = "How many cups?"
"""
TEA = read_survey(SURVEY)
HERE = Setting()
YES: Answers = {"tea": (Cell(value="yes"),)}


def test_the_last_page_leads_to_the_review_and_the_review_completes():
    step = take_turn(TEA, YES, Turn("last", {"cups": ["3"]}), HERE)
    assert (step.page, step.complete, set(step.changed)) == (REVIEW, False, {"cups"})
    answers = {**YES, "cups": (Cell(number=3.0),)}
    done = take_turn(TEA, answers, Turn(REVIEW, {}), HERE)
    assert (done.complete, dict(done.answers)) == (True, answers)


def test_from_the_review_one_goes_back_stays_or_is_led_to_what_is_owing():
    assert take_turn(TEA, YES, Turn(REVIEW, {}, Act.BACK), HERE).page == "last"
    assert take_turn(TEA, YES, Turn(REVIEW, {}, Act.STAY), HERE).page == REVIEW
    owing = take_turn(TEA, {}, Turn(REVIEW, {}), HERE)
    assert (owing.page, owing.complete) == ("first", False)


def test_a_screen_out_has_nothing_to_review():
    step = take_turn(TEA, {}, Turn("first", {"tea": ["never"]}), HERE)
    assert (step.complete, step.ending) == (True, "away")


def test_staying_keeps_what_can_be_kept_and_a_page_off_the_path_leads_back():
    kept = take_turn(TEA, {}, Turn("first", {"tea": ["maybe"]}, Act.STAY), HERE)
    assert (kept.page, kept.faults, kept.changed) == ("first", (), {})
    assert take_turn(TEA, {}, Turn("first", {"tea": ["yes"]}, Act.STAY), HERE).changed == YES
    never: Answers = {"tea": (Cell(value="never"),)}
    assert take_turn(TEA, never, Turn("last", {}, Act.STAY), HERE).page == "first"
    assert take_turn(TEA, {}, Turn("first", {}), HERE).faults


def test_a_quota_is_decided_once_every_question_of_its_condition_is_answered():
    assert decided(TEA, path(TEA, {}, HERE)) == ("all",)
    assert decided(TEA, path(TEA, YES, HERE)) == ("all", "drinkers")
    answers = {**YES, "cups": (Cell(number=3.0),)}
    assert decided(TEA, path(TEA, answers, HERE)) == ("all", "drinkers", "both")
