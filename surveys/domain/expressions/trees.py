"""An expression as a tree of values, as the parser builds it and the compiler walks it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    """A number written out."""

    at: int
    value: float


@dataclass(frozen=True, slots=True)
class Text:
    """A text in quotes."""

    at: int
    value: str


@dataclass(frozen=True, slots=True)
class Truth:
    """`true` or `false`."""

    at: int
    value: bool


@dataclass(frozen=True, slots=True)
class Name:
    """A name; `part` is what stands behind the point."""

    at: int
    name: str
    part: str = ""

    @property
    def spelled(self) -> str:
        """As it was written."""
        return f"{self.name}.{self.part}" if self.part else self.name


@dataclass(frozen=True, slots=True)
class Several:
    """Names or numbers within braces."""

    at: int
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function with what it is given."""

    at: int
    name: str
    given: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a truth."""

    at: int
    inner: "Node"


@dataclass(frozen=True, slots=True)
class Minus:
    """A number with its sign turned."""

    at: int
    inner: "Node"


@dataclass(frozen=True, slots=True)
class Joint:
    """Truths of which all (`and`) or any (`or`) must hold."""

    at: int
    every: bool
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things with a sign between them: arithmetic or a comparison."""

    at: int
    sign: str
    left: "Node"
    right: "Node"


Node = Number | Text | Truth | Name | Several | Call | Not | Minus | Joint | Pair


def inside(node: Node) -> tuple[Node, ...]:
    """The nodes directly within a node."""
    if isinstance(node, Pair):
        return (node.left, node.right)
    if isinstance(node, (Not, Minus)):
        return (node.inner,)
    if isinstance(node, Joint):
        return node.parts
    if isinstance(node, Call):
        return node.given
    return node.items if isinstance(node, Several) else ()
