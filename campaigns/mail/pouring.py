"""What fills the holes of a mould: values escaped, counted and encoded, addresses turned into click-throughs."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from jinja2 import Undefined
from markupsafe import Markup, escape

from campaigns.mail.budgets import Budget, text_of
from campaigns.mail.fields import Fields
from campaigns.mail.flows import Unusual
from campaigns.mail.marks import Clicks
from campaigns.mail.markup import Kind, Piece, decoded, scan
from campaigns.mail.neighbours import BORDER
from campaigns.mail.plaintext import Act, acts_of
from campaigns.mail.quoted import SOFT, piece
from campaigns.mail.rewriting import clean, is_web_address, spans_in_text, target_of
from campaigns.mail.sandbox import environment

_PLAIN_IN_HTML = re.compile(r"(?!\.|From )[ !#-%(-;?-~]{1,75}").fullmatch
_SHORT = 75
_OPEN_END = re.compile(r"https?:/?\Z", re.IGNORECASE)
_LETTER = r"[^\s\x00-\x1f\x7f\"<>]"
_BEGINS = re.compile(rf"{_LETTER}*?://")
_ENDS = re.compile(rf"(?<!{_LETTER})(?={_LETTER}*?://){_LETTER}*+\Z")
_NEEDS_NO_ESCAPE = re.compile(r"[^&<>\"']*").fullmatch
_NOTHING = "\0://"  # no address begins so
_MOST_KEPT = 256
_LONGEST_KEPT = 1_000


@dataclass(slots=True)
class Sheet:
    """One part of one message: its budget, and its click-throughs; None for who is not tracked."""

    budget: Budget
    clicks: Clicks | None


Kept = TypeVar("Kept")
Cut = str | tuple[int, str | None]
"""An encoded text, or a link's number and the quotes it stands in."""


class Pourer:
    """Fills the holes of one edition's parts.

    `links`: destination → number; `own`: what our own addresses begin with, which are never wrapped.
    """

    def __init__(self, links: Mapping[str, int], own: str) -> None:
        self.links = links
        self.own = _NOTHING if any(address.startswith(own) for address in links) else own
        self.knows_own = self.own is not _NOTHING and _NEEDS_NO_ESCAPE(own) is not None
        self._getattr = environment(html=True).getattr
        self._kept, self._kept_text = _keeping(_encoded), _keeping(_encoded_text)
        self._fragments, self._words = _keeping(self._fragment), _keeping(self._addresses)
        self._numbers = _keeping(self._number_of)

    def names(self) -> dict[str, Any]:
        """What the code of a mould calls."""
        parts = (self.content, self.value, self.plain, self.href, self.stretch, self.word, self.shown, self.written)
        told = (self.told, self.tag, self.nothing)
        return {f"pour_{act.__name__}": act for act in (*parts, *told, self.member)}

    def content(self, value: Any, sheet: Sheet) -> str:
        """Fill a hole between tags; markup may hold links of its own."""
        if type(value) is str:
            size = len(value)
            sheet.budget.characters -= size
            if sheet.budget.characters < 0:
                raise Unusual
            if size <= _SHORT and _PLAIN_IN_HTML(value):
                return value + SOFT
            return self._kept_text(value)
        if not isinstance(value, Markup):
            return _encoded_text(self.shown(value, sheet))
        _count(sheet, value)
        return self._whole(str(value), sheet)

    def value(self, value: Any, sheet: Sheet) -> str:
        """Fill a hole within a tag, a title or a comment."""
        text = self.written(value, sheet)
        return self._encoded(text)

    def plain(self, value: Any, sheet: Sheet) -> str:
        """Fill a hole in a text that has no links to follow."""
        text = self.shown(value, sheet)
        return self._encoded(text)

    def written(self, value: Any, sheet: Sheet) -> str:
        """Escape and count what is written within a tag; markup cannot stand there."""
        if type(value) is str:
            _count(sheet, value)
            return value if _NEEDS_NO_ESCAPE(value) else str(escape(value))
        if isinstance(value, Markup) and any(mark in value for mark in "<>\"'"):
            raise Unusual
        text = self.shown(value, sheet)
        return text if isinstance(value, Markup) else str(escape(text))

    def shown(self, value: Any, sheet: Sheet) -> str:
        """Count what is written in a text."""
        if type(value) is str:
            _count(sheet, value)
            return value
        if isinstance(value, Undefined):
            return str(value)  # nothing, or the error that it is
        text = str(text_of(value))
        _count(sheet, text)
        return text

    def told(self, value: Any, sheet: Sheet) -> str:
        """Fill a hole between tags for a text that is retold; markup is read when it is told."""
        if not isinstance(value, Markup):
            return str(escape(self.shown(value, sheet)))
        _count(sheet, value)
        if "<" in value:
            self._fragments(str(value))  # only to refuse what is no whole
        return str(value)

    def tag(self, parts: tuple[str, ...], _: Sheet) -> tuple[Act, ...]:
        """Read a tag with holes in it."""
        return tuple(acts_of("".join(parts)))

    def nothing(self, _parts: tuple[str, ...], _sheet: Sheet) -> str:
        """Leave out what is not told."""
        return ""

    def member(self, group: Any, name: str) -> Any:
        """Give what a template asks of a group: a text, or what the sandbox says."""
        if type(group) is dict or type(group) is Fields:
            value = group.get(name)
            if value and type(value) is str:
                return value
        return self._getattr(group, name)

    def href(self, parts: tuple[str, ...], quote: str, sheet: Sheet) -> str:
        """Fill an address that depends on the person; a stored destination becomes a click-through."""
        raw = "".join(parts)
        if self._is_own(raw):
            return _encoded(raw)
        number = self._numbers(raw) if sheet.clicks else None
        return sheet.clicks.encoded(number, quote) if sheet.clicks and number is not None else self._encoded(raw)

    def stretch(self, parts: tuple[str, ...], before: str, after: str, sheet: Sheet) -> str:
        """Fill a word of a text that has fixed parts as well; it may be an address.

        Raises:
            Unusual: it may be one that goes on where nobody knows how.
        """
        return self._filled("".join(parts), before, after, sheet.clicks)

    def word(self, value: Any, before: str, after: str, sheet: Sheet) -> str:
        """Fill a word of a text.

        Raises:
            Unusual: as `stretch`.
        """
        return self._filled(self.shown(value, sheet), before, after, sheet.clicks)

    def _filled(self, word: str, before: str, after: str, clicks: Clicks | None) -> str:
        if clicks is not None and not self._is_own(word):
            if "://" in word:
                return _joined(self._words(word, before, after), clicks)
            if not after and _OPEN_END.search(word):  # and the rest of an address may follow
                raise Unusual
        return self._encoded(word)

    def _addresses(self, word: str, before: str, after: str) -> list[Cut]:
        """Cut a word at the stored destinations in it."""
        if (not before and _BEGINS.match(word)) or (not after and (_ENDS.search(word) or _OPEN_END.search(word))):
            raise Unusual
        cuts: list[Cut] = []
        done = 0
        for start, end in spans_in_text((before or BORDER) + word + (after or BORDER)):
            number = self.links.get(word[start - 1 : end - 1])
            if number is not None:
                cuts += (_encoded(word[done : start - 1]), (number, None))
                done = end - 1
        return [*cuts, _encoded(word[done:])]

    def _encoded(self, text: str) -> str:
        return self._kept(text) if len(text) > _SHORT and not self._is_own(text) else _encoded(text)

    def _is_own(self, raw: str) -> bool:
        return raw.startswith(self.own) and raw.find("://", len(self.own)) < 0

    def _whole(self, html: str, sheet: Sheet) -> str:
        if sheet.clicks is None or "<" not in html:
            return self._encoded(html)
        return _joined(self._fragments(html), sheet.clicks)

    def _fragment(self, html: str) -> list[Cut]:
        """Cut markup at its links; encoded once for the many messages that say the same."""
        cuts: list[Cut] = []
        position = done = 0
        for each in scan(html):
            if _is_open(html, each):
                raise Unusual
            found = target_of(html, each)
            number = self.links.get(found[1]) if found else None
            if found and number is not None:
                cuts += (_encoded(html[position : found[0].start]), (number, found[0].quote))
                position = found[0].end
            done = each.end
        if done != len(html):
            raise Unusual
        return [*cuts, _encoded(html[position:])]

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


def _keeping(act: Callable[..., Kept]) -> Callable[..., Kept]:
    """Remember what was made of texts that come again; long ones would fill the memory."""
    remembered = lru_cache(_MOST_KEPT)(act)

    def kept(text: str, *more: str) -> Kept:
        return remembered(text, *more) if len(text) <= _LONGEST_KEPT else act(text, *more)

    return kept


def _joined(cuts: list[Cut], clicks: Clicks) -> str:
    return "".join([each if type(each) is str else clicks.encoded(*each) for each in cuts])


def _count(sheet: Sheet, text: str) -> None:
    sheet.budget.characters -= len(text)
    if sheet.budget.characters < 0:
        raise Unusual  # said where it is written the straightforward way


def _encoded_text(text: str) -> str:
    return _encoded(str(escape(text)))


def _encoded(text: str) -> str:
    if text.endswith("\r"):
        raise Unusual  # what follows may be the other half of this line's end
    return piece(text)
