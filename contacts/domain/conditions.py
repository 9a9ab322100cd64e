"""Conditions: whom a segment or an audience means, as a value that can be checked, told in words and evaluated.

{"match": "all", "rules": [{"field": "attributes.country", "op": "is", "value": "DE"}, {"match": "any", "rules": []}]}

There is no field for survey answers: they never become a marketing segment (P4, G14).
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import isfinite
from typing import Any

from contacts.domain.dates import read_moment
from contacts.domain.policy import Source
from contacts.domain.scopes import is_permittable
from core.errors import BadInput

MOST_RULES = 100
DEEPEST = 5
_LONGEST_VALUE = 1_000
_FURTHEST_DAYS = 36_500
_KEY = re.compile(r"attributes\.(\w{1,64})")
_NUMBER = re.compile(r"[-+]?\d{1,15}(\.\d{1,15})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{8}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_MOST_CHOICES = 1_000


class Match(StrEnum):
    """How the rules of a group belong together."""

    ALL = "all"
    ANY = "any"


class Op(StrEnum):
    """What a rule asks of a field."""

    IS = "is"
    IS_NOT = "is_not"
    IS_ONE_OF = "is_one_of"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    IS_SET = "is_set"
    IS_NOT_SET = "is_not_set"
    GREATER = "greater"
    LESS = "less"
    BEFORE = "before"
    AFTER = "after"
    HAS = "has"
    HAS_NOT = "has_not"


_TEXT_OPS = (Op.IS, Op.IS_NOT, Op.IS_ONE_OF, Op.CONTAINS, Op.STARTS_WITH, Op.IS_SET, Op.IS_NOT_SET)
_DATE_OPS = (Op.BEFORE, Op.AFTER)
TEXT_FIELDS = ("given_name", "family_name", "name", "locale", "time_zone", "source")
DATE_FIELDS = ("created_at", "source_at")
OPS: Mapping[str, tuple[Op, ...]] = {
    **dict.fromkeys(TEXT_FIELDS, _TEXT_OPS),
    **dict.fromkeys(DATE_FIELDS, _DATE_OPS),
    "source": (Op.IS, Op.IS_NOT, Op.IS_ONE_OF),
    "topics": (Op.HAS, Op.HAS_NOT),
    "attributes": (*_TEXT_OPS, Op.GREATER, Op.LESS, *_DATE_OPS),
}
"""The operations of each field; ``attributes`` stands for every ``attributes.<name>``."""
_WORDS = {
    Op.IS: "is",
    Op.IS_NOT: "is not",
    Op.IS_ONE_OF: "is one of",
    Op.CONTAINS: "contains",
    Op.STARTS_WITH: "starts with",
    Op.IS_SET: "is known",
    Op.IS_NOT_SET: "is not known",
    Op.GREATER: "is greater than",
    Op.LESS: "is less than",
    Op.BEFORE: "is before",
    Op.AFTER: "is after",
}


@dataclass(frozen=True)
class Border:
    """A border in time: a moment, or so many days before the condition is asked."""

    moment: datetime | None = None
    days_ago: int = 0
    whole_day: bool = False

    def begins(self, at: datetime) -> datetime:
        """Give the moment before which everything is before it, when asked at ``at``."""
        return self.moment or at - timedelta(days=self.days_ago)

    def ends(self, at: datetime) -> datetime:
        """Give the moment from which on everything is after it: a whole day's end, or the moment itself."""
        return self.begins(at) + timedelta(days=1 if self.whole_day else 0)


Plain = str | int | float | bool
Value = Plain | tuple[Plain, ...] | Border | None


@dataclass(frozen=True)
class Rule:
    """One question asked of one field."""

    field: str
    op: Op
    value: Value = None

    @property
    def key(self) -> str | None:
        """The attribute's name, where the field is an attribute."""
        found = _KEY.fullmatch(self.field)
        return found[1] if found else None


@dataclass(frozen=True)
class Group:
    """Rules and groups that must all be met, or any of them; no rule at all means everybody."""

    match: Match = Match.ALL
    rules: tuple["Rule | Group", ...] = ()


def read_condition(given: Any) -> Group:
    """Read a condition from its JSON form; an empty one means everybody.

    Raises:
        BadInput: with the place in ``field``, such as ``rules[2].value``, and the remedy.
    """
    group = _group(given, "", 1) if given else Group()
    if _size(group) > MOST_RULES:
        raise BadInput(f"A condition has at most {MOST_RULES} rules.", field="rules", remedy="Make it shorter.")
    return group


def _size(group: Group) -> int:
    return sum(_size(rule) if isinstance(rule, Group) else 1 for rule in group.rules)


def _group(given: Any, place: str, depth: int) -> Group:
    given = _mapping(given, place, {"match", "rules"})
    if depth > DEEPEST:
        raise BadInput(f"Groups stand at most {DEEPEST} deep.", field=place, remedy="Use fewer groups.")
    if (match := given.get("match", Match.ALL)) not in tuple(Match):
        raise BadInput("A group matches all of its rules or any.", field=f"{place}match", remedy="Use “all” or “any”.")
    rules = given.get("rules", [])
    if not isinstance(rules, Sequence) or isinstance(rules, str):
        raise BadInput("The rules of a group are a list.", field=f"{place}rules", remedy="Write rules = […].")
    if match == Match.ANY and not rules:
        raise BadInput("A group of “any” needs a rule.", field=f"{place}rules", remedy="Add a rule, or use “all”.")
    return Group(
        Match(match), tuple(_rule_or_group(rule, f"{place}rules[{at}].", depth) for at, rule in enumerate(rules))
    )


def _rule_or_group(given: Any, place: str, depth: int) -> Rule | Group:
    if isinstance(given, Mapping) and ("rules" in given or "match" in given):
        return _group(given, place, depth + 1)
    given = _mapping(given, place, {"field", "op", "value"})
    field = given.get("field")
    known = "attributes" if isinstance(field, str) and _KEY.fullmatch(field) else field
    if not isinstance(known, str) or known not in OPS or field == "attributes":
        fields = ", ".join(name for name in OPS if name != "attributes")
        raise BadInput(
            "There is no such field.", field=f"{place}field", remedy=f"Fields are: {fields}, attributes.<name>."
        )
    op = _op(given.get("op"), f"{place}op", OPS[known])
    return Rule(str(field), op, _value(str(field), op, given.get("value"), f"{place}value"))


def _mapping(given: Any, place: str, names: set[str]) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise BadInput("A condition is made of groups and rules.", field=place or "rules", remedy="See the guide.")
    for name in given.keys() - names:
        raise BadInput(
            f"“{name}” is not known here.", field=f"{place}{name}", remedy=f"Use {', '.join(sorted(names))}."
        )
    return given


def _op(given: Any, place: str, allowed: Sequence[Op]) -> Op:
    if given in allowed:
        return Op(given)
    raise BadInput("This field has no such operation.", field=place, remedy=f"Use one of: {', '.join(allowed)}.")


def _value(field: str, op: Op, given: Any, place: str) -> Value:
    if op in {Op.IS_SET, Op.IS_NOT_SET}:
        return None
    if op in _DATE_OPS:
        return _border(given, place)
    if op is Op.IS_ONE_OF:
        if not isinstance(given, Sequence) or isinstance(given, str) or not 0 < len(given) <= _MOST_CHOICES:
            raise BadInput("A list of values is needed.", field=place, remedy='For example ["DE", "AT"].')
        return tuple(_plain(field, op, each, f"{place}[{at}]") for at, each in enumerate(given))
    return _plain(field, op, given, place)


def _plain(field: str, op: Op, given: Any, place: str) -> Plain:
    if op in {Op.GREATER, Op.LESS}:
        number = as_number(given)
        if number is None:
            raise BadInput("A number is needed.", field=place, remedy="For example 40 or 2.5.")
        return number
    if not isinstance(given, Plain) or (isinstance(given, float) and as_number(given) is None):
        raise BadInput("A value is needed.", field=place, remedy="Write a text, a number, true or false.")
    if isinstance(given, str) and (not given or len(given) > _LONGEST_VALUE or _CONTROL.search(given)):
        raise BadInput(
            f"A text of 1 to {_LONGEST_VALUE} plain characters is needed.",
            field=place,
            remedy="For an empty field use “is_not_set”.",
        )
    _require_known(field, given, place)
    return given if field.startswith("attributes.") else str(given)


def _require_known(field: str, given: Plain, place: str) -> None:
    if field == "source" and given not in set(Source):
        raise BadInput("There is no such source.", field=place, remedy=f"Sources are: {', '.join(Source)}.")
    if field == "topics" and not (isinstance(given, str) and is_permittable(given)):
        raise BadInput("There is no such topic.", field=place, remedy="For example “updates” or “research”.")


def _border(given: Any, place: str) -> Border:
    if isinstance(given, Mapping) and set(given) == {"days_ago"}:
        days = given["days_ago"]
        if isinstance(days, int) and not isinstance(days, bool) and 0 <= days <= _FURTHEST_DAYS:
            return Border(days_ago=days)
    moment = read_moment(given) if isinstance(given, str) else None
    if moment is None:
        raise BadInput("A date is needed.", field=place, remedy='For example "2026-11-22" or {"days_ago": 30}.')
    return Border(moment, whole_day=bool(_DAY.fullmatch(given.strip())))


def as_number(given: Any) -> float | None:
    """Give the number that a value is or spells; None for everything else, as for infinity."""
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return None
    if isinstance(given, str) and not _NUMBER.fullmatch(given.strip()):
        return None
    with suppress(OverflowError, ValueError):
        number = float(given)
        return number if isfinite(number) else None
    return None


def describe(group: Group) -> str:
    """Tell a condition as an English phrase, as in ``country is “DE” and (locale starts with “de” or …)``."""
    if not group.rules:
        return "everybody"
    joint = " and " if group.match is Match.ALL else " or "
    return joint.join(_told(rule) if isinstance(rule, Rule) else _told_group(rule, group) for rule in group.rules)


def _told_group(group: Group, within: Group) -> str:
    return f"({describe(group)})" if len(within.rules) > 1 < len(group.rules) else describe(group)


def _told(rule: Rule) -> str:
    name = (rule.key or rule.field.removesuffix("_at")).replace("_", " ")
    if rule.op in {Op.HAS, Op.HAS_NOT}:
        return f"said {'yes' if rule.op is Op.HAS else 'no yes'} to {rule.value}"
    return f"{name} {_WORDS[rule.op]}{_told_value(rule.value)}"


def _told_value(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Border):
        if value.moment is None:
            return f" {value.days_ago} days ago"
        return f" {value.moment:%Y-%m-%d}" if value.whole_day else f" {value.moment:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, tuple):
        return " " + ", ".join(_told_value(each).strip() for each in value)
    if isinstance(value, bool):
        return " yes" if value else " no"
    return f" “{value}”" if isinstance(value, str) else f" {value:g}"
