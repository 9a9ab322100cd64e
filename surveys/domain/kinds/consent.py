"""A statement that the person agrees to by a tick of their own; nothing is ticked for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from core.language import gettext as _
from surveys.domain.cells import Cell, Cells, Choice, Fault, Posted, Reading, values_of
from surveys.domain.kinds.single_choice import OneOf
from surveys.domain.questions import KindGroup

AGREED = "agreed"


@dataclass(frozen=True, kw_only=True)
class Consent(OneOf):
    """`text` is what is agreed to, `label` what stands beside the box; a required one ends at who does not agree."""

    kind: ClassVar[str] = "consent"
    title: ClassVar[str] = "Consent, one box"
    group: ClassVar[KindGroup] = KindGroup.OTHER
    labels: ClassVar[Mapping[str, str]] = {"label": "Words beside the box"}

    label: str

    @classmethod
    def skeleton(cls) -> dict[str, Any]:
        """The usual words."""
        return {"label": _("I agree")}

    @property
    def offered(self) -> tuple[Choice, ...]:
        """The one answer there is."""
        return (Choice(AGREED, self.label),)

    def take(self, posted: Posted) -> Reading:
        """Take the tick."""
        given = values_of(posted, self.name)
        if given == [AGREED]:
            return Reading((Cell(value=AGREED),))
        if given:
            return self._faulty("Please choose one of the answers shown.")
        fault = Fault(self.name, "Please tick the box to go on, or leave the survey here.")
        return Reading(faults=(fault,) if self.required else ())

    def posting(self, cells: Cells) -> Mapping[str, list[str]]:
        """The tick."""
        return {self.name: [AGREED]} if cells else {}
