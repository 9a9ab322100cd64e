"""Tables are kept as they were uploaded, but for the digits of card numbers (P8)."""

from io import BytesIO

import pytest

from contacts.domain.screened_tables import screened_pieces

CARD, MASKED = "4111 1111 1111 1111", "**** **** **** 1111"


def screened(content: bytes) -> bytes:
    stream = BytesIO(content)
    kept = b"".join(screened_pieces(stream))
    assert not stream.closed
    return kept


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_p8_card_numbers_are_masked_in_the_tables_own_encoding(encoding):
    table = "name;note\r\nJörg;paid with {}\r\nZoë;größer als übermäßig schön\r\n"
    assert screened(table.format(CARD).encode(encoding)) == table.format(MASKED).encode(encoding)


def test_two_columns_of_figures_side_by_side_are_no_card():
    for sign in ",;|\t":
        table = f"a{sign}b\n41111111{sign}11111111\n".encode()
        assert screened(table) == table


def test_a_quoted_cell_is_screened_and_lines_without_so_many_digits_stay():
    assert screened(f'a,b\n"{CARD}","{CARD}"\n'.encode()) == f'a,b\n"{MASKED}","{MASKED}"\n'.encode()
    assert screened(b"a\n378282246310005\n") == b"a\n***********0005\n"
    assert screened(b"a\n12\n\n") == b"a\n12\n\n"


def test_what_is_no_text_is_taken_byte_by_byte():
    bytes_ = bytes(range(128, 256)) + b"\x00\x01"
    table = b"a\n" + bytes_ + b"\n" + CARD.encode() + b"\n" + bytes_
    assert screened(table) == b"a\n" + bytes_ + b"\n" + MASKED.encode() + b"\n" + bytes_
    late = b"some words\n" * 30_000 + b"\xff\xfe\x81 " + CARD.encode() + b"\n"
    assert screened(late).endswith(b"\xff\xfe\x81 " + MASKED.encode() + b"\n")


def test_a_table_that_is_not_wholly_in_its_encoding_is_taken_byte_by_byte():
    table = b"name,note\nJ\xf6rg,x\n\x81 a," + CARD.encode() + b"\n"
    assert screened(table) == b"name,note\nJ\xf6rg,x\n\x81 a," + MASKED.encode() + b"\n"


def test_an_empty_table_stays_empty():
    assert screened(b"") == b""
