"""Several statements judged on one scale: a Likert matrix."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from surveys.domain.cells import Cell, Cells, Choice, Fault
from surveys.domain.choice_lists import list_faults, one_row, two_points
from surveys.domain.kinds.matrix_of_choices import MatrixOfChoices
from surveys.domain.questions import Column, Exported, Flaw, Measure
from surveys.domain.show_rules import Op
from surveys.domain.tallies import Frequency, Tally, numbered, shares_of

NOT_APPLICABLE = "na"


@dataclass(frozen=True, kw_only=True)
class LikertMatrix(MatrixOfChoices):
    """Each of `rows` is judged on `scale`, whose points count 1, 2, 3 …; `not_applicable` counts in no mean."""

    kind: ClassVar[str] = "matrix"
    title: ClassVar[str] = "Matrix: rows on a scale"
    chart: ClassVar[str] = "stacked"
    ops: ClassVar[frozenset[Op]] = frozenset({Op.IS, Op.IS_NOT, Op.ANSWERED})

    scale: tuple[Choice, ...]
    not_applicable: str = ""

    @classmethod
    def skeleton(cls) -> dict[str, Any]:
        """A row and two points to be worded."""
        return {"rows": one_row(), "scale": two_points()}

    def faults(self) -> Iterator[Flaw]:
        """Lists that cannot be offered."""
        yield from super().faults()
        yield from list_faults("scale", self.scale, [NOT_APPLICABLE] if self.not_applicable else [])

    @property
    def offered(self) -> tuple[Choice, ...]:
        """The points of the scale, then “not applicable”."""
        return (*self.scale, Choice(NOT_APPLICABLE, self.not_applicable)) if self.not_applicable else self.scale

    def unfit(self, row: Choice, chosen: list[str]) -> Fault | None:
        """More than one point, or one that is not there."""
        if len(chosen) > 1 or chosen[0] not in self.operands():
            return Fault(self.field(row), "Please choose one of the answers shown.")
        return None

    def taken(self, row: Choice, chosen: list[str]) -> Sequence[Cell]:
        """The point, with the number it counts."""
        return [Cell(row.name, name, self._points().get(name)) for name in chosen]

    def _points(self) -> dict[str, float]:
        return {point.name: float(place) for place, point in enumerate(self.scale, 1)}

    def posting(self, cells: Cells) -> Mapping[str, list[str]]:
        """One field a row."""
        return {f"{self.name}-{cell.row}": [cell.value] for cell in cells}

    def counted(self, own: Sequence[Frequency], base: float) -> Tally:  # noqa: ARG002 - of those who judged this row
        """Shares and figures, on the number of responses that judged the row."""
        judged = sum(each.count for each in own)
        return numbered(judged, shares_of(self.offered, own, judged), own)

    def columns(self) -> tuple[Column, ...]:
        """One column a row."""
        labels = tuple((point.name, point.label) for point in self.offered)
        return tuple(
            Column(f"{self.name}_{row.name}", f"{self.text} – {row.label}", Measure.ORDINAL, labels)
            for row in self.rows
        )

    def values(self, cells: Cells) -> tuple[Exported, ...]:
        """The name of the point chosen in each row."""
        judged = {cell.row: cell.value for cell in cells}
        return tuple(judged.get(row.name, "") for row in self.rows)
