"""Traces: files below the data folder in which somebody stands, found by their key, for nobody keeps an address."""

import csv
import fcntl
import os
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from io import TextIOWrapper
from pathlib import Path

from contacts.domain.addresses import Pepper
from contacts.domain.charsets import detect_encoding
from contacts.domain.formulas import csv_line
from contacts.domain.mentions import addresses_in
from contacts.storage.belongings import Recognises
from core.errors import BadInput

_LONGEST_CELL = 1024 * 1024


def recogniser(peppers: Sequence[Pepper], keys: Collection[bytes]) -> Recognises:
    """Say of any text whether one of these people's addresses stands in it, in whatever spelling and generation."""
    wanted = frozenset(keys)

    @lru_cache(maxsize=4096)
    def recognises(text: str) -> bool:
        return any(pepper.keys(address).own in wanted for address in addresses_in(text) for pepper in peppers)

    return recognises


def files_below(folder: Path) -> Iterator[Path]:
    """Every file below a folder, in order; none where there is no such folder."""
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def names_somebody(path: Path, recognises: Recognises) -> bool:
    """Whether one of the people stands in a table that waits to be imported, in whatever encoding it is."""
    try:
        with path.open("rb") as file:
            try:
                encoding = detect_encoding(file)
            except BadInput:
                encoding = "latin-1"
            file.seek(0)
            lines = TextIOWrapper(file, encoding, "replace")
            return any(recognises(line) for line in lines if "@" in line or "＠" in line)
    except FileNotFoundError:
        return False


def drop_rows(path: Path, recognises: Recognises) -> int | None:
    """Write a CSV file anew without the rows in which one of the people stands; how many went.

    None if another process is still writing it: then nothing is changed, and it is to be asked again.
    """
    try:
        held = path.open("rb")
    except FileNotFoundError:
        return 0
    with held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        return _rewrite(path, recognises)


def _rewrite(path: Path, recognises: Recognises) -> int:
    csv.field_size_limit(_LONGEST_CELL)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    kept = [row for row in rows if not any(recognises(cell) for cell in row)]
    if len(kept) == len(rows):
        return 0
    unfinished = path.with_suffix(".part")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
        file.writelines(map(csv_line, kept))
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    return len(rows) - len(kept)
