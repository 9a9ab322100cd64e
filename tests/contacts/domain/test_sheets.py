"""A table of people is read record by record, whatever saved it, and one bad line spoils no other."""

import csv
import io
import os
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.domain.sheets import MOST_COLUMNS, open_table
from core.errors import BadInput


def read(data, **known):
    table = open_table(io.BytesIO(data if isinstance(data, bytes) else data.encode()), **known)
    return table.shape, list(table.records())


def cells(data, **known):
    return [record.cells for record in read(data, **known)[1] if not record.fault]


def faults(data, **known):
    return [(record.line, record.fault.reason) for record in read(data, **known)[1] if record.fault]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
def test_every_usual_kind_of_table_is_read(delimiter, newline, encoding):
    rows = [["email", "name"], ["a@example.org", "Zoé"], ["b@example.org", "Jörg"]]
    text = newline.join(delimiter.join(row) for row in rows)
    shape, records = read(text.encode(encoding))
    assert (shape.delimiter, shape.header, shape.columns) == (delimiter, True, ("email", "name"))
    assert [(record.line, record.cells) for record in records] == [(2, rows[1]), (3, rows[2])]


def test_a_cell_may_hold_delimiters_quotation_marks_and_line_breaks():
    shape, records = read('email,"na\nme"\na@example.org,"one, ""two""\nthree"\nb@example.org,x\n')
    assert shape.columns == ("email", "na me")
    assert [(r.line, r.cells) for r in records] == [
        (3, ["a@example.org", 'one, "two"\nthree']),
        (5, ["b@example.org", "x"]),
    ]
    assert records[0].written == 'a@example.org,"one, ""two""\nthree"\n'


def test_a_table_without_a_header_has_numbered_columns():
    shape, records = read("a@example.org;Ada\nb@example.org;Bob\n")
    assert (shape.header, shape.columns) == (False, ("column 1", "column 2"))
    assert [record.line for record in records] == [1, 2]


def test_a_list_of_addresses_alone_is_a_table():
    assert cells("email\na@example.org\nb@example.org\n") == [["a@example.org"], ["b@example.org"]]
    assert cells("a@example.org\nb@example.org") == [["a@example.org"], ["b@example.org"]]


def test_what_is_given_is_not_guessed():
    shape, records = read("who|x;y\n", delimiter="|", header=False, encoding="latin-1")
    assert (shape.encoding, shape.header) == ("iso8859-1", False)
    assert records[0].cells == ["who", "x;y"]


@pytest.mark.parametrize("name", ["tab", "\\t", "\t", "TAB"])
def test_a_delimiter_can_be_named(name):
    assert read("email;x\ta,b\na@example.org;x\t1,2\n", delimiter=name)[0].columns == ("email;x", "a,b")


@pytest.mark.parametrize("name", ["ab", '"', "\n", "a"])
def test_what_is_no_delimiter_is_refused(name):
    with pytest.raises(BadInput, match="single sign"):
        read("email\na@example.org\n", delimiter=name)


def test_a_pipe_is_refused_with_a_remedy(tmp_path):
    reading, writing = os.pipe()
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe, pytest.raises(BadInput, match="pipe"):
        open_table(pipe)


@pytest.mark.parametrize("encoding", ["utf-7", "utf-8-sig", "iso-2022-jp", "cp500"])
def test_a_strange_encoding_spoils_lines_and_not_the_reading(encoding):
    for data in (b"email\n\xff\xfe-x\xe9\n+\x1b$\n" * 3, "email\nzoe@example.org\n".encode("cp500")):
        with suppress(BadInput):
            read(data, encoding=encoding)


def test_the_hint_that_a_spreadsheet_writes_names_the_delimiter():
    shape, records = read("sep=;\nemail;note\na@example.org;1,2,3\n")
    assert shape.delimiter == ";"
    assert [(r.line, r.cells) for r in records] == [(3, ["a@example.org", "1,2,3"])]


def test_empty_lines_are_passed_over_and_do_not_shift_the_numbers():
    assert [r.line for r in read("email,name\n\na@example.org,A\n,\n \nb@example.org,B\n")[1]] == [3, 6]


def test_a_mark_in_the_middle_of_a_file_is_no_part_of_a_cell():
    data = b'\xef\xbb\xbfemail,name\n\xef\xbb\xbf"a@example.org","A, B"\n'
    assert cells(data) == [["a@example.org", "A, B"]]


def test_a_header_that_comes_again_is_told_and_not_taken_for_a_person():
    data = "email,name\na@example.org,A\nemail,name\nb@example.org,B\n"
    assert faults(data) == [(3, "repeats the header")]
    assert len(cells(data)) == 2


def test_a_wrong_byte_spoils_its_own_line_only():
    data = b"email,name\n" + "ä@example.org,Ä\n".encode() * 3000 + b"j@example.org,J\xf6rg\nk@example.org,K\n"
    assert faults(data) == [(3002, "has bytes that are not utf-8")]
    assert len(cells(data)) == 3001


def test_a_wrong_byte_in_utf_16_spoils_its_own_line_only():
    data = (
        "email,name\na@example.org,A\n".encode("utf-16")
        + b"\x00\xd8"
        + "b@example.org,B\nc@example.org,C\n".encode("utf-16-le")
    )
    assert faults(data) == [(3, "has bytes that are not utf-16-le")]
    assert cells(data + b"\x41")[0] == ["a@example.org", "A"]


def test_uneven_rows_are_named_and_empty_cells_too_many_are_nothing():
    data = "email,name\na@example.org\nb@example.org,B,,\nc@example.org,C,D\nd@example.org,D\n"
    assert faults(data) == [
        (2, "has 1 cells where the table has 2"),
        (4, "has 3 cells where the table has 2"),
    ]
    assert [row[0] for row in cells(data)] == ["b@example.org", "d@example.org"]


def test_a_quotation_mark_that_is_never_closed_swallows_nobody():
    rows = "".join(f"p{number}@example.org,P{number}\n" for number in range(20_000))
    data = f'email,name\nx@example.org,"Oops\n{rows}'
    assert [line for line, _ in faults(data)] == [2]
    assert len(cells(data)) == 20_000


def test_a_quotation_mark_that_is_never_closed_at_the_end_swallows_nobody():
    data = 'email,name\na@example.org,A\nb@example.org,"B\nc@example.org,C\n'
    assert [line for line, _ in faults(data)] == [3]
    assert [row[0] for row in cells(data)] == ["a@example.org", "c@example.org"]


def test_two_stray_quotation_marks_do_not_make_two_people_one():
    data = 'email,name\na@example.org,"A\nb@example.org,B\nc@example.org,"C\nd@example.org,D\n'
    assert [line for line, _ in faults(data)] == [2, 4]
    assert [row[0] for row in cells(data)] == ["b@example.org", "d@example.org"]


def test_a_quotation_mark_around_a_part_of_a_cell_is_read_as_meant():
    assert cells('email,name\na@example.org,"Acme" Ltd\nb@example.org,4" pipe\n') == [
        ["a@example.org", "Acme Ltd"],
        ["b@example.org", '4" pipe'],
    ]
    assert [line for line, _ in faults('email,a,b\na@example.org,"x" y,"z\nb@example.org,1,2\n')] == [2]


def test_a_line_of_quotation_marks_spoils_itself_only():
    bomb = '"x""' * 100_000
    assert [line for line, _ in faults(f"email\na@example.org\n{bomb}\nb@example.org\n")] == [3]
    assert [line for line, _ in faults("email\na@example.org\n" + '"' * 2_000_000 + "\nb@example.org\n")] == [3]


def test_a_huge_cell_and_a_huge_line_are_named():
    big, huge = "x" * 200_000, "y" * 3_000_000
    data = f"email,name\na@example.org,{big}\nb@example.org,{huge}\nc@example.org,C\n"
    assert [line for line, _ in faults(data)] == [2, 3]
    assert cells(data) == [["c@example.org", "C"]]
    assert all(len(record.written) <= 10_000 for record in read(data)[1])


def test_a_lone_carriage_return_in_a_row_is_named():
    assert faults("email,name\na@example.org,A\rB\nb@example.org,B\n") == [
        (2, "has a line break or a quotation mark in the wrong place")
    ]


def test_nul_bytes_do_not_stop_the_reading():
    assert cells(b"email,name\na@example.org,A\x00A\n") == [["a@example.org", "A\0A"]]


@pytest.mark.parametrize("columns", [MOST_COLUMNS + 1, 10_000])
def test_too_many_columns_are_refused(columns):
    with pytest.raises(BadInput, match="more than 500 columns"):
        read(",".join(f"c{number}" for number in range(columns)) + "\na@example.org\n")


def test_ten_thousand_cells_in_one_row_spoil_that_row_only():
    data = "email,name\na@example.org,A\nb@example.org,B\n" + "c," * 10_000 + "x\n"
    assert faults(data) == [(4, "has 10001 cells where the table has 2")]


def test_a_beginning_that_cannot_be_read_is_refused():
    with pytest.raises(BadInput, match="no line that can be read"):
        read('"' + "x" * 200_000)


def test_the_bytes_read_show_how_far_it_is():
    table = open_table(io.BytesIO(b"email\n" + b"a@example.org\n" * 10))
    assert (table.read, table.size) == (0, 146)
    assert len(list(table.records())) == 10
    assert table.read == table.size
    assert len(list(table.records())) == 10


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff\ufffd"), max_size=20)


@given(st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=20))
def test_what_a_spreadsheet_program_writes_is_read_back(rows):
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows([["email", "b", "c"], *rows])
    kept = [row for row in rows if any(map(str.strip, row)) and row != ["email", "b", "c"]]
    assert cells(buffer.getvalue(), encoding="utf-8", delimiter=",", header=True) == kept


@given(st.binary(max_size=2_000))
def test_no_bytes_make_the_reader_fail_in_any_other_way(data):
    with suppress(BadInput):
        read(data)


def test_a_quotation_mark_that_is_never_closed_swallows_nobody_even_among_wrong_bytes():
    data = b'email,name\nx@example.org,"Oops\na@example.org,A\nj@example.org,J\xf6rg\n\xc3\xa4@example.org,B\n'
    assert faults(data, encoding="utf-8") == [
        (2, "opens a quotation mark that is not closed where the cell ends, or has a cell over 131,072 characters"),
        (4, "has bytes that are not utf-8"),
    ]
    assert [row[0] for row in cells(data, encoding="utf-8")] == ["a@example.org", "ä@example.org"]


def test_of_a_record_with_a_fault_the_cells_are_what_can_be_made_out():
    data = b'email;name\na@example.org;"A\nb@example.org;B\xff\nc@example.org;C\rc\nd@example.org\n"' + b"d" * 140_000
    records = read(data + b'"\n', encoding="utf-8", delimiter=";")[1]
    assert [record.cells for record in records if record.fault] == [
        ["a@example.org", "A"],
        ["b@example.org", "B\ufffd"],
        ["c@example.org", "C c"],
        ["d@example.org"],
        [],
    ]
