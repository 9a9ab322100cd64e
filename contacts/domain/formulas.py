"""Keeps a spreadsheet from running what somebody typed: every line of every CSV that is written is made here."""

import re
from collections.abc import Iterable
from typing import Any

_UNSEEN = (
    r"\x00-\x08\x0b\x0c\x0e-\x20\x7f-\xa0\xad\u034f\u061c\u1680\u180e"
    r"\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufe0f\ufeff"
)
_RUNS = re.compile(f"[{_UNSEEN}]*[=+\\-@\t\r\n＝＋－＠]")
_PARTED = re.compile('[,;"\t\r\n]')
"""What some program, in some country, takes for the end of a cell where the cell has no quotes around it."""


def safe_cell(value: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet program would take for a formula (CWE-1236); numbers stay.

    Blanks and characters that nobody sees do not hide what follows them.
    """
    if not isinstance(value, str):
        return "" if value is None else value
    return f"'{value}" if _RUNS.match(value) else value


def plain_cell(text: str) -> str:
    """Take back what ``safe_cell`` put before a text, when a table is read again."""
    return text[1:] if text.startswith("'") and _RUNS.match(text, 1) else text


def csv_line(cells: Iterable[Any]) -> str:
    """One line of CSV with its end (RFC 4180), its cells safe, and quoted where a semicolon or a tab might part one."""
    return (",".join(map(_written, cells)) or '""') + "\r\n"


def _written(value: Any) -> str:
    text = str(safe_cell(value))
    if not _PARTED.search(text):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
