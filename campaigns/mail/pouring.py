"""What fills the holes of a mould: values escaped, counted and encoded, addresses turned into click-throughs."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import Undefined
from markupsafe import Markup, escape

from campaigns.mail.budgets import Budget, text_of
from campaigns.mail.flows import Unusual
from campaigns.mail.markup import Kind, Piece, decoded, scan
from campaigns.mail.neighbours import BORDER
from campaigns.mail.quoted import SOFT, piece
from campaigns.mail.rewriting import clean, escaped, is_web_address, rewrite_text, target_of

_PLAIN = re.compile(r"(?!\.|From )[ -<>-~]{1,75}").fullmatch
_PLAIN_IN_HTML = re.compile(r"(?!\.|From )[ !#-%(-;?-~]{1,75}").fullmatch
_OPEN_END = re.compile(r"https?:/?\Z", re.IGNORECASE)
_LETTER = r"[^\s\x00-\x1f\x7f\"<>]"
_BEGINS = re.compile(rf"{_LETTER}*?://")
_ENDS = re.compile(rf"(?<!{_LETTER})(?={_LETTER}*?://){_LETTER}*+\Z")
_MOST_KEPT = 512


@dataclass(slots=True)
class Sheet:
    """One part of one message: its budget, and where its click-throughs lead; None for who is not tracked."""

    budget: Budget
    through: Callable[[int], str] | None


class Pourer:
    """Fills the holes of one edition's parts.

    `links`: destination → number; `own`: what our own addresses begin with, which are never wrapped.
    """

    def __init__(self, links: Mapping[str, int], own: str) -> None:
        self.links = links
        self.own = "" if any(address.startswith(own) for address in links) else own
        self.fragment = lru_cache(_MOST_KEPT)(self._fragment)
        self.number_of = lru_cache(_MOST_KEPT)(self._number_of)

    def names(self) -> dict[str, Any]:
        """What the code of a mould calls."""
        acts = (self.content, self.value, self.plain, self.href, self.stretch, self.shown, self.written)
        return {f"pour_{act.__name__}": act for act in acts}

    def content(self, value: Any, sheet: Sheet) -> str:
        """Fill a hole between tags; markup may hold links of its own."""
        if type(value) is str:
            _count(sheet, value)
            return value + SOFT if _PLAIN_IN_HTML(value) else _encoded(str(escape(value)))
        if not isinstance(value, Markup):
            return _encoded(str(escape(self.shown(value, sheet))))
        _count(sheet, value)
        return self._whole(str(value), sheet)

    def value(self, value: Any, sheet: Sheet) -> str:
        """Fill a hole within a tag, a title or a comment."""
        text = self.written(value, sheet)
        return text + SOFT if _PLAIN_IN_HTML(text) else _encoded(text)

    def plain(self, value: Any, sheet: Sheet) -> str:
        """Fill a hole in a text that has no links to follow."""
        text = self.shown(value, sheet)
        return text + SOFT if _PLAIN(text) else _encoded(text)

    def written(self, value: Any, sheet: Sheet) -> str:
        """Escape and count what is written within a tag; markup cannot stand there."""
        if isinstance(value, Markup) and any(mark in value for mark in "<>\"'"):
            raise Unusual
        text = self.shown(value, sheet)
        return text if isinstance(value, Markup) else str(escape(text))

    def shown(self, value: Any, sheet: Sheet) -> str:
        """Count what is written in a text."""
        if isinstance(value, Undefined):
            return str(value)  # nothing, or the error that it is
        text = str(text_of(value))
        _count(sheet, text)
        return text

    def href(self, parts: tuple[str, ...], quote: str, sheet: Sheet) -> str:
        """Fill an address that depends on the person; a stored destination becomes a click-through."""
        raw = "".join(parts)
        if sheet.through is None or self._is_own(raw):
            return _encoded(raw)
        number = self.number_of(raw)
        return _encoded(raw if number is None else escaped(sheet.through(number), quote))

    def stretch(self, parts: tuple[str, ...], before: str, after: str, sheet: Sheet) -> str:
        """Fill a word of a text with what stands in it; it may be an address.

        Raises:
            Unusual: it may be one that goes on where nobody knows how.
        """
        word = "".join(parts)
        if sheet.through is not None and not self._is_own(word):
            if "://" in word:
                return self._addresses(word, before, after, sheet.through)
            if not after and _OPEN_END.search(word):  # and the rest of an address may follow
                raise Unusual
        return word + SOFT if _PLAIN(word) else _encoded(word)

    def _addresses(self, word: str, before: str, after: str, through: Callable[[int], str]) -> str:
        if (not before and _BEGINS.match(word)) or (not after and (_ENDS.search(word) or _OPEN_END.search(word))):
            raise Unusual

        def instead(address: str) -> str | None:
            number = self.links.get(address)
            return None if number is None else through(number)

        return _encoded(rewrite_text((before or BORDER) + word + (after or BORDER), instead)[1:-1])

    def _is_own(self, raw: str) -> bool:
        return bool(self.own) and raw.startswith(self.own) and raw.count("://") == 1

    def _whole(self, html: str, sheet: Sheet) -> str:
        through = sheet.through
        if through is None or "<" not in html:
            return _encoded(html)
        return "".join(
            each if isinstance(each, str) else _encoded(escaped(through(each[0]), each[1]))
            for each in self.fragment(html)
        )

    def _fragment(self, html: str) -> list[str | tuple[int, str]]:
        """Cut markup at its links; encoded once for the many messages that say the same."""
        cut: list[str | tuple[int, str]] = []
        position = done = 0
        for each in scan(html):
            if _is_open(html, each):
                raise Unusual
            found = target_of(html, each)
            number = self.links.get(found[1]) if found else None
            if found and number is not None:
                cut += (_encoded(html[position : found[0].start]), (number, found[0].quote))
                position = found[0].end
            done = each.end
        if done != len(html):
            raise Unusual
        return [*cut, _encoded(html[position:])]

    def _number_of(self, raw: str) -> int | None:
        address = clean(decoded(raw))
        return self.links.get(address) if is_web_address(address) else None


def _is_open(html: str, each: Piece) -> bool:
    """Tell whether what follows such a piece could be read otherwise than after a text."""
    text = html[each.start : each.end]
    if each.kind is Kind.TEXT:
        return "<" in text
    whole_comment = text.startswith("<!--") and text.endswith("-->")
    return each.inside or each.kind is Kind.UNPARSED or (each.kind is Kind.COMMENT and not whole_comment)


def _count(sheet: Sheet, text: str) -> None:
    sheet.budget.characters -= len(text)
    if sheet.budget.characters < 0:
        raise Unusual  # said where it is written the straightforward way


def _encoded(text: str) -> str:
    if text.endswith("\r"):
        raise Unusual  # what follows may be the other half of this line's end
    return piece(text)
