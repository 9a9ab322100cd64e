"""Functions of values alone: numbers, texts and dates; nothing given is nothing gained."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor
from typing import Any

from core.language import gettext as _
from surveys.domain.expressions.fitting import as_date, as_number, fitted
from surveys.domain.expressions.joined_values import moved
from surveys.domain.expressions.sights import Value
from surveys.domain.expressions.slips import Slip
from surveys.domain.expressions.trees import Call
from surveys.domain.expressions.value_types import DATE, NUMBER, TEXT, TRUTH, Meaning, Sort, Type

MOST_DIGITS = 9
MONTHS = 12


def require_count(node: Call, given: Sequence[Meaning], least: int, most: int | None = None) -> None:
    """Refuse a call with too little or too much.

    Raises:
        Slip: naming how many it takes.
    """
    if least <= len(given) <= (most if most is not None else len(given)):
        return
    wanted = (
        str(least) if most == least else f"{least}–{most}" if most is not None else _("{n} or more").format(n=least)
    )
    message = _("“{name}” takes {wanted}, and is given {count}.")
    raise Slip(node.at, message.format(name=node.name, wanted=wanted, count=len(given)))


@dataclass(frozen=True)
class Plain:
    """A function of values; the last of `takes` may be left out as often as `spare` says."""

    takes: tuple[Sort, ...]
    gives: Type
    does: Callable[..., Value]
    spare: int = 0

    def meaning(self, node: Call, given: Sequence[Meaning]) -> Meaning:
        """What a call of it means; it is nothing where anything given is nothing or cannot be worked with.

        Raises:
            Slip: it is given something else.
        """
        require_count(node, given, len(self.takes) - self.spare, len(self.takes))
        takes = zip(given, self.takes, node.given, strict=False)
        runs = [fitted(each, sort, part.at) for each, sort, part in takes]
        does = self.does

        def run(sight: Any) -> Value:
            values = [each(sight) for each in runs]
            if None in values:
                return None
            try:
                return does(*values)
            except (ArithmeticError, ValueError):
                return None

        return Meaning(self.gives, run)


def rounded(number: float, digits: float = 0.0) -> float:
    """The nearest number of so many decimals; halves go away from zero."""
    scale = 10.0 ** max(0, min(int(digits), MOST_DIGITS))
    whole = floor(abs(number) * scale + 0.5 + 1e-9) / scale
    return whole if number >= 0 else -whole


def whole_months(early: date, late: date) -> float:
    """How many whole months lie between two days; less than zero where the second is the earlier."""
    if late < early:
        return -whole_months(late, early)
    months = (late.year - early.year) * MONTHS + late.month - early.month
    return float(months - (late.day < early.day))


def _years(early: date, late: date) -> float:
    months = whole_months(early, late)
    return float(floor(abs(months) / MONTHS)) * (1 if months >= 0 else -1)


NUMBERS = (Sort.NUMBER,)
TEXTS = (Sort.TEXT,)
DATES = (Sort.DATE,)
PLAIN: Mapping[str, Plain] = {
    "abs": Plain(NUMBERS, NUMBER, abs),
    "floor": Plain(NUMBERS, NUMBER, lambda number: float(floor(number))),
    "ceil": Plain(NUMBERS, NUMBER, lambda number: float(ceil(number))),
    "round": Plain((Sort.NUMBER, Sort.NUMBER), NUMBER, rounded, spare=1),
    "number": Plain(TEXTS, NUMBER, as_number),
    "length": Plain(TEXTS, NUMBER, lambda text: float(len(text))),
    "words": Plain(TEXTS, NUMBER, lambda text: float(len(text.split()))),
    "lower": Plain(TEXTS, TEXT, lambda text: text.lower()),
    "upper": Plain(TEXTS, TEXT, lambda text: text.upper()),
    "contains": Plain((Sort.TEXT, Sort.TEXT), TRUTH, lambda text, part: part.casefold() in text.casefold()),
    "starts": Plain((Sort.TEXT, Sort.TEXT), TRUTH, lambda text, part: text.casefold().startswith(part.casefold())),
    "ends": Plain((Sort.TEXT, Sort.TEXT), TRUTH, lambda text, part: text.casefold().endswith(part.casefold())),
    "date": Plain(TEXTS, DATE, as_date),
    "year": Plain(DATES, NUMBER, lambda day: float(day.year)),
    "month": Plain(DATES, NUMBER, lambda day: float(day.month)),
    "day": Plain(DATES, NUMBER, lambda day: float(day.day)),
    "weekday": Plain(DATES, NUMBER, lambda day: float(day.isoweekday())),
    "add_days": Plain((Sort.DATE, Sort.NUMBER), DATE, moved),
    "days": Plain((Sort.DATE, Sort.DATE), NUMBER, lambda early, late: float((late - early).days)),
    "months": Plain((Sort.DATE, Sort.DATE), NUMBER, whole_months),
    "years": Plain((Sort.DATE, Sort.DATE), NUMBER, _years),
}
