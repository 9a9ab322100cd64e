"""A data set as a value: variables with stable names, labels, codes and missing codes; for every format."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from functools import cached_property

from surveys.domain.questions import Exported, Measure

BEYOND = 10**13
"""No number that can be answered is so large: where −97 could be an answer, missing codes begin below minus this."""


class Missing(Enum):
    """Why there is no value: its words, its number in SPSS, its letter in Stata."""

    NOT_SHOWN = ("not shown", -99, "a")
    NOT_ANSWERED = ("not answered", -98, "b")
    REFUSED = ("refused", -97, "c")

    @property
    def words(self) -> str:
        """What a reader sees."""
        return self.value[0]

    @property
    def code(self) -> int:
        """The usual number."""
        return self.value[1]

    @property
    def letter(self) -> str:
        """The letter behind the point."""
        return self.value[2]


Value = str | int | float | Missing
Row = Sequence[Value]


class Holds(StrEnum):
    """What the values of a variable are; days and moments stand in rows as ISO 8601 writes them."""

    NUMBER = "number"
    CODE = "code"
    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class ValueLabel:
    """What one value means; `code` stands for it where a format labels numbers only."""

    value: Exported
    code: int
    label: str


@dataclass(frozen=True)
class Variable:
    """One column; `group` names its multiple-response set, `versions` those that ask it.

    `negative` says that an answer may be a number below zero.
    """

    name: str
    label: str
    holds: Holds
    measure: Measure = Measure.NOMINAL
    labels: tuple[ValueLabel, ...] = ()
    group: str = ""
    question: str = ""
    versions: tuple[int, ...] = ()
    negative: bool = False

    @property
    def asked(self) -> bool:
        """Whether people answered it: a response's own facts are never missing."""
        return bool(self.question)

    @cached_property
    def codes(self) -> Mapping[Value, int]:
        """The number of each value."""
        return {each.value: each.code for each in self.labels}

    @property
    def numbers(self) -> tuple[tuple[float, str], ...]:
        """The number that stands for each labelled value, with its label."""
        if self.holds is Holds.CODE:
            return tuple((float(each.code), each.label) for each in self.labels)
        return tuple((float(each.value), each.label) for each in self.labels)

    @cached_property
    def words(self) -> Mapping[Value, str]:
        """The label of each value."""
        return {each.value: each.label for each in self.labels}

    def missing_code(self, missing: Missing) -> int:
        """The number of a missing value, which is never that of an answer."""
        return missing.code - BEYOND if self.negative else missing.code


@dataclass(frozen=True, slots=True)
class ResponseSet:
    """A multiple-response set: 1 in any of `names` means that this was chosen."""

    name: str
    label: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class DataSet:
    """What an export holds, whatever its format."""

    name: str
    title: str
    language: str
    variables: tuple[Variable, ...]
    sets: tuple[ResponseSet, ...] = ()
    versions: int = 1

    def reworded(self, words: Callable[[str], str]) -> "DataSet":
        """The same data set, with something done to every text that people read."""
        return replace(
            self,
            title=words(self.title),
            variables=tuple(_reworded(each, words) for each in self.variables),
            sets=tuple(replace(each, label=words(each.label)) for each in self.sets),
        )


def _reworded(variable: Variable, words: Callable[[str], str]) -> Variable:
    labels = tuple(replace(each, label=words(each.label)) for each in variable.labels)
    return replace(variable, label=words(variable.label), labels=labels)
