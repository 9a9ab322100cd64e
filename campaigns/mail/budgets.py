"""How much work one render may do, so that no template can stop the sender or fill the memory."""

from collections.abc import Sized
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from jinja2 import Undefined

from core.errors import BadInput

BUDGET = " budget"  # under this name in the context; the blank keeps it out of a template's reach
LARGEST_PART = 1_000_000  # characters of a rendered part, and of any value on the way to it
MOST_STEPS = 100_000  # turns of all loops together
_MOST_BITS = 256  # no mail needs longer numbers
MOST_MEMBERS = 10_000
MOST_WORK = 20_000_000  # characters that filters look at


@dataclass(slots=True)
class Budget:
    """What is left for one part of one mail."""

    characters: int = LARGEST_PART
    steps: int = MOST_STEPS
    work: int = MOST_WORK

    def write(self, characters: int) -> None:
        """Count what is written.

        Raises:
            BadInput: the part grows too large.
        """
        self.characters -= characters
        if self.characters < 0:
            raise BadInput(f"The mail grows beyond {LARGEST_PART:,} characters.")

    def turn(self, times: int, written_each: int) -> None:
        """Count the turns of a loop and the plain text they write.

        Raises:
            BadInput: too many turns.
        """
        self.steps -= times
        if self.steps < 0:
            raise BadInput(f"The loops of this template turn more than {MOST_STEPS:,} times.")
        self.write(times * written_each)

    def labour(self, value: Any) -> None:
        """Count a value that an operator or a filter takes or makes.

        Raises:
            BadInput: it is too large, or there was too much work already.
        """
        if isinstance(value, Undefined):
            return
        size = size_of(value)
        self.work -= size + 1
        if size > LARGEST_PART:
            raise BadInput(f"A value of this template has more than {LARGEST_PART:,} characters.")
        if self.work < 0:
            raise BadInput("This template does too much work for one mail.")


def size_of(value: Any) -> int:
    """Measure a value: the characters of a text, of the members of a list, of the values of a group.

    Raises:
        BadInput: a list with more members than any mail needs.
    """
    if isinstance(value, str):
        return len(value)
    if isinstance(value, (list, tuple)):
        if len(value) > MOST_MEMBERS:
            raise BadInput(f"A list of this template has more than {MOST_MEMBERS:,} members.")
        return sum(len(each) if isinstance(each, Sized) else 1 for each in value)
    return len(value) if isinstance(value, Sized) else 1


def text_of(value: Any) -> str:
    """Write a value as text; a list or a group is not written by mistake.

    Raises:
        BadInput: it is one.
    """
    if isinstance(value, (str, Undefined)):
        return value if isinstance(value, str) else str(value)
    if isinstance(value, (int, float, Decimal, date)):
        return str(value)
    raise BadInput("A list or a group of values cannot be written; use one of them, or “join”.")


def calculated(operator: str, left: Any, right: Any) -> Any:
    """Do `+`, `*`, `**` or `%` unless the result would be too large.

    Raises:
        BadInput: it would, or text is formatted by `%`.
    """
    if operator == "**" or (operator == "%" and isinstance(left, str)):
        raise BadInput(f"“{operator}” is not for mails; use ~ to join texts, or the filters.")
    if operator == "%":
        return left % right
    sizes = size_of(left), size_of(right)
    if operator == "+":
        if sum(sizes) > LARGEST_PART:
            raise BadInput("A text of this template grows too long.")
        return left + right
    times = next((value for value in (left, right) if isinstance(value, int)), 1)
    sized = next((size_of(value) for value in (left, right) if isinstance(value, Sized)), 0)
    bits = sum(value.bit_length() for value in (left, right) if isinstance(value, int))
    if sized * times > LARGEST_PART or bits > _MOST_BITS:
        raise BadInput("A value of this template grows too large.")
    return left * right
