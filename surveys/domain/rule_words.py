"""Conditions in plain words, for people who read a survey rather than run it."""

from core.language import gettext as _
from surveys.domain.definitions import Survey
from surveys.domain.expression_words import expression_told, is_joint, labels_of, subject_of
from surveys.domain.questions import Question
from surveys.domain.show_rules import Condition, Formula, Group, Op, Rule
from surveys.domain.tallies import plain


def told(condition: Condition | None, survey: Survey) -> str:
    """The condition as a phrase: “Did you go?” is “No”, and …; empty where something is always shown."""
    if condition is None:
        return ""
    if isinstance(condition, Rule):
        return _rule(condition, survey.by_name[condition.question])
    if isinstance(condition, Formula):
        return expression_told(condition.text, survey.by_name)
    joint = _(" and ") if condition.every else _(" or ")
    return joint.join(f"({told(part, survey)})" if _joined(part) else told(part, survey) for part in condition.parts)


def _joined(part: Condition) -> bool:
    return isinstance(part, Group) or (isinstance(part, Formula) and is_joint(part.text))


def _rule(rule: Rule, question: Question) -> str:
    subject = subject_of(question, rule.row)
    if rule.op is Op.ANSWERED:
        sentence = _("{subject} was answered") if rule.value else _("{subject} was not answered")
        return sentence.format(subject=subject)
    labels = labels_of(question)
    value = labels.get(rule.value, rule.value) if isinstance(rule.value, str) else plain(float(rule.value))
    sentence = {
        Op.IS: _("{subject} is “{value}”"),
        Op.IS_NOT: _("{subject} is not “{value}”"),
        Op.HAS: _("{subject} includes “{value}”"),
        Op.GREATER: _("{subject} is more than {value}"),
        Op.LESS: _("{subject} is less than {value}"),
    }[rule.op]
    return sentence.format(subject=subject, value=value)
