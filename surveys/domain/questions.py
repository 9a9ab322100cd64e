"""What every kind of question is and must be able to do; the kinds themselves are in kinds/."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from core.language import gettext as _
from surveys.domain.cells import REFUSED, Cell, Cells, Posted, Reading, is_refused
from surveys.domain.show_rules import Condition, Op
from surveys.domain.tallies import Frequency, Tally

Exported = str | int | float
Flaw = tuple[str, str]
"""What is wrong with a definition, and what to do."""

OLDEST = 130
"""The greatest age in years that is believed of anybody."""


class Measure(StrEnum):
    """What the values of a column are, as statistics programs name it."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    SCALE = "scale"
    TEXT = "text"
    DATE = "date"


class KindGroup(StrEnum):
    """Kinds that belong together in a menu."""

    CHOICE = "choice"
    RATING = "rating"
    MATRIX = "matrix"
    ENTRY = "entry"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export: its stable name, what it holds, and what its values mean.

    `group` names the multiple-response set that a 0/1 column belongs to.
    """

    name: str
    label: str
    measure: Measure = Measure.NOMINAL
    labels: tuple[tuple[Exported, str], ...] = ()
    group: str = ""


@dataclass(frozen=True, kw_only=True)
class Question(ABC):
    """One question of a survey; `name` is its stable identity in answers, rules, exports and form fields.

    A kind is a subclass: it alone knows its fields, what may be stored, how it is counted and exported. `refusal` is
    the label of “prefer not to say”: that answer is dealt with here, and no kind ever sees it. `shuffle` asks for the
    lists named in `lists` in an order of each person's own.
    """

    kind: ClassVar[str]
    title: ClassVar[str] = ""
    group: ClassVar[KindGroup] = KindGroup.ENTRY
    labels: ClassVar[Mapping[str, str]] = {}
    chart: ClassVar[str] = "bars"
    ops: ClassVar[frozenset[Op]] = frozenset({Op.ANSWERED})
    lists: ClassVar[tuple[str, ...]] = ()
    single_input: ClassVar[bool] = False
    answerable: ClassVar[bool] = True
    identifying: ClassVar[bool] = False

    name: str
    text: str
    hint: str = ""
    required: bool = False
    show_if: Condition | None = None
    refusal: str = ""
    shuffle: bool = False

    @property
    def refusal_field(self) -> str:
        """The form field of “prefer not to say”."""
        return f"{self.name}-{REFUSED}"

    def read(self, posted: Posted) -> Reading:
        """Turn posted fields into cells that may be stored, or into faults; other questions' fields are ignored."""
        if self.refusal and "1" in posted.get(self.refusal_field, ()):
            return Reading((Cell(value=REFUSED),))
        return self.take(posted)

    def fields(self, cells: Cells) -> Mapping[str, list[str]]:
        """The form fields that would post these cells: the opposite of `read`."""
        return {self.refusal_field: ["1"]} if self.is_refusal(cells) else self.posting(cells)

    def tally(self, frequencies: Sequence[Frequency], base: float) -> Tally:
        """Count; `base` is the number of responses that answered this question, refusals among them."""
        refused = sum(each.count for each in frequencies if self.is_refusal((Cell(each.row, each.value),)))
        if not refused:
            return self.count(frequencies, base)
        kept = [each for each in frequencies if not self.is_refusal((Cell(each.row, each.value),))]
        return replace(self.count(kept, base - refused), refused=refused)

    def export(self, cells: Cells) -> tuple[Exported, ...]:
        """The values of the columns; empty texts where nothing was answered or the answer was refused."""
        return self.values(() if self.is_refusal(cells) else cells)

    def is_refusal(self, cells: Cells) -> bool:
        """Say whether the person would rather not say."""
        return bool(self.refusal) and is_refused(cells)

    def carried(self, posted: Posted, cells: Cells) -> Posted:  # noqa: ARG002 - most answers stand in the form itself
        """The posted fields with what the form does not carry of the answer before, such as a file."""
        return posted

    @abstractmethod
    def take(self, posted: Posted) -> Reading:
        """Read the fields of an answer that is not a refusal."""

    @abstractmethod
    def posting(self, cells: Cells) -> Mapping[str, list[str]]:
        """The fields of an answer that is not a refusal."""

    @abstractmethod
    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:
        """Count answers that are no refusals."""

    @abstractmethod
    def columns(self) -> tuple[Column, ...]:
        """The columns of this question in an export."""

    @abstractmethod
    def values(self, cells: Cells) -> tuple[Exported, ...]:
        """The values of those columns for an answer that is not a refusal."""

    @classmethod
    def skeleton(cls) -> dict[str, Any]:
        """What a fresh question of this kind needs beside name, kind and text to be valid."""
        return {}

    def faults(self) -> Iterator[Flaw]:
        """What is wrong with the figures and lists of this question."""
        names = {each.name for key in self.lists for each in getattr(self, key)}
        if self.refusal and REFUSED in names:
            message = _("The name “{name}” is kept for the answer of that meaning.").format(name=REFUSED)
            yield message, _("Choose another name.")

    def operands(self) -> frozenset[str] | None:
        """The names a rule may compare this question with; None when it is compared with numbers."""
        return None

    def rule_rows(self) -> frozenset[str]:
        """The rows a rule must name one of; empty when the question has none."""
        return frozenset()

    def oldest(self, cells: Cells, today: date) -> int | None:  # noqa: ARG002 - most kinds say nothing of age
        """The greatest age in years that a person with this answer can have; None where it says nothing of age."""
        return None

    def told_wrong(self, cells: Cells, today: date) -> bool:  # noqa: ARG002 - most kinds say nothing of age
        """Say whether nobody alive can have answered so of their age: a slip of the fingers, no child (G13)."""
        return False
