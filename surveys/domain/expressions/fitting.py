"""Making two parts of an expression fit each other, or saying why they do not."""

from collections.abc import Callable, Iterable
from datetime import date
from difflib import get_close_matches
from math import isfinite

from core.language import gettext as _
from surveys.domain.expressions.sights import Run, Value
from surveys.domain.expressions.slips import Slip
from surveys.domain.expressions.speaking import said
from surveys.domain.expressions.value_types import Meaning, Sort, Type


def fitted(meaning: Meaning, sort: Sort, at: int) -> Run:
    """What finds the value as that sort: a field of the person is taken as what is wanted.

    Raises:
        Slip: it is of another sort.
    """
    if meaning.sort is sort:
        return meaning.run
    if meaning.sort is Sort.FIELD and sort in _FROM_FIELD:
        change, run = _FROM_FIELD[sort], meaning.run
        return lambda sight: change(run(sight))
    message = _("This is {found}; {wanted} is needed here.").format(found=meaning.type, wanted=Type(sort))
    raise Slip(at, message, _REMEDIES.get((meaning.sort, sort), lambda: "")())


def as_number(value: Value) -> Value:
    """The number that a text says, or nothing."""
    if isinstance(value, (int, float)):
        return float(value)
    try:
        number = float(str(value).strip().replace(",", "."))
    except ValueError:
        return None
    return number if isfinite(number) else None


def as_text(value: Value) -> Value:
    """A field as a text."""
    return None if value is None else said(value, Type(Sort.TEXT))


def as_date(value: Value) -> Value:
    """The day that a text says (2026-01-31), or nothing."""
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        return None


_FROM_FIELD: dict[Sort, Callable[[Value], Value]] = {
    Sort.NUMBER: as_number,
    Sort.TEXT: as_text,
    Sort.CHOICE: as_text,
    Sort.DATE: as_date,
}
_REMEDIES: dict[tuple[Sort, Sort], Callable[[], str]] = {
    (Sort.TEXT, Sort.NUMBER): lambda: _("Write a number without quotes, or number(…)."),
    (Sort.CHOICE, Sort.NUMBER): lambda: _("place(…) gives its place among the answers, score(…) what it counts."),
    (Sort.SET, Sort.NUMBER): lambda: _("count(…) gives how many."),
    (Sort.ROWS, Sort.NUMBER): lambda: _("Name one row: question.row; or count(…) the rows answered."),
    (Sort.CHOICE, Sort.TEXT): lambda: _("label(…) gives its words."),
    (Sort.TEXT, Sort.DATE): lambda: _("Write date(…) around it."),
    (Sort.SET, Sort.TRUTH): lambda: _('Write {question} has "…".').format(question=_("question")),
    (Sort.CHOICE, Sort.TRUTH): lambda: _('Compare it: … == "…", or write answered(…).'),
    (Sort.NUMBER, Sort.TRUTH): lambda: _("Compare it: … > 0, or write answered(…)."),
    (Sort.TEXT, Sort.TRUTH): lambda: _('Compare it: … == "…", or write answered(…).'),
}


def require_names(names: Iterable[Value], kind: Type, question: str, at: int) -> None:
    """Refuse the name of an answer that the question does not have.

    Raises:
        Slip: with the names that it has.
    """
    for name in names:
        if name not in kind.labels:
            known = list(kind.labels)
            near = get_close_matches(str(name), known, n=1)
            message = _("“{question}” has no answer “{name}”.").format(question=question, name=name)
            meant = _("Did you mean “{near}”?").format(near=near[0]) if near else ""
            raise Slip(at, message, meant or _("Answers: {names}.").format(names=", ".join(known)))
