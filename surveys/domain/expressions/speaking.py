"""Values as words: in texts that repeat an answer, and where an expression makes a text of something."""

from datetime import date

from surveys.domain.expressions.sights import Value
from surveys.domain.expressions.value_types import Type
from surveys.domain.tallies import plain

LONGEST_VALUE = 5000


def said(value: Value, kind: Type) -> str:
    """The value as people read it: labels instead of names, in the order of the definition; nothing is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return plain(float(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        known = [label for name, label in kind.labels.items() if name in value]
        return ", ".join([*known, *sorted(said(each, kind) for each in value if each not in kind.labels)])
    return kind.labels.get(value, value)[:LONGEST_VALUE]
