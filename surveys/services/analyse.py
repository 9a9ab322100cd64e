"""Results of a survey: every question counted over the responses that a filter lets through, with its chart."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from surveys.domain.answer_counts import count
from surveys.domain.answer_filters import AnswerFilter, read_filter
from surveys.domain.charts import Chart, chart_of
from surveys.domain.questions import Question
from surveys.domain.succession import asked_ever
from surveys.domain.tallies import Tally
from surveys.storage.answer_packs import sheets
from surveys.storage.invitations import Turnout, turnout
from surveys.storage.surveys import Survey, all_published


@dataclass(frozen=True)
class Result:
    """One question with what its answers add up to; `current` is False where only earlier versions asked it."""

    question: Question
    tally: Tally
    chart: Chart | None
    current: bool


@dataclass(frozen=True)
class Results:
    """All of a survey's results, from completed responses of all versions that the filter lets through."""

    turnout: Turnout
    results: tuple[Result, ...]
    versions: int
    chosen: AnswerFilter
    size: int

    def of(self, name: str) -> Result | None:
        """The result of one question."""
        return next((result for result in self.results if result.question.name == name), None)


def analyse(session: Session, survey: Survey, where: Iterable[str] = ()) -> Results:
    """Count everything; no answer is loaded by itself."""
    versions = all_published(session, survey)
    asked = [(question, current) for question, current in asked_ever(versions) if question.answerable]
    chosen = read_filter(where, {question.name: question for question, _current in asked})
    names = {question.name for question, _current in asked}
    counts = count((sheet, chosen.mask(sheet, {})) for sheet in sheets(session, survey, names))
    results = []
    for question, current in asked:
        tally = question.tally(counts.frequencies(question.name), counts.bases[question.name])
        if current or tally.base:
            results.append(Result(question, tally, chart_of(question, tally), current))
    return Results(turnout(session, survey.id), tuple(results), len(versions), chosen, counts.size)
