"""Conditions of other programs as trees: one reader for the infix languages of LimeSurvey, XLSForm and SurveyJS."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.language import gettext as _

LONGEST = 4000
DEEPEST = 40

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<ref>\$?\{[^{}]{1,200}\})
      | (?P<number>[0-9]+(?:\.[0-9]+)?)
      | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<sign>\|\||&&|==|!=|<>|<=|>=|[<>=!+\-*/%()\[\],])
      | (?P<word>[A-Za-z_][\w.\-]*)""",
    re.VERBOSE | re.ASCII,
)
_COMPARING = {
    "=": "==", "==": "==", "equal": "==", "eq": "==",
    "!=": "!=", "<>": "!=", "notequal": "!=", "ne": "!=",
    "<": "<", "lt": "<", "less": "<", "<=": "<=", "le": "<=", "lessorequal": "<=",
    ">": ">", "gt": ">", "greater": ">", ">=": ">=", "ge": ">=", "greaterorequal": ">=",
    "contains": "contains", "contain": "contains", "notcontains": "notcontains", "notcontain": "notcontains",
    "anyof": "anyof", "allof": "allof", "noneof": "noneof",
}  # fmt: skip
_AFTER = {"empty": "empty", "notempty": "notempty"}

_ADDING = {"+": "+", "-": "-"}
_TIMES = {"*": "*", "/": "/", "%": "%", "div": "/", "mod": "%"}


class NotCarried(Exception):
    """A condition, or a part of a survey, that has no like here; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A question or value named; `bare` where it was not written in braces."""

    name: str
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Const:
    """A text, a number or a truth."""

    value: str | float | bool


@dataclass(frozen=True, slots=True)
class Several:
    """Constants in square brackets."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function, an operator of one or two sides, or `and`/`or`/`not`."""

    name: str
    parts: tuple["Node", ...]


Node = Ref | Const | Several | Call
_Part = Callable[[int], Node]


def tree_of(text: str) -> Node:
    """The tree of a condition.

    Raises:
        NotCarried: it is written in a way that is not understood.
    """
    if len(text) > LONGEST:
        raise NotCarried(_("it is too long"))
    reader = _Reader(_tokens(text))
    node = reader.either(0)
    if reader.sort != "end":
        raise NotCarried(_("“{text}” is not understood").format(text=reader.text))
    return node


def _tokens(text: str) -> list[tuple[str, str]]:
    found, place = [], 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise NotCarried(_("“{text}” is not understood").format(text=text[place]))
        if match.lastgroup != "space":
            found.append((str(match.lastgroup), match[0]))
        place = match.end()
    return [*found, ("end", "")]


class _Reader:
    """A reader that goes through the tokens once; each method reads one level of the grammar."""

    def __init__(self, tokens: Sequence[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.place = self.sums = 0

    @property
    def sort(self) -> str:
        """What sort of token comes next."""
        return self.tokens[self.place][0]

    @property
    def text(self) -> str:
        """The next token as it is written."""
        return self.tokens[self.place][1]

    def _take(self) -> str:
        text = self.text
        self.place += 1
        return text

    def _sign(self) -> str:
        """The next token where it may be an operator."""
        return self.text.lower() if self.sort in {"sign", "word"} else ""

    def _need(self, sign: str) -> None:
        if self._sign() != sign:
            raise NotCarried(_("“{sign}” is missing").format(sign=sign))
        self._take()

    def either(self, depth: int) -> Node:
        """`or`, whose sides may be `and`."""
        return self._joined(depth, ("or", "||"), self._all)

    def _all(self, depth: int) -> Node:
        return self._joined(depth, ("and", "&&"), self._compared)

    def _joined(self, depth: int, signs: tuple[str, ...], part: _Part) -> Node:
        if depth > DEEPEST:
            raise NotCarried(_("it has too many levels"))
        parts = [part(depth + 1)]
        while self._sign() in signs:
            self._take()
            parts.append(part(depth + 1))
        return parts[0] if len(parts) == 1 else Call(signs[0], tuple(parts))

    def _compared(self, depth: int) -> Node:
        left = self._sum(depth)
        sign = self._sign()
        if sign in _AFTER:
            self._take()
            return Call(_AFTER[sign], (left,))
        if sign in _COMPARING:
            self._take()
            return Call(_COMPARING[sign], (left, self._sum(depth)))
        return left

    def _sum(self, depth: int) -> Node:
        return self._left_to_right(depth, _ADDING, self._product)

    def _product(self, depth: int) -> Node:
        return self._left_to_right(depth, _TIMES, self._signed)

    def _left_to_right(self, depth: int, signs: dict[str, str], part: _Part) -> Node:
        left = part(depth)
        while self._sign() in signs:
            self.sums += 1
            if self.sums > DEEPEST:
                raise NotCarried(_("it has too many levels"))
            left = Call(signs[self._take().lower()], (left, part(depth)))
        return left

    def _signed(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise NotCarried(_("it has too many levels"))
        if self._sign() in {"!", "not"}:
            self._take()
            return Call("not", (self._signed(depth + 1),))
        if self._sign() == "-":
            self._take()
            inner = self._signed(depth + 1)
            if isinstance(inner, Const) and isinstance(inner.value, float):
                return Const(-inner.value)
            return Call("negative", (inner,))
        return self._atom(depth)

    def _atom(self, depth: int) -> Node:
        sort, text = self.sort, self._take()
        if sort == "ref":
            return Ref(text.strip("${}").strip())
        if sort == "number":
            return Const(float(text))
        if sort == "text":
            return Const(re.sub(r"\\(.)", r"\1", text[1:-1]))
        if text == "(":
            inner = self.either(depth + 1)
            self._need(")")
            return inner
        if text == "[":
            return Several(self._list("]", depth))
        if sort == "word":
            return self._word(text, depth)
        if not text:
            raise NotCarried(_("it is not complete"))
        raise NotCarried(_("“{text}” is not understood").format(text=text))

    def _word(self, text: str, depth: int) -> Node:
        if self._sign() == "(":
            self._take()
            return Call(text.lower(), self._list(")", depth))
        if text.lower() in {"true", "false"}:
            return Const(text.lower() == "true")
        return Ref(text, bare=True)

    def _list(self, end: str, depth: int) -> tuple[Node, ...]:
        parts: list[Node] = []
        while self._sign() != end:
            parts.append(self.either(depth + 1))
            if self._sign() == ",":
                self._take()
            elif self._sign() != end:
                raise NotCarried(_("“{sign}” is missing").format(sign=end))
        self._take()
        return tuple(parts)
