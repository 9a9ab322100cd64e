"""Tables to the letter: where sizes end, what a guess is made from, and what is left of a record with a fault."""

import codecs
from typing import Any

import pytest

from contacts.domain.charsets import CHUNK, LONGEST_LINE
from contacts.domain.sheets import MOST_COLUMNS
from core.errors import BadInput
from tests.contacts.domain.test_sheets import cells, faults, read

TOO_LONG, BYTES = "is longer than a line can be", "has bytes that are not {}"
UNCLOSED = "opens a quotation mark that is not closed where the cell ends, or has a cell over 131,072 characters"


def refusal(data: bytes | str, **known: Any) -> BadInput:
    with pytest.raises(BadInput) as refused:
        read(data, **known)
    return refused.value


def test_the_hint_of_a_spreadsheet_is_no_heading():
    assert read("sep=;\nemail;note\na@example.org;1\n")[0].columns == ("email", "note")


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-16-le", "\u0a05\u0100"), ("utf-16-be", "\u0100\u0a05"), ("utf-32-le", "\u0a05\u0100"),
        ("utf-32-be", "\u0100\u000b"),
    ],
)  # fmt: skip
def test_two_letters_that_have_the_bytes_of_a_line_break_between_them_are_no_line_break(encoding: str, said: str):
    data = f"email,name\na@example.org,{said}!\nb@example.org,B\n".encode(encoding)
    assert cells(data, encoding=encoding) == [["a@example.org", f"{said}!"], ["b@example.org", "B"]]


@pytest.mark.parametrize(("encoding", "mark"), [("utf-16-le", codecs.BOM_UTF16_LE), ("utf-32-le", codecs.BOM_UTF32_LE)])
def test_a_file_that_ends_in_the_middle_of_a_letter_has_a_fault_there(encoding: str, mark: bytes):
    data = mark + "email,name\na@example.org,A\nb@example.org,B".encode(encoding) + b"\x41"
    assert faults(data) == [(3, BYTES.format(encoding))]
    assert cells(data) == [["a@example.org", "A"]]


def test_a_line_that_is_cut_off_where_the_sample_ends_is_not_weighed():
    header = f"email;{'x' * 100_000},b;{'x' * 100_000}\n"
    data = f"{header}a@example.org,{'y' * 100_000};1;2\n"
    assert len(header) < CHUNK < len(data)
    shape, records = read(data)
    assert (shape.delimiter, len(shape.columns)) == (";", 3)
    assert [(len(record.cells), record.fault) for record in records] == [(3, None)]


def test_a_first_line_that_is_longer_than_the_sample_is_read_as_far_as_it_goes():
    assert len(read(f"email,{'x' * 100_000},{'y' * 100_000},{'z' * 100_000}\n")[0].columns) == 4


def test_a_table_may_have_500_columns_and_its_third_line_any_number():
    names = ",".join(f"c{number}" for number in range(MOST_COLUMNS))
    assert len(read(f"{names}\n{names}\n", header=True)[0].columns) == MOST_COLUMNS
    for wide in (f"{names},x\n", f"email,b\n{names},x\n"):
        error = refusal(wide)
        assert (error.message, error.line) == ("The table has more than 500 columns.", 1)
    assert faults(f"email,b\na@example.org,1\n{names},x\n") == [(3, "has 501 cells where the table has 2")]


def test_where_nothing_can_be_read_the_first_line_is_named():
    assert refusal('"' + "x" * 200_000).line == 1


def test_a_line_is_at_most_so_long():
    begin, cell = "a@example.org,", "x" * 116_500
    rest = LONGEST_LINE - len(begin) - 8 * (len(cell) + 1) - 1
    longest = f"{begin}{f'{cell},' * 8}{'y' * rest}\n"
    assert len(longest) == LONGEST_LINE
    header = ",".join(["email", *"bcdefghij"]) + "\n"
    assert [len(row) for row in cells(f"{header}{longest}")] == [10]
    assert faults(f"{header}{longest[:-1]}y\nb@example.org\n") == [
        (2, TOO_LONG), (3, "has 1 cells where the table has 10"),
    ]  # fmt: skip


def test_a_record_has_at_most_a_thousand_lines():
    lines = "x\n" * 998
    assert cells(f'email,name\na@example.org,"{lines}y\nz"\n') == [["a@example.org", f"{lines}y\nz"]]
    found = read(f'email,name\na@example.org,"{lines}y\nw\nz"\nb@example.org,B\n')[1]
    assert (found[0].line, found[0].fault and found[0].fault.reason) == (2, UNCLOSED)
    assert found[0].written == 'a@example.org,"x\n'
    assert (found[1].line, found[1].cells) == (3, ["x"])
    assert (found[-1].cells, found[-1].fault) == (["b@example.org", "B"], None)


def test_one_line_of_a_record_that_cannot_be_read_spoils_the_record():
    data = b'email,name\na@example.org,"A\nJ\xf6rg"\nb@example.org,B\n'
    assert faults(data, encoding="utf-8") == [(2, BYTES.format("utf-8"))]


def test_an_uneven_record_of_two_lines_gives_its_second_back():
    found = read('email,name\na@example.org,"A\nb@example.org",C\nc@example.org,C\n')[1]
    assert [(record.line, record.cells, record.written) for record in found] == [
        (2, ["a@example.org", "A"], 'a@example.org,"A\n'),
        (3, ['b@example.org"', "C"], 'b@example.org",C\n'),
        (4, ["c@example.org", "C"], "c@example.org,C\n"),
    ]
    assert [bool(record.fault) for record in found] == [True, False, False]


def test_empty_cells_too_many_are_dropped_and_no_others():
    data = "email,name\na@example.org,,,\nb@example.org,B,C,,\n"
    assert [(record.cells, bool(record.fault)) for record in read(data)[1]] == [
        (["a@example.org", ""], False),
        (["b@example.org", "B", "C"], True),
    ]


@pytest.mark.parametrize(("before", "header"), [(48, True), (49, False)])
def test_a_guess_is_made_from_the_first_fifty_records(before: int, header: bool):
    data = "who;what\n" + "x;y\n" * before + "a@example.org;z\n"
    assert read(data)[0].header is header


def test_a_record_with_an_empty_cell_counts_for_the_guess():
    assert read("email;;name\na@example.org;1;A\n")[0].columns == ("email", "column 2", "name")


@pytest.mark.parametrize(
    ("data", "delimiter"),
    [
        ("a,b,email;name\na@example.org;A\nb@example.org;B\n", ";"),
        ("email;a;b,c\na@example.org;1;2,3\n", ";"),
        ("email;a\na@example.org;1\nb@example.org;2,3\n", ";"),
        ("email\na@example.org\n", ","),
    ],
)
def test_the_delimiter_is_the_one_of_the_most_alike_lines_and_then_of_the_most_cells(data: str, delimiter: str):
    assert read(data)[0].delimiter == delimiter


@pytest.mark.parametrize(("name", "mark"), [("comma", ","), ("Semicolon ", ";"), ("tab", "\t")])
def test_a_delimiter_has_a_name(name: str, mark: str):
    assert read("email\na@example.org\n", delimiter=name)[0].delimiter == mark
