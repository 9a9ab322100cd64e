"""Rows of rules in a form, for segments and audiences: a condition as rows, and rows as a condition."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from contacts.domain.conditions import DATE_FIELDS, TEXT_FIELDS, Op, read_condition
from contacts.storage.listings import attribute_names
from core.errors import BadInput, HeedfulError
from core.language import gettext as _
from core.web.visits import Visit

SPARE_ROWS = 2
OP_CHOICES = (
    (Op.IS.value, _("is")),
    (Op.IS_NOT.value, _("is not")),
    (Op.IS_ONE_OF.value, _("is one of")),
    (Op.CONTAINS.value, _("contains")),
    (Op.STARTS_WITH.value, _("begins with")),
    (Op.IS_SET.value, _("is filled in")),
    (Op.IS_NOT_SET.value, _("is empty")),
    (Op.GREATER.value, _("is greater than")),
    (Op.LESS.value, _("is less than")),
    (Op.BEFORE.value, _("is before")),
    (Op.AFTER.value, _("is after")),
    (Op.HAS.value, _("has")),
    (Op.HAS_NOT.value, _("has not")),
)
FIELD_NAMES = (*TEXT_FIELDS, *DATE_FIELDS, "topics")
AGES = frozenset({Op.BEFORE.value, Op.AFTER.value})
DAYS_AGO = re.compile(r"(\d{1,6}) days?(?: ago)?")
VALUELESS = frozenset({Op.IS_SET.value, Op.IS_NOT_SET.value})


@dataclass(frozen=True)
class RuleRow:
    """One row of the form."""

    field: str = ""
    op: str = Op.IS.value
    value: str = ""


@dataclass(frozen=True)
class RuleForm:
    """A condition as the form shows it: rows where it is flat, its JSON where groups stand in groups."""

    match: str
    rows: tuple[RuleRow, ...]
    json: str = ""
    error: str = ""
    wrong_row: int = -1


def as_form(condition: Mapping[str, Any], *, error: BadInput | None = None) -> RuleForm:
    """The form of a condition, with spare rows to be filled."""
    rules = list(condition.get("rules", ()))
    match = str(condition.get("match", "all"))
    sentence, wrong = (said(error), _row_of(error)) if error else ("", -1)
    if any("rules" in rule for rule in rules):
        return RuleForm(match, (), json.dumps(condition, indent=2, ensure_ascii=False), sentence)
    rows = tuple(RuleRow(rule["field"], rule["op"], _text(rule.get("value"))) for rule in rules)
    return RuleForm(match, (*rows, *(RuleRow(),) * SPARE_ROWS), error=sentence, wrong_row=wrong)


def said(error: HeedfulError) -> str:
    """An error's sentence with its remedy, to stand beside the field."""
    return f"{error.message} {error.remedy}" if error.remedy else error.message


def _row_of(error: BadInput) -> int:
    """The row that an error speaks of, from a place such as rules[2].value."""
    number = (error.field or "").removeprefix("rules[").split("]", 1)[0]
    return int(number) if number.isdecimal() else -1


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, Mapping):
        return _("{number} days ago").format(number=value.get("days_ago"))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def read_rules(visit: Visit) -> dict[str, Any]:
    """The condition that the form's rows describe, unchecked; rows without a field are left out."""
    if visit.text("rules_json"):
        return _read_json(visit.text("rules_json"))
    columns = [visit.texts(name) for name in ("rule_field", "rule_op", "rule_value")]
    return condition_of(visit.text("match", "all"), zip(*columns, strict=False))


def asked_rules(visit: Visit) -> dict[str, Any]:
    """The same from the query string, for a live count."""
    query = visit.request.query_params
    if query.get("rules_json"):
        return _read_json(query["rules_json"])
    columns = [query.getlist(name) for name in ("rule_field", "rule_op", "rule_value")]
    return condition_of(query.get("match", "all"), zip(*columns, strict=False))


def condition_of(match: str, rows: Any) -> dict[str, Any]:
    """A flat condition from rows of field, operation and value; {} where there is no rule."""
    rules = [_rule(field.strip(), op, value.strip()) for field, op, value in rows if field.strip()]
    return {"match": match, "rules": rules} if rules else {}


def _rule(field: str, op: str, value: str) -> dict[str, Any]:
    if op in VALUELESS:
        return {"field": field, "op": op}
    if op == Op.IS_ONE_OF.value:
        return {"field": field, "op": op, "value": [part.strip() for part in value.split(",") if part.strip()]}
    if op in AGES and (days := DAYS_AGO.fullmatch(value)):
        return {"field": field, "op": op, "value": {"days_ago": int(days[1])}}
    return {"field": field, "op": op, "value": value}


def _read_json(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text)
    except ValueError:
        raise BadInput(_("These groups are not JSON."), field="rules") from None
    if not isinstance(given, dict):
        raise BadInput(_("These groups are not a JSON object."), field="rules")
    return given


def checked(condition: dict[str, Any]) -> dict[str, Any]:
    """The condition, if it can be asked.

    Raises:
        BadInput: with the place of the rule that cannot.
    """
    read_condition(condition)
    return condition


def is_about_rules(error: BadInput) -> bool:
    """Whether an error speaks of a rule and not of another field of the form."""
    return (error.field or "").startswith(("rules", "match"))


def rule_fields(session: Session) -> list[str]:
    """The fields a rule can ask of, with the attributes that the newest contacts have."""
    return [*FIELD_NAMES, *(f"attributes.{name}" for name in attribute_names(session))]
