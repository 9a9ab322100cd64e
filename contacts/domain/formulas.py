"""Keeps a spreadsheet from running what somebody typed: every cell of every CSV that is written goes through here."""

from typing import Any

_STARTERS = frozenset("=+-@\t\r\n＝＋－＠")


def safe_cell(value: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet program would take for a formula (CWE-1236); numbers stay."""
    if not isinstance(value, str):
        return "" if value is None else value
    return f"'{value}" if value.lstrip(" ")[:1] in _STARTERS else value


def plain_cell(text: str) -> str:
    """Take back what ``safe_cell`` put before a text, when a table is read again."""
    return text[1:] if text.startswith("'") and text[1:].lstrip(" ")[:1] in _STARTERS else text
