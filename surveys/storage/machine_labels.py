"""Labels of completed responses that behaved like a machine: how many, and by which sign; for reports."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveys.domain.machine_answers import Sign, read_signs
from surveys.storage.responses import Response, ResponseState


@dataclass(frozen=True)
class Labelled:
    """How many responses have any sign, and how many each; a response can have several."""

    responses: int
    signs: tuple[tuple[Sign, int], ...]


def labelled(session: Session, survey_id: int) -> Labelled:
    """The labels of a survey's completed responses, the most frequent first; they are counted in all results."""
    rows = session.execute(
        select(Response.signs, func.count())
        .where(
            Response.survey_id == survey_id,
            Response.state == ResponseState.COMPLETE.value,
            Response.signs != "",
        )
        .group_by(Response.signs)
    )
    found: Counter[Sign] = Counter()
    responses = 0
    for kept, number in rows:
        responses += number
        found.update(dict.fromkeys(read_signs(kept), number))
    return Labelled(responses, tuple(found.most_common()))
