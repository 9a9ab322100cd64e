"""Says of one person whether a condition means them; storage/segments asks the same of a whole table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from contacts.domain.conditions import DATE_FIELDS, Border, Group, Match, Op, Plain, Rule, as_number

_SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)
ISO_DAY = "____-__-__"
"""The form (as in LIKE) in which an attribute can be a date."""


@dataclass(frozen=True)
class Person:
    """What conditions may know of a contact."""

    given_name: str
    family_name: str
    locale: str
    time_zone: str
    source: str
    source_at: datetime
    created_at: datetime
    attributes: Mapping[str, Any] = field(default_factory=dict)
    topics: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Given and family name, as far as they are known."""
        return f"{self.given_name} {self.family_name}".strip(" ")


def matches(group: Group, person: Person, at: datetime) -> bool:
    """Say whether the condition means this person when asked at that moment; letters A to Z match in either case."""
    met = (matches(rule, person, at) if isinstance(rule, Group) else _meets(rule, person, at) for rule in group.rules)
    return all(met) if group.match is Match.ALL else any(met)


def small(text: str) -> str:
    """Make A to Z small, and nothing else, as both databases can."""
    return text.translate(_SMALL)


def day_of(moment: datetime) -> str:
    """Give a border's day as attributes spell it."""
    return moment.strftime("%Y-%m-%d")


def _meets(rule: Rule, person: Person, at: datetime) -> bool:
    if rule.field == "topics":
        return (rule.value in person.topics) is (rule.op is Op.HAS)
    if rule.field in DATE_FIELDS:
        assert isinstance(rule.value, Border)
        moment: datetime = getattr(person, rule.field)
        return moment < rule.value.begins(at) if rule.op is Op.BEFORE else moment >= rule.value.ends(at)
    stored = person.attributes.get(rule.key) if rule.key else getattr(person, rule.field)
    return _holds(rule, stored, at)


def _holds(rule: Rule, stored: Any, at: datetime) -> bool:
    if rule.op in {Op.IS_SET, Op.IS_NOT_SET}:
        return (stored not in (None, "")) is (rule.op is Op.IS_SET)
    if rule.op in {Op.IS, Op.IS_NOT}:
        assert isinstance(rule.value, Plain)
        return same(stored, rule.value) is (rule.op is Op.IS)
    if rule.op is Op.IS_ONE_OF:
        assert isinstance(rule.value, tuple)
        return any(same(stored, each) for each in rule.value)
    if rule.op in {Op.GREATER, Op.LESS}:
        number = None if isinstance(stored, str) else as_number(stored)
        assert isinstance(rule.value, float)
        return number is not None and (number > rule.value if rule.op is Op.GREATER else number < rule.value)
    return isinstance(stored, str) and _text_holds(rule, stored, at)


def _text_holds(rule: Rule, stored: str, at: datetime) -> bool:
    if isinstance(rule.value, Border):
        day = stored[: len(ISO_DAY)]
        if len(day) != len(ISO_DAY) or day[4] != "-" or day[7] != "-":
            return False
        begins, ends = day_of(rule.value.begins(at)), day_of(rule.value.ends(at))
        return day < begins if rule.op is Op.BEFORE else day >= ends
    wanted, text = small(str(rule.value)), small(stored)
    return wanted in text if rule.op is Op.CONTAINS else text.startswith(wanted)


def same(stored: Any, wanted: Plain) -> bool:
    """Say whether a stored value is the one wanted; a text also means the number or true or false it spells."""
    if isinstance(stored, str):
        return isinstance(wanted, str) and small(stored) == small(wanted)
    if isinstance(stored, bool):
        return wanted is stored or (isinstance(wanted, str) and small(wanted) == str(stored).lower())
    number = as_number(stored)
    return number is not None and number == as_number(wanted)
