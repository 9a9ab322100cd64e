"""A number set by moving a handle; since a handle always stands somewhere, a tick says that it was meant."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from core.language import gettext as _
from core.language import noted
from surveys.domain.cells import Cells, Fault, Posted, Reading
from surveys.domain.kinds.number_entry import NumberEntry
from surveys.domain.questions import Flaw, KindGroup
from surveys.domain.tallies import plain


@dataclass(frozen=True, kw_only=True)
class Slider(NumberEntry):
    """A number from `least` to `most`; `low` and `high` say in words what the ends mean."""

    kind: ClassVar[str] = "slider"
    title: ClassVar[str] = "Slider"
    group: ClassVar[KindGroup] = KindGroup.RATING
    single_input: ClassVar[bool] = False

    least: float | None = 0.0
    most: float | None = 100.0
    step: float | None = 1.0
    low: str = ""
    high: str = ""

    @property
    def middle(self) -> str:
        """Where the handle stands before it is moved."""
        least, most, step = self.least or 0.0, self.most or 0.0, self.step or 1.0
        return plain(round(least + step * ((most - least) / 2 // step), 9))

    def faults(self) -> Iterator[Flaw]:
        """A handle that cannot be moved."""
        yield from super().faults()
        if self.least is None or self.most is None or self.least == self.most:
            yield _("A slider needs “least” and “most”."), _("Write least = 0 and most = 100.")

    def take(self, posted: Posted) -> Reading:
        """Take the number where the tick says that it was meant."""
        if "1" in posted.get(f"{self.name}-set", ()):
            return super().take(posted)
        text = noted("Please move the handle, and tick that this is your answer.")
        return Reading(faults=(Fault(f"{self.name}-set", text),) if self.required else ())

    def posting(self, cells: Cells) -> Mapping[str, list[str]]:
        """The number, and the tick."""
        return {**super().posting(cells), f"{self.name}-set": ["1"]} if cells else {}
