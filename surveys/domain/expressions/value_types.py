"""What sort of value an expression has, and what a part of it means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.language import gettext as _
from surveys.domain.expressions.sights import Run, Value


class Sort(StrEnum):
    """The sorts of values."""

    TRUTH = "truth"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"
    SET = "set"
    ROWS = "rows"
    FIELD = "field"


@dataclass(frozen=True)
class Type:
    """A sort with the names that its values can have; `each` is the type of a set's members or within a row.

    `labels` and `scores` are those of the names, in the order of the definition. `other`: words may stand beside it.
    """

    sort: Sort
    labels: Mapping[str, str] = field(default_factory=dict)
    scores: Mapping[str, float] = field(default_factory=dict)
    rows: tuple[str, ...] = ()
    each: "Type | None" = None
    other: bool = False

    def __str__(self) -> str:
        return {
            Sort.TRUTH: _("true or false"),
            Sort.NUMBER: _("a number"),
            Sort.TEXT: _("a text"),
            Sort.DATE: _("a date"),
            Sort.CHOICE: _("one of several answers"),
            Sort.SET: _("a set of answers"),
            Sort.ROWS: _("a question with rows"),
            Sort.FIELD: _("a field of the person"),
        }[self.sort]


TRUTH = Type(Sort.TRUTH)
NUMBER = Type(Sort.NUMBER)
TEXT = Type(Sort.TEXT)
DATE = Type(Sort.DATE)
FIELD = Type(Sort.FIELD)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a part of an expression means: its type, and how its value is found.

    `constant` is the value where it is written out; `question` and `row` say what answer it stands for.
    """

    type: Type
    run: Run
    constant: Value = None
    question: str = ""
    row: str = ""

    @property
    def sort(self) -> Sort:
        """The sort of its type."""
        return self.type.sort
