"""Writes the Python of a part: what is fixed as a constant, a call for each hole; Jinja2 writes the rest."""

from collections.abc import Callable
from io import StringIO

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import Environment

from campaigns.mail.flows import Fixed, Group, Hole, Marked, Plan, Unusual
from campaigns.mail.text_places import STRETCH

SHEET = " sheet"  # under these names in the context; the blank keeps them out of a template's reach
MARKS = " marks"
SHOWN, TOLD = "shown", "told"


def code_of(tree: nodes.Template, planned: Plan, fixed: Callable[[str], str]) -> str:
    """Write the code of a template as planned; `fixed` says how what is fixed is written.

    Raises:
        Unusual: it has a statement that this does not follow.
    """
    assert tree.environment is not None, "a template that was just parsed has one"
    stream = StringIO()
    _Generator(tree.environment, planned, fixed, stream).visit(tree)
    return stream.getvalue()


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
                self._part(part, "pour_shown" if group.kind == STRETCH else "pour_written", frame)
            self.write(")")
        options = "".join(f", {option!r}" for option in group.options)
        self.write(f"{options}, sheet)")

    def _part(self, part: str | nodes.Expr, act: str, frame: Frame) -> None:
        if isinstance(part, str):
            self.write(f"{part!r}, " if part else "")
            return
        self.write(f"{act}(")
        self.visit(part, frame)
        self.write(", sheet), ")
