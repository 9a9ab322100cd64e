"""Where a template writes our own addresses just as they are: encoded once for each message, for all its parts."""

from jinja2 import nodes

from campaigns.mail.flows import Emit, Group, Hole, Marked, Plan

WAYS = ("unsubscribe_url", "preferences_url", "personal_url")
"""The variables that hold our own addresses; their marks stand at the end of the list of marks, the first one last."""


def with_ways(planned: Plan, tree: nodes.Template) -> Plan:
    """The plan in which their places are marked.

    Left as they are: names that the template gives a meaning of its own, and what loops repeat, which is counted.
    """
    free = set(WAYS) - {each.name for each in tree.find_all(nodes.Name) if each.ctx != "load"}
    repeated = {output for loop in tree.find_all(nodes.For) for output in loop.find_all(nodes.Output)}
    return {
        output: emits if output in repeated else [_marked(each, free) for each in emits]
        for output, emits in planned.items()
    }


def _marked(emit: Emit, free: set[str]) -> Emit:
    value: object = None
    if isinstance(emit, Hole):
        value = emit.value
    elif isinstance(emit, Group) and len(emit.parts) == 1:
        value = emit.parts[0]
    return Marked(-1 - WAYS.index(value.name)) if isinstance(value, nodes.Name) and value.name in free else emit
