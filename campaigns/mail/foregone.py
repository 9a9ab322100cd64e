"""What is the same in every message of an edition, worked out before its template is compiled."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

from jinja2 import Template, TemplateError, Undefined, nodes
from jinja2.environment import Environment
from markupsafe import escape

from campaigns.mail.budgets import BUDGET, Budget, text_of
from campaigns.mail.fields import Fields
from core.errors import BadInput

_OF_THE_READER = frozenset(("date", "datetime", "number", "percent", "currency"))  # they ask for the contact's locale
_ASKED_BY_FILTERS = frozenset(("contact", "language"))
_LOOP = frozenset(("index", "index0", "first", "last", "length", "revindex", "revindex0"))
_WORTH_IT = (nodes.Call, nodes.Filter, nodes.Getattr, nodes.Getitem, nodes.Concat, nodes.Compare, nodes.BinExpr)
_MOST_TURNS = 100
_MOST_TURNS_IN_ALL = 1_000
_FAILS = (TemplateError, BadInput, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)

Known = dict[str, Any]
Node = TypeVar("Node", bound=nodes.Node)


class Foregone:
    """Works out one template.

    `values` are what the rest of it then asks for by names that no author can write; `budget` is what was spent.
    What cannot be worked out is left as it was, errors too.
    """

    def __init__(self, sandbox: Environment, shared: Mapping[str, Any], *, html: bool) -> None:
        self.values: Known = {}
        self.budget = Budget()
        self._sandbox = sandbox
        self._html = html
        self._context = {**sandbox.globals, **shared, BUDGET: self.budget}
        self._shared = dict(shared)
        self._turns = self._depth = 0

    def settle(self, tree: nodes.Template) -> nodes.Template:
        """Give the template with all that is foregone written out."""
        stored = {each.name for each in tree.find_all(nodes.Name) if each.ctx != "load"}
        if stored & (_ASKED_BY_FILTERS | {*self._sandbox.globals}):
            return tree
        settled = nodes.Template(self._body(tree.body, dict(self._shared)), lineno=1)
        return cast("nodes.Template", settled.set_environment(self._sandbox))

    def _body(self, body: Sequence[nodes.Node], known: Known) -> list[nodes.Node]:
        """Work out a body; `known` is what it knows, and then what is known after it."""
        done: list[nodes.Node] = []
        for node in body:
            for each in self._node(node, known):
                if done and isinstance(each, nodes.Output) and isinstance(last := done[-1], nodes.Output):
                    last.nodes += each.nodes
                else:
                    done.append(each)
        return done

    def _node(self, node: nodes.Node, known: Known) -> Iterable[nodes.Node]:
        if isinstance(node, nodes.Output):
            return [nodes.Output([self._child(child, known) for child in node.nodes], lineno=node.lineno)]
        if isinstance(node, nodes.If):
            return self._if(node, known)
        if isinstance(node, nodes.For):
            return self._for(node, known)
        if isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
            return self._assign(node, node.target.name, known)
        if isinstance(node, nodes.AssignBlock) and node.filter is None:
            body = self._perhaps(node.body, known)
            known.pop(cast("nodes.Name", node.target).name, None)
            return [nodes.AssignBlock(node.target, None, body, lineno=node.lineno)]
        for name in _stored(node):
            known.pop(name, None)
        return [self._copy(node, known)]

    def _child(self, child: nodes.Expr, known: Known) -> nodes.Expr:
        if isinstance(child, nodes.TemplateData) or not self._is_foregone(child, known):
            return self._copy(child, known)
        try:
            value = self._worked_out(child, known)
            if isinstance(value, Undefined):
                return self._copy(child, known)
            text = text_of(value)
            self.budget.write(len(text))
        except _FAILS:
            return self._copy(child, known)
        return nodes.TemplateData(str(escape(text)) if self._html else str(text), lineno=child.lineno)

    def _if(self, node: nodes.If, known: Known) -> Iterable[nodes.Node]:
        branches = [(node.test, node.body), *((each.test, each.body) for each in node.elif_)]
        for number, (test, body) in enumerate(branches):
            try:
                holds = bool(self._worked_out(test, known)) if self._is_foregone(test, known) else None
            except _FAILS:
                holds = None
            if holds is None:
                rest = nodes.If(test, list(body), node.elif_[number:], node.else_, lineno=node.lineno)
                return [self._undecided(rest, known)]
            if holds:
                return self._body(body, known)
        return self._body(node.else_, known)

    def _undecided(self, node: nodes.If, known: Known) -> nodes.Node:
        elifs = [
            nodes.If(self._copy(each.test, known), self._perhaps(each.body, known), [], [], lineno=each.lineno)
            for each in node.elif_
        ]
        body, other = self._perhaps(node.body, known), self._perhaps(node.else_, known)
        test = self._copy(node.test, known)
        for name in _stored(node):
            known.pop(name, None)
        return nodes.If(test, body, elifs, other, lineno=node.lineno)

    def _for(self, node: nodes.For, known: Known) -> Iterable[nodes.Node]:
        items = self._items(node, known)
        if items is None:
            return [self._turning(node, known)]
        if not items:
            return self._body(node.else_, known)
        name = cast("nodes.Name", node.target).name
        done: list[nodes.Node] = []
        for index, item in enumerate(items):
            done += self._body(node.body, {**known, name: item, "loop": _turn(index, len(items))})
        kept = any(isinstance(each, (nodes.Assign, nodes.AssignBlock)) for part in done for each in _with_itself(part))
        return [self._turning(node, known)] if kept else done  # what a turn sets ends with it

    def _turning(self, node: nodes.For, known: Known) -> nodes.Node:
        """Leave a loop as it is, so that what each turn writes is counted in each turn."""
        other = self._perhaps(node.else_, known)
        inner = {name: value for name, value in known.items() if name not in {*_stored(node), "loop"}}
        through, test = self._copy(node.iter, known), node.test and self._copy(node.test, inner)
        body = [self._copy(each, inner) for each in node.body]
        return nodes.For(node.target, through, body, other, test, False, lineno=node.lineno)  # noqa: FBT003 - not recursive

    def _perhaps(self, body: Sequence[nodes.Node], known: Known) -> list[nodes.Node]:
        """Work out a body that may be left out, so that what it sets is not known after it."""
        self._depth += 1
        done = self._body(body, dict(known))
        self._depth -= 1
        return done

    def _items(self, node: nodes.For, known: Known) -> list[Any] | None:
        """What a loop goes through, if that is known and the loop can be written out."""
        if node.test or not isinstance(node.target, nodes.Name) or not self._is_foregone(node.iter, known):
            return None
        loops = [each for part in node.body for each in _with_itself(part) if _is_loop(each)]
        parts = [each for part in node.body for each in _with_itself(part) if isinstance(each, nodes.Getattr)]
        if len(loops) > sum(_is_loop(each.node) and each.attr in _LOOP for each in parts):
            return None
        try:
            items = list(self._worked_out(node.iter, known))
        except _FAILS:
            return None
        self._turns += len(items)
        return items if len(items) <= _MOST_TURNS and self._turns <= _MOST_TURNS_IN_ALL else None

    def _assign(self, node: nodes.Assign, name: str, known: Known) -> Iterable[nodes.Node]:
        try:
            if self._is_foregone(node.node, known):
                value = known[name] = self._worked_out(node.node, known)
                kept = nodes.Name(self._name(value), "load", lineno=node.lineno)
                return [nodes.Assign(node.target, kept, lineno=node.lineno)] if self._depth else []
        except _FAILS:
            pass
        copied = self._copy(node, known)
        known.pop(name, None)
        return [copied]

    def _is_foregone(self, expression: nodes.Node, known: Known) -> bool:
        for each in _with_itself(expression):
            if isinstance(each, nodes.Name) and each.name not in known and each.name not in self._sandbox.globals:
                return False
            if isinstance(each, nodes.Filter) and each.name in _OF_THE_READER:
                return False
        return True

    def _worked_out(self, expression: nodes.Node, known: Known) -> Any:
        if isinstance(expression, nodes.Name):
            return known[expression.name]
        if isinstance(expression, nodes.Getattr):
            return self._sandbox.getattr(self._worked_out(expression.node, known), expression.attr)
        target = nodes.Name("found", "store", lineno=1)
        tree = nodes.Template([nodes.Assign(target, _copied(expression, lambda _: None), lineno=1)], lineno=1)
        code = self._sandbox.compile(cast("nodes.Template", tree.set_environment(self._sandbox)))
        template = Template.from_code(self._sandbox, code, {})
        context = template.new_context({**self._context, **known}, shared=True)
        for _ in template.root_render_func(context):
            pass
        return context.vars["found"]

    def _copy(self, node: Node, known: Known) -> Node:
        """Copy a part that is left as it was; what is known there gets a name of its own."""
        stored = _stored(node)
        renamed = {
            name: value
            for name, value in known.items()
            if name not in stored and self._shared.get(name, self) is not value
        }
        safe = {name: value for name, value in known.items() if name not in stored}
        if node.find(nodes.For):
            renamed.pop("loop", None)
            safe.pop("loop", None)

        def instead(part: nodes.Node) -> nodes.Node | None:
            if isinstance(part, nodes.Name):
                return _loaded(self._name(renamed[part.name]), part) if part.name in renamed else None
            counted = isinstance(part, nodes.Filter) and part.name == "counted"  # in every turn of a loop around it
            if part is node or counted or not isinstance(part, _WORTH_IT) or not self._is_foregone(part, safe):
                return None
            try:
                return _loaded(self._name(self._worked_out(part, safe)), part)
            except _FAILS:
                return None

        return cast("Node", _copied(node, instead))

    def _name(self, value: Any) -> str:
        for name, other in self.values.items():
            if other is value:
                return name
        name = f"__{len(self.values)}"
        self.values[name] = value
        return name


def _loaded(name: str, at: nodes.Node) -> nodes.Name:
    return nodes.Name(name, "load", lineno=at.lineno)


def _copied(node: nodes.Node, instead: Callable[[nodes.Node], nodes.Node | None]) -> nodes.Node:
    """Copy a node with something else in the place of some of its parts; what is stored stays as it is."""
    other = instead(node) if not isinstance(node, nodes.Name) or node.ctx == "load" else None
    if other is not None:
        return other
    made = object.__new__(type(node))
    for name in node.attributes:
        setattr(made, name, getattr(node, name, None))
    for name, value in node.iter_fields():
        if isinstance(value, list):
            copied: Any = [_copied(each, instead) if isinstance(each, nodes.Node) else each for each in value]
        else:
            copied = _copied(value, instead) if isinstance(value, nodes.Node) else value
        setattr(made, name, copied)
    return made


def _stored(node: nodes.Node) -> set[str]:
    return {each.name for each in _with_itself(node) if isinstance(each, nodes.Name) and each.ctx != "load"}


def _with_itself(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for each in node.iter_child_nodes():
        yield from _with_itself(each)


def _is_loop(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.name == "loop"


def _turn(index: int, length: int) -> Fields:
    """What a loop says of itself in one of its turns."""
    counted = {"index": index + 1, "index0": index, "revindex": length - index, "revindex0": length - index - 1}
    return Fields("loop", {**counted, "length": length, "first": index == 0, "last": index == length - 1})
