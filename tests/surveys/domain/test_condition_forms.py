"""Conditions as rows of a form: flat ones in rows, deeper ones and expressions as text, none of them changed by it."""

import pytest

from core.errors import BadInput
from surveys.domain.condition_forms import MOST_RULES, condition_from, rule_fields, rule_rows, subjects
from surveys.domain.survey_files import condition_table, read_survey
from tests.surveys.domain.sample_surveys import trip
from tests.surveys.domain.whole_surveys import WHOLE

RULE = {"question": "went", "op": "is", "value": "no"}
MATRIX = {"question": "judged", "op": "is", "row": "food", "value": "bad"}
ANSWERED = {"question": "nights", "op": "answered"}
FLAT = [
    RULE,
    MATRIX,
    ANSWERED,
    {"question": "nights", "op": "answered", "value": False},
    {"question": "score", "op": "greater", "value": 6},
    {"all": [RULE, ANSWERED]},
    {"any": [RULE, ANSWERED]},
]
DEEP = [
    {"any": [{"all": [RULE, ANSWERED]}, MATRIX]},
    {"all": [RULE, "score > 6"]},
    {"all": [ANSWERED] * (MOST_RULES + 1)},
    "score > 6 and count(how) > 1",
]


@pytest.mark.parametrize("condition", [*FLAT, *DEEP, None])
def test_a_condition_is_the_same_after_its_form(condition):
    form = rule_fields(condition)
    assert condition_from(form, trip()) == condition
    assert (form["match"] == ["text"]) is (condition in DEEP)


def test_every_condition_of_the_samples_goes_through_the_form():
    for survey in (trip(), read_survey(WHOLE)):
        conditions = [page.show_if for page in survey.pages]
        conditions += [question.show_if for page in survey.pages for question in page.questions]
        for condition in conditions:
            table = condition_table(condition) if condition else None
            assert condition_from(rule_fields(table), survey) == table


def test_what_is_written_as_in_a_file_must_be_readable():
    with pytest.raises(BadInput, match="Shown only if: This is not TOML"):
        condition_from({"match": ["text"], "written": ["{ question"]}, trip())
    assert condition_from({"match": ["text"], "written": [""]}, trip()) is None


def test_a_rule_without_a_comparison_asks_whether_there_is_an_answer():
    assert condition_from({"rule_0": ["nights"], "value_0": ["no"]}, trip()) == ANSWERED | {"value": False}
    assert condition_from({"rule_3": ["nights"]}, trip()) == ANSWERED
    assert condition_from({"rule_0": ["gone"], "op_0": ["is"], "value_0": ["3"]}, trip()) == {
        "question": "gone",
        "op": "is",
        "value": 3,
    }


def test_rows_offer_what_can_be_asked_of_their_question():
    form = {"rule_0": ["went"], "op_0": ["is"], "value_0": ["no"], "rule_2": ["score"], "op_2": ["has"]}
    first, number, blank = rule_rows(form, trip())
    assert first.answers == [("yes", "Yes"), ("no", "No"), ("other", "In a way")]
    assert [op for op, _words in first.ops] == ["is", "is_not", "answered"]
    assert (number.number, number.op, number.answers) == (2, "is", None)
    assert (blank.subject, blank.answers, len(blank.ops)) == ("", [], 6)
    (answered, _blank) = rule_rows({"rule_0": ["judged-food"], "op_0": ["answered"]}, trip())
    assert answered.answers == [("1", "yes"), ("0", "no")]
    assert len(rule_rows({f"rule_{place}": ["went"] for place in range(MOST_RULES)}, trip())) == MOST_RULES


def test_a_rule_looks_at_earlier_pages_only_and_at_no_single_round_of_a_loop():
    assert subjects(trip(), "start") == []
    names = [name for name, _text in subjects(trip(), "nowhere")]
    assert "told" not in names
    assert {"judged-food", "judged-weather", "more"} <= set(names)
    assert [name for name, _text in subjects(read_survey(WHOLE), "last")] == ["rides", "bikes"]
