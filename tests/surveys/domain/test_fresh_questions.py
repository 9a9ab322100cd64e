"""A fresh question gets its name from its first wording, and its examples go when answers are given."""

import pytest

from surveys.domain.definitions import Survey
from surveys.domain.editing import add_question
from surveys.domain.fresh_questions import worded
from surveys.domain.survey_files import question_table
from tests.surveys.domain.sample_surveys import trip


@pytest.fixture
def survey() -> Survey:
    return add_question(trip(), "start", "single")


def named(survey: Survey, text: str, name: str = "question_10", asked: str = "question_10") -> str:
    return worded({"text": [text], "name": [name]}, survey.by_name[asked], survey)["name"][0]


def test_the_name_is_of_the_first_words_and_free(survey):
    assert named(survey, "How often, on average, do you go?") == "how_often_on_average"
    assert named(survey, "Went?") == "went_2"


def test_what_makes_no_name_or_was_named_keeps_its_name(survey):
    for text in ("New question", "كم مرة؟", "3 times?", "Not"):
        assert named(survey, text) == "question_10", text
    assert named(survey, "How often?", name="often") == "often"
    assert named(survey, "Did you travel?", name="went", asked="went") == "went"


def test_examples_make_way_for_lines_of_answers(survey):
    rows = question_table(survey.by_name["question_10"])["choices"]
    form = {"choices": ["1", "2", "3"], "choices-3-name": ["own"], "choices-3-label": ["Own"]}
    for number, row in enumerate(rows, 1):
        form |= {f"choices-{number}-{key}": [value] for key, value in row.items()}
    question = survey.by_name["question_10"]
    assert worded(form, question, survey)["choices"] == ["1", "2", "3"]
    assert worded({**form, "choices-lines": ["Often\nNever"]}, question, survey)["choices"] == ["3"]
