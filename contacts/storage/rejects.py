"""Rejects: a file beside the database with every row that did not go in, so that nothing is lost."""

import fcntl
import os
from pathlib import Path
from typing import IO

from contacts.domain.formulas import csv_line
from contacts.domain.rows import Rejection
from core.cards import mask_card_numbers

_HEADER = ("line", "column", "reason", "what to do", "restrictions kept", "row as written")


class RejectsFile:
    """A CSV (UTF-8 with mark, so that spreadsheets read it) that only its owner can read; made with its first row."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written = 0
        self._file: IO[str] | None = None

    def write(self, rejection: Rejection, written: str) -> None:
        """Add a row; card numbers are masked (P8), and no cell runs as a formula."""
        file = self._file or self._open()
        kept = "yes" if rejection.kept else ""
        text = mask_card_numbers(written.rstrip("\r\n"), sparing_addresses=False)
        cells = (rejection.line, rejection.field, rejection.reason, rejection.remedy, kept, text)
        file.write(csv_line(cells))
        self.written += 1

    def _open(self) -> IO[str]:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path.unlink(missing_ok=True)
        number = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(number, fcntl.LOCK_EX)  # until it is closed nobody else writes it anew: see traces
        self._file = open(number, "w", encoding="utf-8-sig", newline="")  # noqa: SIM115, PTH123 - closed by close()
        self._file.write(csv_line(_HEADER))
        return self._file

    def flush(self) -> None:
        """Hand what was written to the system, so that file and counts agree after a crash."""
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        """Write what is still in memory, and close; any number of times."""
        if self._file is not None:
            self._file.close()
