"""From a tree to what it means: its type is checked and its value can be found, in one walk."""

from collections.abc import Callable, Mapping
from typing import Any

from core.language import gettext as _
from surveys.domain.expressions.fitting import fitted
from surveys.domain.expressions.functions import call_of
from surveys.domain.expressions.joined_values import pair_of
from surveys.domain.expressions.known_names import Known
from surveys.domain.expressions.parsing import parsed
from surveys.domain.expressions.sights import Value
from surveys.domain.expressions.slips import Slip
from surveys.domain.expressions.trees import Call, Joint, Minus, Name, Node, Not, Number, Pair, Several, Text, Truth
from surveys.domain.expressions.value_types import NUMBER, TEXT, TRUTH, Meaning, Sort, Type


def compiled(text: str, known: Known) -> Meaning:
    """What an expression means where these names are known.

    Raises:
        Slip: it does not follow the grammar, names what is not there, or joins what does not fit.
    """
    return meaning_of(parsed(text), known)


def condition(text: str, known: Known) -> Meaning:
    """What an expression means that must be true or false.

    Raises:
        Slip: as for any expression, or it is something else.
    """
    meaning = compiled(text, known)
    fitted(meaning, Sort.TRUTH, 1)
    return meaning


def meaning_of(node: Node, known: Known) -> Meaning:
    """What one node means."""
    return _BY_NODE[type(node)](node, known)


def _constant(kind: Type, value: Value) -> Meaning:
    return Meaning(kind, lambda _sight: value, constant=value)


def _several(node: Several, _known: Known) -> Meaning:
    values: list[str | float] = []
    for item in node.items:
        if not isinstance(item, (Text, Number)):
            raise Slip(item.at, _("Within braces stand names in quotes, or numbers."))
        values.append(item.value)
    sorts = {type(value) for value in values}
    if len(sorts) != 1:
        message = _("Within braces stand names only, or numbers only.") if sorts else _("There is nothing in braces.")
        raise Slip(node.at, message)
    members: Any = frozenset(values)
    return _constant(Type(Sort.SET, each=TEXT if sorts == {str} else NUMBER), members)


def _not(node: Not, known: Known) -> Meaning:
    run = fitted(meaning_of(node.inner, known), Sort.TRUTH, node.inner.at)
    return Meaning(TRUTH, lambda sight: not run(sight))


def _minus(node: Minus, known: Known) -> Meaning:
    inner = meaning_of(node.inner, known)
    run: Callable[..., Any] = fitted(inner, Sort.NUMBER, node.inner.at)
    if isinstance(inner.constant, float):
        return _constant(NUMBER, -inner.constant)
    return Meaning(NUMBER, lambda sight: None if (value := run(sight)) is None else -value)


def _joint(node: Joint, known: Known) -> Meaning:
    runs = [fitted(meaning_of(part, known), Sort.TRUTH, part.at) for part in node.parts]
    if node.every:
        return Meaning(TRUTH, lambda sight: all(run(sight) for run in runs))
    return Meaning(TRUTH, lambda sight: any(run(sight) for run in runs))


def _pair(node: Pair, known: Known) -> Meaning:
    return pair_of(node, meaning_of(node.left, known), meaning_of(node.right, known))


def _call(node: Call, known: Known) -> Meaning:
    return call_of(node, [meaning_of(each, known) for each in node.given])


_BY_NODE: Mapping[type, Callable[[Any, Known], Meaning]] = {
    Number: lambda node, _known: _constant(NUMBER, node.value),
    Text: lambda node, _known: _constant(TEXT, node.value),
    Truth: lambda node, _known: _constant(TRUTH, node.value),
    Name: lambda node, known: known.meaning(node),
    Several: _several,
    Not: _not,
    Minus: _minus,
    Joint: _joint,
    Pair: _pair,
    Call: _call,
}
