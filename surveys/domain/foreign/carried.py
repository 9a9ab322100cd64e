"""What was carried from another program's survey: a table of ours, names that were kept apart, and notes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.cards import mask_card_numbers
from surveys.domain.choice_names import free_name, name_from

LONGEST_STEM = 36


@dataclass(frozen=True, slots=True)
class Note:
    """What could not be carried, or was carried otherwise, and where it stands in the file."""

    place: str
    message: str
    wrong: bool = False
    """Whether the file is at fault, by its own program's rules."""

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


@dataclass(frozen=True)
class Carried:
    """A survey as a table that `survey_of` reads, what it was written for, and all notes."""

    table: Mapping[str, Any]
    program: str
    notes: tuple[Note, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether the other program would take the file as well, as far as its rules are looked at here."""
        return not any(note.wrong for note in self.notes)


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

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        self._taken: set[str] = set(reserved)

    def of(self, theirs: str, *, fallback: str = "question") -> str:
        """A name of ours that nothing else has yet."""
        made = _stem(theirs, fallback)
        return self.free(made if made[0].isalpha() else f"{fallback[0]}_{made}"[:LONGEST_STEM])

    def free(self, stem: str) -> str:
        """That name, or with the first number that makes it free."""
        name = free_name(stem, self._taken)
        self._taken.add(name)
        return name


class ChoiceNames(Names):
    """The same for choices and rows, whose names may begin with a digit."""

    def of(self, theirs: str, *, fallback: str = "choice") -> str:
        """A name of ours that no other choice has yet."""
        return self.free(_stem(theirs, fallback))


def _stem(theirs: str, fallback: str) -> str:
    """Words as a name; words in letters that names cannot have, and card numbers (P8), leave only the fallback."""
    plain = name_from(f"x{theirs}")[1:].strip("_")[:LONGEST_STEM].strip("_")
    return plain if plain and mask_card_numbers(plain) == plain else fallback
