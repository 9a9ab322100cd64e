"""Small faults that are put into a module one at a time, to see whether a test notices; made of its syntax tree."""

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
CALLED = {
    "and_": "or_", "or_": "and_", "in_": "not_in", "not_in": "in_", "is_": "is_not", "is_not": "is_", "min": "max",
    "max": "min", "any": "all", "all": "any", "startswith": "endswith", "setdefault": "get",
}  # fmt: skip
"""Functions and methods that say the opposite, in Python and in SQLAlchemy."""
GATHERING = {"where", "and_", "or_", "coalesce", "frozenset"}
"""Calls of which each argument is left out in turn."""
WRITTEN = {
    " AND ": " OR ",
    " IS NULL": " IS NOT NULL",
    " = ": " <> ",
    "_shared(": "(",
    "xact_lock(": "xact_lock_shared(",
}
"""Words of a statement that is written out as text, and what they become."""
DROPPED = (ast.Expr, ast.AugAssign, ast.Raise, ast.Continue, ast.Break, ast.Delete)


@dataclass(frozen=True)
class Mutant:
    """One fault: where it is, what stood there, what stands there now, and the whole module with it.

    The tree and the statement around the fault hold it only until the next mutant is asked for.
    """

    line: int
    place: str
    before: str
    after: str
    tree: ast.Module
    statement: ast.stmt


def mutants(source: str) -> Iterator[Mutant]:
    """Every fault that can be put into a module, in the order of its lines."""
    tree = ast.parse(source)
    places, holders = _places(tree), _holders(tree)
    for node in list(ast.walk(tree)):
        for which in range(_faults(node) if node in places else 0):
            changed = _changed(copy.deepcopy(node), which)
            ast.fix_missing_locations(ast.copy_location(changed, node))
            _put(holders[node], changed)
            yield _mutant(tree, (node, changed), which, places[node])
            _put(holders[node], node)


Holder = tuple[ast.AST, str, int | None]
"""The node around another, the field that holds it, and its number where that is a list."""


def _holders(tree: ast.Module) -> dict[ast.AST, Holder]:
    found: dict[ast.AST, Holder] = {}
    for node in ast.walk(tree):
        for field, value in ast.iter_fields(node):
            if isinstance(value, list):
                found |= {each: (node, field, turn) for turn, each in enumerate(value) if isinstance(each, ast.AST)}
            elif isinstance(value, ast.AST) and not isinstance(value, SHARED):
                found[value] = (node, field, None)
    return found


SHARED = (ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop)
"""Nodes of which the parser makes one for all places."""


def _put(holder: Holder, node: ast.AST) -> None:
    around, field, turn = holder
    if turn is None:
        setattr(around, field, node)
    else:
        getattr(around, field)[turn] = node


def _places(tree: ast.Module) -> dict[ast.AST, str]:
    """The name of the function or class around each node; annotations and docstrings are left out."""
    found: dict[ast.AST, str] = {}

    def walk(node: ast.AST, name: str) -> None:
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
            return  # a type's parameters, or a key of several parts
        found[node] = name
        inner = f"{name}.{node.name}".lstrip(".") if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else name
        for field, value in ast.iter_fields(node):
            if field not in {"annotation", "returns", "decorator_list", "type_params"}:
                for child in value if isinstance(value, list) else [value]:
                    if isinstance(child, ast.AST) and not _is_text(child):
                        walk(child, inner)

    walk(tree, "")
    return found


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _faults(node: ast.AST) -> int:
    """How many faults can be put into a node."""
    number = int(isinstance(node, DROPPED))
    match node:
        case ast.Compare():
            number = len(node.ops)
        case ast.Return():
            number = node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None)
        case ast.BoolOp() | ast.UnaryOp(op=ast.Not() | ast.Invert()):
            number = 1
        case ast.If() | ast.IfExp() | ast.While():
            number = 1 + (isinstance(node, ast.If) and not node.orelse)
        case ast.comprehension():
            number = len(node.ifs)
        case ast.BinOp():
            number = type(node.op) in COUNTED
        case ast.Constant():
            number = len(_written(node.value)) if isinstance(node.value, str) else isinstance(node.value, (bool, int))
        case ast.Set() | ast.Dict() | ast.Tuple(ctx=ast.Load()) | ast.List(ctx=ast.Load()):
            number = len(node.values if isinstance(node, ast.Dict) else node.elts)
        case ast.Call():
            number = (_called(node) in CALLED) + (len(node.args) if _called(node) in GATHERING else 0)
    return number


def _written(text: str) -> list[str]:
    """A statement's text with each of its faults; of any other text there are none."""
    if not re.search(r"^(?:SELECT|INSERT|UPDATE|DELETE) ", text.strip()):
        return []
    places = ((found, after) for before, after in WRITTEN.items() for found in re.finditer(re.escape(before), text))
    return [text[: found.start()] + after + text[found.end() :] for found, after in places]


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _mutant(tree: ast.Module, fault: tuple[ast.AST, ast.AST], which: int, place: str) -> Mutant:
    node, changed = fault
    line = getattr(node.ifs[which] if isinstance(node, ast.comprehension) else node, "lineno", 0)
    left_out = _left_out(node, changed, which)
    before, after = (_short(left_out), "left out") if left_out else (_short(node), _short(changed))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        before, after = _parts(node.value, str(getattr(changed, "value", "")))
    around = next(each for each in reversed(tree.body) if each.lineno <= line)
    return Mutant(line, place, before, after, tree, around)


def _parts(before: str, after: str) -> tuple[str, str]:
    """Where two texts differ, with some words around."""
    begins = _alike(before, after)
    ends = _alike(before[begins:][::-1], after[begins:][::-1])
    first = max(begins - AROUND, 0)
    texts = (text[first : len(text) - max(ends - AROUND, 0)] for text in (before, after))
    one, other = (" ".join(text.split()) for text in texts)
    return one, other


def _alike(one: str, other: str) -> int:
    """How far two texts begin alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _left_out(node: ast.AST, changed: ast.AST, which: int) -> ast.AST | None:
    """The element or argument that is left out, of a dictionary its key; None where the fault is of another kind."""
    match node, changed:
        case ast.Call(), ast.Call() if len(changed.args) < len(node.args):
            return node.args[which - (_called(node) in CALLED)]
        case ast.Dict(), _:
            return node.keys[which] or node.values[which]
        case ((ast.Set() | ast.Tuple() | ast.List()), _):
            return node.elts[which]
    return None


def _changed(node: ast.AST, which: int) -> ast.AST:
    """The node with its fault; `node` is a copy that may be changed."""
    match node:
        case ast.Compare():
            node.ops[which] = COMPARED[type(node.ops[which])]()
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.UnaryOp():
            return node.operand
        case ast.Return():
            node.value = ast.Constant(None)
        case ast.If() | ast.IfExp() | ast.While():
            if which:
                return ast.Pass()
            node.test = ast.UnaryOp(ast.Not(), node.test)
        case ast.comprehension():
            node.ifs[which] = ast.UnaryOp(ast.Not(), node.ifs[which])
        case ast.BinOp():
            node.op = COUNTED[type(node.op)]()
        case ast.Constant():
            node.value = _another(node.value, which)
        case _:
            return _without(node, which)
    return node


def _another(value: Any, which: int) -> Any:
    if isinstance(value, str):
        return _written(value)[which]
    return not value if isinstance(value, bool) else int(str(value)) + 1


def _without(node: ast.AST, which: int) -> ast.AST:
    """The node without one of its parts, or nothing in its place."""
    match node:
        case ast.Dict():
            del node.keys[which], node.values[which]
        case ast.Set(elts=[_]):
            return ast.Call(ast.Name("set", ast.Load()), [], [])
        case ast.Set() | ast.Tuple() | ast.List():
            del node.elts[which]
        case ast.Call():
            _call(node, which)
        case _:
            return ast.Pass()
    return node


def _call(node: ast.Call, which: int) -> None:
    opposite = CALLED.get(_called(node))
    if which or opposite is None:
        del node.args[which - (opposite is not None)]
    elif isinstance(node.func, ast.Name):
        node.func.id = opposite
    elif isinstance(node.func, ast.Attribute):
        node.func.attr = opposite


def _short(node: ast.AST) -> str:
    """A node in a line, as the list of what is argued names it."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= MOST else f"{text[:MOST]}…"


MOST = 200
AROUND = 24
