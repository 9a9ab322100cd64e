"""Files of answers that other programs wrote: columns, conditions, weights, questions."""

import io

import pytest

from core.errors import BadInput
from surveys.domain.outside import foreign_sheets
from surveys.domain.outside.answer_patterns import filtered, read_net
from surveys.domain.outside.foreign_sheets import AnswerSheet, read_sheet
from surveys.domain.outside.sheet_answers import MOST_CHOICES, NONE_TICKED, Taken, answered, ticked
from surveys.domain.outside.sheet_weights import column_weights, read_targets, target_weights

FILE = """\
Age,Gender,How likely are you to recommend us?,Bought: tea,Bought: milk,Uses,Weight
Response,Response,0 to 10,tea,milk,x,x
31,Female,9,tea,,walk; run,1.5
18,male,10,1,Milk,run,1
n/a,Male,3,0,,,2
7,Female,,,,swim;run ; run,0.5
"""


def sheet_of(text: str = FILE, skip: int = 1) -> AnswerSheet:
    return read_sheet(io.BytesIO(text.encode()), skip=skip, missing=["N/A"])


def test_a_sheet_has_its_rows_without_second_headers_and_missing_words():
    sheet = sheet_of()
    assert (len(sheet.rows), sheet.lines, sheet.left_out) == (4, (3, 4, 5, 6), ())
    assert sheet.column("Age") == ["31", "18", "", "7"]


def test_a_line_that_cannot_be_read_is_left_out_and_named():
    sheet = sheet_of("a,b\n1,2\n3\n4,5\n", skip=0)
    assert (sheet.rows, [each.line for each in sheet.left_out]) == ((("1", "2"), ("4", "5")), [3])


def test_a_column_is_named_whole_by_its_number_or_by_a_part_of_its_own():
    sheet = sheet_of()
    assert [sheet.place(name) for name in ("age", "#3", "recommend", " gender ")] == [0, 2, 2, 1]
    with pytest.raises(BadInput, match=r"Several columns have “bought” in their names.*“Bought: tea”; “Bought: milk”"):
        sheet.place("bought")
    for unknown in ("colour", "", "#9"):
        with pytest.raises(BadInput, match=f"No column is named “{unknown}”"):
            sheet.place(unknown)


def test_a_file_without_rows_or_with_too_many_is_refused(monkeypatch):
    with pytest.raises(BadInput, match="no row of answers"):
        sheet_of("a,b\n", skip=0)
    monkeypatch.setattr(foreign_sheets, "MOST_ROWS", 2)
    with pytest.raises(BadInput, match="more than 2 rows"):
        sheet_of()


@pytest.mark.parametrize(
    ("conditions", "lines"),
    [
        (["Gender=male"], (4, 5)),
        (["Gender!=fe*"], (4, 5)),
        (["Gender=Male|Female", "Age>=18"], (3, 4)),
        (["Age<18"], (6,)),
        (["Age>18"], (3,)),
        (["Age<=18"], (4, 6)),
        (["Age="], (5,)),
        (["Age!="], (3, 4, 6)),
    ],
)
def test_conditions_keep_the_rows_that_meet_them_all(conditions, lines):
    assert filtered(sheet_of(), conditions).lines == lines


@pytest.mark.parametrize(
    ("condition", "said"),
    [("Gender", "is no condition"), ("Age>old", "no number to compare"), ("Gender=x", "No row meets")],
)
def test_a_condition_that_cannot_be_met_is_refused(condition, said):
    with pytest.raises(BadInput, match=said):
        filtered(sheet_of(), [condition])


@pytest.mark.parametrize("written", ["Rude", "=Yes", "Rude=", " = "])
def test_a_net_without_name_or_answers_is_refused(written):
    with pytest.raises(BadInput, match="names no answers"):
        read_net(written)


def test_a_column_is_taken_as_it_looks_or_as_asked():
    sheet = sheet_of()
    assert [answered(sheet, name).taken for name in ("Age", "Gender", "Weight")] == ["numbers", "choices", "numbers"]
    assert answered(sheet, "Age").numbers == (31.0, 18.0, None, 7.0)
    assert answered(sheet, "Age", Taken.CHOICES).choices == ["7", "18", "31"]
    score = answered(sheet, "recommend", Taken.NPS)
    assert (score.taken, score.numbers) == (Taken.NPS, (9.0, 10.0, 3.0, None))
    with pytest.raises(BadInput, match="no whole number from 0 to 10"):
        answered(sheet, "Age", Taken.NPS)
    with pytest.raises(BadInput, match="This is no number"):
        answered(sheet, "Gender", Taken.NUMBERS)


def test_many_different_words_are_words():
    rows = "\n".join(f"word {number}" for number in range(MOST_CHOICES + 1))
    assert answered(sheet_of(f"said,x\n{rows.replace(chr(10), ',' + chr(10))},", skip=0), "said").taken is Taken.WORDS


def test_a_cell_or_several_columns_may_hold_several_answers():
    sheet = sheet_of()
    uses = answered(sheet, "uses", separator=";")
    assert uses.given == (("walk", "run"), ("run",), (), ("swim", "run"))
    bought = ticked(sheet, "Bought=bought:*")
    assert bought.given == (("Bought: tea",), ("Bought: tea", "Bought: milk"), (NONE_TICKED,), ())
    assert (bought.title, bought.several) == ("Bought", True)
    with pytest.raises(BadInput, match="No column is meant"):
        ticked(sheet, "Bought=sold*")


def test_weights_are_read_from_a_column():
    assert column_weights(sheet_of(), "weight") == [1.5, 1.0, 2.0, 0.5]
    with pytest.raises(BadInput, match=r"This is no weight\.") as refused:
        column_weights(sheet_of(), "Age")
    assert refused.value.line == 5


def test_weights_come_to_targets():
    sheet = sheet_of(FILE.replace("male,10", "Male,10"))
    weights, raked = target_weights(sheet, read_targets("[Gender]\nFemale = 75\nMale = 25.0"))
    assert weights == pytest.approx([1.5, 0.5, 0.5, 1.5])
    assert raked.error < 1e-9


@pytest.mark.parametrize(
    ("text", "said"), [("[Gender", "no TOML"), ("Gender = 3", "“Gender” are no"), ('[a]\nb = "1"', "no numbers")]
)
def test_targets_that_are_none_are_refused(text, said):
    with pytest.raises(BadInput, match=said):
        read_targets(text)
