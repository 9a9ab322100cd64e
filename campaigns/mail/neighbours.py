"""Which characters may stand before and after each output of a template, whichever way its statements turn."""

from collections.abc import Sequence

from jinja2 import nodes

from campaigns.mail.flows import SLOT, branches

Letters = frozenset[str]
BORDER = "\n"  # stands for the beginning and the end of the text


class Edges:
    """The neighbours of every output; a slot stands for one that nobody can know."""

    def __init__(self, body: Sequence[nodes.Node]) -> None:
        self.before: dict[nodes.Output, Letters] = {}
        self.after: dict[nodes.Output, Letters] = {}
        self._walk(body, Letters(BORDER), self.before, ahead=False)
        self._walk(body, Letters(BORDER), self.after, ahead=True)

    def _walk(
        self, body: Sequence[nodes.Node], beside: Letters, found: dict[nodes.Output, Letters], *, ahead: bool
    ) -> Letters:
        """Note what is beside each output; answer what is then beside the whole body."""
        for node in reversed(body) if ahead else body:
            if isinstance(node, nodes.Output):
                found[node] = found.get(node, Letters()) | beside
                beside = _outermost(node, ahead=ahead) or beside
                continue
            bodies = branches(node)
            if isinstance(node, nodes.For):
                turning = beside | self._walk(node.body, beside, found, ahead=ahead)
                beside |= self._walk(node.body, turning, found, ahead=ahead)
                bodies = [node.else_]
            if bodies:
                beside = Letters().union(*(self._walk(each, beside, found, ahead=ahead) for each in bodies))
        return beside


def _outermost(output: nodes.Output, *, ahead: bool) -> Letters:
    for child in output.nodes if ahead else reversed(output.nodes):
        if not isinstance(child, nodes.TemplateData):
            return Letters(SLOT)
        if child.data:
            return Letters(child.data[0 if ahead else -1])
    return Letters()
