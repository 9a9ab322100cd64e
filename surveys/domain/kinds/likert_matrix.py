"""Several statements judged on one scale: a Likert matrix."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from core.language import noted
from surveys.domain.cells import Cell, Cells, Choice, Fault, Posted, Reading, values_of
from surveys.domain.choice_lists import list_faults, one_row, two_points
from surveys.domain.questions import Column, Exported, Flaw, KindGroup, Measure, Question
from surveys.domain.show_rules import Op
from surveys.domain.tallies import Frequency, RowTally, Tally, numbered, shares_of

NOT_APPLICABLE = "na"


@dataclass(frozen=True, kw_only=True)
class LikertMatrix(Question):
    """Each of `rows` is judged on `scale`, whose points count 1, 2, 3 …; `not_applicable` counts in no mean."""

    kind: ClassVar[str] = "matrix"
    title: ClassVar[str] = "Matrix: rows on a scale"
    group: ClassVar[KindGroup] = KindGroup.MATRIX
    lists: ClassVar[tuple[str, ...]] = ("rows",)
    chart: ClassVar[str] = "stacked"
    ops: ClassVar[frozenset[Op]] = frozenset({Op.IS, Op.IS_NOT, Op.ANSWERED})

    rows: tuple[Choice, ...]
    scale: tuple[Choice, ...]
    not_applicable: str = ""

    @classmethod
    def skeleton(cls) -> dict[str, Any]:
        """A row and two points to be worded."""
        return {"rows": one_row(), "scale": two_points()}

    def faults(self) -> Iterator[Flaw]:
        """Lists that cannot be offered."""
        yield from super().faults()
        yield from list_faults("rows", self.rows)
        yield from list_faults("scale", self.scale, [NOT_APPLICABLE] if self.not_applicable else [])

    @property
    def offered(self) -> tuple[Choice, ...]:
        """The points of the scale, then “not applicable”."""
        return (*self.scale, Choice(NOT_APPLICABLE, self.not_applicable)) if self.not_applicable else self.scale

    def operands(self) -> frozenset[str]:
        """The names of the points."""
        return frozenset(point.name for point in self.offered)

    def rule_rows(self) -> frozenset[str]:
        """The names of the rows."""
        return frozenset(row.name for row in self.rows)

    def field(self, row: Choice) -> str:
        """The name of a row's form field."""
        return f"{self.name}-{row.name}"

    def take(self, posted: Posted) -> Reading:
        """Take one point a row; a required matrix needs every row."""
        cells: list[Cell] = []
        faults: list[Fault] = []
        for row in self.rows:
            cell, fault = self._row(row, values_of(posted, self.field(row)))
            cells += [cell] if cell else []
            faults += [fault] if fault else []
        return Reading(faults=tuple(faults)) if faults else Reading(tuple(cells))

    def _row(self, row: Choice, chosen: list[str]) -> tuple[Cell | None, Fault | None]:
        if not chosen:
            text = noted("Please choose an answer for “{row}”.")
            return None, Fault(self.field(row), text, {"row": row.label}) if self.required else None
        if len(chosen) > 1 or chosen[0] not in self.operands():
            return None, Fault(self.field(row), "Please choose one of the answers shown.")
        return Cell(row.name, chosen[0], self._points().get(chosen[0])), None

    def _points(self) -> dict[str, float]:
        return {point.name: float(place) for place, point in enumerate(self.scale, 1)}

    def posting(self, cells: Cells) -> Mapping[str, list[str]]:
        """One field a row."""
        return {f"{self.name}-{cell.row}": [cell.value] for cell in cells}

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:
        """A tally for each row, on the number of responses that judged it."""
        return Tally(base, rows=tuple(self._row_tally(row, frequencies) for row in self.rows))

    def _row_tally(self, row: Choice, frequencies: Sequence[Frequency]) -> RowTally:
        own = [each for each in frequencies if each.row == row.name]
        base = sum(each.count for each in own)
        return RowTally(row.name, row.label, numbered(base, shares_of(self.offered, own, base), own))

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
