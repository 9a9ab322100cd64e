"""An anchor is one line that can be copied, and that tells when it was not copied whole."""

from datetime import UTC, datetime
from hashlib import sha256

import pytest

from contacts.domain.anchors import Anchor, broken_anchor, house_of, read_anchors
from core.errors import BadInput

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HASH = bytes(range(32))
ANCHOR = Anchor(house_of(HASH), 1234, HASH, AT)


def test_an_anchor_is_one_line_that_reads_back_as_itself():
    assert "\n" not in ANCHOR.line
    assert ANCHOR.line.startswith("heedful-ledger house=0001020304050607 events=1234 hash=0001")
    assert read_anchors(ANCHOR.line) == [ANCHOR]


def test_the_anchor_of_an_empty_ledger_reads_back_too():
    empty = Anchor(house_of(None), 0, bytes(32), AT)
    assert read_anchors(empty.line) == [empty]


def test_a_log_can_be_given_as_it_is():
    older = Anchor(ANCHOR.house, 7, HASH, AT)
    log = f'# kept by Kim\n{{"anchor": "{ANCHOR.line}", "level": "info"}}\n\n12:00:01 info  anchor={older.line}\r\n'
    assert read_anchors(log) == [older, ANCHOR]


def test_of_two_anchors_with_as_many_events_the_earlier_comes_first():
    later = Anchor(ANCHOR.house, 1234, HASH, AT.replace(hour=13))
    assert read_anchors(f"{later.line}\n{ANCHOR.line}") == [ANCHOR, later]


@pytest.mark.parametrize(
    "spoilt",
    [
        ANCHOR.line.replace("events=1234", "events=1243"),
        ANCHOR.line.replace("hash=00", "hash=01"),
        ANCHOR.line.replace("house=0001", "house=0002"),
        ANCHOR.line[:-1],
        ANCHOR.line[:60],
        ANCHOR.line.replace("12:00:00", "12:00:01"),
        ANCHOR.line.upper().replace("HEEDFUL-LEDGER", "heedful-ledger"),
    ],
)
def test_a_line_that_was_cut_or_mistyped_is_no_anchor(spoilt):
    with pytest.raises(BadInput, match="Line 2"):
        read_anchors(f"{ANCHOR.line}\n{spoilt}")


def test_a_time_that_never_was_is_refused():
    said = ANCHOR.line.rpartition(" ")[0].replace("2026-11-22", "2026-02-30")
    check = sha256(said.encode()).hexdigest()[:8]
    with pytest.raises(BadInput, match="time"):
        read_anchors(f"{said} check={check}")


@pytest.mark.parametrize("text", ["", "\n", "events=5", "nothing to see"])
def test_a_text_without_an_anchor_says_so(text):
    with pytest.raises(BadInput, match="no anchor"):
        read_anchors(text)


def test_an_anchor_is_broken_by_another_hash_at_its_number_alone():
    assert broken_anchor([ANCHOR], 1234, HASH) is None
    assert broken_anchor([ANCHOR], 1235, bytes(32)) is None
    assert broken_anchor([ANCHOR], 1234, bytes(32)) == ANCHOR
