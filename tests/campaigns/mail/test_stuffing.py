"""A message crosses the line whole, and nothing within it can end it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.mail.stuffing import stuffed

pieces = st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b".", b"..", b"a", b"\xc3\xa4", b"."]), max_size=40)


@pytest.mark.parametrize(
    ("message", "crosses"),
    [
        (b"", b"\r\n"),
        (b"a", b"a\r\n"),
        (b".", b"..\r\n"),
        (b"a\r\n.\r\nb\r\n", b"a\r\n..\r\nb\r\n"),
        (b"a\n.\nb", b"a\r\n..\r\nb\r\n"),
        (b"a\r.\rb\r", b"a\r\n..\r\nb\r\n"),
        (b"a\n\r.\r\r\n", b"a\r\n\r\n..\r\n\r\n"),
        (b"a\r\n..b\r\n", b"a\r\n...b\r\n"),
    ],
)
def test_breaks_become_crlf_and_dots_are_doubled(message, crosses):
    assert stuffed(message) == crosses


@given(pieces.map(b"".join))
def test_nothing_ends_a_message_early_and_a_server_reads_what_was_written(message):
    crossing = stuffed(message)
    assert crossing.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", crossing)
    assert not re.search(rb"(^|[\r\n])\.[\r\n]", crossing)
    read = re.sub(rb"(^|\n)\.", rb"\1", crossing)
    expected = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    assert read == (expected if expected.endswith(b"\r\n") else expected + b"\r\n")
