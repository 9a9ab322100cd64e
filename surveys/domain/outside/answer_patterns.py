"""Conditions on rows and groups of answers, as they are written on the command line; for surveys asked elsewhere."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import ge, gt, le, lt

from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.kinds.number_entry import number_in
from surveys.domain.outside.foreign_sheets import AnswerSheet, Row

_CONDITION = re.compile(r"(.+?)\s*(!=|<=|>=|=|<|>)\s*(.*)", re.DOTALL)
_ORDER = {"<": lt, "<=": le, ">": gt, ">=": ge}


@dataclass(frozen=True, slots=True)
class Pattern:
    """Any of several answers; one that ends in * stands for all that begin so. Case does not matter."""

    answers: tuple[str, ...]

    def matches(self, answer: str) -> bool:
        """Say whether an answer is meant."""
        given = answer.casefold()
        return any(
            given.startswith(each[:-1]) if each.endswith("*") and len(each) > 1 else given == each
            for each in self.answers
        )


@dataclass(frozen=True, slots=True)
class Net:
    """Several answers counted as one, such as the two that agree."""

    name: str
    pattern: Pattern


def read_pattern(written: str) -> Pattern:
    """Answers parted by upright lines: ``Yes, somewhat rude|Yes, very rude`` or ``Yes*``."""
    return Pattern(tuple(part.strip().casefold() for part in written.split("|")))


def read_net(written: str) -> Net:
    """A name and its answers: ``Rude=Yes*``.

    Raises:
        BadInput: it has no name or no answer.
    """
    name, equals, answers = written.partition("=")
    if not (name.strip() and equals and answers.strip()):
        raise BadInput(
            _("“{written}” names no answers.").format(written=written), remedy=_("Write NAME=ANSWER|ANSWER.")
        )
    return Net(name.strip(), read_pattern(answers))


def read_condition(written: str, sheet: AnswerSheet) -> Callable[[Row], bool]:
    """A condition on a row: ``Gender=Female``, ``Age>=18``, ``City!=``; with = and != several answers may be given.

    Raises:
        BadInput: it cannot be read, or its column is not there.
    """
    found = _CONDITION.fullmatch(written)
    if not found:
        raise BadInput(_("“{written}” is no condition.").format(written=written), remedy=_("Write COLUMN=ANSWER."))
    column, sign, operand = found[1], found[2], found[3]
    place = sheet.place(column)
    if sign in _ORDER:
        return _compared(place, sign, operand)
    pattern = read_pattern(operand)
    return lambda row: pattern.matches(row[place]) == (sign == "=")


def _compared(place: int, sign: str, operand: str) -> Callable[[Row], bool]:
    limit = number_in(operand)
    if limit is None:
        raise BadInput(_("“{operand}” is no number to compare with.").format(operand=operand))

    def keep(row: Row) -> bool:
        number = number_in(row[place])
        return number is not None and _ORDER[sign](number, limit)

    return keep


def filtered(sheet: AnswerSheet, conditions: Sequence[str]) -> AnswerSheet:
    """The rows for which all conditions hold.

    Raises:
        BadInput: a condition cannot be read, or no row is left.
    """
    for written in conditions:
        sheet = sheet.kept(read_condition(written, sheet))
    if not sheet.rows:
        raise BadInput(_("No row meets all conditions."), field="where", remedy=_("Leave a condition out."))
    return sheet
