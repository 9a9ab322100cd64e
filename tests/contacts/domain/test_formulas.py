"""No cell that is written runs as a formula, and what was put before it is taken back."""

import csv
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.domain.formulas import csv_line, plain_cell, safe_cell

STARTERS = [
    "=1+1", "+49", "-7", "@sum", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x", "  =1+1", " -",
    "\ufeff=1+1", "\u200b\xa0+1",
]  # fmt: skip


@pytest.mark.parametrize("text", STARTERS)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe_that_is_taken_back(text):
    assert safe_cell(text) == f"'{text}"
    assert plain_cell(f"'{text}") == text


@pytest.mark.parametrize("text", ["", "ann", "1-2", "'twas", "a=b", " ann", "#1"])
def test_all_else_stays_as_it_is(text):
    assert safe_cell(text) == text
    assert plain_cell(text) == text
    assert plain_cell(f"'{text}") == f"'{text}"


def test_an_apostrophe_is_taken_back_only_where_one_stands():
    assert plain_cell("=1") == "=1"
    assert plain_cell("x=1") == "x=1"


@pytest.mark.parametrize("value", [7, -7, 2.5, True, Decimal(-1)])
def test_numbers_stay_numbers(value):
    assert safe_cell(value) is value


def test_nothing_is_an_empty_cell():
    assert safe_cell(None) == ""


def test_a_cell_that_some_program_would_part_is_quoted():
    line = csv_line(["a; =cmd|x", "b\t=1", 'say "hi"', "plain", "=1;2", 2.5, -7, True, None])
    assert line == '"a; =cmd|x","b\t=1","say ""hi""",plain,"\'=1;2",2.5,-7,True,\r\n'
    assert csv_line([""]) == '""\r\n'  # a line with nothing in it would be no row


@given(st.lists(st.text().filter(lambda text: "\0" not in text), min_size=1))
def test_a_line_is_read_back_cell_by_cell_and_written_again_alike(cells):
    line = csv_line(cells)
    (read,) = csv.reader([line], strict=True)
    assert read == [safe_cell(cell) for cell in cells]
    assert csv_line(read) == line
