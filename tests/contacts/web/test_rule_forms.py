import pytest

from contacts.web.rule_forms import RuleRow, as_form, condition_of, is_about_rules
from core.errors import BadInput

FLAT = {
    "match": "any",
    "rules": [
        {"field": "locale", "op": "is", "value": "de"},
        {"field": "source", "op": "is_one_of", "value": ["purchase", "download"]},
        {"field": "attributes.country", "op": "is_set"},
        {"field": "created_at", "op": "after", "value": {"days_ago": 30}},
    ],
}


def test_a_flat_condition_goes_through_the_form_unchanged() -> None:
    form = as_form(FLAT)
    rows = [(row.field, row.op, row.value) for row in form.rows]
    assert condition_of(form.match, rows) == FLAT


def test_no_rule_means_everybody() -> None:
    assert condition_of("all", [("", "is", "lost"), (" ", "is", "")]) == {}


def test_spare_rows_wait_to_be_filled() -> None:
    assert as_form({}).rows == (RuleRow(), RuleRow())


@pytest.mark.parametrize(("value", "shown"), [(True, "true"), (False, "false"), (3, "3"), (None, "")])
def test_plain_values_are_shown_as_they_are_written(value: object, shown: str) -> None:
    form = as_form({"match": "all", "rules": [{"field": "attributes.vip", "op": "is", "value": value}]})
    assert form.rows[0].value == shown


def test_groups_in_groups_are_shown_as_json() -> None:
    nested = {"match": "all", "rules": [{"match": "any", "rules": [{"field": "locale", "op": "is", "value": "de"}]}]}
    form = as_form(nested)
    assert form.rows == ()
    assert '"match": "any"' in form.json


@pytest.mark.parametrize(("age", "days"), [("30 days", 30), ("1 day ago", 1)])
def test_an_age_in_days_counts_back_from_the_asking(age: str, days: int) -> None:
    rules = condition_of("all", [("created_at", "before", age)])["rules"]
    assert rules == [{"field": "created_at", "op": "before", "value": {"days_ago": days}}]


def test_an_error_finds_its_row() -> None:
    error = BadInput("A number is needed.", field="rules[1].value", remedy="For example 40.")
    form = as_form(FLAT, error=error)
    assert (form.wrong_row, form.error) == (1, "A number is needed. For example 40.")
    assert is_about_rules(error)
    assert not is_about_rules(BadInput("No.", field="title"))
