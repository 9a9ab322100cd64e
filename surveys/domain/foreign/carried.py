"""What was carried from another program's survey: a table of ours, names that were kept apart, and notes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from surveys.domain.choice_names import free_name, name_from

LONGEST_STEM = 36


@dataclass(frozen=True, slots=True)
class Note:
    """What could not be carried, or was carried otherwise, and where it stands in the file."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


@dataclass(frozen=True)
class Carried:
    """A survey as a table that `survey_of` reads, what it was written for, and all notes in the file's order."""

    table: Mapping[str, Any]
    program: str
    notes: tuple[Note, ...] = ()


@dataclass
class Report:
    """The notes while a file is read."""

    notes: list[Note] = field(default_factory=list)

    def note(self, place: str, message: str) -> None:
        """Note what could not be carried; the same thing at the same place once."""
        found = Note(place, message)
        if found not in self.notes:
            self.notes.append(found)


class Names:
    """Our names for another program's: valid, each its own, and the same whenever the file is read again."""

    def __init__(self, reserved: tuple[str, ...] = ()) -> None:
        self._ours: dict[str, str] = {}
        self._taken: set[str] = set(reserved)

    def of(self, theirs: str, *, fallback: str = "question") -> str:
        """Our name for theirs; made when it is asked for the first time."""
        if theirs not in self._ours:
            made = name_from(theirs)[:LONGEST_STEM].strip("_") or fallback
            made = made if made[0].isalpha() else f"{fallback[0]}_{made}"[:LONGEST_STEM]
            self._ours[theirs] = free_name(made, self._taken)
            self._taken.add(self._ours[theirs])
        return self._ours[theirs]

    def known(self, theirs: str) -> str | None:
        """Our name for theirs, if it was given one."""
        return self._ours.get(theirs)


class ChoiceNames(Names):
    """The same for choices and rows, whose names may begin with a digit."""

    def of(self, theirs: str, *, fallback: str = "choice") -> str:
        """Our name for theirs; made when it is asked for the first time."""
        if theirs not in self._ours:
            made = name_from(theirs)[:LONGEST_STEM].strip("_") or fallback
            self._ours[theirs] = free_name(made, self._taken)
            self._taken.add(self._ours[theirs])
        return self._ours[theirs]
