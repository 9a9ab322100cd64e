"""Weightings: the targets to which a survey's answers are weighted; one a survey."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, Json, Moment


class Weighting(Base):
    """What a survey is weighted to: its plan as `domain.weighting_plans` writes it."""

    __tablename__ = "weighting"

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    plan: Mapped[dict[str, Any]] = mapped_column(Json)
    updated_at: Mapped[datetime] = mapped_column(Moment)


def weighting_of(session: Session, survey_id: int) -> dict[str, Any] | None:
    """The plan; None where the answers are not weighted."""
    found = session.get(Weighting, survey_id)
    return found.plan if found else None


def store_weighting(session: Session, survey_id: int, plan: dict[str, Any] | None, at: datetime) -> None:
    """Weight to this plan from now on, or with None not at all."""
    found = session.get(Weighting, survey_id)
    if plan is None:
        if found is not None:
            session.delete(found)
    elif found is None:
        session.add(Weighting(survey_id=survey_id, plan=plan, updated_at=at))
    else:
        found.plan, found.updated_at = plan, at
    session.flush()
