"""What is wrong with a definition of a survey, where, and what to do; for readers, checks and editors."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import BadInput


@dataclass(frozen=True, slots=True)
class DefinitionFault:
    """What is wrong with a definition, where, and what to do."""

    place: str
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (f"{self.place}: {self.message}", self.remedy) if part)


class BadDefinition(BadInput):
    """A definition that cannot be a survey; `faults` has everything that was found."""

    def __init__(self, faults: Sequence[DefinitionFault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)
