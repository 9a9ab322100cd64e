"""Conditions are read with the place of every fault, told in words, and evaluated."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contacts.domain.conditions import Border, Group, Match, Op, Rule, as_number, describe, read_condition
from contacts.domain.matching import Person, matches
from core.errors import BadInput

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADA = Person(
    given_name="Ada",
    family_name="Lovelace",
    locale="en-GB",
    time_zone="Europe/London",
    source="purchase",
    source_at=datetime(2026, 3, 1, tzinfo=UTC),
    created_at=datetime(2026, 11, 1, 9, tzinfo=UTC),
    attributes={"country": "UK", "orders": 4, "spent": 9.5, "vip": True, "seen": "2026-05-01T10:00:00", "zip": "042"},
    topics=frozenset({"updates"}),
)


def rule(field, op, value=None):
    return {"field": field, "op": op, "value": value} if value is not None else {"field": field, "op": op}


def met(*rules, match="all"):
    return matches(read_condition({"match": match, "rules": list(rules)}), ADA, AT)


@pytest.mark.parametrize(
    ("field", "op", "value"),
    [
        ("attributes.country", "is", "uk"),
        ("attributes.country", "is_not", "DE"),
        ("attributes.none", "is_not", "DE"),
        ("attributes.country", "is_one_of", ["DE", "UK"]),
        ("attributes.orders", "is", 4),
        ("attributes.orders", "is", "4"),
        ("attributes.orders", "is", "4.0"),
        ("attributes.orders", "is_not", True),
        ("attributes.orders", "greater", 3),
        ("attributes.orders", "less", "4.5"),
        ("attributes.spent", "greater", 9),
        ("attributes.zip", "is", "042"),
        ("attributes.zip", "is_not", 42),
        ("attributes.vip", "is", True),
        ("attributes.vip", "is", "TRUE"),
        ("attributes.vip", "is_not", "yes"),
        ("attributes.vip", "is_not", 1),
        ("attributes.vip", "is_set", None),
        ("attributes.none", "is_not_set", None),
        ("attributes.seen", "before", "2026-05-02"),
        ("attributes.seen", "after", "2026-04-30"),
        ("attributes.seen", "after", {"days_ago": 365}),
        ("given_name", "is", "ADA"),
        ("name", "is", "Ada Lovelace"),
        ("name", "contains", "a l"),
        ("locale", "starts_with", "EN"),
        ("source", "is_one_of", ["purchase", "download"]),
        ("created_at", "before", "2026-11-02"),
        ("created_at", "after", "2026-10-31"),
        ("created_at", "after", "2026-11-01T08:59:59Z"),
        ("created_at", "after", {"days_ago": 22}),
        ("source_at", "before", {"days_ago": 30}),
        ("topics", "has", "updates"),
        ("topics", "has_not", "offers"),
    ],
)
def test_a_rule_is_met(field, op, value):
    assert met(rule(field, op, value))


@pytest.mark.parametrize(
    ("field", "op", "value"),
    [
        ("attributes.zip", "greater", 1),
        ("attributes.country", "greater", 1),
        ("attributes.none", "is", "UK"),
        ("attributes.none", "less", 1),
        ("attributes.orders", "contains", "4"),
        ("attributes.orders", "before", "2026-01-01"),
        ("attributes.country", "before", "2026-01-01"),
        ("attributes.seen", "after", "2026-05-01"),
        ("attributes.seen", "before", "2026-05-01"),
        ("created_at", "after", "2026-11-01"),
        ("created_at", "before", "2026-11-01"),
        ("created_at", "before", {"days_ago": 22}),
        ("family_name", "is_not_set", None),
        ("topics", "has", "research"),
    ],
)
def test_a_rule_is_not_met(field, op, value):
    assert not met(rule(field, op, value))


def test_groups_join_rules_with_all_and_any():
    yes, no = rule("given_name", "is", "ada"), rule("given_name", "is", "bob")
    assert met(yes, {"match": "any", "rules": [no, yes]})
    assert not met(yes, {"match": "all", "rules": [no, yes]})
    assert met(no, yes, match="any")
    assert not met(no, no, match="any")


@pytest.mark.parametrize("given", [None, {}, {"match": "all"}, {"rules": []}])
def test_an_empty_condition_means_everybody(given):
    assert read_condition(given) == Group()
    assert matches(read_condition(given), ADA, AT)


DEEP: dict[str, Any] = {"rules": [{"rules": [{"rules": [{"rules": [{"rules": [{"rules": []}]}]}]}]}]}


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ([1], "rules"),
        ({"rules": {}}, "rules"),
        ({"rules": "x"}, "rules"),
        ({"match": "none"}, "match"),
        ({"match": []}, "match"),
        ({"match": "any", "rules": []}, "rules"),
        ({"what": 1}, "what"),
        ({"rules": [1]}, "rules[0]."),
        ({"rules": [{"field": "answers.q1", "op": "is", "value": "x"}]}, "rules[0].field"),
        ({"rules": [{"field": "attributes", "op": "is", "value": "x"}]}, "rules[0].field"),
        ({"rules": [{"field": "attributes.a b", "op": "is", "value": "x"}]}, "rules[0].field"),
        ({"rules": [{"op": "is"}]}, "rules[0].field"),
        ({"rules": [rule("locale", "greater", 1)]}, "rules[0].op"),
        ({"rules": [rule("locale", "is"), {"field": "locale"}]}, "rules[0].value"),
        ({"rules": [rule("locale", "is", "de"), {"field": "locale"}]}, "rules[1].op"),
        ({"rules": [{"rules": [rule("locale", "is", "")]}]}, "rules[0].rules[0].value"),
        ({"rules": [rule("locale", "is", "a\0b")]}, "rules[0].value"),
        ({"rules": [rule("locale", "is", "x" * 1001)]}, "rules[0].value"),
        ({"rules": [rule("attributes.n", "is", float("inf"))]}, "rules[0].value"),
        ({"rules": [rule("locale", "is_one_of", "de")]}, "rules[0].value"),
        ({"rules": [rule("locale", "is_one_of", [])]}, "rules[0].value"),
        ({"rules": [rule("locale", "is_one_of", ["de", None])]}, "rules[0].value[1]"),
        ({"rules": [rule("attributes.n", "greater", "many")]}, "rules[0].value"),
        ({"rules": [rule("attributes.n", "greater", True)]}, "rules[0].value"),
        ({"rules": [rule("created_at", "before", "03/04/2026")]}, "rules[0].value"),
        ({"rules": [rule("created_at", "before", {"days_ago": -1})]}, "rules[0].value"),
        ({"rules": [rule("created_at", "before", {"days_ago": True})]}, "rules[0].value"),
        ({"rules": [rule("created_at", "before", {"weeks_ago": 1})]}, "rules[0].value"),
        ({"rules": [rule("source", "is", "bought list")]}, "rules[0].value"),
        ({"rules": [rule("topics", "has", "everything")]}, "rules[0].value"),
        ({"rules": [rule("topics", "has", 1)]}, "rules[0].value"),
        ({"rules": [rule("locale", "is", "de")] * 101}, "rules"),
        (DEEP, "rules[0].rules[0].rules[0].rules[0].rules[0]."),
    ],
)
def test_a_fault_is_named_with_its_place_and_a_remedy(given, place):
    with pytest.raises(BadInput) as refusal:
        read_condition(given)
    assert refusal.value.field == place
    assert refusal.value.remedy


@pytest.mark.parametrize("field", ["answers", "answers.q1", "survey", "responses", "clicks"])
def test_g14_no_condition_can_ask_for_an_answer(field):
    with pytest.raises(BadInput):
        read_condition({"rules": [rule(field, "is", "x")]})


def test_a_condition_is_told_in_words():
    told = describe(
        read_condition(
            {
                "rules": [
                    rule("attributes.shoe_size", "is_one_of", ["a", 4, 2.5, True]),
                    {"match": "any", "rules": [rule("locale", "starts_with", "de"), rule("topics", "has", "offers")]},
                    {"rules": [rule("created_at", "after", "2026-11-01"), rule("topics", "has_not", "updates")]},
                    rule("source_at", "before", {"days_ago": 30}),
                    {"rules": [rule("attributes.vip", "is", False)]},
                    rule("created_at", "before", "2026-11-01T10:30:00Z"),
                    rule("family_name", "is_not_set"),
                ]
            }
        )
    )
    assert told == (
        "shoe size is one of “a”, 4, 2.5, yes and (locale starts with “de” or said yes to offers) and "
        "(created is after 2026-11-01 and said no yes to updates) and source is before 30 days ago and vip is no "
        "and created is before 2026-11-01 10:30 UTC and family name is not known"
    )
    assert describe(Group()) == "everybody"


def test_a_border_in_days_moves_with_the_moment_of_asking():
    border = Border(days_ago=2)
    assert border.begins(AT) == border.ends(AT) == AT - timedelta(days=2)


def test_numbers_are_read_from_plain_figures_only():
    assert [as_number(value) for value in (1, "1.5", " -2 ", True, "1e5", "x", None, 10**400, float("nan"))] == (
        [1, 1.5, -2, None, None, None, None, None, None]
    )


def test_a_condition_is_a_value():
    assert read_condition({"match": "any", "rules": [rule("locale", "is", "de")]}) == Group(
        Match.ANY, (Rule("locale", Op.IS, "de"),)
    )
