"""Uploads: files of people that wait in a folder until their columns are mapped; readable by their owner only."""

import os
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from contacts.domain.screened_tables import screened_pieces
from core.errors import NotFound

KEPT = timedelta(days=1)
_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Upload:
    """A file that waits, and what it was called where it came from."""

    path: Path
    file_name: str


def stage(folder: Path, file_name: str, stream: IO[bytes], *, at: datetime) -> str:
    """Keep a file, without card numbers (P8); its key. Files that waited for more than a day are removed."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    remove_old_uploads(folder, at - KEPT)
    key = secrets.token_hex(16)
    _write_private(folder / f"{key}.name", file_name.encode())
    with os.fdopen(_open_private(folder / key), "wb") as kept:
        kept.writelines(screened_pieces(stream))
    return key


def staged(folder: Path, key: str) -> Upload:
    """The file that waits under this key.

    Raises:
        NotFound: there is none, or not any more.
    """
    path = folder / key
    if not _KEY.fullmatch(key) or not path.is_file():
        raise NotFound("This file is not here any more.", remedy="Choose it once more.")
    return Upload(path, (folder / f"{key}.name").read_text())


def unstage(folder: Path, key: str) -> None:
    """Remove a file that is imported, or was not wanted."""
    if _KEY.fullmatch(key):
        (folder / key).unlink(missing_ok=True)
        (folder / f"{key}.name").unlink(missing_ok=True)


def remove_old_uploads(folder: Path, before: datetime) -> None:
    """Remove the files that have waited since before a moment: nobody came back for them."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.is_file() and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)


def _open_private(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _write_private(path: Path, content: bytes) -> None:
    with os.fdopen(_open_private(path), "wb") as file:
        file.write(content)
