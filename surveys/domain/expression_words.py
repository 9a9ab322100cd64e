"""Expressions in plain words, as far as they compare questions with answers; for people who read a survey."""

from collections.abc import Mapping

from core.language import gettext as _
from surveys.domain.expressions.parsing import parsed
from surveys.domain.expressions.slips import Slip
from surveys.domain.expressions.trees import Call, Joint, Minus, Name, Node, Not, Number, Pair, Several, Text
from surveys.domain.question_texts import lists_of
from surveys.domain.questions import Question
from surveys.domain.tallies import plain

LONGEST = 60


def expression_told(text: str, questions: Mapping[str, Question]) -> str:
    """The expression as a phrase; itself where it reckons or cannot be read."""
    try:
        return _Teller(questions).told(parsed(text)) or text
    except Slip:
        return text


def is_joint(text: str) -> bool:
    """Say whether an expression is several joined, so that its words need brackets beside others."""
    try:
        return isinstance(parsed(text), Joint)
    except Slip:
        return False


def _phrase(sign: str) -> str:
    """How a comparison is said; empty for arithmetic."""
    return {
        "==": _("{subject} is {value}"),
        "!=": _("{subject} is not {value}"),
        "has": _("{subject} includes {value}"),
        "in": _("{subject} is one of {value}"),
        "<": _("{subject} is less than {value}"),
        "<=": _("{subject} is at most {value}"),
        ">": _("{subject} is more than {value}"),
        ">=": _("{subject} is at least {value}"),
    }.get(sign, "")


def subject_of(question: Question, row: str = "") -> str:
    """How a phrase names a question, or one of its rows."""
    text = question.text if len(question.text) <= LONGEST else question.text[: LONGEST - 1].rstrip() + "…"
    return f"“{text}”" + (f" ({labels_of(question).get(row, row)})" if row else "")


def labels_of(question: Question) -> dict[str, str]:
    """The labels of everything that a rule can name."""
    listed = {each.name: each.label for _key, choices in lists_of(question) for each in choices}
    return listed | {each.name: each.label for each in getattr(question, "offered", ())}


class _Teller:
    """Tells a tree; empty where there are no words for it."""

    def __init__(self, questions: Mapping[str, Question]) -> None:
        self.questions = questions

    def told(self, node: Node) -> str:
        if isinstance(node, Joint):
            parts = [self.part(each) for each in node.parts]
            return (_(" and ") if node.every else _(" or ")).join(parts) if all(parts) else ""
        if isinstance(node, Not):
            return self.denied(node.inner)
        if isinstance(node, Call):
            return self.asked(node, _("{subject} was answered"), _("{subject} was refused"))
        return self.compared(node, _phrase(node.sign)) if isinstance(node, Pair) else ""

    def part(self, node: Node) -> str:
        words = self.told(node)
        return f"({words})" if words and isinstance(node, Joint) else words

    def denied(self, node: Node) -> str:
        if isinstance(node, Call):
            return self.asked(node, _("{subject} was not answered"), _("{subject} was not refused"))
        if isinstance(node, Pair) and node.sign == "in":
            return self.compared(node, _("{subject} is none of {value}"))
        words = self.told(node)
        return _("it is not so that {words}").format(words=words) if words else ""

    def asked(self, node: Call, answered: str, refused: str) -> str:
        phrase = {"answered": answered, "refused": refused}.get(node.name)
        subject = self.subject(node.given[0]) if phrase and node.given else ""
        return phrase.format(subject=subject) if phrase and subject else ""

    def compared(self, node: Pair, phrase: str) -> str:
        subject = self.subject(node.left)
        value = self.value(node.right, node.left) if subject and phrase else ""
        return phrase.format(subject=subject, value=value) if value else ""

    def subject(self, node: Node) -> str:
        if not isinstance(node, Name):
            return ""
        question = self.questions.get(node.name)
        return subject_of(question, node.part) if question else node.spelled

    def value(self, node: Node, subject: Node) -> str:
        if isinstance(node, Number):
            return plain(node.value)
        if isinstance(node, Minus):
            return f"−{self.value(node.inner, subject)}" if isinstance(node.inner, Number) else ""
        if isinstance(node, Several):
            return ", ".join(self.value(each, subject) for each in node.items)
        if not isinstance(node, Text):
            return ""
        question = self.questions.get(subject.name) if isinstance(subject, Name) else None
        return f"“{labels_of(question).get(node.value, node.value) if question else node.value}”"
