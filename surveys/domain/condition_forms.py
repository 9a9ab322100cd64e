"""A condition as rows of a form, each asking one earlier question, and back without loss; for the editor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.language import gettext as _
from surveys.domain.cells import Posted
from surveys.domain.definitions import Survey
from surveys.domain.form_tables import Fields, first_of, number_in, spelled_out, value_in
from surveys.domain.questions import Question
from surveys.domain.show_rules import Op
from surveys.domain.tallies import plain

MOST_RULES = 12
BY_TEXT = "text"
OPS: Mapping[Op, str] = {
    Op.IS: "is",
    Op.IS_NOT: "is not",
    Op.HAS: "includes",
    Op.GREATER: "is more than",
    Op.LESS: "is less than",
    Op.ANSWERED: "was answered",
}
Options = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One row of the form: what it looks at, how, and the answers to choose from; None where a number is written."""

    number: int
    subject: str
    op: str
    value: str
    ops: Options
    answers: Options | None


def rule_fields(condition: Any) -> Fields:
    """What the form holds for a condition as it stands in a table; what has more levels is written as text."""
    if condition is None:
        return {"match": ["all"]}
    rules = condition if isinstance(condition, Mapping) else {}
    every = "any" not in rules
    parts = rules.get("all", rules.get("any", [rules] if rules else []))
    flat = all(isinstance(each, Mapping) and "question" in each for each in parts)
    if not rules or not flat or len(parts) > MOST_RULES:
        return {"match": [BY_TEXT], "written": [condition if isinstance(condition, str) else spelled_out(condition)]}
    found: Fields = {"match": ["all" if every else "any"]}
    for place, rule in enumerate(parts):
        found |= _fields_of(rule, place)
    return found


def _fields_of(rule: Mapping[str, Any], place: int) -> Fields:
    subject = f"{rule['question']}-{rule['row']}" if rule.get("row") else str(rule["question"])
    value = rule.get("value", True)
    spelled = value if isinstance(value, str) else plain(float(value))
    return {f"rule_{place}": [subject], f"op_{place}": [str(rule["op"])], f"value_{place}": [spelled]}


def condition_from(form: Posted, survey: Survey) -> Any:
    """The condition that the form describes, as it stands in a table; None for always.

    Raises:
        BadInput: a condition written as in a file cannot be read.
    """
    written = first_of(form, "written")
    match = first_of(form, "match")
    if match == BY_TEXT and written:
        return value_in(written, _("Shown only if")) if written.startswith("{") else written
    rules = [_rule(form, survey, place) for place in range(MOST_RULES) if first_of(form, f"rule_{place}")]
    if len(rules) < 2:  # noqa: PLR2004 - one rule needs no group
        return rules[0] if rules else None
    return {"any" if match == "any" else "all": rules}


def _rule(form: Posted, survey: Survey, place: int) -> dict[str, Any]:
    name, _dash, row = first_of(form, f"rule_{place}").partition("-")
    op, written = first_of(form, f"op_{place}") or Op.ANSWERED.value, first_of(form, f"value_{place}")
    rule: dict[str, Any] = {"question": name, "op": op}
    if row:
        rule["row"] = row
    if op == Op.ANSWERED:
        return {**rule, "value": False} if written.lower() in {"0", "no", "false"} else rule
    question = survey.by_name.get(name)
    named = question is not None and question.operands() is not None
    return {**rule, "value": written if named else number_in(written)}


def rule_rows(form: Posted, survey: Survey) -> list[RuleRow]:
    """The rows to show: those in use, and one more."""
    used = [place for place in range(MOST_RULES) if first_of(form, f"rule_{place}")]
    places = [*used, *(place for place in range(MOST_RULES) if place not in used)][: len(used) + 1]
    return [_row(form, survey, place) for place in places]


def as_drawn(form: Posted, rows: Sequence[RuleRow]) -> Posted:
    """The form as the page shows it: where nothing is chosen yet, a menu stands on its first entry."""
    used = [row for row in rows if row.subject]
    chosen = {f"op_{row.number}": [row.op] for row in used}
    return {**form, **chosen, **{f"value_{row.number}": [_chosen(row)] for row in used}}


def _chosen(row: RuleRow) -> str:
    listed = [key for key, _words in row.answers or ()]
    return row.value if row.value in listed or not listed else listed[0]


def _row(form: Posted, survey: Survey, place: int) -> RuleRow:
    subject, op = first_of(form, f"rule_{place}"), first_of(form, f"op_{place}")
    question = survey.by_name.get(subject.partition("-")[0])
    known = question.ops if question else frozenset(Op)
    ops = [(each.value, _(words)) for each, words in OPS.items() if each in known]
    chosen = op if op in {key for key, _words in ops} else ops[0][0]
    return RuleRow(place, subject, chosen, first_of(form, f"value_{place}"), ops, _answers(question, chosen))


def _answers(question: Question | None, op: str) -> Options | None:
    if question is None:
        return []
    if op == Op.ANSWERED:
        return [("1", _("yes")), ("0", _("no"))]
    names = question.operands()
    if names is None:
        return None
    labels = labels_of(question)
    return [(name, labels.get(name, name)) for name in sorted(names, key=[*labels, *sorted(names)].index)]


def labels_of(question: Question) -> dict[str, str]:
    """The labels of what can be chosen, in the order of the definition."""
    found = [each for key in ("choices", "scale", "offered") for each in getattr(question, key, ())]
    return {each.name: each.label for each in found}


def subjects(survey: Survey, before_page: str) -> Options:
    """What a rule on this page may look at: the questions of earlier pages, a matrix row by row."""
    found: Options = []
    for page in survey.pages:
        if page.name == before_page:
            break
        for question in page.questions if page.repeat is None else ():
            rows = {
                each.name: each.label for each in getattr(question, "rows", ()) if each.name in question.rule_rows()
            }
            found += [(f"{question.name}-{row}", f"{question.text} – {label}") for row, label in rows.items()]
            if question.answerable and not rows:
                found.append((question.name, question.text))
    return found
