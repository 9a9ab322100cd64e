"""What the people of a sheet answered to one question: choices, numbers or words; for surveys asked elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.kinds.number_entry import number_in
from surveys.domain.outside.answer_patterns import Pattern, read_net
from surveys.domain.outside.foreign_sheets import AnswerSheet

MOST_CHOICES = 60
"""With more different answers than these a column holds words of people's own."""
_NOT_TICKED = frozenset({"", "0", "no", "false", "unchecked", "not selected"})
HIGHEST_NPS = 10


class Taken(StrEnum):
    """How a column is taken."""

    CHOICES = "choices"
    NUMBERS = "numbers"
    NPS = "nps"
    WORDS = "words"


@dataclass(frozen=True)
class Answered:
    """A question: for each row what was chosen (nothing: not answered), and the number where it is one.

    `several` says that more than one could be chosen.
    """

    title: str
    taken: Taken
    given: tuple[tuple[str, ...], ...]
    numbers: tuple[float | None, ...] = ()
    several: bool = False

    @property
    def choices(self) -> list[str]:
        """The different answers, numbers in their order, others as the alphabet has them."""
        found = {answer for answers in self.given for answer in answers}
        return sorted(found, key=_order)

    def taking(self, choice: str) -> list[bool]:
        """For each row whether this was chosen."""
        return [choice in given for given in self.given]

    def matching(self, pattern: Pattern) -> list[bool]:
        """For each row whether anything was chosen that the pattern means."""
        return [any(map(pattern.matches, given)) for given in self.given]


def _order(answer: str) -> tuple[bool, float, str]:
    number = number_in(answer)
    return number is None, float(number or 0), answer.casefold()


def answered(sheet: AnswerSheet, asked: str, taken: Taken | None = None, *, separator: str = "") -> Answered:
    """A column's answers, taken as asked or as it looks: numbers of more than two kinds, few different words, words.

    With a `separator` a cell holds several answers.

    Raises:
        BadInput: no such column, or a cell that is no number where numbers are asked for.
    """
    place = sheet.place(asked)
    title, cells = sheet.columns[place], sheet.column(f"#{place + 1}")
    if separator:
        split = tuple(tuple(dict.fromkeys(filter(None, map(str.strip, cell.split(separator))))) for cell in cells)
        return Answered(title, Taken.CHOICES, split, several=True)
    how = taken or _looks(cells)
    given = tuple((cell,) if cell else () for cell in cells)
    if how in {Taken.CHOICES, Taken.WORDS}:
        return Answered(title, how, given)
    return Answered(title, how, given, tuple(_numbers(sheet, place, how)))


def ticked(sheet: AnswerSheet, written: str) -> Answered:
    """One question of several columns that are ticked or not: ``NAME=COLUMN|COLUMN`` or ``NAME=Begins so*``.

    Who ticked none is in the base as soon as any of the columns holds anything in their row.

    Raises:
        BadInput: no such column.
    """
    net = read_net(written)
    places = [place for place, title in enumerate(sheet.columns) if net.pattern.matches(title)]
    if not places:
        raise BadInput(_("No column is meant by “{written}”.").format(written=written), field="tick")
    given = []
    for row in sheet.rows:
        names = tuple(sheet.columns[place] for place in places if row[place].casefold() not in _NOT_TICKED)
        given.append(names or ((NONE_TICKED,) if any(row[place] for place in places) else ()))
    return Answered(net.name, Taken.CHOICES, tuple(given), several=True)


NONE_TICKED = "–"
"""Stands for having ticked nothing, so that the person counts."""


def _looks(cells: Sequence[str]) -> Taken:
    different = {cell for cell in cells if cell}
    if len(different) > 2 and all(number_in(cell) is not None for cell in different):  # noqa: PLR2004 - yes and no
        return Taken.NUMBERS
    return Taken.CHOICES if len(different) <= MOST_CHOICES else Taken.WORDS


def _numbers(sheet: AnswerSheet, place: int, how: Taken) -> list[float | None]:
    found: list[float | None] = []
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        number = number_in(row[place]) if row[place] else None
        wrong = number is None and bool(row[place])
        if wrong or (how is Taken.NPS and number is not None and number not in range(HIGHEST_NPS + 1)):
            said = _("This is no whole number from 0 to 10.") if how is Taken.NPS else _("This is no number.")
            raise BadInput(said, line=line, field=sheet.columns[place])
        found.append(None if number is None else float(number))
    return found
