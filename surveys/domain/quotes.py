"""Quotes without names: what somebody wrote, with the traces taken out that would tell who it was; for reports."""

import re
from collections.abc import Iterable, Iterator

from contacts.domain.formulas import csv_line
from core.cards import mask_card_numbers
from core.language import gettext as _

ADDRESS = re.compile(r"[^\s@<>()]{1,64}@[^\s@<>()]{1,255}\.[^\s@<>()]{2,63}")
LINK = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
TELEPHONE = re.compile(r"(?<![\w.])\+?\d(?:[ /().-]{0,2}\d){6,14}(?![\w.])")
HANDLE = re.compile(r"(?<!\w)@\w{2,}")
SHORTEST_NAME = 3


def quoted(text: str, names: Iterable[str] = ()) -> str:
    """The text without addresses, links, telephone numbers, and the names of whoever wrote it."""
    found = mask_card_numbers(text)
    for pattern, word in (
        (ADDRESS, _("[address]")),
        (LINK, _("[link]")),
        (HANDLE, _("[name]")),
        (TELEPHONE, _("[number]")),
    ):
        found = pattern.sub(word, found)
    parts = {part for name in names for part in name.split() if len(part) >= SHORTEST_NAME}
    for part in sorted(parts, key=len, reverse=True):
        found = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", _("[name]"), found, flags=re.IGNORECASE)
    return found


def quote_lines(quotes: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """CSV lines of (quote, language, codes): no number of a response, nothing that a spreadsheet runs."""
    yield "\ufeff" + csv_line([_("quote"), _("language"), _("codes")])
    for quote in quotes:
        yield csv_line(quote)
