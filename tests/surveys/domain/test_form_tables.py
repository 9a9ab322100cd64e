"""Forms of any kind of question, page and survey: what is shown and saved unchanged stays the same; rows move."""

from dataclasses import dataclass, field
from enum import StrEnum

import pytest

from core.errors import BadInput
from surveys.domain.cells import Choice
from surveys.domain.controls import Control, Writing, controls_of
from surveys.domain.definitions import Page, Survey
from surveys.domain.editing import add_question, change_head, change_page
from surveys.domain.form_tables import form_of, rearranged, table_from
from surveys.domain.kinds import KINDS
from surveys.domain.survey_files import question_table, read_survey, table_of
from tests.surveys.domain.sample_surveys import trip
from tests.surveys.domain.whole_surveys import WHOLE


class Mood(StrEnum):
    GOOD = "good"
    NOT_SO_GOOD = "not_so_good"


@dataclass(frozen=True)
class Inner:
    label: str
    deep: tuple[int, ...] = ()


@dataclass(frozen=True)
class Odd:
    """A class that the editor has never heard of."""

    words: str
    mood: Mood = Mood.GOOD
    sure: bool = True
    some: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    inner: Inner | None = None
    loose: dict[str, str] = field(default_factory=dict)
    many: int | None = None


ODD = {
    "words": "Two\nlines",
    "mood": "not_so_good",
    "sure": False,
    "some": ["a", "b"],
    "pairs": [["a", "b"]],
    "inner": {"label": "x", "deep": [1, 2]},
    "loose": {"k": "v"},
    "many": 3,
}


def test_a_question_of_any_kind_is_the_same_after_its_form():
    for kind in KINDS:
        question = add_question(trip(), "start", kind).by_name["question_10"]
        controls = controls_of(type(question))
        again = {"kind": kind, **table_from(form_of(question_table(question), controls), controls)}
        assert add_question(trip(), "start", kind).by_name["question_10"] == question
        defaults = {each.name: each.default for each in controls}
        assert {key: value for key, value in again.items() if value != defaults.get(key)} == question_table(question)
        assert all(each.label for each in controls)


def test_all_that_a_survey_can_say_goes_through_its_forms():
    survey = read_survey(WHOLE)
    table = table_of(survey)
    head = controls_of(Survey, {"name", "pages", "translations"})
    empty = {each.name: None for each in head}
    assert change_head(survey, empty | table_from(form_of(table, head), head)) == survey
    pages = controls_of(Page, {"name", "questions"})
    for page in table["page"]:
        written = table_from(form_of(page, pages), pages) | {"show_if": page.get("show_if")}
        assert change_page(survey, page["name"], {each.name: None for each in pages} | written) == survey


def test_a_class_that_nobody_has_heard_of_gets_fields_of_its_own():
    controls = controls_of(Odd)
    assert [each.writing.value for each in controls] == [
        "line",
        "pick",
        "tick",
        "lines",
        "toml",
        "rows",
        "toml",
        "number",
    ]
    assert controls[1].options == (("good", "Good"), ("not_so_good", "Not so good"))
    form = form_of(ODD, controls)
    assert form["some"] == ["a\nb"]
    assert form["inner-1-deep"] == ["[\n  1,\n  2,\n]"]
    assert table_from(form, controls) == ODD
    assert table_from(form_of({"words": ""}, controls), controls) == {"words": "", "mood": "good"}


def test_a_row_that_holds_more_than_its_fields_is_written_as_in_a_file():
    control = Control("choices", "Choices", Writing.ROWS, row=controls_of(Choice, inside=True))
    rows = [{"name": "a", "label": "A", "colour": "red"}]
    form = form_of({"choices": rows}, [control])
    assert form["choices-toml"] == ['[\n  {name = "a", label = "A", colour = "red"},\n]']
    assert table_from(form, [control]) == {"choices": rows}
    with pytest.raises(BadInput, match="Choices: This is not TOML"):
        table_from({"choices-toml": ["["]}, [control])


def test_rows_are_named_after_their_labels_and_may_be_pasted():
    controls = controls_of(KINDS["single"])
    form = {
        "choices": ["1", "2", "3", "4"],
        "choices-1-label": ["By bus"],
        "choices-2-label": [""],
        "choices-3-label": ["By bus"],
        "choices-3-score": ["1,5"],
        "choices-3-show_if": ['{ question = "went", op = "answered" }'],
        "choices-4-label": ["On foot"],
        "choices-4-show_if": ["score > 3"],
        "choices-lines": ["On foot\nbike = By bicycle"],
    }
    assert table_from(form, controls)["choices"] == [
        {"name": "by_bus", "label": "By bus"},
        {"name": "by_bus_2", "label": "By bus", "score": 1.5, "show_if": {"question": "went", "op": "answered"}},
        {"name": "on_foot", "label": "On foot", "show_if": "score > 3"},
        {"name": "on_foot_2", "label": "On foot"},
        {"name": "bike", "label": "By bicycle"},
    ]


def test_a_word_where_a_number_should_be_stays_for_the_check_to_tell():
    controls = controls_of(KINDS["number"])
    assert table_from({"least": ["many"], "most": ["9.5"], "text": ["?"], "name": ["x"]}, controls) == {
        "name": "x",
        "text": "?",
        "least": "many",
        "most": 9.5,
    }


@pytest.mark.parametrize(
    ("act", "keys"),
    [
        ("up choices 2", ["2", "1", "3"]),
        ("up choices 1", ["1", "2", "3"]),
        ("down choices 2", ["1", "3", "2"]),
        ("down choices 3", ["1", "2", "3"]),
        ("drop choices 1", ["2", "3"]),
        ("drop choices 9", ["1", "2", "3"]),
        ("more choices", ["1", "2", "3", "4", "5"]),
        ("draw", ["1", "2", "3"]),
    ],
)
def test_rows_move_by_their_buttons_and_nothing_else_changes(act, keys):
    form = {"choices": ["1", "2", "3"], "choices-1-label": ["A"]}
    assert rearranged(form, act) == form | {"choices": keys}
