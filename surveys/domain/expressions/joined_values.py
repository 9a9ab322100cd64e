"""Comparisons and arithmetic between two parts of an expression: what may stand together, and what comes of it."""

import operator
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from math import isclose, isfinite
from typing import Any

from core.language import gettext as _
from surveys.domain.expressions.fitting import fitted, require_names
from surveys.domain.expressions.sights import Run, Value
from surveys.domain.expressions.slips import Slip
from surveys.domain.expressions.speaking import LONGEST_VALUE
from surveys.domain.expressions.trees import Pair
from surveys.domain.expressions.value_types import DATE, NUMBER, TEXT, TRUTH, Meaning, Sort, Type

_CLOSE = 1e-12


def same(left: Value, right: Value) -> bool:
    """Say whether two values are the same; nothing is the same as nothing else, not even nothing."""
    if left is None or right is None:
        return False
    if isinstance(left, float) and isinstance(right, float):
        return isclose(left, right, rel_tol=_CLOSE, abs_tol=_CLOSE)
    return left == right


def pair_of(node: Pair, left: Meaning, right: Meaning) -> Meaning:
    """What two parts and the sign between them mean.

    Raises:
        Slip: they do not go together.
    """
    if node.sign in {"==", "!="}:
        return _equality(node, left, right)
    if node.sign in _ORDERS:
        return _order(node, left, right)
    if node.sign == "has":
        return _membership(node.at, right, left)
    return _membership(node.at, left, right) if node.sign == "in" else _arithmetic(node, left, right)


def _equality(node: Pair, left: Meaning, right: Meaning) -> Meaning:
    first, second = _alike(node.at, left, right)
    if node.sign == "==":
        return Meaning(TRUTH, lambda sight: same(first(sight), second(sight)))
    return Meaning(TRUTH, lambda sight: not same(first(sight), second(sight)))


def _alike(at: int, left: Meaning, right: Meaning) -> tuple[Run, Run]:
    """Both as the same sort."""
    if Sort.ROWS in {left.sort, right.sort}:
        message = _("A question with rows cannot be compared as a whole.")
        raise Slip(at, message, _("Name one row: question.row."))
    for named, other in ((left, right), (right, left)):
        if named.sort is Sort.CHOICE and other.sort is Sort.TEXT:
            _require_written(at, named, other)
            return left.run, right.run
        if named.sort is Sort.SET and other.sort is not Sort.SET:
            message = _("A set of answers is compared with one thing.")
            raise Slip(at, message, _('Write … has "…", or … == {"…"}.'))
    if left.sort is Sort.SET:
        _require_members(at, left, right)
        return left.run, right.run
    sort = right.sort if left.sort is Sort.FIELD else left.sort
    return (left.run, right.run) if left.sort is right.sort else (fitted(left, sort, at), fitted(right, sort, at))


def _require_written(at: int, named: Meaning, text: Meaning) -> None:
    if text.constant is None:
        message = _("An answer is compared with a text that is not written out.")
        raise Slip(at, message, _("label(…) gives the words of an answer."))
    require_names([text.constant], named.type, named.question, at)


def _require_members(at: int, left: Meaning, right: Meaning) -> None:
    for known, written in ((left, right), (right, left)):
        if known.type.labels and isinstance(written.constant, frozenset):
            require_names(sorted(written.constant, key=str), known.type, known.question, at)


def _membership(at: int, member: Meaning, group: Meaning) -> Meaning:
    """Whether one thing is in a set."""
    if group.sort is not Sort.SET or group.type.each is None:
        message = _("{found} is no set.").format(found=str(group.type).capitalize())
        raise Slip(at, message, _('A set is a question with several answers, or {"…", "…"}.'))
    if member.sort is Sort.CHOICE and isinstance(group.constant, frozenset):
        require_names(sorted(group.constant, key=str), member.type, member.question, at)
    elif member.sort is Sort.TEXT and group.type.labels:
        _require_written(at, group, member)
    elif member.sort not in {Sort.CHOICE, group.type.each.sort}:
        fitted(member, group.type.each.sort, at)
    first = member.run if member.sort is not Sort.FIELD else fitted(member, group.type.each.sort, at)
    second: Callable[..., Any] = group.run
    return Meaning(TRUTH, lambda sight: first(sight) in second(sight))


_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda left, right: left < right and not same(left, right),
    "<=": lambda left, right: left <= right or same(left, right),
    ">": lambda left, right: left > right and not same(left, right),
    ">=": lambda left, right: left >= right or same(left, right),
}


def _order(node: Pair, left: Meaning, right: Meaning) -> Meaning:
    sort = Sort.DATE if Sort.DATE in {left.sort, right.sort} else Sort.NUMBER
    first, second = fitted(left, sort, node.at), fitted(right, sort, node.at)
    beyond = _ORDERS[node.sign]
    limit: Any = right.constant
    if limit is not None:
        return Meaning(TRUTH, lambda sight: (value := first(sight)) is not None and beyond(value, limit))

    def run(sight: Any) -> bool:
        one, other = first(sight), second(sight)
        return one is not None and other is not None and beyond(one, other)

    return Meaning(TRUTH, run)


_FIGURES: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
}


def _arithmetic(node: Pair, left: Meaning, right: Meaning) -> Meaning:
    sorts = (left.sort, right.sort)
    if node.sign in "+-" and Sort.SET in sorts:
        return _sets(node, left, right)
    if node.sign in "+-" and left.sort is Sort.DATE:
        return _dates(node, left, right)
    if node.sign == "+" and Sort.TEXT in sorts:
        return _joined(node, left, right)
    figure = _FIGURES[node.sign]

    def reckon(one: float, other: float) -> Value:
        value = figure(one, other)
        return value if isfinite(value) else None

    return Meaning(NUMBER, both(fitted(left, Sort.NUMBER, node.at), fitted(right, Sort.NUMBER, node.at), reckon))


def both(first: Run, second: Run, reckon: Callable[[Any, Any], Value]) -> Run:
    """What two values come to; nothing where either is nothing or it cannot be worked out."""

    def run(sight: Any) -> Value:
        one, other = first(sight), second(sight)
        if one is None or other is None:
            return None
        try:
            return reckon(one, other)
        except (ArithmeticError, ValueError):
            return None

    return run


def _sets(node: Pair, left: Meaning, right: Meaning) -> Meaning:
    if left.sort is not right.sort:
        message = _("A set can be joined only with a set.")
        raise Slip(node.at, message, _('Write {"…"} around a single answer.'))
    _require_members(node.at, left, right)
    labels, scores = {**left.type.labels, **right.type.labels}, {**left.type.scores, **right.type.scores}
    join = frozenset.union if node.sign == "+" else frozenset.difference
    reckon: Callable[[Any, Any], Value] = join
    return Meaning(Type(Sort.SET, labels, scores, each=left.type.each), both(left.run, right.run, reckon))


def _dates(node: Pair, left: Meaning, right: Meaning) -> Meaning:
    if node.sign == "-" and right.sort is Sort.DATE:
        return Meaning(NUMBER, both(left.run, right.run, lambda one, other: float((one - other).days)))
    days = fitted(right, Sort.NUMBER, node.at)
    sign = 1 if node.sign == "+" else -1
    return Meaning(DATE, both(left.run, days, lambda one, other: moved(one, sign * other)))


def moved(day: date, days: float) -> date:
    """The day so many whole days later.

    Raises:
        OverflowError: there is no such day.
    """
    return day + timedelta(days=int(days))


def _joined(node: Pair, left: Meaning, right: Meaning) -> Meaning:
    first, second = fitted(left, Sort.TEXT, node.at), fitted(right, Sort.TEXT, node.at)
    return Meaning(TEXT, both(first, second, lambda one, other: (one + other)[:LONGEST_VALUE]))
