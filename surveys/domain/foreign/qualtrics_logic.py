"""Qualtrics' conditions, which are kept in numbered parts, as trees."""

import re
from collections.abc import Mapping
from typing import Any

from surveys.domain.foreign.conditions_read import Call, Const, Node, Ref

NOTHING = Const("")
"""Stands for a condition that is not understood."""

MOST_LOOKS = 60

_LOCATED = re.compile(r"q://(?P<question>QID\d+)/(?P<what>\w+)(?:/(?P<row>\d+))?(?:/(?P<answer>\d+))?")
_COMPARED = {
    "EqualTo": "==", "NotEqualTo": "!=", "GreaterThan": ">", "GreaterThanOrEqual": ">=", "LessThan": "<",
    "LessThanOrEqual": "<=", "Contains": "contains", "DoesNotContain": "notcontains",
}  # fmt: skip


def logic_of(logic: object) -> Node | None:
    """The tree of a display logic; None where there is none, NOTHING where it is not understood."""
    if not isinstance(logic, Mapping) or not logic:
        return None
    groups = [_group(each) for each in _numbered(logic)]
    if not groups or any(group is NOTHING for group in groups):
        return NOTHING
    return groups[0] if len(groups) == 1 else Call("or" if _joined_by_or(logic) else "and", tuple(groups))


def _numbered(parts: Mapping[str, Any]) -> list[Any]:
    return [parts[key] for key in sorted((key for key in parts if re.fullmatch("[0-9]{1,6}", key)), key=int)]


def _joined_by_or(logic: Mapping[str, Any]) -> bool:
    return any(isinstance(each, Mapping) and str(each.get("Type")) in {"ElseIf", "OrIf"} for each in _numbered(logic))


def _group(group: object) -> Node:
    """Several looks, joined from left to right as they are written."""
    if not isinstance(group, Mapping):
        return NOTHING
    whole: Node | None = None
    for each in _numbered(group)[:MOST_LOOKS]:
        look = _look(each if isinstance(each, Mapping) else {})
        if look is NOTHING:
            return NOTHING
        whole = look if whole is None else _joined(_joint(each), whole, look)
    return NOTHING if whole is None or len(_numbered(group)) > MOST_LOOKS else whole


def _joint(look: Mapping[str, Any]) -> str:
    said = str(look.get("Conjuction") or look.get("Conjunction") or "And")
    return "or" if said.lower() == "or" else "and"


def _joined(joint: str, whole: Node, look: Node) -> Node:
    """One more look beside those before it."""
    before = whole.parts if isinstance(whole, Call) and whole.name == joint else (whole,)
    return Call(joint, (*before, look))


def _look(look: Mapping[str, Any]) -> Node:
    """One look at one question."""
    located = _LOCATED.match(str(look.get("LeftOperand") or look.get("ChoiceLocator") or ""))
    if look.get("LogicType") != "Question" or located is None:
        return NOTHING
    question, operator = Ref(located["question"]), str(look.get("Operator") or "")
    if operator in {"Selected", "NotSelected"} and located["row"]:
        taken = _taken(located)
        return taken if operator == "Selected" else Call("not", (taken,))
    if operator in {"Empty", "NotEmpty", "Displayed"}:
        return (
            Call("notempty" if operator == "NotEmpty" else "empty", (question,)) if operator != "Displayed" else NOTHING
        )
    if operator in _COMPARED and look.get("RightOperand") is not None:
        return Call(_COMPARED[operator], (question, Const(str(look["RightOperand"]))))
    return NOTHING


def _taken(located: re.Match[str]) -> Node:
    """A choice taken, or a point of a row."""
    if located["answer"]:
        return Call("==", (Ref(f"{located['question']}.{located['row']}"), Const(located["answer"])))
    return Call("selected", (Ref(located["question"]), Const(str(located["row"]))))
