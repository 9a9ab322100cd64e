"""Which campaigns invite to a survey, and which remind of it and whom."""

from sqlalchemy import CheckConstraint, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base
from surveys.storage.surveys import Survey


class SurveyCampaign(Base):
    """Which campaigns invite to a survey or remind of it; `whom` narrows a reminder."""

    __tablename__ = "survey_campaign"
    __table_args__ = (CheckConstraint("purpose IN ('invite', 'remind')", name="purpose"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    whom: Mapped[str] = mapped_column(String(10), default="anybody", server_default="anybody")


def link_campaign(session: Session, survey: Survey, campaign_id: int, purpose: str, whom: str = "anybody") -> None:
    """Remember that this campaign invites to the survey, or reminds these people of it."""
    linked = session.get(SurveyCampaign, campaign_id)
    if linked is None:
        session.add(SurveyCampaign(campaign_id=campaign_id, survey_id=survey.id, purpose=purpose, whom=whom))
    else:
        linked.whom = whom
    session.flush()


def survey_campaigns(session: Session, survey: Survey) -> list[SurveyCampaign]:
    """The campaigns of a survey, the oldest first."""
    query = select(SurveyCampaign).where(SurveyCampaign.survey_id == survey.id)
    return list(session.scalars(query.order_by(SurveyCampaign.campaign_id)))
