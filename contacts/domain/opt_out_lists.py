"""The opt-out list for a partner: who of those we handed to them must not be written to, as keyed hashes only."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

METHOD = "HMAC-SHA256 of the canonical address in UTF-8, with the agreed key, as 64 hexadecimal digits"


@dataclass(frozen=True)
class OptOutList:
    """A list as it is given to a partner; `since` is the number of the list that it adds to, 0 for a full one."""

    partner: str
    number: int
    since: int
    made_at: datetime
    due_at: datetime
    hashes: Sequence[bytes]

    def as_bytes(self) -> bytes:
        """The file: lines that begin with # say what it is, every other line is one person; the same each time."""
        kind = f"adds to list {self.since}" if self.since else "full, replaces every list before"
        head = [
            "Heedful opt-out list",
            f"partner: {self.partner}",
            f"list: {self.number}",
            f"kind: {kind}",
            f"made: {_spelt(self.made_at)}",
            f"acknowledge by: {_spelt(self.due_at)}",
            f"method: {METHOD}",
            f"entries: {len(self.hashes)}",
        ]
        lines = [*(f"# {line}" for line in head), *(each.hex() for each in self.hashes)]
        return ("\n".join(lines) + "\n").encode("ascii")


def partner_hash(key: bytes, canonical: str) -> bytes:
    """How a partner knows a person: what both sides work out from the address and the agreed key (RFC 2104)."""
    return hmac.digest(key, canonical.encode(), "sha256")


def digest_of(file: bytes) -> str:
    """The SHA-256 of a file, by which both sides can tell that they mean the same one."""
    return sha256(file).hexdigest()


def _spelt(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
