"""Letting anonymous answers into the results, in batches in which nobody can be told apart (G14)."""

from sqlalchemy.orm import Session

from surveys.storage.batches import MarksOf, release, surveys_with_a_batch


def release_due(session: Session, marks_of: MarksOf) -> dict[str, int]:
    """Release every batch that is large enough, or the rest of a survey that is over; how many, by survey."""
    return {survey.name: release(session, survey, marks_of) for survey in surveys_with_a_batch(session)}
