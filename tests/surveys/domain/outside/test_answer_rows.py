"""Rows of files as answers to a survey: matched, held to the definition, led along its path."""

import csv
import io
from datetime import UTC, datetime

import pytest

from core.errors import BadInput
from surveys.domain.branching import path
from surveys.domain.cells import Answers, Cell
from surveys.domain.definitions import Survey
from surveys.domain.outside.answer_fields import match
from surveys.domain.outside.answer_rows import Reckoning, TakenRow, taken_rows
from surveys.domain.outside.drafted_definitions import drafted_from
from surveys.domain.survey_files import read_survey
from tests.conftest import NOON
from tests.surveys.domain.outside.test_foreign_sheets import sheet_of
from tests.surveys.domain.sample_surveys import trip

WIDE = """
name = "wide"
title = "Wide"
[[page]]
name = "all"
[[page.question]]
name = "grid"
kind = "matrix_multiple"
text = "Grid"
rows = [{ name = "a", label = "Row A" }, { name = "a_b", label = "Row B" }]
choices = [{ name = "x", label = "X" }, { name = "y", label = "Y" }]
[[page.question]]
name = "nums"
kind = "matrix_number"
text = "Numbers"
rows = [{ name = "a", label = "Row A" }]
across = [{ name = "in", label = "In" }, { name = "out", label = "Out" }]
[[page.question]]
name = "ranked"
kind = "ranking"
text = "Rank"
choices = [{ name = "tea", label = "Tea" }, { name = "milk", label = "Milk" }]
[[page.question]]
name = "income"
kind = "number"
text = "Income"
refusal = "I would rather not say"
required = true
[[page.question]]
name = "age"
kind = "number"
text = "Age"
age = true
[[page.question]]
name = "paper"
kind = "file"
text = "Paper"
"""


def rows_of(survey: Survey, text: str, child_age: int = 0) -> list[TakenRow]:
    sheet = sheet_of(text, skip=0)
    return list(taken_rows(survey, sheet, match(survey, sheet), Reckoning(NOON, child_age)))


def answers_in(row: TakenRow) -> Answers:
    assert row.road is not None, row.faults
    return row.road.answers


def exported(survey: Survey, answers: Answers) -> str:
    """A file as our own exports write one, by the columns' names."""
    out = io.StringIO()
    questions = [question for question in survey.questions() if question.answerable and question.kind != "file"]
    writer = csv.writer(out)
    writer.writerow(["response", *(column.name for question in questions for column in question.columns())])
    cells = [cell for question in questions for cell in question.export(answers.get(question.name, ()))]
    writer.writerow([1, *("not answered" if cell == "" else cell for cell in cells)])
    return out.getvalue()


def test_what_an_export_wrote_is_read_back_as_it_was():
    answers: Answers = {
        "went": (Cell(value="other", text="half"),),
        "how": (Cell(value="train"), Cell(value="other", text="by boat")),
        "score": (Cell(number=9.0),),
        "judged": (Cell("food", "good", 3.0),),
        "more": (Cell(text="fine"),),
    }
    survey = trip()
    (row,) = rows_of(survey, exported(survey, answers))
    road = path(survey, answers)
    assert {name: cells for name, cells in answers_in(row).items() if cells} == dict(road.answers)
    wide = read_survey(WIDE)
    many: Answers = {
        "grid": (Cell("a", "y"), Cell("a_b", "x")),
        "nums": (Cell("a", "in", 3.0), Cell("a", "out", 4.5)),
        "ranked": (Cell("tea", "", 2.0), Cell("milk", "", 1.0)),
        "income": (Cell(number=-5.0),),
    }
    (row,) = rows_of(wide, exported(wide, many))
    assert answers_in(row) == many


def test_columns_are_found_by_labels_and_texts_and_several_choices_stand_in_one_cell():
    survey = trip()
    text = "DID YOU GO?,How did you travel?,Colour,completed_at\nYes,Train; car,red,2026-01-02T03:04:05\n"
    sheet = sheet_of(text, skip=0)
    matching = match(survey, sheet)
    assert (matching.unused, "score" in matching.unasked) == (("Colour", "completed_at"), True)
    (row,) = rows_of(survey, text)
    assert answers_in(row)["how"] == (Cell(value="train"), Cell(value="car"))
    assert row.completed == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    (later,) = rows_of(survey, text.replace("03:04:05", "03:04:05+01:00"))
    assert later.completed == datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)
    cells = [answers_in(rows_of(survey, text.replace("Train; car", cell))[0])["how"] for cell in ("car", "car | train")]
    assert cells == [(Cell(value="car"),), (Cell(value="train"), Cell(value="car"))]
    (never,) = rows_of(survey, text.replace("2026-01-02T03:04:05", "soon"))
    assert never.completed is None


def test_an_answer_that_the_survey_does_not_allow_is_a_fault_with_its_place():
    good, bad, empty = rows_of(trip(), "went,score\nyes,9\nperhaps,12\n,not shown\n")
    assert answers_in(good)["score"] == (Cell(number=9.0),)
    assert [(fault.line, fault.column) for fault in bad.faults] == [(3, "went"), (3, "score")]
    assert [fault.said for fault in empty.faults] == ["There is no answer in this row."]


def test_answers_off_the_path_stand_aside():
    (row,) = rows_of(trip(), "went,reason\nyes,rain\n")
    assert row.road is not None
    assert (list(row.road.answers), list(row.road.aside)) == (["went"], ["reason"])


def test_refusals_and_formulas_that_were_defused_are_understood():
    survey = read_survey(WIDE)
    by_word, by_label = rows_of(survey, "income\nrefused\nI would rather not say\n")
    assert answers_in(by_word) == answers_in(by_label) == {"income": (Cell(value="refused"),)}
    (row,) = rows_of(trip(), "went,reason\nno,'=all good\n")
    assert answers_in(row)["reason"] == (Cell(text="=all good"),)


def test_g13_of_a_child_nothing_is_taken():
    child, adult, slip = rows_of(read_survey(WIDE), "age,income\n12,3\n40,3\n-3,3\n", child_age=16)
    assert (child.child, child.road, adult.child) == (True, None, False)
    assert (slip.child, slip.road, slip.faults[0].said) == (False, None, "Please check the age.")


def test_a_definition_is_drafted_from_a_file_and_takes_its_answers():
    words = "\n".join(
        f"{number},{'Yes' if number % 2 else 'No, other'},word {number},ann@example.org," for number in range(70)
    )
    text = f"1st mark,Agree?,Why,E-mail,Nothing\n{words}"
    sheet = sheet_of(text.replace("No, other", '"No, other"'), skip=0)
    survey = drafted_from(sheet, "elsewhere", "Asked elsewhere")
    assert [(question.name, question.kind) for question in survey.questions()] == [
        ("q_1st_mark", "number"),
        ("agree", "single"),
        ("why", "long_text"),
    ]
    rows = list(taken_rows(survey, sheet, match(survey, sheet), Reckoning(NOON)))
    assert not [row for row in rows if row.faults]
    assert answers_in(rows[0])["agree"] == (Cell(value="no_other"),)
    with pytest.raises(BadInput, match="no column that could be a question"):
        drafted_from(sheet_of("mail\nann@example.org\n", skip=0), "mails", "Mails")


def test_p8_a_card_number_becomes_no_choice_of_a_drafted_survey():
    sheet = sheet_of("Paid with\n4111 1111 1111 1111\ncash\n", skip=0)
    survey = drafted_from(sheet, "paid", "Paid")
    assert "4111 1111 1111 1111" not in repr(survey)
    assert not [row for row in taken_rows(survey, sheet, match(survey, sheet), Reckoning(NOON)) if row.faults]
