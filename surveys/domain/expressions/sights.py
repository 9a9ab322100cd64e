"""What an expression can see: the answers so far, the person, the day, and chances that were drawn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from surveys.domain.cells import Cells

Value = str | float | bool | date | frozenset[str] | frozenset[float] | None
"""None is nothing: what has not been answered, or cannot be worked out."""


@dataclass(slots=True, eq=False)
class Sight:
    """One look at one person's answers; `computed` has for each computed value what must be worked out, in order."""

    answers: Mapping[str, Cells] = field(default_factory=dict)
    contact: Mapping[str, str | float] = field(default_factory=dict)
    today: date | None = None
    arm: str = ""
    language: str = ""
    computed: Mapping[str, tuple[tuple[str, "Run"], ...]] = field(default_factory=dict)
    worked_out: dict[str, Value] = field(default_factory=dict)

    def work_out(self, name: str) -> Value:
        """A computed value; those that it needs come first, so that nothing piles up."""
        for each, run in self.computed.get(name, ()):
            if each not in self.worked_out:
                self.worked_out[each] = run(self)
        return self.worked_out.get(name)


Run = Callable[[Sight], Value]
