"""What an export's columns are: names that stay, codes that stay, and what may never be in them."""

from datetime import date

from surveys.domain.cells import Answers, Cell
from surveys.domain.exporting.codebooks import codebook, codebook_csv, described
from surveys.domain.exporting.data_sets import DataSet, Holds, Missing, Row, Variable
from surveys.domain.exporting.plain_rows import Gaps, PlainRows, Shape, Values
from surveys.domain.exporting.response_rows import Responded, ResponseRows, Wishes
from surveys.domain.exporting.survey_variables import data_set
from surveys.domain.exporting.variable_names import spss_names, stata_names
from surveys.domain.questions import Measure
from surveys.domain.survey_files import read_survey
from tests.conftest import NOON
from tests.surveys.domain.every_kind import answer_to, every_kind
from tests.surveys.domain.sample_surveys import BRANCHING, trip

LOGIC = """
name = "logic"
title = "Logic"
computed = [
  { name = "twice", formula = "age * 2" }, { name = "old", formula = "age > 40" },
  { name = "again", formula = "pick" }, { name = "joined", formula = "upper(response)" },
]
[[page]]
name = "one"
[[page.question]]
name = "age"
kind = "number"
text = "Age?"
least = -5
refusal = "Rather not"
[[page.question]]
name = "pick"
kind = "single"
text = "Pick"
choices = [{ name = "a", label = "A" }, { name = "b", label = "B" }]
[[page.question]]
name = "many"
kind = "multiple"
text = "Many"
choices = [{ name = "x", label = "X" }, { name = "y", label = "Y" }, { name = "z", label = "Z" }]
[[page]]
name = "two"
[[page.question]]
name = "version"
kind = "multiple"
text = "Which?"
choices = [
  { name = "x", label = "X" },
  { name = "y", label = "Y", show_if = { question = "pick", op = "is", value = "a" } },
]
[[page.question]]
name = "response"
kind = "text"
text = "Your  response"
"""


def variable(found: DataSet, name: str) -> Variable:
    return next(each for each in found.variables if each.name == name)


def values(rows: ResponseRows, answers: Answers, version: int = 1, **facts) -> dict[str, object]:
    response = Responded(number=1, version=version, completed_at=NOON, answers=answers, **facts)
    (row,) = rows.rows([response])
    return dict(zip((each.name for each in rows.data_set.variables), row, strict=True))


def test_a_later_version_changes_no_code_and_no_name():
    first = data_set([trip()])
    newer = read_survey(
        BRANCHING.replace('choices = [{ name = "yes"', 'choices = [{ name = "maybe", label = "Maybe" }, { name = "yes"')
    )
    second = data_set([newer, trip()])
    assert variable(first, "went").codes == {"yes": 1, "no": 2, "other": 3}
    assert variable(second, "went").codes == {"maybe": 4, "yes": 1, "no": 2, "other": 3}
    assert {each.name for each in first.variables} <= {each.name for each in second.variables}
    assert (variable(second, "went").versions, first.versions, second.versions) == ((1, 2), 1, 2)


def test_a_question_that_only_an_earlier_version_asked_keeps_its_column():
    newer = read_survey(BRANCHING.replace('name = "reason"', 'name = "cause"'))
    found = data_set([newer, trip()])
    assert (variable(found, "reason").versions, variable(found, "cause").versions) == ((1,), (2,))


def test_the_response_keeps_its_own_names_and_questions_of_the_same_name_get_a_number():
    rows = ResponseRows([read_survey(LOGIC)], Wishes())
    names = [each.name for each in rows.data_set.variables]
    assert names[:7] == ["response", "version", "started_at", "completed_at", "language", "ending", "quota"]
    assert "response_2" in names
    assert variable(rows.data_set, "response_2").label == "Your response"
    assert len(set(names)) == len(names)


def test_a_name_that_stands_already_with_a_number_gets_another():
    own = tuple(Variable(name, "", Holds.TEXT) for name in ("more", "more_2"))
    found = data_set([trip()], own)
    assert [each.name for each in found.variables if each.name.startswith("more")] == ["more", "more_2", "more_2_2"]


def test_p1_answers_that_say_who_somebody_is_are_left_out_unless_asked_for():
    without = {each.name for each in data_set([every_kind()]).variables}
    within = {each.name for each in data_set([every_kind()], people=True).variables}
    assert within - without == {"email", "file", "file_bytes"}


def test_every_kind_has_values_that_its_columns_can_hold():
    survey = every_kind()
    answers = {name: survey.by_name[name].read(answer_to(name)).cells for name in survey.by_name}
    rows = ResponseRows([survey], Wishes(people=True))
    (row,) = rows.rows([Responded(number=1, version=1, completed_at=NOON, answers=answers, email="ann@example.org")])
    for each, value in zip(rows.data_set.variables, row, strict=True):
        if isinstance(value, Missing):
            assert each.question == "file" or each.holds is Holds.TEXT
        elif each.holds is Holds.CODE:
            assert value in each.codes
        elif each.holds is Holds.NUMBER:
            assert isinstance(value, (int, float))
            assert each.negative or value > -90
        else:
            assert isinstance(value, str)
    assert {each.name: each.holds for each in rows.data_set.variables if each.measure is Measure.DATE} == {
        "started_at": Holds.MOMENT, "completed_at": Holds.MOMENT,
        "date": Holds.DAY, "datetime": Holds.MOMENT,
    }  # fmt: skip
    grid = next(each for each in rows.data_set.sets if each.name == "matrix_multiple_undo")
    assert (grid.label, len(grid.names)) == ("What about matrix multiple? – Undo", 3)


def test_computed_values_hold_what_their_expressions_say():
    survey = read_survey(LOGIC)
    rows = ResponseRows([survey], Wishes())
    found = rows.data_set
    assert [variable(found, name).holds for name in ("twice", "old", "again", "joined")] == [
        Holds.NUMBER, Holds.CODE, Holds.CODE, Holds.TEXT,
    ]  # fmt: skip
    answers = {"age": (Cell(number=50.0),), "twice": (Cell(number=100.0),), "old": (Cell(value="yes"),)}
    told = values(rows, {**answers, "joined": (Cell(number=7.0),)})
    assert (told["twice"], told["old"], told["joined"], told["again"]) == (100, "yes", "7", Missing.NOT_ANSWERED)
    other = read_survey(LOGIC.replace('formula = "age > 40"', 'formula = "age + 1"'))
    assert variable(data_set([other, survey]), "old").holds is Holds.TEXT


def test_three_reasons_why_there_is_no_value():
    rows = ResponseRows([read_survey(LOGIC)], Wishes())
    told = values(rows, {"age": (Cell(value="refused"),), "pick": (Cell(value="b"),), "version": (Cell(value="x"),)})
    assert (told["age"], told["many_x"], told["version_x"]) == (Missing.REFUSED, Missing.NOT_ANSWERED, 1)
    assert told["version_y"] is Missing.NOT_SHOWN
    age = variable(rows.data_set, "age")
    assert (age.missing_code(Missing.REFUSED), variable(rows.data_set, "pick").missing_code(Missing.REFUSED)) == (
        -10_000_000_000_097, -97,
    )  # fmt: skip


def test_what_was_written_down_as_shown_counts_more_than_the_path_walked_again():
    rows = ResponseRows([trip()], Wishes())
    told, again = (values(rows, {}, shown={"": ["went", "nights"]}) for _each in range(2))
    assert told == again
    assert (told["went"], told["nights"], told["score"]) == (
        Missing.NOT_ANSWERED, Missing.NOT_ANSWERED, Missing.NOT_SHOWN,
    )  # fmt: skip
    filtered = ResponseRows([read_survey(LOGIC)], Wishes())
    told = values(filtered, {"pick": (Cell(value="a"),)}, shown={"": ["pick", "version"]})
    assert (told["version_y"], told["many_x"]) == (Missing.NOT_ANSWERED, Missing.NOT_SHOWN)


def test_an_anonymous_response_has_a_day_and_masked_texts_are_masked_in_labels_too():
    rows = ResponseRows([trip()], Wishes(days=True, people=True, texts=str.upper))
    told = values(rows, {"more": (Cell(text="fine"),)}, shown={"": ["more"]}, email="ann@example.org")
    assert (told["completed_at"], told["more"], told["email"]) == (NOON.date().isoformat(), "FINE", "ann@example.org")
    assert "started_at" not in told
    went = variable(rows.data_set, "went")
    assert (went.label, went.words["yes"], rows.data_set.title) == ("DID YOU GO?", "YES", "YOUR TRIP")
    assert date.fromisoformat(str(told["completed_at"])) == NOON.date()


def test_cells_are_written_as_wished():
    found = data_set([trip()])
    row: Row = [Missing.NOT_SHOWN if each.name != "went" else "no" for each in found.variables]
    plain = [PlainRows(found, shape).cells(row)[:2] for shape in (Shape(), Shape(Values.LABELS, Gaps.BLANK))]
    assert plain == [["no", "not shown"], ["No", ""]]
    assert PlainRows(found, Shape(Values.CODES, Gaps.CODES)).cells(row)[:2] == [2, -99]


def test_names_that_do_not_fit_end_in_a_digest_and_hang_on_no_other_name():
    long = "a" * 70
    names = [long, long + "b", "with", "str12", "fine"]
    for fitting, most in ((spss_names(names), 64), (stata_names(names), 32)):
        assert len(set(fitting.values())) == len(names)
        assert max(len(name) for name in fitting.values()) == most
        assert fitting["fine"] == "fine"
        assert fitting["with"].startswith("with_")
    assert stata_names([long])[long] == stata_names(names)[long]


def test_the_codebook_has_a_line_for_each_value_and_each_reason():
    found = data_set([trip()], (Variable("response", "Response", Holds.NUMBER),))
    lines = b"".join(codebook_csv(found)).decode().splitlines()
    assert lines[0].removeprefix("\ufeff").startswith("variable,label,holds,measure")
    assert sum(line.startswith("went,") for line in lines) == 6
    assert next(line for line in lines if line.startswith("response,")).endswith(",,,")
    assert [entry.missing[0] for entry in codebook(found)[1:2]] == [(-99, ".a", "not shown")]
    assert described(found)["sets"][0]["variables"][0] == "how_train"
