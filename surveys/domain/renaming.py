"""Another name for a question, followed by everything in the survey's table that names it."""

from typing import Any

from surveys.domain.expressions.name_swaps import swapped
from surveys.domain.piping import with_pipes

EXPRESSIONS = frozenset({"show_if", "when", "formula", "all", "any"})
NAMES = frozenset({"question", "over"})


def renamed(part: Any, old: str, new: str, key: str = "") -> Any:
    """The table in which rules, expressions, loops, piped texts and translations use the new name."""
    if isinstance(part, dict):
        return {_path(name, old, new): renamed(each, old, new, name) for name, each in part.items()}
    if isinstance(part, list):
        return [renamed(each, old, new, key) for each in part]
    if not isinstance(part, str) or key == "name":
        return part
    if key in NAMES:
        return new if part == old else part
    if key in EXPRESSIONS:
        return swapped(part, {old: new})
    return with_pipes(part, lambda expression: swapped(expression, {old: new}))


def _path(name: str, old: str, new: str) -> str:
    """The path of a text that is translated, which begins with the name of its question."""
    first, dot, rest = name.partition(".")
    return f"{new}.{rest}" if dot and first == old else name
