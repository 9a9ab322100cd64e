"""Trees of other programs' conditions told in our expressions, by what they look at."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from core.language import gettext as _
from surveys.domain.foreign.conditions_read import Call, Const, Node, NotCarried, Ref, Several, tree_of

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_ORDERED = frozenset(_FLIPPED)
_YES = frozenset({"y", "yes", "true", "1"})


class Sort(Enum):
    """What sort of value stands behind a name."""

    ONE = auto()  # one of several answers, or a row of a matrix
    SET = auto()
    MEMBER = auto()  # whether one answer is in a set
    TRUTH = auto()  # yes or no
    NUMBER = auto()
    TEXT = auto()
    DATE = auto()
    ROWS = auto()  # a question with rows as a whole, which is answered or not and never said


@dataclass(frozen=True)
class Target:
    """What a name means here: the words of our expression, and our names for the answers by theirs."""

    sort: Sort
    words: str
    names: Mapping[str, str] = field(default_factory=dict)
    member: str = ""


Resolve = Callable[[str], Target | None]


def told(condition: str | Node, resolve: Resolve) -> str:
    """A condition, as text or as a tree, as an expression of ours.

    Raises:
        NotCarried: it, or something in it, has no like here; the sentence says what.
    """
    return _Teller(resolve).truth(tree_of(condition) if isinstance(condition, str) else condition)


class _Teller:
    def __init__(self, resolve: Resolve) -> None:
        self.resolve = resolve

    def truth(self, node: Node) -> str:
        """A tree that is true or false."""
        if isinstance(node, Const) and isinstance(node.value, bool):
            return "true" if node.value else "false"
        if isinstance(node, Ref):
            return self._alone(self._target(node))
        if isinstance(node, Call):
            return self._call(node)
        raise NotCarried(_("it is neither true nor false"))

    def _alone(self, target: Target) -> str:
        """A name that stands for itself: somebody answered, or said yes."""
        if target.sort is Sort.TRUTH:
            return f'{target.words} == "yes"'
        if target.sort is Sort.MEMBER:
            return f"{target.words} has {_quoted(target.member)}"
        return f"answered({target.words})"

    def _call(self, node: Call) -> str:
        if node.name in {"and", "or"}:
            return f" {node.name} ".join(f"({self.truth(part)})" for part in node.parts)
        if node.name == "not" and len(node.parts) == 1:
            return f"not ({self.truth(node.parts[0])})"
        if node.name in {"true", "false"} and not node.parts:
            return node.name
        if node.name in {"empty", "is_empty", "notempty"} and len(node.parts) == 1:
            words = _answered(self._target(node.parts[0]))
            return words if node.name == "notempty" else f"not {words}"
        if len(node.parts) == 2:  # noqa: PLR2004 - the two sides of a comparison
            return self._sides(node.name, *node.parts)
        raise NotCarried(_("“{name}” has no like here").format(name=node.name))

    def _sides(self, sign: str, left: Node, right: Node) -> str:
        if isinstance(left, Const | Several) and isinstance(right, Ref) and sign in {"==", "!=", *_ORDERED}:
            left, right, sign = right, left, _FLIPPED.get(sign, sign)
        if sign in {"contains", "notcontains", "anyof", "allof", "noneof", "selected"}:
            words = self._members(sign, self._target(left), right)
            return f"not ({words})" if sign in {"notcontains", "noneof"} else words
        if sign in {"==", "!=", *_ORDERED}:
            return self._compared(sign, left, right)
        raise NotCarried(_("“{name}” has no like here").format(name=sign))

    def _members(self, sign: str, target: Target, right: Node) -> str:
        wanted = [_value(part) for part in right.parts] if isinstance(right, Several) else [_value(right)]
        if target.sort is Sort.TEXT and sign in {"contains", "notcontains"}:
            return " and ".join(f"contains({target.words}, {_quoted(each)})" for each in wanted)
        if target.sort in {Sort.NUMBER, Sort.TEXT} and sign in {"anyof", "noneof"} and wanted:
            return " or ".join(f"{target.words} == {_constant(target, '==', Const(each))}" for each in wanted)
        if target.sort not in {Sort.ONE, Sort.SET} or not wanted:
            raise NotCarried(_("“{name}” is asked of something else than choices").format(name=sign))
        sign_here = "has" if target.sort is Sort.SET else "=="
        joined = " and " if sign in {"contains", "notcontains", "allof"} else " or "
        return joined.join(f"{target.words} {sign_here} {_quoted(_choice(target, each))}" for each in wanted)

    def _compared(self, sign: str, left: Node, right: Node) -> str:
        if isinstance(left, Ref) and isinstance(right, Const | Several):
            return self._against(sign, self._target(left), right)
        return f"{self._sum(left)} {sign} {self._sum(right)}"

    def _against(self, sign: str, target: Target, right: Const | Several) -> str:
        if isinstance(right, Const) and right.value == "" and sign in {"==", "!="}:
            return f"not {_answered(target)}" if sign == "==" else _answered(target)
        if target.sort is Sort.MEMBER and isinstance(right, Const):
            if sign in _ORDERED:
                raise NotCarried(_("a choice is compared with another value"))
            said = str(_value(right)).lower() in _YES
            words = f"{target.words} has {_quoted(target.member)}"
            return words if said is (sign == "==") else f"not ({words})"
        if target.sort is Sort.SET and sign in {"==", "!="}:
            parts = right.parts if isinstance(right, Several) else (right,)
            chosen = ", ".join(_quoted(_choice(target, _value(part))) for part in parts)
            return f"{target.words} {sign} {{{chosen}}}"
        if isinstance(right, Several):
            raise NotCarried(_("a list is compared with something else than choices"))
        return f"{target.words} {sign} {_constant(target, sign, right)}"

    def _sum(self, node: Node) -> str:
        """A number, or whatever else stands on one side."""
        if isinstance(node, Const) and isinstance(node.value, float):
            return f"{node.value:.15g}" if abs(node.value) < 1e15 else _beyond()  # noqa: PLR2004 - the digits of a float
        if isinstance(node, Const) and isinstance(node.value, str):
            return _quoted(node.value)
        if isinstance(node, Ref):
            target = self._target(node)
            if target.sort is Sort.MEMBER:
                raise NotCarried(_("a choice is compared with another value"))
            return target.words
        if isinstance(node, Call):
            return self._figure(node)
        raise NotCarried(_("a value is not understood"))

    def _figure(self, node: Call) -> str:
        if node.name in {"+", "-", "*", "/", "%"}:
            return f"({self._sum(node.parts[0])} {node.name} {self._sum(node.parts[1])})"
        if node.name == "negative":
            return f"-{self._sum(node.parts[0])}"
        if node.name == "count-selected" and len(node.parts) == 1:
            return f"count({self._target(node.parts[0]).words})"
        if node.name == "today" and not node.parts:
            return "today()"
        if node.name in {"sum", "min", "max", "round", "abs", "floor", "ceil"} and node.parts:
            return f"{node.name}({', '.join(self._sum(part) for part in node.parts)})"
        raise NotCarried(_("“{name}” has no like here").format(name=node.name))

    def _target(self, node: Node) -> Target:
        if not isinstance(node, Ref):
            raise NotCarried(_("something else than a question is asked about"))
        found = self.resolve(node.name)
        if found is None:
            raise NotCarried(_("there is no question “{name}”").format(name=node.name))
        return found


def _answered(target: Target) -> str:
    if target.sort is Sort.MEMBER:
        return f"({target.words} has {_quoted(target.member)})"
    return f"answered({target.words})"


def _constant(target: Target, sign: str, right: Const) -> str:
    """What a question is compared with, as its own sort writes it."""
    value = _value(right)
    if target.sort is Sort.TRUTH:
        return '"yes"' if value.lower() in _YES else '"no"'
    if target.sort is Sort.ONE:
        if sign in _ORDERED:
            raise NotCarried(_("answers are asked for more or less"))
        return _quoted(_choice(target, value))
    if target.sort is Sort.NUMBER:
        return _number(value)
    if target.sort is Sort.DATE:
        if not _DATE.fullmatch(value[:10]):
            raise NotCarried(_("“{value}” is no date").format(value=value))
        return f'date("{value[:10]}")'
    return _quoted(value)


def _value(node: Node) -> str:
    if not isinstance(node, Const):
        raise NotCarried(_("answers are compared with something that is worked out"))
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    return f"{node.value:.15g}" if isinstance(node.value, float) else node.value


def _choice(target: Target, value: str) -> str:
    found = target.names.get(value)
    if found is None:
        raise NotCarried(_("“{value}” is no answer of the question").format(value=value))
    return found


def _number(value: str) -> str:
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    return f"{number:.15g}" if abs(number) < 1e15 else _beyond(value)  # noqa: PLR2004 - the digits of a float


def _beyond(value: str = "") -> str:
    raise NotCarried(_("“{value}” is no number that can be compared").format(value=value))


def _quoted(text: str) -> str:
    """A text as our expressions write it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
