"""Anchors: one line that an operator keeps elsewhere, and that later proves the ledger's end and beginning (G18)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from core.errors import BadInput

MARK = "heedful-ledger"
HOUSE_LENGTH = 16
_LINE = re.compile(
    rf"{MARK} house=(?P<house>[0-9a-f]{{{HOUSE_LENGTH}}}) events=(?P<events>\d{{1,18}}) hash=(?P<hash>[0-9a-f]{{64}})"
    r" at=(?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) check=(?P<check>[0-9a-f]{8})"
)


@dataclass(frozen=True)
class Anchor:
    """How many events a ledger held at a moment, and the hash of the last; `house` tells one ledger from another."""

    house: str
    events: int
    hash: bytes
    at: datetime

    @property
    def line(self) -> str:
        """The line to keep; its last word tells a slip in copying from a change in the database."""
        at = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        said = f"{MARK} house={self.house} events={self.events} hash={self.hash.hex()} at={at}"
        return f"{said} check={_check(said)}"


def house_of(first_hash: bytes | None) -> str:
    """The name of a ledger: how the hash of its first event begins; zeros while it has none."""
    return (first_hash or bytes(32)).hex()[:HOUSE_LENGTH]


def read_anchors(text: str) -> list[Anchor]:
    """Every anchor in a text, oldest first; other words around them, as in a log, are passed over.

    Raises:
        BadInput: a line that begins an anchor is no whole one, or there is none at all.
    """
    found = [_read(line, number) for number, line in enumerate(text.splitlines(), start=1) if MARK in line]
    if not found:
        raise BadInput("There is no anchor.", remedy="An anchor is a line that `heedful ledger head` printed.")
    return sorted(found, key=lambda anchor: (anchor.events, anchor.at))


def _read(line: str, number: int) -> Anchor:
    match = _LINE.search(line)
    if match is None or _check(match[0].rpartition(" ")[0]) != match["check"]:
        raise BadInput(
            f"Line {number} is no whole anchor: it was cut or mistyped.",
            field="anchor",
            remedy="Copy the whole line that `heedful ledger head` printed.",
        )
    try:
        at = datetime.strptime(match["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise BadInput(f"Line {number}: the anchor's time is no time.", field="anchor") from None
    return Anchor(match["house"], int(match["events"]), bytes.fromhex(match["hash"]), at)


def _check(said: str) -> str:
    return sha256(said.encode("ascii")).hexdigest()[:8]


def broken_anchor(anchors: Sequence[Anchor], sequence: int, digest: bytes) -> Anchor | None:
    """The anchor that names this event with another hash."""
    return next((each for each in anchors if each.events == sequence and each.hash != digest), None)
