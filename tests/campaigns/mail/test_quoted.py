"""Pieces of quoted-printable, joined, decode to the joined texts, and every line keeps its measure."""

import quopri
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaigns.mail.quoted import ended, piece, whole

AWKWARD = st.sampled_from(["=", ".", " ", "\t", "\r\n", "\n", "\r", "From ", "é", "😀", "x" * 73, "\0", "\u2028", "a"])
TEXTS = st.lists(AWKWARD | st.text(st.characters(blacklist_categories=["Cs"]), max_size=90), max_size=8).map("".join)


def refuse_malformed(encoded: str) -> None:
    assert encoded.isascii()
    assert not re.search(r"(?<!\r)\n|\r(?!\n)", encoded)
    for line in encoded.split("\r\n"):
        assert len(line) <= 76
        assert not line.endswith((" ", "\t"))


def meant(text: str) -> str:
    lines = re.sub(r"\r\n|\r|\n", "\r\n", text)
    return lines if lines.endswith("\r\n") else lines + "\r\n"


@given(st.lists(TEXTS.filter(lambda text: not text.endswith("\r")), max_size=5))
@example(["x" * 74 + " ", "\r\n"])
@example(["x" * 74 + "\t\n"])
@example([" " * 80, ".", "\n"])
def test_joined_pieces_decode_to_the_joined_texts(texts):
    encoded = ended("".join(map(piece, texts)))
    refuse_malformed(encoded)
    assert not re.search(r"^(?:\.|From )", encoded, re.MULTILINE)
    assert quopri.decodestring(encoded.encode()).decode() == meant("".join(texts))


@given(TEXTS)
@example("x" * 74 + " ")
@example("x" * 74 + "\t\n")
def test_a_whole_text_is_encoded_as_well(text):
    encoded = whole(text).decode()
    refuse_malformed(encoded)
    assert quopri.decodestring(encoded.encode()).decode() == meant(text)


@pytest.mark.parametrize("end", ["", " ", "\t", "=", " \n", "é", ".\n."])
def test_no_line_is_too_long_wherever_it_breaks(end):
    for length in range(60, 80):
        for text in ("x" * length + end, "." * length + end, "From " + "x" * length + end, "é" * (length // 6) + end):
            refuse_malformed(piece(text))
            refuse_malformed(whole(text).decode())


def test_a_half_of_a_surrogate_pair_is_written_as_a_question_mark():
    assert piece("a\ud800") == "a?=\r\n"
