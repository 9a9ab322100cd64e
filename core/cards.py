"""Finds payment card numbers in any text and masks them, for every place where text is about to be stored (P8)."""

import re
from collections.abc import Iterator
from itertools import pairwise

# What people put between the groups of a card number: blanks of every kind (line breaks and no-break spaces
# among them), dashes, dots, underscores and the invisible characters that come with copied text.
_BETWEEN = "\\s\u00ad\u200b-\u200d\u2060\ufeff._·\\-\u2010-\u2015\u2212\uff0d"
_RUN = re.compile(rf"\d(?:[{_BETWEEN}]{{0,4}}\d){{12,}}")
_GROUP = re.compile(r"\d+")
_SHORTEST, _LONGEST, _KEPT = 13, 19, 4
_SMALLEST_GROUP = 3

# The number ranges that card schemes issue, with the lengths they use. Without them one in ten order numbers,
# of whatever kind, would be taken for a card.
_ISSUED = re.compile(
    r"""
    4(?:\d{12}|\d{15}|\d{18})                                                # Visa
    | (?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}      # Mastercard
    | 3[47]\d{13}                                                            # American Express
    | 3(?:0[0-5]|09|[689]\d)\d{11,16}                                        # Diners Club
    | 35(?:2[89]|[3-8]\d)\d{12,15}                                           # JCB
    | 6(?:011|4[4-9]\d|5\d\d)\d{12,15}                                       # Discover, RuPay, Elo
    | (?:62|8[12])\d{14,17}                                                  # UnionPay, RuPay
    | (?:5[06-8]|6\d)\d{11,17}                                               # Maestro and national debit schemes
    | (?:220[0-4]|9792|8600|9860)\d{12,15}                                   # Mir, Troy, Uzcard, Humo
    """,
    re.VERBOSE,
)
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def mask_card_numbers(text: str) -> str:
    """Replace every digit but the last four of each card number in the text by ``*``.

    A card number has 13 to 19 digits, a prefix that a card scheme issues and a right check digit (ISO/IEC 7812);
    its groups may be parted by blanks, dashes, dots or line breaks, its digits may come from any script.
    Everything else stays as it was, and masking twice changes nothing more.
    """
    if len(text) < _SHORTEST or not _RUN.search(text):
        return text
    hidden = {at for run in _RUN.finditer(text) for at in _hidden(text, run.start(), run.end())}
    return "".join("*" if at in hidden else letter for at, letter in enumerate(text)) if hidden else text


def _hidden(text: str, start: int, end: int) -> Iterator[int]:
    """Give the position of each digit that must not be seen in one run of digits."""
    groups = [match.span() for match in _GROUP.finditer(text, start, end)]
    for first, last in _spans(text, groups):
        places = [at for left, right in groups[first : last + 1] for at in range(left, right)]
        if _is_card("".join(str(int(text[at])) for at in places)):
            yield from places[:-_KEPT]


def _spans(text: str, groups: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Give each sequence of whole groups that has the length and the look of one number."""
    sizes = [right - left for left, right in groups]
    whole = (0, len(groups) - 1)
    for first in range(len(groups)):
        total = 0
        for last in range(first, len(groups)):
            total += sizes[last]
            if total > _LONGEST:
                break
            if total < _SHORTEST or _is_fraction(text, groups[first], alone=first == last):
                continue
            if min(sizes[first:last], default=_LONGEST) >= _SMALLEST_GROUP or (
                (first, last) == whole and _is_spelled(text, groups)
            ):
                yield first, last


def _is_spelled(text: str, groups: list[tuple[int, int]]) -> bool:
    """Is the run one number in equal small steps, as in ``41 11 11 …``, rather than a list of figures?"""
    sizes = {right - left for left, right in groups[:-1]}
    parts = {text[left[1] : right[0]] for left, right in pairwise(groups)}
    return len(sizes) == 1 and len(parts) == 1


def _is_fraction(text: str, group: tuple[int, int], *, alone: bool) -> bool:
    """Is this single group the decimals of a figure such as ``0.4111…``?"""
    start = group[0]
    return alone and text[max(start - 2, 0) : start] == "0." and not text[max(start - 3, 0) : start - 2].isdecimal()


def _is_card(digits: str) -> bool:
    return bool(_ISSUED.fullmatch(digits)) and _luhn(digits)


def _luhn(digits: str) -> bool:
    figures = [int(digit) for digit in reversed(digits)]
    return (sum(figures[::2]) + sum(_DOUBLED[figure] for figure in figures[1::2])) % 10 == 0
