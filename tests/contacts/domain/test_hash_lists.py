"""Files of hashes are told from tables of people, and read whatever stands around the hashes."""

import hashlib
import io

import pytest

from contacts.domain.hash_lists import looks_hashed, read_hash_list

ANN = hashlib.sha256(b"ann@example.org").hexdigest()
BOB = hashlib.md5(b"bob@example.org").hexdigest()


@pytest.mark.parametrize(
    ("data", "hashed"),
    [
        (f"{ANN}\n{BOB}\n".encode(), True),
        (f"sha256\n{ANN}\n".encode(), True),
        (f"# a list\n\n{ANN.upper()}\n".encode(), True),
        (f"id;hash\n1;{ANN}\n2;{BOB}\n".encode("utf-16"), True),
        (f"email,hash\nann@example.org,{ANN}\n".encode(), False),
        (b"email\nann@example.org\n", False),
        (b"one\ntwo\n" + ANN.encode(), False),
        (b"one\n" + f"{ANN}\n".encode() * 19 + b"ann@example.org\n", True),
        (b"one\n" + f"{ANN}\n".encode() * 18 + b"ann@example.org\n", False),
        (f"{ANN}\n".encode() * 20 + b"two\nthree\n", True),
        (f"{ANN}\n".encode() * 18 + b"two\nthree\n", False),
        (b"one\n", False),
        (f"x{ANN}\n{ANN}y\n".encode(), False),
        (b"a" * 65 + b"\n", False),
        (b"", False),
        (b"\x00\x01\x02\x03" * 10, False),
    ],
)
def test_a_file_of_hashes_is_known_by_its_first_lines(data, hashed):
    stream = io.BytesIO(data)
    assert looks_hashed(stream) is hashed
    assert stream.tell() == 0


def test_every_hash_of_a_line_is_read_with_its_method_and_the_line_that_has_none_is_rejected():
    lines = list(read_hash_list(io.BytesIO(f"md5,sha256\n{BOB},{ANN}\n# said\nnobody\n".encode())))
    assert [[each.method for each in line.hashes] for line in lines] == [["md5", "sha256"], []]
    assert lines[1].rejection is not None
    assert lines[1].rejection.line == 4
    assert lines[1].read == len(BOB) + len(ANN) + 2 + 11 + 7 + 7


def test_a_partners_list_takes_no_shorter_hash():
    lines = list(read_hash_list(io.BytesIO(f"{BOB}\n{ANN}\n".encode()), "acme"))
    assert [bool(line.rejection) for line in lines] == [True, False]
    assert lines[1].hashes[0].method == "partner:acme"
    lines = list(read_hash_list(io.BytesIO(f"{ANN}\n{BOB}\n".encode()), "acme"))
    assert [line.rejection and line.rejection.reason for line in lines] == [None, "is no HMAC-SHA256"]


def test_a_list_in_utf_16_is_read_line_by_line_and_as_a_whole():
    data = f"hash\n{ANN}\n{BOB}\n".encode("utf-16")
    lines = list(read_hash_list(io.BytesIO(data)))
    assert [(line.number, len(line.hashes), line.read) for line in lines] == [(2, 1, len(data)), (3, 1, len(data))]


def test_a_first_line_with_a_hash_counts_and_one_without_is_a_heading():
    assert [line.number for line in read_hash_list(io.BytesIO(f"{ANN}\r\n{BOB}".encode()))] == [1, 2]
    assert [line.number for line in read_hash_list(io.BytesIO(f"\n# x\nhash\n{BOB}".encode()))] == [4]
    assert [line.number for line in read_hash_list(io.BytesIO(b"hash\nnone\n"))] == [2]
    (bad,) = read_hash_list(io.BytesIO(f"{BOB}\n".encode()), "acme")
    assert (bad.number, bad.hashes, bad.read) == (1, (), 33)
    assert bad.rejection is not None
    assert bad.rejection.remedy == "Write 64 hexadecimal digits, made with the agreed key."


def test_a_mark_of_the_encoding_hides_no_comment():
    assert not looks_hashed(io.BytesIO(b"\xef\xbb\xbf# one\n"))
    assert list(read_hash_list(io.BytesIO("\ufeff# x\n".encode("utf-16-le")))) == []


def test_a_line_without_end_is_read_in_pieces():
    lines = list(read_hash_list(io.BytesIO(b"x" * 10_000 + b"y" * 10_001)))
    assert [(line.number, line.read) for line in lines] == [(2, 20_000), (3, 20_001)]
    assert all(line.rejection is not None and line.rejection.reason == "has no hash in it" for line in lines)
