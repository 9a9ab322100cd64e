"""A part's template compiled so that it writes itself encoded for transport: only the holes are left to do."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from io import StringIO
from typing import Any

from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import Environment

from campaigns.mail.budgets import BUDGET, Budget
from campaigns.mail.contexts import CONTACT
from campaigns.mail.flows import Fixed, Group, Hole, Marked, Plan, Unusual, flow, plan
from campaigns.mail.foregone import Foregone
from campaigns.mail.html_places import CONTENT, HREF, Link, places_in_html
from campaigns.mail.marks import Clicks
from campaigns.mail.neighbours import Edges
from campaigns.mail.pouring import Pourer, Sheet
from campaigns.mail.quoted import ended, piece
from campaigns.mail.sandbox import environment
from campaigns.mail.text_places import PLAIN, STRETCH, places_in_text

SHEET = " sheet"  # under these names in the context; the blank keeps them out of a template's reach
MARKS = " marks"
SHOWN = "shown"


class Mould:
    """One compiled part: `links` are the places of its tracked links, `tree` is what is left to do."""

    def __init__(
        self, source: str, pourer: Pourer, shared: Mapping[str, Any], *, html: bool, encoded: bool = True
    ) -> None:
        """Compile a part, or with `encoded` False a text that goes through other hands before it is sent.

        `shared` are the variables that are the same in every message.

        Raises:
            Unusual: this template is better written by hand.
            TemplateSyntaxError: it is no valid template.
        """
        sandbox = environment(html=html)
        foregone = Foregone(sandbox, shared, html=html)
        self.tree = foregone.settle(sandbox.parse(source))
        planned, self.links = _planned(self.tree, pourer, html=html) if encoded else (_unplaced(self.tree, SHOWN), [])
        code = compile(_code(self.tree, planned, _fixed if encoded else str), "<template>", "exec")
        self._template = Template.from_code(sandbox, code, {})
        self._template.root_render_func.__globals__.update(pourer.names())
        self._shared = {**sandbox.globals, **shared, **foregone.values}
        self._spent = foregone.budget

    def fill(self, values: Mapping[str, Any], marks: Sequence[str], clicks: Clicks | None) -> bytes:
        """Write the part of one message, quoted-printable; `values` are the variables of its own."""
        return ended(self.text(values, marks, clicks)).encode("ascii")

    def text(self, values: Mapping[str, Any], marks: Sequence[str] = (), clicks: Clicks | None = None) -> str:
        """Write the part as far as it goes, without an end to its last line."""
        budget = Budget(self._spent.characters, self._spent.steps, self._spent.work)
        context = {**self._shared, **values, BUDGET: budget, SHEET: Sheet(budget, clicks), MARKS: marks}
        template = self._template
        return "".join(template.root_render_func(template.new_context(context, shared=True)))


def _fixed(text: str) -> str:
    if text.endswith("\r"):
        raise Unusual  # what follows may be the other half of this line's end
    return piece(text)


def _unplaced(tree: nodes.Template, kind: str) -> Plan:
    tokens = list(flow(tree.body))
    return plan(tokens, [], [kind] * sum(token.value is not None for token in tokens))


def _code(tree: nodes.Template, planned: Plan, fixed: Callable[[str], str]) -> str:
    assert tree.environment is not None, "a template that was just parsed has one"
    stream = StringIO()
    _Generator(tree.environment, planned, fixed, stream).visit(tree)
    return stream.getvalue()


def asked_of_contacts(trees: Iterable[nodes.Template]) -> tuple[str, ...]:
    """Which fields of a contact the templates may look at; the locale always, for the filters do."""
    asked = {"locale"}
    for tree in trees:
        members = [each.attr for each in tree.find_all(nodes.Getattr) if _is_contact(each.node)]
        if len(members) < sum(map(_is_contact, tree.find_all(nodes.Name))):
            return CONTACT
        asked.update(members)
    return tuple(name for name in CONTACT if name in asked)


def _is_contact(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.name == "contact"


def _planned(tree: nodes.Template, pourer: Pourer, *, html: bool) -> tuple[Plan, list[Link]]:
    if not pourer.links:
        return _unplaced(tree, CONTENT if html else PLAIN), []
    tokens = list(flow(tree.body))
    places = places_in_html(tokens) if html else places_in_text(tokens, Edges(tree.body))
    stored = [number for number, link in enumerate(places.links) if link.address in pourer.links]
    order = {number: index for index, number in enumerate(stored)} | {-1: -1}
    spans = [replace(span, number=order[span.number]) for span in places.spans if span.number in order]
    return plan(tokens, spans, places.kinds), [places.links[number] for number in stored]


class _Generator(CodeGenerator):
    """Writes the code of a part: outputs are encoded, but for those that a variable takes in."""

    def __init__(self, environment: Environment, planned: Plan, fixed: Callable[[str], str], stream: StringIO) -> None:
        super().__init__(environment, None, None, stream)
        self.planned = planned
        self.fixed = fixed

    def write_commons(self) -> None:
        """Begin the function that writes a part."""
        super().write_commons()
        self.writeline(f"sheet = context.parent[{SHEET!r}]")
        self.writeline(f"marks = context.parent[{MARKS!r}]")

    def visit_FilterBlock(self, node: nodes.FilterBlock, frame: Frame) -> None:  # noqa: N802 - Jinja2 finds it by the node's name
        """Leave filtered blocks to the straightforward way."""
        if frame.buffer is None:
            raise Unusual
        super().visit_FilterBlock(node, frame)

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802 - as above
        """Write what is fixed as it is sent, and a call for each hole."""
        if frame.buffer is not None:
            super().visit_Output(node, frame)
            return
        for emit in self.planned[node]:
            if isinstance(emit, Fixed):
                self.writeline(f"yield {self.fixed(emit.text)!r}", node)
            elif isinstance(emit, Marked):
                self.writeline(f"yield marks[{emit.number}]", node)
            elif isinstance(emit, Hole):
                self.writeline(f"yield pour_{emit.kind}(", node)
                self.visit(emit.value, frame)
                self.write(", sheet)")
            else:
                self._group(emit, frame, node)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - as above
        """Ask groups for their texts without the long way through the sandbox."""
        self.write("pour_member(")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r})")

    def _group(self, group: Group, frame: Frame, node: nodes.Output) -> None:
        if group.kind == STRETCH and len(group.parts) == 1 and isinstance(group.parts[0], nodes.Expr):
            self.writeline("yield pour_word(", node)
            self.visit(group.parts[0], frame)
        else:
            self.writeline(f"yield pour_{group.kind}((", node)
            for part in group.parts:
                self._part(part, "pour_written" if group.kind == HREF else "pour_shown", frame)
            self.write(")")
        options = ", ".join(map(repr, group.options))
        self.write(f", {options}, sheet)")

    def _part(self, part: str | nodes.Expr, act: str, frame: Frame) -> None:
        if isinstance(part, str):
            self.write(f"{part!r}, " if part else "")
            return
        self.write(f"{act}(")
        self.visit(part, frame)
        self.write(", sheet), ")
