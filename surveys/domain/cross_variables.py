"""What can stand in the rows and columns of a crosstab: a question, or one row of one, with its headings in order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.answer_counts import Key
from surveys.domain.filter_words import labels_of
from surveys.domain.questions import Question
from surveys.domain.statistics.crosstabs import Heading

MOST_HEADINGS = 40


@dataclass(frozen=True)
class Variable:
    """A question or one of its rows, as it is written (`went`, `judged:food`) and read."""

    question: Question
    row: str = ""
    row_label: str = ""

    @property
    def key(self) -> Key:
        """Which column of the answers it is."""
        return self.question.name, self.row

    @property
    def written(self) -> str:
        """As addresses and the terminal write it."""
        return f"{self.question.name}:{self.row}" if self.row else self.question.name

    @property
    def label(self) -> str:
        """As people read it."""
        return f"{self.question.text} – {self.row_label}" if self.row else self.question.text

    def headings(self, found: Iterable[str]) -> list[Heading]:
        """What may be answered, in the order of the question, then what else was answered; numbers ascend."""
        labels = labels_of(self.question)
        offered = {str(number): str(number) for number in getattr(self.question, "numbers", ())}
        known = {**labels, **offered} if not self.row else labels
        others = sorted({name for name in found if name and name not in known}, key=_order)
        return [Heading(name, label) for name, label in known.items()] + [Heading(name, name) for name in others]


def _order(name: str) -> tuple[bool, float, str]:
    try:
        return False, float(name), name
    except ValueError:
        return True, 0.0, name


def variables_of(question: Question) -> list[Variable]:
    """The question itself, or each of its rows."""
    if question.chart in {"texts", "none"}:
        return []
    rows = getattr(question, "rows", ()) or (getattr(question, "choices", ()) if question.chart == "means" else ())
    found = [Variable(question, row.name, row.label) for row in rows]
    return found or [Variable(question)]


def read_variables(written: Sequence[str], questions: Mapping[str, Question]) -> list[Variable]:
    """The variables that are named.

    Raises:
        BadInput: there is none of that name.
    """
    known = {each.written: each for question in questions.values() for each in variables_of(question)}
    found = []
    for name in dict.fromkeys(written):
        if name not in known:
            message = _("“{name}” is no question whose answers form groups.").format(name=name)
            raise BadInput(message, remedy=_("Choose a question with choices or numbers, or one row of it."))
        found.append(known[name])
    return found
