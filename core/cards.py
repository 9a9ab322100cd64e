"""Finds payment card numbers in any text and masks them, for every place where text is about to be stored (P8)."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

# What people put between the groups of a card number: blanks of every kind (line breaks and no-break spaces
# among them), dashes, dots, underscores and the invisible characters that come with copied text.
_BETWEEN = (
    "\\s\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "._·\u2022\u30fb\\-\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d\uff0e\uff3f"
)
# Other things between groups count only where the groups are those of a card: lists of figures have them too.
_OTHER = r"(?:\s{0,2}[/\\*,+|~\uff0f\uff0a\uff0c]{1,3}\s{0,2}|(?:&nbsp;|\s?<br ?/?>\s?|\s?\n[>|] ?){1,2})"
_LAID_OUT = re.compile(
    rf"(?<!\d)\d{{4}}(?=(?P<rest>(?P<s>{_OTHER})"
    r"(?:\d{4}(?P=s)\d{4}(?P=s)\d{4}(?:(?P=s)\d{3})?|\d{6}(?P=s)\d{4,5}))(?!\d))"
)
_ENOUGH = re.compile(r"\D*+(?:\d\D*+){13}")
_RUN = re.compile(rf"\d(?:[{_BETWEEN}]{{0,4}}\d){{12,}}")
_GROUP = re.compile(r"\d+")
_SHORTEST, _LONGEST, _KEPT = 13, 19, 4
_LONGEST_PHONE = 14
_FAR, _NEAR = 254, 44
_LOCAL_GOES_ON = re.compile(r"[A-Za-z0-9._%+-]{0,64}(?:[@\uff20\ufe6b]|%40)\w")
_DOMAIN_BEGAN = re.compile(r"[\w.-]*[@\uff20\ufe6b]\w")
"""To be found backwards."""
_PLUS = re.compile(r"(?<!\w)[+\uff0b]\Z")
_UUID = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Za-z])")
_IBAN = re.compile(r"(?<![0-9A-Za-z])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![0-9A-Za-z])")
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


def mask_card_numbers(text: str, *, sparing_addresses: bool = True) -> str:
    """Replace every digit but the last four of each card number in the text by ``*``.

    A card number has 13 to 19 digits, a prefix that a card scheme issues and a right check digit (ISO/IEC 7812);
    its groups may be parted by blanks, dashes, dots or line breaks, and where they are those of a card also by
    slashes, stars or commas; its digits may come from any script. Everything else stays as it was, and masking
    twice changes nothing more.

    A number that is part of an address, as in ``4111111111111111@example.org``, stays: masked it would be another
    person's address, and whoever typed it to leave would not be heard. Nobody becomes a contact under such an
    address (`is_like_a_card` tells those who collect addresses); for an opt-out only its key is kept. Where a text is
    kept and no address is read from it any more, `sparing_addresses` is false. Whole phone numbers with a +, IBANs
    with a right check number and UUIDs stay as well.
    """
    if len(text) < _SHORTEST or not _ENOUGH.match(text):
        return text
    hidden = {at for run in _RUN.finditer(text) for at in _hidden(text, run.start(), run.end(), sparing_addresses)}
    for found in _LAID_OUT.finditer(text):
        groups = [match.span() for match in _GROUP.finditer(text, found.start(), found.end("rest"))]
        hidden |= set(_masked(text, groups, sparing_addresses))
    return "".join("*" if at in hidden else letter for at, letter in enumerate(text)) if hidden else text


def screened(value: Any) -> Any:
    """The same value with the card numbers masked in all texts within it, however deep; keys of mappings too."""
    if isinstance(value, str):
        return mask_card_numbers(value)
    if isinstance(value, Mapping):
        return {screened(key): screened(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return type(value)(screened(each) for each in value)
    return value


def is_like_a_card(address: str) -> bool:
    """Whether an address has a card number before or behind its @, so that it must not be kept (P8)."""
    return mask_card_numbers(address, sparing_addresses=False) != address


def _hidden(text: str, start: int, end: int, sparing: bool) -> Iterator[int]:  # noqa: FBT001 - within this module
    """Give the position of each digit that must not be seen in one run of digits."""
    groups = [match.span() for match in _GROUP.finditer(text, start, end)]
    for first, last in _spans(text, groups):
        yield from _masked(text, groups[first : last + 1], sparing)


def _masked(text: str, groups: list[tuple[int, int]], sparing: bool) -> list[int]:  # noqa: FBT001 - within this module
    """The positions to mask if these groups are a card number and nothing else."""
    places = [at for left, right in groups for at in range(left, right)]
    if not _is_card("".join(str(int(text[at])) for at in places)):
        return []
    start, end = groups[0][0], groups[-1][1]
    if (sparing and _is_in_an_address(text, start, end)) or _is_another_thing(text, start, end, len(places)):
        return []
    return places[:-_KEPT]


def _is_in_an_address(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - _FAR) : start], text[end : end + _FAR]
    parted = re.search(r"\s", text[start:end])
    return not parted and bool(_LOCAL_GOES_ON.match(after) or _DOMAIN_BEGAN.match(before[::-1]))


def _is_another_thing(text: str, start: int, end: int, digits: int) -> bool:
    """Is this a whole phone number with its +, or part of an IBAN or a UUID?"""
    if digits <= _LONGEST_PHONE and _PLUS.search(text[max(0, start - 2) : start]):
        return True
    here, wide = min(start, _NEAR), text[max(0, start - _NEAR) : end + _NEAR]
    return any(
        found.start() <= here and here + end - start <= found.end() and (kind is _UUID or _is_iban(found[0]))
        for kind in (_UUID, _IBAN)
        for found in kind.finditer(wide)
    )


def _is_iban(written: str) -> bool:
    """ISO 13616: the country and check digits moved behind, letters as numbers, 1 modulo 97."""
    bare = written.replace(" ", "")
    return int("".join(str(int(letter, 36)) for letter in bare[4:] + bare[:4])) % 97 == 1


def _spans(text: str, groups: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Give each sequence of whole groups that has the length and the look of one number."""
    sizes = [right - left for left, right in groups]
    whole = (0, len(groups) - 1)
    for first in range(len(groups)):
        total, smallest = 0, _LONGEST
        for last in range(first, len(groups)):
            small = smallest < _SMALLEST_GROUP
            total += sizes[last]
            if total > _LONGEST or (small and first):
                break
            smallest = min(smallest, sizes[last])
            if total < _SHORTEST or _is_fraction(text, groups[first], alone=first == last):
                continue
            if not small or ((first, last) == whole and _is_spelled(text, groups)):
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
