"""Filters in plain words and as choices of a form, for people who read results."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.language import gettext as _
from surveys.domain.answer_filters import ANYTHING, Compare, Term
from surveys.domain.cells import REFUSED
from surveys.domain.questions import Question

MOST_ROWS = 12
SHORT = 60


@dataclass(frozen=True)
class Option:
    """One condition that a form offers."""

    written: str
    label: str


@dataclass(frozen=True)
class OptionGroup:
    """The conditions that a form offers about one question or fact."""

    label: str
    options: Sequence[Option]


def told_term(term: Term, questions: Mapping[str, Question]) -> str:
    """A condition as people read it: “Did you go?” is “Yes” or “No”."""
    if term.known:
        subject = {
            "version": _("Version"),
            "language": _("Language"),
            "day": _("Day of completion"),
            "segment": _("Segment"),
        }[term.name]
        labels: Mapping[str, str] = {}
    else:
        question = questions[term.name]
        rows = {row.name: row.label for row in getattr(question, "rows", ())}
        subject = f"“{shortened(question.text)}”" + (f" ({rows[term.row]})" if term.row else "")
        labels = labels_of(question)
    if term.values == (ANYTHING,):
        answered = _("{subject} was answered") if term.compare is Compare.IS else _("{subject} was not answered")
        return answered.format(subject=subject)
    value = _(" or ").join(f"“{labels.get(value, value)}”" for value in term.values)
    sentence = {
        Compare.IS: _("{subject} is {value}"),
        Compare.IS_NOT: _("{subject} is not {value}"),
        Compare.AT_LEAST: _("{subject} is {value} or more"),
        Compare.AT_MOST: _("{subject} is {value} or less"),
    }[term.compare]
    return sentence.format(subject=subject, value=value)


def labels_of(question: Question) -> dict[str, str]:
    """What each name that an answer may have means, where the question has such names."""
    lists = [getattr(question, key, ()) for key in ("offered", "choices", "scale")]
    rows = getattr(question, "rows", ())
    found = {each.name: each.label for each in next((kept for kept in lists if kept and kept != rows), ())}
    if question.refusal:
        found[REFUSED] = question.refusal
    return found


def shortened(text: str) -> str:
    """A question that fits into a sentence or a list."""
    return text if len(text) <= SHORT else text[: SHORT - 1].rstrip() + "…"


def option_groups(questions: Mapping[str, Question]) -> Iterator[OptionGroup]:
    """What the form offers: each choice of each question, each point of each row, whether a text was written."""
    for question in questions.values():
        labels = labels_of(question)
        rows = list(getattr(question, "rows", ()))[:MOST_ROWS]
        if rows and labels:
            for row in rows:
                options = [Option(f"{question.name}:{row.name}={name}", label) for name, label in labels.items()]
                yield OptionGroup(f"{shortened(question.text)} – {row.label}", options)
            continue
        options = [Option(f"{question.name}={name}", label) for name, label in labels.items()]
        numbers = getattr(question, "numbers", ())
        options += [Option(f"{question.name}={number}", str(number)) for number in numbers]
        options += [Option(f"{question.name}=*", _("answered")), Option(f"{question.name}!=*", _("not answered"))]
        yield OptionGroup(shortened(question.text), options)
