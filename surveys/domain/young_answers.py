"""Whether an answer tells that a child gave it: a birth date, an age or a school grade under the limit (G13, P24)."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from core.language import noted
from surveys.domain.cells import Answers, Cells, Fault
from surveys.domain.questions import Question

LAST_ZONE = timedelta(hours=12)
"""A birthday has come everywhere only when it has come at the dateline's western side (UTC-12)."""


def tells_a_child(questions: Mapping[str, Question], changed: Answers, at: datetime, limit: int) -> bool:
    """Say whether somebody who answers so is younger than `limit` years; doubt counts as a child."""
    today = (at - LAST_ZONE).date()
    for name, cells in changed.items():
        question = questions.get(name)
        if question is None or not cells or question.is_refusal(cells):
            continue
        age = question.oldest(cells, today)
        if age is not None and age < limit:
            return True
    return False


def impossible(question: Question, cells: Cells, today: date | None) -> Iterator[Fault]:
    """What is said of a birth or an age that nobody alive can have: it is asked again, and nobody is judged by it."""
    if today is not None and not question.is_refusal(cells) and question.told_wrong(cells, today):
        said = noted("Please check the year.") if question.kind == "date" else noted("Please check the age.")
        yield Fault(question.name, said)
