"""What an answer is made of, and what is said when it cannot be one; for every kind of question and for storage."""

import dataclasses
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.cards import mask_card_numbers
from core.language import gettext

if TYPE_CHECKING:
    from surveys.domain.show_rules import Condition

OTHER = "other"
NONE = "none"
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Cell:
    """One stored fact of an answer: a choice taken, a number given, a row judged, or words written.

    An answer is a tuple of cells; (row, value) is unique within it.
    """

    row: str = ""
    value: str = ""
    number: float | None = None
    text: str | None = None


Cells = tuple[Cell, ...]
Answers = Mapping[str, Cells]
Posted = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen, or a row; `name` is stable and stored, `label` is read.

    A `fixed` one keeps its place when the others are shuffled, an `exclusive` one goes with no other; `image` is the
    picture beside or instead of the label, and `score` what the choice counts where figures are made of choices.
    """

    name: str
    label: str
    show_if: "Condition | None" = None
    fixed: bool = False
    image: str = ""
    exclusive: bool = False
    score: float | None = None


@dataclass(frozen=True)
class Fault:
    """Why a field of the form cannot be taken; `text` is a gettext message with `values` to fill in."""

    field: str
    text: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def said(self, language: str = "en") -> str:
        """The sentence the person reads."""
        return gettext(self.text, language).format(**self.values)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question made of the posted fields: cells that may be stored, or faults."""

    cells: Cells = ()
    faults: tuple[Fault, ...] = ()


def is_refused(cells: Cells) -> bool:
    """Say whether the person answered that they would rather not say."""
    return len(cells) == 1 and cells[0].value == REFUSED and not cells[0].row


def values_of(posted: Posted, key: str) -> list[str]:
    """The values posted for a field, without empty ones and repetitions."""
    return list(dict.fromkeys(value.strip() for value in posted.get(key, ()) if value.strip()))


def words_of(posted: Posted, key: str, *, lines: bool = False) -> str:
    """The words posted for a text field: tidied, on one line unless `lines`, then card numbers masked (P8)."""
    words = tidied(posted[key][0]) if posted.get(key) else ""
    return mask_card_numbers(words if lines else " ".join(words.split()))


def tidied(text: str) -> str:
    """Text without control characters, halves of characters and outer space; one newline is one line feed."""
    if text.isprintable():  # most words are, and letter by letter takes its time
        return text.strip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in lines if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"})
    return kept.strip()
