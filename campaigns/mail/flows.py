"""A template read as a flow: what is written as it stands, what is filled in, and where its statements turn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from jinja2 import nodes

SLOT = "\ue000"
TURN = " \ue001 "


class Unusual(Exception):
    """This template, or this message of it, is better written the straightforward way."""


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of the flow: data with its `text`, a slot with the `value` that fills it, or a turn of a statement."""

    text: str
    output: nodes.Output | None = None
    value: nodes.Expr | None = None
    statement: nodes.Stmt | None = None

    @property
    def is_masked(self) -> bool:
        """Whether its text only stands for it."""
        return self.value is not None or self.statement is not None


@dataclass(frozen=True, slots=True)
class Fixed:
    """To be written as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Marked:
    """The place of a tracked link, by its number in the list of such places; of a way out, counted from the end."""

    number: int


@dataclass(frozen=True, slots=True)
class Hole:
    """To be filled for each message; `kind` names what may stand there."""

    kind: str
    value: nodes.Expr


@dataclass(frozen=True, slots=True)
class Group:
    """Fixed texts and holes that may make an address together; `options` are told to whom fills it."""

    kind: str
    options: tuple[str, ...]
    parts: tuple[str | nodes.Expr, ...]


Emit = Fixed | Marked | Hole | Group
Plan = dict[nodes.Output, list[Emit]]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the flow's text that is one thing: a marked place or a group."""

    start: int
    end: int
    kind: str
    options: tuple[str, ...] = ()
    number: int = -1


def flow(body: Sequence[nodes.Node]) -> Iterator[Token]:
    """Yield the tokens of a template in the order of its source.

    Raises:
        Unusual: a statement that this does not follow.
    """
    for node in body:
        if isinstance(node, nodes.Output):
            yield from _written(node)
        elif isinstance(node, (nodes.Assign, nodes.AssignBlock)):
            yield Token(TURN, statement=node)
        elif isinstance(node, (nodes.If, nodes.For, nodes.With)):
            for branch in branches(node):
                yield Token(TURN, statement=node)
                yield from flow(branch)
            yield Token(TURN, statement=node)
        else:
            raise Unusual


def branches(node: nodes.Node) -> list[list[nodes.Node]]:
    """The bodies of a statement, in the order of the source."""
    if isinstance(node, nodes.If):
        return [node.body, *(each.body for each in node.elif_), node.else_]
    if isinstance(node, nodes.For):
        return [node.body, node.else_]
    return [node.body] if isinstance(node, nodes.With) else []


def plan(tokens: Sequence[Token], spans: Sequence[Span], kinds: Sequence[str]) -> Plan:
    """Divide the outputs of a template into what is written for them; `kinds` are those of the slots in order.

    The spans are in the coordinates of the tokens' joined texts, in order, and none crosses another.

    Raises:
        Unusual: a span goes beyond one output.
    """
    planned: Plan = {}
    waiting, kind = list(reversed(spans)), iter(kinds)
    position, parts = 0, cast("list[str | nodes.Expr]", [])
    for token in tokens:
        place, position = position, position + len(token.text)
        if token.output is None:
            if parts:
                raise Unusual
            continue
        emits = planned.setdefault(token.output, [])
        if token.value is not None:
            slot = next(kind)
            inside = waiting and waiting[-1].start <= place
            if inside:
                parts.append(token.value)
            else:
                emits.append(Hole(slot, token.value))
        else:
            _divide(token.text, place, waiting, parts, emits)
        if waiting and waiting[-1].end == position and parts:
            _close(waiting, parts, emits)
    return planned


def _divide(text: str, place: int, waiting: list[Span], parts: list[str | nodes.Expr], emits: list[Emit]) -> None:
    done, end = place, place + len(text)
    while waiting and waiting[-1].start < end:
        span = waiting[-1]
        if span.start > done:
            emits.append(Fixed(text[done - place : span.start - place]))
        stop = min(span.end, end)
        parts.append(text[max(done, span.start) - place : stop - place])
        done = stop
        if span.end > end:
            return
        _close(waiting, parts, emits)
    if done < end:
        emits.append(Fixed(text[done - place :]))


def _close(waiting: list[Span], parts: list[str | nodes.Expr], emits: list[Emit]) -> None:
    span = waiting.pop()
    if span.number >= 0:
        emits.append(Marked(span.number))
    else:
        emits.append(Group(span.kind, span.options, tuple(parts)))
    parts.clear()


def _written(node: nodes.Output) -> Iterator[Token]:
    data = ""
    for child in node.nodes:
        if isinstance(child, nodes.TemplateData):
            data += child.data
            continue
        if data:
            yield Token(data, node)
            data = ""
        yield Token(SLOT, node, child)
    if data:
        yield Token(data, node)
