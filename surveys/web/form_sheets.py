"""A page of a survey as a template shows it: each question with its values and faults; for the form and its preview."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from surveys.domain.cells import Answers, Cells, Fault, Posted
from surveys.domain.kinds.hidden_value import HiddenValue
from surveys.domain.questions import Question


@dataclass(frozen=True)
class Asked:
    """One question with what stands in its fields and what is wrong with them, by the names of the fields.

    `blank` where nobody has answered it and nothing was just posted.
    """

    question: Question
    values: Mapping[str, list[str]]
    errors: Mapping[str, str]
    blank: bool = False

    @property
    def template(self) -> str:
        """The template of its kind."""
        return f"public/survey/kinds/{self.question.kind}.html"

    def first(self, field: str) -> str:
        """The first value of a field."""
        return next(iter(self.values.get(field, [])), "")

    def holds(self, field: str, value: str) -> bool:
        """Say whether a choice is taken."""
        return value in self.values.get(field, [])

    @property
    def kept(self) -> str:
        """The name of the file that was added before."""
        cells = self.question.take(self.values).cells
        return (cells[0].text or "") if cells else ""

    @property
    def describing(self) -> str:
        """The ids of what describes the question's own field: its error and its hint."""
        ids = [f"e-{self.question.name}"] if self.question.name in self.errors else []
        ids += [f"h-{self.question.name}"] if self.question.hint else []
        return " ".join(ids)


def asked(
    questions: Iterable[Question],
    answers: Answers,
    *,
    posted: Posted | None = None,
    faults: Iterable[Fault] = (),
    language: str = "en",
    brought: Mapping[str, str] | None = None,
) -> list[Asked]:
    """The questions with what was stored, or with what was just posted if that had faults.

    What the link `brought` along stands in hidden fields that hold nothing yet.
    """
    said: dict[str, str] = {}
    for fault in faults:
        said.setdefault(fault.field, fault.said(language))
    found: list[Asked] = []
    for question in questions:
        cells = answers.get(question.name, ()) or _brought(question, brought or {})
        errors = {field: text for field, text in said.items() if field.split("-")[0] == question.name}
        found.append(Asked(question, _values(question, cells, posted), errors, posted is None and not cells))
    return found


def _brought(question: Question, brought: Mapping[str, str]) -> Cells:
    if not isinstance(question, HiddenValue) or question.name not in brought:
        return ()
    return question.take({question.name: [brought[question.name]]}).cells


def _values(question: Question, cells: Cells, posted: Posted | None) -> Mapping[str, list[str]]:
    if posted is None:
        return question.fields(cells)
    return {field: list(values) for field, values in question.carried(posted, cells).items()}
