"""Whether an answer tells that a child gave it: a birth date, an age or a school grade under the limit (G13, P24)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from surveys.domain.cells import Answers
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
