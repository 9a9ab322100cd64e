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
