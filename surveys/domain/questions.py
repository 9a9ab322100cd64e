"""What every kind of question is and must be able to do; the kinds themselves are in kinds/."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from surveys.domain.cells import Answers, Cells, Posted, Reading
from surveys.domain.show_rules import Condition, Op, holds
from surveys.domain.tallies import Frequency, Tally

Exported = str | int | float


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export: its stable name and what it holds."""

    name: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Question(ABC):
    """One question of a survey; `name` is its stable identity in answers, rules, exports and form fields.

    A kind is a subclass: it alone knows its fields, what may be stored, how it is counted and exported.
    """

    kind: ClassVar[str]
    chart: ClassVar[str] = "bars"
    ops: ClassVar[frozenset[Op]] = frozenset({Op.ANSWERED})
    single_input: ClassVar[bool] = False
    answerable: ClassVar[bool] = True

    name: str
    text: str
    hint: str = ""
    required: bool = False
    show_if: Condition | None = None

    def shown(self, answers: Answers) -> bool:
        """Say whether these earlier answers let the question be asked."""
        return holds(self.show_if, answers)

    @abstractmethod
    def read(self, posted: Posted) -> Reading:
        """Turn posted fields into cells that may be stored, or into faults; other questions' fields are ignored."""

    @abstractmethod
    def fields(self, cells: Cells) -> Mapping[str, list[str]]:
        """The form fields that would post these cells: the opposite of `read`."""

    @abstractmethod
    def tally(self, frequencies: Sequence[Frequency], base: int) -> Tally:
        """Count; `base` is the number of responses that answered this question."""

    @abstractmethod
    def columns(self) -> tuple[Column, ...]:
        """The columns of this question in an export."""

    @abstractmethod
    def export(self, cells: Cells) -> tuple[Exported, ...]:
        """The values of those columns; empty text where nothing was answered."""

    def operands(self) -> frozenset[str] | None:
        """The names a rule may compare this question with; None when it is compared with numbers."""
        return None

    def rule_rows(self) -> frozenset[str]:
        """The rows a rule must name one of; empty when the question has none."""
        return frozenset()
