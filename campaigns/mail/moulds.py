"""A part's template compiled so that it writes itself encoded for transport: only the holes are left to do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from jinja2 import Template, nodes

from campaigns.mail.budgets import BUDGET, Budget
from campaigns.mail.coding import MARKS, SHEET, SHOWN, code_of
from campaigns.mail.contexts import CONTACT
from campaigns.mail.flows import Plan, Unusual, flow, plan
from campaigns.mail.foregone import Foregone
from campaigns.mail.html_places import CONTENT, Link, places_in_html
from campaigns.mail.marks import Clicks
from campaigns.mail.neighbours import Edges
from campaigns.mail.own_places import with_ways
from campaigns.mail.pouring import Pourer, Sheet
from campaigns.mail.quoted import ended, piece
from campaigns.mail.sandbox import environment
from campaigns.mail.text_places import PLAIN, places_in_text


class Mould:
    """A template compiled for an edition; `tree` is what is left to do for each message."""

    html = False

    def __init__(self, source: str, pourer: Pourer, shared: Mapping[str, Any]) -> None:
        """Compile a template; `shared` are the variables that are the same in every message.

        Raises:
            Unusual: this template is better written by hand.
            TemplateSyntaxError: it is no valid template.
        """
        sandbox = environment(html=self.html)
        foregone = Foregone(sandbox, shared, html=self.html)
        self.tree = foregone.settle(sandbox.parse(source))
        code = compile(code_of(self.tree, self.plan(pourer), self.fixed), "<template>", "exec")
        self._template = Template.from_code(sandbox, code, {})
        self._template.root_render_func.__globals__.update(pourer.names())
        self._shared = {**sandbox.globals, **shared, **foregone.values}
        self._spent = foregone.budget

    def plan(self, pourer: Pourer) -> Plan:  # noqa: ARG002 - others ask it where links lead
        """Say what is written for each output of the template."""
        tokens = list(flow(self.tree.body))
        return plan(tokens, [], [SHOWN] * sum(token.value is not None for token in tokens))

    @staticmethod
    def fixed(text: str) -> str:
        """Give a fixed text as it is written."""
        return text

    def written(self, values: Mapping[str, Any], marks: Sequence[Any], clicks: Clicks | None) -> Iterable[Any]:
        """Write one message's; `values` are the variables of its own, `marks` what stands at the marked places."""
        budget = Budget(self._spent.characters, self._spent.steps, self._spent.work)
        context = {**self._shared, **values, BUDGET: budget, SHEET: Sheet(budget, clicks), MARKS: marks}
        template = self._template
        return template.root_render_func(template.new_context(context, shared=True))


class Title(Mould):
    """A subject."""

    def text(self, values: Mapping[str, Any]) -> str:
        """Write the subject of one message."""
        return "".join(self.written(values, (), None))


class Part(Mould):
    """A text or an HTML part, written quoted-printable; `links` are the places of its tracked links."""

    links: Sequence[Link] = ()

    def plan(self, pourer: Pourer) -> Plan:
        """Find the places of links, holes and our own addresses."""
        planned = self._planned(pourer)
        return with_ways(planned, self.tree) if pourer.knows_own else planned

    def _planned(self, pourer: Pourer) -> Plan:
        tokens = list(flow(self.tree.body))
        if not pourer.links:
            return plan(
                tokens, [], [CONTENT if self.html else PLAIN] * sum(token.value is not None for token in tokens)
            )
        places = places_in_html(tokens) if self.html else places_in_text(tokens, Edges(self.tree.body))
        stored = [number for number, link in enumerate(places.links) if link.address in pourer.links]
        order = {number: index for index, number in enumerate(stored)} | {-1: -1}
        spans = [replace(span, number=order[span.number]) for span in places.spans if span.number in order]
        self.links = [places.links[number] for number in stored]
        return plan(tokens, spans, places.kinds)

    @staticmethod
    def fixed(text: str) -> str:
        """Encode a fixed text."""
        if text.endswith("\r"):
            raise Unusual  # what follows may be the other half of this line's end
        return piece(text)

    def fill(self, values: Mapping[str, Any], marks: Sequence[str], clicks: Clicks | None) -> bytes:
        """Write the part of one message."""
        return ended("".join(self.written(values, marks, clicks))).encode("ascii")


class Page(Part):
    """An HTML part."""

    html = True


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
