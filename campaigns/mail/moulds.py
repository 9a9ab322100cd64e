"""A part's template compiled so that it writes itself encoded for transport: only the holes are left to do."""

from collections.abc import Mapping
from dataclasses import replace
from io import StringIO
from typing import Any

from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import Environment

from campaigns.mail.flows import Fixed, Group, Hole, Marked, Plan, Unusual, flow, plan
from campaigns.mail.html_places import CONTENT, HREF, Link, Places, places_in_html
from campaigns.mail.neighbours import Edges
from campaigns.mail.pouring import Pourer
from campaigns.mail.quoted import ended, piece
from campaigns.mail.sandbox import environment
from campaigns.mail.text_places import PLAIN, places_in_text

SHEET = " sheet"  # under these names in the context; the blank keeps them out of a template's reach
MARKS = " marks"


class Mould:
    """One compiled part; `links` are the places of its tracked links, `names` the variables it asks for."""

    def __init__(self, source: str, pourer: Pourer, *, html: bool) -> None:
        """Compile a part.

        Raises:
            Unusual: this template is better written the straightforward way.
            TemplateSyntaxError: it is no valid template.
        """
        sandbox = environment(html=html)
        tree = sandbox.parse(source)
        self.names = {each.name for each in tree.find_all(nodes.Name)}
        planned, self.links = _planned(tree, pourer, html=html)
        code = compile(_code(tree, planned), "<template>", "exec")
        self._template = Template.from_code(sandbox, code, {})
        self._template.root_render_func.__globals__.update(pourer.names())

    def fill(self, context: dict[str, Any]) -> str:
        """Write the part of one message, quoted-printable; `context` holds the sandbox's globals, SHEET and MARKS."""
        template = self._template
        return ended("".join(template.root_render_func(template.new_context(context, shared=True))))


def _code(tree: nodes.Template, planned: Plan) -> str:
    assert tree.environment is not None, "a template that was just parsed has one"
    stream = StringIO()
    _Generator(tree.environment, planned, stream).visit(tree)
    return stream.getvalue()


def globals_of(*, html: bool) -> Mapping[str, Any]:
    """What every context of such a part holds."""
    return environment(html=html).globals


def _planned(tree: nodes.Template, pourer: Pourer, *, html: bool) -> tuple[Plan, list[Link]]:
    tokens = list(flow(tree.body))
    if not pourer.links:
        slots = sum(token.value is not None for token in tokens)
        places = Places(kinds=[CONTENT if html else PLAIN] * slots)
    else:
        places = places_in_html(tokens) if html else places_in_text(tokens, Edges(tree.body))
    stored = [number for number, link in enumerate(places.links) if link.address in pourer.links]
    order = {number: index for index, number in enumerate(stored)} | {-1: -1}
    spans = [replace(span, number=order[span.number]) for span in places.spans if span.number in order]
    return plan(tokens, spans, places.kinds), [places.links[number] for number in stored]


class _Generator(CodeGenerator):
    """Writes the code of a part: outputs are encoded, but for those that a variable takes in."""

    def __init__(self, environment: Environment, planned: Plan, stream: StringIO) -> None:
        super().__init__(environment, None, None, stream)
        self.planned = planned

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
                self.writeline(f"yield {piece(emit.text)!r}", node)
            elif isinstance(emit, Marked):
                self.writeline(f"yield marks[{emit.number}]", node)
            elif isinstance(emit, Hole):
                self.writeline(f"yield pour_{emit.kind}(", node)
                self.visit(emit.value, frame)
                self.write(", sheet)")
            else:
                self._group(emit, frame, node)

    def _group(self, group: Group, frame: Frame, node: nodes.Output) -> None:
        act = "pour_written" if group.kind == HREF else "pour_shown"
        self.writeline(f"yield pour_{group.kind}((", node)
        for part in group.parts:
            if isinstance(part, str):
                self.write(f"{part!r}, " if part else "")
            else:
                self.write(f"{act}(")
                self.visit(part, frame)
                self.write(", sheet), ")
        options = ", ".join(map(repr, group.options))
        self.write(f"), {options}, sheet)")
