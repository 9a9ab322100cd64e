"""No cell that is written runs as a formula, and what was put before it is taken back."""

from decimal import Decimal

import pytest

from contacts.domain.formulas import plain_cell, safe_cell

STARTERS = ["=1+1", "+49", "-7", "@sum", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x", "  =1+1", " -"]


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
