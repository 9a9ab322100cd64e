"""The editor's forms: a question as form values, and form values as the question's table; no script needed."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields
from hashlib import sha256
from typing import Any

from core.errors import Conflict
from core.language import gettext as _
from core.web.visits import Visit
from surveys.domain.cells import Choice
from surveys.domain.definitions import Survey
from surveys.domain.editing import choices_in
from surveys.domain.questions import Question
from surveys.domain.show_rules import Condition, Group, Op, Rule
from surveys.domain.survey_files import condition_table
from surveys.domain.tallies import plain

HEAD = ("title", "language", "sponsor", "purpose", "minutes", "intro", "thanks")
RULES = 4
NUMBER = re.compile(r"-?\d{1,15}([.,]\d{1,9})?")
TEXTS = ("text", "hint")
LABELS = {
    "other": "Label of “other”, empty for none",
    "none": "Label of “none of these”, empty for none",
    "low": "What the lowest means",
    "high": "What the highest means",
    "unit": "Unit",
    "not_applicable": "Label of “not applicable”, empty for none",
    "dropdown": "Show as a list to unfold",
    "stars": "Show stars",
    "integer": "Whole numbers only",
    "least": "At least",
    "most": "At most",
    "step": "In steps of",
    "highest": "Highest number",
    "longest": "At most so many characters",
    "choices": "Choices",
    "rows": "Rows",
    "scale": "Scale, from lowest to highest",
}


def mark(part: object) -> str:
    """A digest of what a form shows (a question, a page, the head, the file), for the form to carry."""
    return sha256(repr(part).encode()).hexdigest()


def require_seen(visit: Visit, part: object) -> None:
    """Refuse a form that began from something else than what is kept now.

    Raises:
        Conflict: somebody changed it meanwhile.
    """
    if visit.text("seen") != mark(part):
        raise Conflict(
            _("Somebody changed this meanwhile, perhaps you in another window. Yours is not saved yet."),
            remedy=_("Nothing that you wrote is lost: save again to put it in place of the other version."),
        )


def head_values(survey: Survey) -> dict[str, Any]:
    """What stands around the questions, as the form shows it."""
    return {name: getattr(survey, name) for name in HEAD}


def own_fields(question: Question) -> list[tuple[str, str, str]]:
    """The fields of this kind alone: name, label, and how it is written (line, tick, number, choices)."""
    shared = {each.name for each in fields(Question)}
    forms: Mapping[Any, str] = {str: "line", bool: "tick", int: "number", float | None: "number"}
    return [
        (each.name, LABELS[each.name], forms.get(each.type, "choices"))
        for each in fields(question)
        if each.name not in shared
    ]


def form_values(question: Question) -> dict[str, str]:
    """What stands in the form before anything is changed."""
    values = {each.name: _spelled(getattr(question, each.name)) for each in fields(question) if each.name != "show_if"}
    return values | rule_values(question.show_if)


def _spelled(value: Any) -> str:
    if isinstance(value, tuple):
        return "\n".join(f"{each.name} = {each.label}" for each in value if isinstance(each, Choice))
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, (int, float)):
        return plain(float(value))
    return value or ""


def rule_values(condition: Condition | None) -> dict[str, str]:
    """The rules of a flat condition; `kept` says that it is too deep for the form."""
    rules = condition.parts if isinstance(condition, Group) else (condition,) if condition else ()
    if len(rules) > RULES or not all(isinstance(each, Rule) for each in rules):
        return {"kept": "1"}
    values = {"match": "any" if isinstance(condition, Group) and not condition.every else "all"}
    for place, rule in enumerate(rules):
        assert isinstance(rule, Rule)
        subject = f"{rule.question}-{rule.row}" if rule.row else rule.question
        spelled = rule.value if isinstance(rule.value, str) else plain(float(rule.value))
        values |= {f"rule_{place}": subject, f"op_{place}": rule.op.value, f"value_{place}": spelled}
    return values


def read_question(visit: Visit, survey: Survey, before: Question) -> dict[str, Any]:
    """The question's table as the form says it; the whole survey judges it."""
    table: dict[str, Any] = {"kind": before.kind}
    kinds = {each.name: each.type for each in fields(before)}
    for each in fields(before):
        if each.name != "show_if":
            value = _read(visit.text(each.name).replace("\r\n", "\n"), kinds[each.name])
            if each.default is MISSING or not (value is False or value in ("", [])):
                table[each.name] = value
    condition = read_rules(visit, survey, before.show_if)
    return {**table, "show_if": condition} if condition else table


def _read(written: str, kind: Any) -> Any:
    if kind is str:
        return written
    if kind is bool:
        return written == "1"
    if kind in (int, float | None):
        return _number(written)
    return choices_in(written)


def _number(written: str) -> int | float | str:
    """A number, or the text itself, so that the check tells what is wrong with it."""
    if not NUMBER.fullmatch(written):
        return written
    number = float(written.replace(",", "."))
    return int(number) if number.is_integer() else number


def read_rules(visit: Visit, survey: Survey, before: Condition | None) -> dict[str, Any] | None:
    """The condition that the form describes; one that was too deep for the form stays as it was."""
    if visit.text("kept"):
        return condition_table(before) if before else None
    rules = [_rule(visit, survey, place) for place in range(RULES) if visit.text(f"rule_{place}")]
    if len(rules) < 2:  # noqa: PLR2004 - one rule needs no group
        return rules[0] if rules else None
    return {"any" if visit.text("match") == "any" else "all": rules}


def _rule(visit: Visit, survey: Survey, place: int) -> dict[str, Any]:
    name, _dash, row = visit.text(f"rule_{place}").partition("-")
    op, written = visit.text(f"op_{place}"), visit.text(f"value_{place}")
    rule: dict[str, Any] = {"question": name, "op": op}
    if row:
        rule["row"] = row
    if op == Op.ANSWERED:
        return {**rule, "value": False} if written.lower() in {"0", "no", "false"} else rule
    question = survey.by_name.get(name)
    named = question is not None and question.operands() is not None
    return {**rule, "value": written if named else _number(written)}


def subjects(survey: Survey, before_page: str) -> list[tuple[str, str]]:
    """What a rule on this page may look at: the questions of earlier pages, a matrix row by row."""
    found: list[tuple[str, str]] = []
    for page in survey.pages:
        if page.name == before_page:
            break
        for question in page.questions:
            rows = {each.name: each.label for each in getattr(question, "rows", ())}
            found += [(f"{question.name}-{row}", f"{question.text} – {label}") for row, label in rows.items()]
            if question.answerable and not rows:
                found.append((question.name, question.text))
    return found


def answers_told(survey: Survey, before_page: str) -> list[tuple[str, str]]:
    """For each of those questions, how its answers are named in a rule."""
    names = {name.partition("-")[0] for name, _text in subjects(survey, before_page)}
    return [
        (question.text, ", ".join(f"{each.name} ({each.label})" for each in getattr(question, "offered", ())))
        for question in survey.questions()
        if question.name in names and question.operands() is not None
    ]
