"""Files for SPSS, Stata, Parquet and Excel, byte by byte: whatever stands in rows is read back by other programs."""

import io
from collections.abc import Sequence
from tempfile import NamedTemporaryFile
from typing import Any

import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from python_calamine import CalamineWorkbook

from core.errors import BadInput
from surveys.domain.exporting import parquet_files, workbooks
from surveys.domain.exporting.data_sets import DataSet, Holds, Missing, Row, ValueLabel, Variable
from surveys.domain.exporting.gathered_rows import GatheredRows
from surveys.domain.exporting.parquet_files import parquet_file
from surveys.domain.exporting.plain_rows import Shape
from surveys.domain.exporting.spss_dictionary import LONGEST_TEXT
from surveys.domain.exporting.spss_files import spss_file
from surveys.domain.exporting.stata_files import stata_file
from surveys.domain.exporting.workbooks import write_workbook
from surveys.domain.questions import Measure
from tests.conftest import NOON

CODES = tuple(ValueLabel(name, place, label) for place, name, label in ((1, "a", "Äpfel"), (2, "b", "B" * 130)))
LABELLED = (ValueLabel(1, 1, "least"), ValueLabel(5, 5, "most"))
VARIABLES = (
    Variable("response", "Response", Holds.NUMBER),
    Variable("when", "When", Holds.MOMENT, Measure.DATE),
    Variable("day", "Day", Holds.DAY, Measure.DATE, question="day"),
    Variable("pick", "Which? " * 50, Holds.CODE, Measure.NOMINAL, CODES, question="pick"),
    Variable("grade", "Grade", Holds.NUMBER, Measure.SCALE, LABELLED, question="grade"),
    Variable("figure", "", Holds.NUMBER, Measure.SCALE, question="figure", negative=True),
    Variable("words", "Words", Holds.TEXT, Measure.TEXT, question="words"),
    Variable("note", "Note", Holds.TEXT, Measure.TEXT),
)
DATA_SET = DataSet("s", "Überblick " * 10, "en", VARIABLES)
ROW: Row = [1, NOON.isoformat(), "2026-11-23", "a", 4, -2.5, "fine", ""]
gaps = st.sampled_from(list(Missing))
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs")), max_size=30)
words = st.tuples(texts, st.sampled_from((1, 1, 3, 40))).map(lambda pair: pair[0] * pair[1])
days = st.dates().map(lambda day: day.isoformat())
rows = st.lists(
    st.tuples(
        st.integers(1, 10**9),
        st.datetimes(timezones=st.just(NOON.tzinfo)).map(lambda at: at.isoformat(timespec="seconds")),
        days | gaps, st.sampled_from("ab") | gaps, st.integers(1, 5) | gaps,
        st.integers(-(10**12), 10**12) | st.floats(-(10**9), 10**9) | gaps,
        words | gaps, words,
    ),
    max_size=12,
)  # fmt: skip


def read(read_file: Any, content: bytes) -> tuple[dict[str, list[Any]], Any]:
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        found, meta = read_file(file.name, user_missing=True, output_format="dict", disable_datetime_conversion=True)
    return found, meta


def gathered(given: Sequence[Row]) -> GatheredRows:
    return GatheredRows(given, len(VARIABLES), io.BytesIO())


@settings(max_examples=40, deadline=None)
@given(rows)
def test_what_spss_reads_is_what_was_written(given):
    found, meta = read(pyreadstat.read_sav, b"".join(spss_file(DATA_SET, gathered(given), NOON)))
    assert meta.number_rows == len(given)
    for variable, column in zip(VARIABLES, zip(*given, strict=True), strict=False):
        wanted: list[Any] = list(column)
        if variable.holds is Holds.TEXT:
            wanted = [str(each.code) if isinstance(each, Missing) else each for each in wanted]
        elif variable.holds not in {Holds.DAY, Holds.MOMENT}:
            wanted = [variable.missing_code(each) if isinstance(each, Missing) else each for each in wanted]
            wanted = [variable.codes.get(each, each) if variable.holds is Holds.CODE else each for each in wanted]
        else:
            continue
        assert found[variable.name] == wanted


@settings(max_examples=40, deadline=None)
@given(rows)
def test_what_stata_reads_is_what_was_written(given):
    found, meta = read(pyreadstat.read_dta, b"".join(stata_file(DATA_SET, gathered(given), NOON)))
    assert meta.number_rows == len(given)
    for variable, column in zip(VARIABLES, zip(*given, strict=True), strict=False):
        known: dict[Any, Any] = {each: "" if variable.holds is Holds.TEXT else each.letter for each in Missing}
        known |= variable.codes if variable.holds is Holds.CODE else {}
        wanted = [known.get(each, each) for each in column]
        if variable.holds not in {Holds.DAY, Holds.MOMENT}:
            assert found[variable.name] == wanted


def test_days_and_moments_are_what_every_program_shows():
    given: list[Row] = [ROW, [2, "1850-05-01T10:00", "1899-12-31", "b", 5, 7, "", ""]]
    with NamedTemporaryFile() as file:
        for write, read_file in ((spss_file, pyreadstat.read_sav), (stata_file, pyreadstat.read_dta)):
            file.seek(0)
            file.write(b"".join(write(DATA_SET, gathered(given), NOON)))
            file.truncate()
            file.flush()
            found, _meta = read_file(file.name, output_format="dict")
            assert [str(each) for each in found["when"]] == ["2026-11-22 12:00:00", "1850-05-01 10:00:00"]
            assert [str(each) for each in found["day"]] == ["2026-11-23", "1899-12-31"]
    table = parquet.read_table(io.BytesIO(b"".join(parquet_file(DATA_SET, given)))).to_pydict()
    assert ([str(each) for each in table["day"]], table["when"][0]) == (["2026-11-23", "1899-12-31"], NOON)


def test_a_text_longer_than_spss_holds_is_cut_between_two_characters():
    long = "ä" * 20_000
    given: list[Row] = [[*ROW[:6], long, long]] * 20
    found, _meta = read(pyreadstat.read_sav, b"".join(spss_file(DATA_SET, gathered(given), NOON)))
    assert found["words"] == found["note"] == ["ä" * (LONGEST_TEXT // 2)] * 20
    found, _meta = read(pyreadstat.read_dta, b"".join(stata_file(DATA_SET, gathered(given), NOON)))
    assert found["words"] == found["note"] == [long] * 20


def test_a_value_that_has_no_code_is_missing_rather_than_wrong():
    given: list[Row] = [[1, NOON.isoformat(), "2026-11-23", "gone", 4.5, "odd", "x", "y"]]
    found, _meta = read(pyreadstat.read_sav, b"".join(spss_file(DATA_SET, gathered(given), NOON)))
    assert (found["pick"], found["grade"], found["figure"], found["words"]) == ([None], [4.5], [None], ["x"])
    found, _meta = read(pyreadstat.read_dta, b"".join(stata_file(DATA_SET, gathered(given), NOON)))
    assert (found["pick"], found["grade"], found["figure"]) == ([None], [4.5], [None])


def test_a_format_says_so_where_it_has_no_room(monkeypatch):
    many = DataSet("s", "S", "en", tuple(Variable(f"v{place}", "", Holds.NUMBER) for place in range(32_768)))
    with pytest.raises(BadInput, match="at most 32767 variables"):
        next(stata_file(many, GatheredRows([], 32_768, io.BytesIO()), NOON))
    with pytest.raises(BadInput, match="at most 16384 columns"):
        write_workbook(many, [], Shape(), io.BytesIO())
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(BadInput, match="need pyarrow"):
        next(parquet_file(DATA_SET, []))


def test_a_full_sheet_goes_on_on_the_next_and_formulas_are_defused(monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_ROWS", 3)
    file = io.BytesIO()
    old: Row = [3, NOON.isoformat(), "1899-12-31", "b", Missing.REFUSED, 1, "=1+1", "\uff1dx"]
    write_workbook(DATA_SET, [ROW, ROW, old], Shape(), file)
    file.seek(0)
    book = CalamineWorkbook.from_filelike(file)
    assert book.sheet_names == ["Answers", "Answers 2", "Codebook"]
    header, row = book.get_sheet_by_name("Answers 2").to_python()
    told = dict(zip(header, row, strict=True))
    assert (told["words"], told["note"], told["day"], told["grade"]) == ("'=1+1", "'\uff1dx", "1899-12-31", "refused")


def test_a_parquet_file_comes_group_by_group_and_finds_a_name_for_its_reasons(monkeypatch):
    monkeypatch.setattr(parquet_files, "ROW_GROUP", 2)
    variables = (*VARIABLES[:-1], Variable("missing", "Missing", Holds.TEXT))
    data_set = DataSet("s", "S", "en", variables)
    pieces = list(parquet_file(data_set, [ROW, ROW, [*ROW[:4], Missing.REFUSED, *ROW[5:]]]))
    file = parquet.ParquetFile(io.BytesIO(b"".join(pieces)))
    assert (file.num_row_groups, file.read().column("grade").to_pylist()) == (2, [4, 4, None])
    assert dict(file.read().column("missing_reasons").to_pylist()[2]) == {"grade": "refused"}
