"""Conditions that Heedful and SurveyJS can both express: one tree, written in the words of either."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

SPELLINGS = {
    "==": ("=", "==", "equal"),
    "!=": ("<>", "!=", "notequal"),
    "<": ("<", "less"),
    "<=": ("<=", "lessorequal"),
    ">": (">", "greater"),
    ">=": (">=", "greaterorequal"),
    "and": ("and", "&&"),
    "or": ("or", "||"),
}
FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}


@dataclass(frozen=True)
class Look:
    """One look at one earlier question, in our expressions, in theirs, and as a rule of ours where there is one."""

    ours: str
    theirs: str
    rule: dict[str, Any] | None = None


@dataclass(frozen=True)
class Joined:
    """`not` one condition; all or any of several."""

    sign: str
    parts: tuple["Tree", ...]


Tree = Look | Joined
Looker = Callable[[Random], Look]


def spelled(draw: Random, sign: str) -> str:
    """One of the ways to write a sign in SurveyJS."""
    return draw.choice(SPELLINGS[sign])


def compared(draw: Random, name: str, sign: str, value: float | str, *, truth: bool = False) -> Look:
    """`name sign value`, now and then written the other way round."""
    written = str(value == "yes").lower() if truth else f"'{value}'" if isinstance(value, str) else f"{value:g}"
    sides = (f"{{{name}}}", sign, written)
    if draw.random() < 0.15:
        sides = (written, FLIPPED[sign], f"{{{name}}}")
    ours = f"{name} {sign} '{value}'" if isinstance(value, str) else f"{name} {sign} {value:g}"
    question, _dot, row = name.partition(".")
    op = {"==": "is", "!=": "is_not", "<": "less", ">": "greater"}.get(sign)
    rule = {"question": question, "op": op, "value": value, **({"row": row} if row else {})} if op else None
    return Look(ours, f"{sides[0]} {spelled(draw, sides[1])} {sides[2]}", rule)


def answered(draw: Random, name: str) -> Look:
    """Whether there is an answer."""
    said = draw.random() < 0.6
    question, _dot, row = name.partition(".")
    rule = {"question": question, "op": "answered", "value": said, **({"row": row} if row else {})}
    theirs = f"{{{name}}} {'notempty' if said else 'empty'}"
    return Look(f"answered({name})" if said else f"not answered({name})", theirs, rule)


def one_of(draw: Random, name: str, values: Sequence[str | float]) -> Look:
    """Whether the answer is, or is not, one of several."""
    known = [each for each in values if isinstance(each, str) or each >= 0]
    chosen = draw.sample(known, draw.randint(1, len(known)))
    listed = ", ".join(f"'{each}'" if isinstance(each, str) else f"{each:g}" for each in chosen)
    if draw.random() < 0.7:
        return Look(f"{name} in {{{listed}}}", f"{{{name}}} anyof [{listed}]")
    return Look(f"{name} not in {{{listed}}}", f"{{{name}}} noneof [{listed}]")


def members(draw: Random, name: str, values: Sequence[str]) -> Look:
    """A look at a set of answers."""
    chosen = draw.sample(values, min(len(values), draw.randint(1, 2)))
    listed = ", ".join(f"'{each}'" for each in chosen)
    sign = draw.choice(["has", "has", "lacks", "same", "other", "all", "any", "count"])
    if sign == "count":
        compare, number = draw.choice(list(FLIPPED)), draw.randint(1, 2)
        return Look(f"count({name}) {compare} {number}", f"{{{name}.length}} {spelled(draw, compare)} {number}")
    first = chosen[0]
    rule = {"question": name, "op": "has", "value": first}
    return {
        "has": Look(f"{name} has '{first}'", f"{{{name}}} contains '{first}'", rule),
        "lacks": Look(f"not ('{first}' in {name})", f"{{{name}}} notcontains '{first}'"),
        "same": Look(f"{name} == {{{listed}}}", f"{{{name}}} = [{listed}]"),
        "other": Look(f"{name} != {{{listed}}}", f"{{{name}}} <> [{listed}]"),
        "all": Look(" and ".join(f"{name} has '{each}'" for each in chosen), f"{{{name}}} allof [{listed}]"),
        "any": Look(" or ".join(f"{name} has '{each}'" for each in chosen), f"{{{name}}} anyof [{listed}]"),
    }[sign]


def tree(draw: Random, lookers: Sequence[Looker], depth: int = 0) -> Tree:
    """Any condition over what these look at."""
    if depth > 2 or draw.random() < 0.45 + 0.15 * depth:
        return draw.choice(lookers)(draw)
    sign = draw.choice(["and", "or", "not"])
    count = 1 if sign == "not" else draw.randint(2, 3)
    return Joined(sign, tuple(tree(draw, lookers, depth + 1) for _each in range(count)))


def ours(node: Tree) -> str:
    """The condition as an expression of ours."""
    if isinstance(node, Look):
        return node.ours
    if node.sign == "not":
        return f"not ({ours(node.parts[0])})"
    return f" {node.sign} ".join(f"({ours(part)})" for part in node.parts)


def ours_in_parts(node: Tree) -> Any:
    """The condition as rules and groups of ours, as far as there are such; else as an expression."""
    if isinstance(node, Look):
        return node.rule or node.ours
    if node.sign == "not":
        return ours(node)
    return {"all" if node.sign == "and" else "any": [ours_in_parts(part) for part in node.parts]}


def theirs(node: Tree, draw: Random) -> str:
    """The condition as SurveyJS writes it."""
    if isinstance(node, Look):
        return node.theirs
    if node.sign == "not":
        return f"!({theirs(node.parts[0], draw)})"
    sign = spelled(draw, node.sign)
    return f" {sign} ".join(f"({theirs(part, draw)})" for part in node.parts)
