"""Styles moved into the elements, once for a mailing and before anything is rendered, as many mail programs need it."""

import re
from dataclasses import dataclass

import css_inline

from campaigns.mail.jinjatext import Mark, marks
from campaigns.mail.markup import Kind, scan, value_of

_WORD = "j7{}j7"
_PLACED = re.compile(r"<!--j7(\d+)j7-->|j7(\d+)j7(?:=\"\")?")
_IMPLIED = frozenset(("html", "head", "body", "tbody", "colgroup", "style"))
_MAY_STAY_OPEN = _IMPLIED | {"p", "li", "td", "th", "tr", "thead", "tfoot", "dt", "dd", "option", "optgroup", "br"}


@dataclass(frozen=True, slots=True)
class Inlined:
    """A template with its styles inlined; or, with a `warning`, as it was."""

    html: str
    warning: str | None = None


def inline_css(source: str) -> Inlined:
    """Inline the styles of an un-rendered HTML template; media queries stay in a <style>.

    The marks of Jinja come through untouched. Where HTML would move one of them, the template is given back
    as it was, with a warning that names the line.

    Raises:
        BadInput: a mark is never closed; names the line.
    """
    if "<style" not in source.lower():
        return Inlined(source)
    parts = list(marks(source))
    kept = [mark for mark in parts if mark.kind != "data"]
    hidden = _hidden(parts)
    try:
        inlined = css_inline.inline(
            hidden, keep_style_tags=False, keep_at_rules=_has_loose_rules(hidden), load_remote_stylesheets=False
        )
    except (css_inline.InlineError, ValueError) as error:
        return Inlined(source, f"The styles could not be inlined: {error}.")
    moved = _moved(hidden, inlined)
    if moved is not None:
        line = _line_of(parts, kept, moved)
        return Inlined(source, f"Line {line}: styles were not inlined, as HTML allows nothing like this in this place.")
    return Inlined(_PLACED.sub(lambda found: kept[int(found[1] or found[2])].text, inlined))


def _hidden(parts: list[Mark]) -> str:
    """Write words that HTML and CSS leave alone for the marks, and comments for the statements between tags."""
    words, number = [], 0
    for mark in parts:
        if mark.kind == "data":
            words.append(mark.text)
            continue
        words.append(_WORD.format(number))
        number += 1
    masked = "".join(words)
    statements = {number for number, mark in enumerate(each for each in parts if each.kind != "data") if _silent(mark)}
    return "".join(_commented(masked, statements))


def _silent(mark: Mark) -> bool:
    return mark.kind in {"block", "comment"}


def _commented(masked: str, statements: set[int]) -> list[str]:
    def comment(found: re.Match[str]) -> str:
        return f"<!--{found[0]}-->" if int(found[2]) in statements else found[0]

    shown: list[str] = []
    position = 0
    for piece in scan(masked):
        text = masked[piece.start : piece.end]
        between = piece.kind is Kind.TEXT and not piece.inside
        shown += (masked[position : piece.start], _PLACED.sub(comment, text) if between else text)
        position = piece.end
    return [*shown, masked[position:]]


def _has_loose_rules(html: str) -> bool:
    """Tell whether a <style> that goes away has media queries, which then need a new one."""
    kept = False
    for piece in scan(html):
        if piece.name != "style" or piece.inside:
            continue
        if piece.kind is Kind.OPEN:
            kept = value_of(html, piece, "data-css-inline") is not None
        elif piece.kind is Kind.UNPARSED and not kept and "@" in html[piece.start : piece.end]:
            return True
    return False


def _moved(before: str, after: str) -> int | None:
    """Find the first mark that is not where it was: the tags and marks of both must follow in the same order."""
    styles = {
        f"j{each[1] or each[2]}"
        for piece in scan(before)
        if piece.kind is Kind.UNPARSED and piece.name == "style"
        for each in _PLACED.finditer(before, piece.start, piece.end)
    }
    old, new = _order(before, styles), _order(after, styles)
    last = 0
    for was, became in zip(old, new, strict=False):
        if was != became:
            return last
        last = int(was[1:]) if was[:1] == "j" and was[1:].isdigit() else last
    return last if len(old) != len(new) else None


def _order(html: str, apart: set[str]) -> list[str]:
    order: list[str] = []
    for piece in scan(html):
        if piece.kind is Kind.OPEN and piece.name not in _IMPLIED:
            order.append(piece.name)
        elif piece.kind is Kind.CLOSE and piece.name not in _MAY_STAY_OPEN:
            order.append(f"/{piece.name}")
        found = [f"j{each[1] or each[2]}" for each in _PLACED.finditer(html, piece.start, piece.end)]
        found = [each for each in found if each not in apart]
        order += sorted(found) if piece.kind is Kind.OPEN else found  # attributes may change places
    return order


def _line_of(parts: list[Mark], kept: list[Mark], number: int) -> int:
    line = 1
    for mark in parts:
        if kept and mark is kept[min(number, len(kept) - 1)]:
            return line
        line += mark.text.count("\n")
    return line
