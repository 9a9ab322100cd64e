"""Results of a survey: every question counted by the database, with its chart."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from surveys.domain.charts import Chart, chart_of
from surveys.domain.questions import Question
from surveys.domain.succession import asked_ever
from surveys.domain.tallies import Tally
from surveys.storage.invitations import Turnout, turnout
from surveys.storage.responses import bases_of, frequencies_of
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
    """All of a survey's results, from completed responses of all versions."""

    turnout: Turnout
    results: tuple[Result, ...]
    versions: int

    def of(self, name: str) -> Result | None:
        """The result of one question."""
        return next((result for result in self.results if result.question.name == name), None)


def analyse(session: Session, survey: Survey) -> Results:
    """Count everything; two queries whatever the number of questions, and no answer is loaded."""
    versions = all_published(session, survey)
    frequencies, bases = frequencies_of(session, survey.id), bases_of(session, survey.id)
    results = []
    for question, current in asked_ever(versions):
        tally = question.tally(frequencies.get(question.name, []), bases.get(question.name, 0))
        if question.answerable and (current or tally.base):
            results.append(Result(question, tally, chart_of(question, tally), current))
    return Results(turnout(session, survey.id), tuple(results), len(versions))
