"""A question gets another name, and everything that named it goes on naming it."""

import json

import pytest

from core.errors import BadInput, NotFound
from surveys.domain.editing import copy_question, put_question, remove_page, replace_question
from surveys.domain.survey_documents import read_document, write_json
from surveys.domain.survey_files import question_table, read_survey, table_of, write_survey
from tests.surveys.domain.sample_surveys import trip
from tests.surveys.domain.whole_surveys import WHOLE


def test_rules_expressions_loops_texts_and_translations_follow_a_new_name():
    survey = read_survey(WHOLE)
    rides = question_table(survey.by_name["rides"]) | {"name": "tours"}
    after = replace_question(survey, "rides", rides)
    bikes = question_table(after.by_name["bikes"]) | {"name": "cycles"}
    table = table_of(replace_question(after, "bikes", bikes))
    text = write_survey(replace_question(after, "bikes", bikes))
    assert '"rides' not in text
    assert "bikes" not in text.replace("Which bikes?", "")
    assert table["thanks"] == "You rode {{ tours }} times."
    assert table["computed"] == [{"name": "twice", "formula": "tours * 2"}]
    assert table["quota"][0]["when"] == "tours > 3"
    assert table["page"][0]["jump"][0]["when"]["question"] == "tours"
    assert table["page"][1]["repeat"]["over"] == "cycles"
    assert table["page"][2]["question"][0]["show_if"] == "tours > 2 and count(cycles) > 1"
    assert table["translations"]["de"]["tours.text"] == "Wie viele Fahrten?"
    back = question_table(after.by_name["tours"]) | {"name": "rides"}
    assert replace_question(after, "tours", back) == survey


def test_a_copy_stands_after_its_question_under_a_free_name():
    survey = copy_question(copy_question(trip(), "how"), "how")
    assert [each.name for each in survey.pages[2].questions] == ["how", "how_copy_2", "how_copy", "score"]
    twin = question_table(survey.by_name["how_copy"])
    assert twin == question_table(survey.by_name["how"]) | {"name": "how_copy"}


@pytest.mark.parametrize(
    ("name", "page", "before", "names"),
    [
        ("score", "trip", "how", ["score", "how"]),
        ("how", "trip", "", ["score", "how"]),
        ("how", "trip", "how", ["how", "score"]),
        ("more", "trip", "score", ["how", "more", "score"]),
        ("reason", "trip", "gone", ["how", "score", "reason"]),
    ],
)
def test_a_question_is_put_anywhere_in_one_act(name, page, before, names):
    found = trip()
    if name == "more":
        found = replace_question(found, "more", {"name": "more", "kind": "long_text", "text": "Else?"})
    after = put_question(found, name, page, before)
    pages = {each.name: [question.name for question in each.questions] for each in after.pages}
    assert pages[page] == names
    assert ("why_not" in pages) is (name != "reason")


def test_a_page_goes_with_all_that_is_on_it():
    assert [page.name for page in remove_page(trip(), "end").pages] == ["start", "why_not", "trip", "details"]
    with pytest.raises(NotFound):
        remove_page(trip(), "gone")


def test_a_survey_is_the_same_after_toml_and_after_json():
    for survey in (trip(), read_survey(WHOLE)):
        assert read_document(write_survey(survey)) == survey
        assert read_document("\ufeff" + write_json(survey)) == survey


def _asking(text, **more):
    question = {"name": "q", "kind": "text", "text": text, **more}
    return json.dumps({"name": "x", "title": "X", "page": [{"name": "p", "question": [question]}]})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{\n  "name": }', "line 2: This is not JSON"),
        ('{"it": ' + "[" * 100_000, "too many levels"),
        ('{"name": "x", "title": "X"}', "There is no page"),
        ('{"name": 1' + "0" * 5_000 + "}", "too many digits"),
        ("name = 1" + "0" * 5_000, "too many digits"),
        ('name = "a\\u0000b"', "name: This cannot be kept"),
        (_asking("a lone \ud800"), "page.1.question.1.text: This cannot be kept"),
        (_asking("yes?", **{"\0": 1}), "page.1.question.1: This cannot be kept"),
        (_asking("yes?", longest=10**400), "page.1.question.1.longest: This cannot be kept"),
    ],
)
def test_a_file_that_is_no_survey_is_told(text, said):
    with pytest.raises(BadInput) as wrong:
        read_document(text)
    assert said in str(wrong.value)
