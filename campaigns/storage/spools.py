"""Spools: clicks kept in a file while the database is away; they hold numbers and moments, nothing about a person."""

import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True)
class FollowedLink:
    """A link that was followed: which message, which link, when, and how many others of the message around then."""

    message_id: int
    link_id: int
    at: datetime
    others: int = 0


class ClickSpool:
    """A file of clicks that several processes may add to; emptied only after they are stored."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, clicks: Iterable[FollowedLink]) -> None:
        """Append clicks; on disk when this returns."""
        lines = "".join(_line(click) for click in clicks)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._locked() as file:
            file.seek(0, os.SEEK_END)
            file.write(lines.encode("ascii"))
            file.flush()
            os.fsync(file.fileno())

    def empty_into(self, store: Callable[[list[FollowedLink]], None]) -> int:
        """Give all clicks to `store`, then forget them; if it raises, they stay. The number of clicks.

        A crash between the two gives the same clicks again, so `store` must be idempotent.
        """
        if not self._path.exists():
            return 0
        with self._locked() as file:
            clicks = list(_clicks(file))
            if clicks:
                store(clicks)
                file.truncate(0)
                file.flush()
                os.fsync(file.fileno())
        return len(clicks)

    @contextmanager
    def _locked(self) -> Iterator[BinaryIO]:
        with os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file


def _line(click: FollowedLink) -> str:
    values = [click.message_id, click.link_id, click.at.isoformat(), click.others]
    return json.dumps(values, separators=(",", ":")) + "\n"


def _clicks(file: BinaryIO) -> Iterator[FollowedLink]:
    """Read line by line; a last line that a crash cut short is left out."""
    for line in file.read().splitlines(keepends=True):
        try:
            message_id, link_id, at, others = json.loads(line)
            yield FollowedLink(int(message_id), int(link_id), datetime.fromisoformat(at), int(others))
        except ValueError:
            continue
