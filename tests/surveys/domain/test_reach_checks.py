"""Conditions that nobody can meet are refused when a survey is published; those that somebody can meet never are."""

import tomllib

import pytest

from surveys.domain.definition_faults import BadDefinition
from surveys.domain.satisfying import Budget, can_be_met
from surveys.domain.show_rules import Formula
from surveys.domain.survey_checks import require_publishable
from surveys.domain.survey_files import kept_survey, read_survey, survey_of, table_of
from tests.surveys.domain.logic_surveys import RICH, garden

TWO = """
name = "x"
title = "X"
[[arm]]
name = "one"
[[page]]
name = "first"
[[page.question]]
name = "went"
kind = "single"
text = "?"
choices = [{ name = "yes", label = "Y" }, { name = "no", label = "N" }]
refusal = "R"
other = "O"
[[page.question]]
name = "notes"
kind = "matrix_text"
text = "?"
rows = [{ name = "food", label = "F" }]
across = [{ name = "a", label = "A" }]
[[page.question]]
name = "score"
kind = "nps"
text = "?"
[[page.question]]
name = "how"
kind = "multiple"
text = "?"
choices = [{ name = "a", label = "A" }, { name = "b", label = "B" }]
most = 1
[[page.question]]
name = "age"
kind = "number"
text = "?"
least = 18
most = 99
[[page.question]]
name = "judged"
kind = "matrix"
text = "?"
rows = [{ name = "food", label = "F" }, { name = "sea", label = "S" }]
scale = [{ name = "bad", label = "B" }, { name = "good", label = "G" }]
[[page.question]]
name = "words"
kind = "text"
text = "?"
[[page.question]]
name = "born"
kind = "date"
text = "?"
[[page.question]]
name = "many"
kind = "multiple"
text = "?"
choices = [CHOICES]
[[page]]
name = "why"
show_if = "went == 'no'"
[[page.question]]
name = "reason"
kind = "text"
text = "?"
[[page.question]]
name = "deep"
kind = "text"
text = "?"
show_if = "length(words) > 3"
[[page]]
name = "last"
[[page.question]]
name = "q"
kind = "text"
text = "?"
show_if = CONDITION
""".replace("CHOICES", ", ".join(f'{{ name = "c{n}", label = "C" }}' for n in range(12)))


@pytest.mark.parametrize(
    "condition",
    [
        "\"went == 'yes' and went == 'no'\"",
        '"score > 10"',
        '"score > 6 and score < 7"',
        "\"how has 'a' and how has 'b'\"",
        '"age < 18"',
        '"age < -1"',
        '"age > 50 and age <= 50"',
        "\"judged.food == 'bad' and judged.food == 'good'\"",
        "\"words == 'a' and words == 'b'\"",
        "\"contact.country == 'DE' and contact.country == 'FR'\"",
        '"contact.orders > 5 and contact.orders < 5"',
        "\"arm == 'one' and not (arm == 'one')\"",
        "\"language == 'en' and language != 'en'\"",
        "\"answered(reason) and went == 'yes'\"",
        '"1 > 2"',
        "\"many has 'c1' and not (many has 'c1')\"",
        '{ all = [{ question = "age", op = "less", value = 20 }, { question = "age", op = "greater", value = 20 }] }',
        '{ all = [{ question = "score", op = "greater", value = 6 }, { question = "score", op = "less", value = 7 }] }',
        '{ question = "age", op = "greater", value = 99 }',
    ],
)
def test_a_condition_that_nobody_can_meet_is_refused(condition):
    with pytest.raises(BadDefinition, match="question “q”, show_if: This condition can never be met"):
        read_survey(TWO.replace("CONDITION", condition))


@pytest.mark.parametrize(
    "condition",
    [
        "\"went == 'yes' and score > 9 and how has 'b'\"",
        '"refused(went)"',
        '"not answered(score)"',
        '"age > 50 and age < 51"',
        '"age * age == 2500 and score in {3}"',
        '"age + score > 3"',
        "\"words != 'a' and answered(words)\"",
        '"length(words) > 1000"',
        '"years(born, today()) > 18"',
        "\"born > date('2000-01-01')\"",
        '"answered(born)"',
        "\"went.other == 'x'\"",
        '"length(notes.food) > 3"',
        '"answered(reason) and reason == reason"',
        '"answered(deep)"',
        '"count(judged) == 2"',
        "\"rows(judged, 'good') has 'sea'\"",
        '"count(many) == 11"',
        "\"many has 'c1' and many has 'c11'\"",
        "\"many == {'c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8'}\"",
        "\"contact.country != 'DE' and contact.orders >= 5\"",
        '"number(contact.orders) > 5"',
        "\"answered(reason) and went == 'no'\"",
        '{ question = "judged", op = "is", value = "good", row = "sea" }',
        '{ question = "judged", op = "answered" }',
        f'"{" and ".join(f"contact.field_{n} == {n}" for n in range(9))}"',
    ],
)
def test_a_condition_that_somebody_can_meet_is_never_refused(condition):
    read_survey(TWO.replace("CONDITION", condition))


def test_an_impossible_page_is_told_once_and_its_questions_are_not():
    text = RICH.replace(
        'name = "last"\n', "name = \"last\"\nshow_if = \"has_garden == 'yes' and has_garden == 'no'\"\n"
    )
    with pytest.raises(BadDefinition) as told:
        read_survey(text)
    assert [fault.place for fault in told.value.faults] == ["page “last”, show_if"]
    assert kept_survey(table_of(survey_of(tomllib.loads(text)))).pages[-1].show_if is not None


def test_a_page_that_every_way_jumps_over_is_refused():
    jumps = '[[page.jump]]\nto = "end"\n[[page.jump]]\nto = "last"\n'
    with pytest.raises(BadDefinition) as told:
        read_survey(RICH.replace('name = "likings"\n', 'name = "likings"\n' + jumps))
    said = str(told.value)
    assert "page “care”: Nobody can come to this page: every way jumps over it. Give a jump" in said
    assert "page “likings”, jump 2: An earlier jump without a condition is always taken. Put the jump" in said
    assert "“earth”: Nobody" not in said


def test_what_cannot_be_looked_through_counts_as_possible():
    survey = garden()
    assert can_be_met(survey, [Formula("(")], Budget())
    impossible = [Formula("has_garden == 'yes' and weeds == 2 and has_garden == 'no'")]
    assert not can_be_met(survey, impossible, Budget())
    assert can_be_met(survey, impossible, Budget(3))
    assert can_be_met(survey, impossible, Budget(0))


def test_the_sample_can_be_published():
    assert require_publishable(garden()) == garden()
