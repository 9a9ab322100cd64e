"""Which statements a team's template may use, and how its loops and joined texts are counted."""

from typing import Any, cast

from jinja2 import TemplateSyntaxError, nodes
from jinja2.visitor import NodeTransformer

_REFUSED: dict[type[nodes.Node], str] = {
    nodes.Include: "include", nodes.Import: "import", nodes.FromImport: "import", nodes.Extends: "extends",
    nodes.Block: "block", nodes.Macro: "macro", nodes.CallBlock: "call", nodes.ScopedEvalContextModifier: "autoescape",
    nodes.EvalContextModifier: "autoescape", nodes.ExprStmt: "do", nodes.NSRef: "namespace",
}  # fmt: skip
_REFUSED_NAMES = frozenset(("self", "super", "caller", "varargs", "kwargs"))


def restrict(tree: nodes.Template) -> None:
    """Refuse what mails do not need, and let loops and `~` be counted while they run.

    Raises:
        TemplateSyntaxError: a statement that is not allowed; names the line.
    """
    _Restricting().visit(tree)


class _Restricting(NodeTransformer):
    """Walks through a template before it is compiled."""

    def generic_visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> nodes.Node:
        statement = _REFUSED.get(type(node))
        if statement:
            raise TemplateSyntaxError(f"“{statement}” is not available in a mail", node.lineno)
        return super().generic_visit(node, *args, **kwargs)

    def visit_Name(self, node: nodes.Name) -> nodes.Node:  # noqa: N802 - Jinja2 finds the method by the node's name
        if node.name in _REFUSED_NAMES or node.name.startswith("__"):
            raise TemplateSyntaxError(f"“{node.name}” is not available in a mail", node.lineno)
        return node

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:  # noqa: N802 - as above
        if node.attr.startswith("_"):
            raise TemplateSyntaxError(f"“{node.attr}” is not available in a mail", node.lineno)
        return self.generic_visit(node)

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - as above
        if node.recursive:
            raise TemplateSyntaxError("a recursive loop is not available in a mail", node.lineno)
        written = sum(len(data.data) for part in node.body for data in part.find_all(nodes.TemplateData))
        self.generic_visit(node)
        node.iter = _filtered(node, node.iter, "counted", [nodes.Const(written)])
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802 - as above
        self.generic_visit(node)
        if not isinstance(node.arg, nodes.Slice):
            return node
        bounds = [bound or nodes.Const(None) for bound in (node.arg.start, node.arg.stop, node.arg.step)]
        return _filtered(node, node.node, "cut", bounds)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - as above
        self.generic_visit(node)
        return _filtered(node, nodes.List(node.nodes), "concat", [])


def _filtered(at: nodes.Node, value: nodes.Node, name: str, options: list[nodes.Expr]) -> nodes.Filter:
    applied = nodes.Filter(cast(nodes.Expr, value), name, options, [], None, None)
    applied.set_lineno(at.lineno, override=True)
    if at.environment is not None:
        applied.set_environment(at.environment)
    return applied
