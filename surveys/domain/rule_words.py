"""Conditions in plain words, for people who read a survey rather than run it."""

from core.language import gettext as _
from surveys.domain.definitions import Survey
from surveys.domain.questions import Question
from surveys.domain.show_rules import Condition, Formula, Op, Rule
from surveys.domain.tallies import plain

LONGEST = 60


def told(condition: Condition | None, survey: Survey) -> str:
    """The condition as a phrase: “Did you go?” is “No”, and …; empty where something is always shown."""
    if condition is None:
        return ""
    if isinstance(condition, Rule):
        return _rule(condition, survey.by_name[condition.question])
    if isinstance(condition, Formula):
        return condition.text
    joint = _(" and ") if condition.every else _(" or ")
    return joint.join(
        told(part, survey) if isinstance(part, Rule) else f"({told(part, survey)})" for part in condition.parts
    )


def _rule(rule: Rule, question: Question) -> str:
    labels = {each.name: each.label for key in ("offered", "rows") for each in getattr(question, key, ())}
    subject = f"“{_short(question.text)}”" + (f" ({labels[rule.row]})" if rule.row else "")
    if rule.op is Op.ANSWERED:
        sentence = _("{subject} was answered") if rule.value else _("{subject} was not answered")
        return sentence.format(subject=subject)
    value = labels[rule.value] if isinstance(rule.value, str) else plain(float(rule.value))
    sentence = {
        Op.IS: _("{subject} is “{value}”"),
        Op.IS_NOT: _("{subject} is not “{value}”"),
        Op.HAS: _("{subject} includes “{value}”"),
        Op.GREATER: _("{subject} is more than {value}"),
        Op.LESS: _("{subject} is less than {value}"),
    }[rule.op]
    return sentence.format(subject=subject, value=value)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
