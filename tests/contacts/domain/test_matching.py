"""Whether a condition means somebody: each operation, each kind of value, and the borders."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contacts.domain.conditions import Border, Group, Match, Op, Rule
from contacts.domain.matching import Person, day_of, matches, same, small

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANN = Person(
    "Ann", "Lee", "de", "", "purchase", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC),
    {"size": 42, "vip": True, "off": False, "city": "Ulm", "since": "2026-03-05", "half": 2.5, "empty": "", "n": "42"},
    frozenset({"offers"}),
)  # fmt: skip


def border(day: str) -> Border:
    return Border(datetime.fromisoformat(day).replace(tzinfo=UTC), whole_day=True)


def holds(field: str, op: Op, value: Any = None) -> bool:
    return matches(Group(Match.ALL, (Rule(field, op, value),)), ANN, AT)


def attribute(key: str, op: Op, value: Any = None) -> bool:
    return holds(f"attributes.{key}", op, value)


def test_all_needs_each_and_any_needs_one():
    yes, no = Rule("given_name", Op.IS, "ann"), Rule("given_name", Op.IS, "bob")
    for rules, every, some in (((yes, yes), True, True), ((yes, no), False, True), ((no, no), False, False)):
        assert matches(Group(Match.ALL, rules), ANN, AT) is every
        assert matches(Group(Match.ANY, rules), ANN, AT) is some
    assert matches(Group(Match.ALL, (Group(Match.ANY, (no, yes)), yes)), ANN, AT)
    assert not matches(Group(Match.ALL, (Group(Match.ANY, (no, no)), yes)), ANN, AT)


def test_a_name_is_what_is_known_of_it():
    assert ANN.name == "Ann Lee"
    assert Person("", "Lee", "", "", "", AT, AT).name == "Lee"
    assert Person("Ann", "", "", "", "", AT, AT).name == "Ann"
    assert Person("", "", "", "", "", AT, AT) == Person("", "", "", "", "", AT, AT, {}, frozenset())


def test_topics_are_had_or_not():
    assert holds("topics", Op.HAS, "offers")
    assert not holds("topics", Op.HAS, "updates")
    assert holds("topics", Op.HAS_NOT, "updates")
    assert not holds("topics", Op.HAS_NOT, "offers")


@pytest.mark.parametrize(("day", "before", "since"), [("2026-02-28", False, True), ("2026-03-02", True, False)])
def test_a_moment_lies_before_or_after_a_day(day, before, since):
    assert holds("source_at", Op.BEFORE, border(day)) is before
    assert holds("source_at", Op.AFTER, border(day)) is since


def test_the_day_itself_is_neither_before_nor_after():
    assert not holds("source_at", Op.BEFORE, border("2026-03-01"))
    assert not holds("source_at", Op.AFTER, border("2026-03-01"))


def test_what_is_empty_is_not_set():
    for key, there in (("size", True), ("off", True), ("empty", False), ("none", False)):
        assert attribute(key, Op.IS_SET) is there
        assert attribute(key, Op.IS_NOT_SET) is not there
    assert not holds("time_zone", Op.IS_SET)


def test_is_and_is_not_and_one_of():
    assert holds("locale", Op.IS, "DE")
    assert not holds("locale", Op.IS, "en")
    assert holds("locale", Op.IS_NOT, "en")
    assert not holds("locale", Op.IS_NOT, "de")
    assert attribute("size", Op.IS_ONE_OF, ("41", "42"))
    assert not attribute("size", Op.IS_ONE_OF, ("40", "41"))


@pytest.mark.parametrize(
    ("stored", "wanted", "alike"),
    [
        ("Ulm", "ulm", True), ("Ulm", "ul", False), ("42", 42, False), ("Äbc", "äbc", False), ("true", True, False),
        (True, True, True), (True, False, False), (True, "TRUE", True), (False, "false", True), (True, 1, False),
        (True, "1", False), (False, 0, False), (42, 42, True), (42, "42", True), (42, 41, False), (2.5, "2.5", True),
        (42, "ulm", False), (None, "x", False), (None, None, False),
    ],
)  # fmt: skip
def test_a_text_also_means_what_it_spells(stored, wanted, alike):
    assert same(stored, wanted) is alike


def test_greater_and_less_are_of_numbers_alone_and_of_no_border():
    assert (attribute("size", Op.GREATER, 41.0), attribute("size", Op.GREATER, 42.0)) == (True, False)
    assert (attribute("size", Op.LESS, 43.0), attribute("size", Op.LESS, 42.0)) == (True, False)
    assert not attribute("n", Op.GREATER, 1.0)
    assert not attribute("n", Op.LESS, 99.0)
    assert not attribute("none", Op.LESS, 99.0)


def test_a_text_contains_or_begins_in_either_case():
    assert attribute("city", Op.CONTAINS, "LM")
    assert not attribute("city", Op.CONTAINS, "ml")
    assert attribute("city", Op.STARTS_WITH, "uL")
    assert not attribute("city", Op.STARTS_WITH, "lm")
    assert not attribute("size", Op.CONTAINS, "4")


def test_an_attribute_is_a_date_where_it_is_spelt_like_one():
    days = [("2026-03-05", False, False), ("2026-03-04T9", True, False), ("2026-03-06", False, True)]
    days += [(text, False, False) for text in ("2026-03", "2026/03/04", "2026-03.04", "20260304xx", "Ulm")]
    for text, before, after in days:
        somebody = Person("", "", "", "", "", AT, AT, {"since": text})
        for op, wanted in ((Op.BEFORE, before), (Op.AFTER, after)):
            found = matches(Group(Match.ALL, (Rule("attributes.since", op, border("2026-03-05")),)), somebody, AT)
            assert found is wanted, (text, op)


def test_only_a_to_z_are_made_small():
    assert small("AZÄİaz") == "azÄİaz"
    assert day_of(AT + timedelta(hours=1)) == "2026-11-22"
