"""Conditions to the letter: the operations of each field, how each is told, and how large a condition may be."""

from datetime import UTC, datetime, timedelta

import pytest

from contacts.domain.conditions import OPS, Border, Group, Match, Op, Rule, as_number, describe, read_condition
from core.errors import BadInput
from tests.contacts.domain.test_conditions import AT, DEEP, rule


def test_each_field_has_these_operations():
    text = "is is_not is_one_of contains starts_with is_set is_not_set"
    assert {field: " ".join(ops) for field, ops in OPS.items()} == {
        "given_name": text, "family_name": text, "name": text, "locale": text, "time_zone": text,
        "created_at": "before after", "source_at": "before after", "source": "is is_not is_one_of",
        "topics": "has has_not", "attributes": f"{text} greater less before after",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "op", "value", "told"),
    [
        ("locale", "is", "de", "locale is “de”"),
        ("locale", "is_not", "de", "locale is not “de”"),
        ("locale", "contains", "d", "locale contains “d”"),
        ("locale", "is_set", None, "locale is known"),
        ("attributes.n", "greater", 1.5, "n is greater than 1.5"),
        ("attributes.n", "less", "2", "n is less than 2"),
        ("attributes.ok", "is", True, "ok is yes"),
        ("created_at", "before", "20261101", "created is before 2026-11-01"),
    ],
)
def test_each_operation_is_told_in_its_own_words(field, op, value, told):
    assert describe(read_condition({"rules": [rule(field, op, value)]})) == told


def test_a_group_is_put_in_brackets_where_it_stands_beside_others_and_has_parts():
    one, two = rule("locale", "is", "de"), rule("name", "is", "x")
    pair = {"match": "any", "rules": [one, two]}
    assert describe(read_condition({"rules": [pair]})) == "locale is “de” or name is “x”"
    assert describe(read_condition({"rules": [pair, one]})) == "(locale is “de” or name is “x”) and locale is “de”"
    assert describe(read_condition({"rules": [{"rules": [one]}, two]})) == "locale is “de” and name is “x”"
    assert describe(read_condition({"rules": [{"rules": []}, two]})) == "everybody and name is “x”"


def test_a_condition_may_be_as_large_as_its_limits():
    leaf = rule("locale", "is", "x" * 1_000)
    assert read_condition({"rules": [leaf] * 100}).rules[99] == Rule("locale", Op.IS, "x" * 1_000)
    nested = {"rules": [leaf] * 50}
    assert len(read_condition({"rules": [nested, nested]}).rules) == 2
    with pytest.raises(BadInput, match="at most 100"):
        read_condition({"rules": [nested, nested, leaf]})
    read_condition(DEEP["rules"][0])
    many = {"rules": [rule("locale", "is_one_of", ["de"] * 1_000)]}
    assert read_condition(many).rules[0] == Rule("locale", Op.IS_ONE_OF, ("de",) * 1_000)
    with pytest.raises(BadInput, match="list of values"):
        read_condition({"rules": [rule("locale", "is_one_of", ["de"] * 1_001)]})


@pytest.mark.parametrize(("days", "taken"), [(0, True), (36_500, True), (36_501, False), (1.0, False), (False, False)])
def test_a_border_is_so_many_days_ago_and_no_more(days, taken):
    given = {"rules": [rule("created_at", "after", {"days_ago": days})]}
    if taken:
        assert read_condition(given).rules == (Rule("created_at", Op.AFTER, Border(days_ago=days)),)
    else:
        with pytest.raises(BadInput, match="date is needed"):
            read_condition(given)


@pytest.mark.parametrize(
    ("written", "whole"), [("2026-11-01", True), (" 20261101 ", True), ("2026-11-01T00:00:00Z", False)]
)
def test_a_date_alone_is_a_whole_day(written, whole):
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    found = read_condition({"rules": [rule("created_at", "after", written)]}).rules[0]
    assert found == Rule("created_at", Op.AFTER, Border(moment, whole_day=whole))
    assert Border(moment, whole_day=whole).ends(AT) == moment + timedelta(days=whole)
    assert Border(moment, days_ago=3).begins(AT) == moment


def test_values_are_kept_as_text_but_for_attributes():
    found = read_condition({"rules": [rule("locale", "is", 7), rule("attributes.n", "is", 7)]}).rules
    assert found == (Rule("locale", Op.IS, "7"), Rule("attributes.n", Op.IS, 7))
    assert (Rule("attributes.n", Op.IS).key, Rule("locale", Op.IS).key) == ("n", None)
    assert read_condition({"rules": [rule("locale", "is_set", "ignored")]}).rules == (Rule("locale", Op.IS_SET),)
    assert read_condition({"rules": [rule("topics", "has", "sharing:acme")]}).rules[0] is not None
    assert (Group().match, Rule("locale", Op.IS).value, Border()) == (Match.ALL, None, Border(None, 0, whole_day=False))


@pytest.mark.parametrize("given", [{"match": "any"}, {"match": "any", "rules": ()}])
def test_any_of_nothing_is_nobody_and_refused(given):
    with pytest.raises(BadInput, match="needs a rule"):
        read_condition({"rules": [given]})


def test_numbers_are_finite():
    assert as_number(float("inf")) is None
    assert as_number("9" * 16) is None
    assert as_number("9" * 15) == float("9" * 15)


def test_one_value_is_a_list_as_well_and_an_unknown_field_is_told_which_there_are():
    assert read_condition({"rules": [rule("locale", "is_one_of", ["de"])]}).rules[0] == Rule(
        "locale", Op.IS_ONE_OF, ("de",)
    )
    with pytest.raises(BadInput) as caught:
        read_condition({"rules": [rule("shoe", "is", "x")]})
    assert caught.value.remedy == (
        "Fields are: given_name, family_name, name, locale, time_zone, source, created_at, source_at, topics, "
        "attributes.<name>."
    )
