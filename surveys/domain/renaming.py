"""Another name for a question, followed by everything in the survey's table that names it."""

import re
from typing import Any

EXPRESSIONS = frozenset({"show_if", "when", "formula"})
_QUOTED = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
_PIPED = re.compile(r"\{\{?[^{}]*\}\}?")


def renamed(part: Any, old: str, new: str, key: str = "") -> Any:
    """The table in which rules, expressions, loops, piped texts and translations use the new name."""
    if isinstance(part, dict):
        return {_path(name, old, new): _value(name, each, old, new) for name, each in part.items()}
    if isinstance(part, list):
        return [renamed(each, old, new, key) for each in part]
    if isinstance(part, str):
        return _in_expression(part, old, new) if key in EXPRESSIONS else _in_text(part, old, new)
    return part


def _value(name: str, value: Any, old: str, new: str) -> Any:
    if name in {"question", "over"} and isinstance(value, str):
        return new if value == old else value
    if name == "name":
        return value
    return renamed(value, old, new, "show_if" if name in {"all", "any"} else name)


def _path(name: str, old: str, new: str) -> str:
    """The path of a text that is translated, which begins with the name of its question."""
    first, dot, rest = name.partition(".")
    return f"{new}.{rest}" if dot and first == old else name


def _in_expression(text: str, old: str, new: str) -> str:
    """The name itself, not the same letters inside quotes."""
    parts = _QUOTED.split(text)
    return "".join(part if place % 2 else _word(part, old, new) for place, part in enumerate(parts))


def _in_text(text: str, old: str, new: str) -> str:
    return _PIPED.sub(lambda found: _in_expression(found[0], old, new), text)


def _word(text: str, old: str, new: str) -> str:
    return re.sub(rf"(?<![\w.]){re.escape(old)}(?!\w)", lambda _found: new, text)
