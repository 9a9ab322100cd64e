"""How an expression uses names: with which constants each is compared, and whether it is used otherwise."""

from dataclasses import dataclass, field

from surveys.domain.expressions.trees import Call, Minus, Name, Node, Number, Pair, Several, Text, inside

PLAIN_SIGNS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in", "has"})
_ASKING = frozenset({"answered", "refused"})


@dataclass
class Occurrence:
    """What is known of the uses of one name: rows, constants, and `woven` where it stands in something else."""

    rows: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    numbers: set[float] = field(default_factory=set)
    woven: bool = False
    whole: bool = False


def occurrences(node: Node, found: dict[str, Occurrence]) -> bool:
    """Note the uses of all names in a tree; False where it looks at the calendar, which no check can know."""
    if isinstance(node, Name):
        _occurrence(node, found).woven = True
        return True
    if isinstance(node, Pair) and node.sign in PLAIN_SIGNS:
        for name, other in ((node.left, node.right), (node.right, node.left)):
            constants = _constants(other)
            if isinstance(name, Name) and constants is not None:
                _noted(_occurrence(name, found), constants)
                return True
    if isinstance(node, Call) and node.name in _ASKING and len(node.given) == 1 and isinstance(node.given[0], Name):
        _occurrence(node.given[0], found)
        return True
    known = not (isinstance(node, Call) and node.name == "today")
    for part in inside(node):
        known = occurrences(part, found) and known
    if isinstance(node, Call):
        _given_constants(node, found)
    return known


def _given_constants(node: Call, found: dict[str, Occurrence]) -> None:
    """Constants beside a name within a function: rows(judged, {"good"})."""
    for each in node.given:
        if isinstance(each, Name):
            for other in node.given:
                _noted(_occurrence(each, found), _constants(other) or ())


def _occurrence(name: Name, found: dict[str, Occurrence]) -> Occurrence:
    key = name.spelled if name.name == "contact" else name.name
    occurrence = found.setdefault(key, Occurrence())
    if name.part and name.name != "contact":
        occurrence.rows.add(name.part)
    else:
        occurrence.whole = True
    return occurrence


def _noted(occurrence: Occurrence, constants: tuple[str | float, ...]) -> None:
    occurrence.texts |= {each for each in constants if isinstance(each, str)}
    occurrence.numbers |= {each for each in constants if not isinstance(each, str)}


def _constants(node: Node) -> tuple[str | float, ...] | None:
    """What is written out, or None where it is something else."""
    if isinstance(node, (Text, Number)):
        return (node.value,)
    if isinstance(node, Minus) and isinstance(node.inner, Number):
        return (-node.inner.value,)
    if isinstance(node, Several):
        return tuple(each.value for each in node.items if isinstance(each, (Text, Number)))
    return None
