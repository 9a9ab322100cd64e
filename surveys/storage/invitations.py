"""Invitations: who was asked to answer a survey, and the way from a mailing's messages to them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    SmallInteger,
    String,
    UniqueConstraint,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from campaigns.domain.states import MessageState
from campaigns.storage.mailings import Mailing
from campaigns.storage.messages import PLANNED, Message
from contacts.storage.contacts import Contact
from core.database import Base, Key, Moment, Number, insert_new
from surveys.storage.answer_tables import AnonymousResponse
from surveys.storage.responses import Response, ResponseState
from surveys.storage.survey_mailings import SurveyCampaign
from surveys.storage.surveys import Survey

_DECLINED = text("declined_at IS NOT NULL")

NOBODY = 0
"""The contact of an invitation that belongs to nobody: a pseudonym, or a public link's."""
STRANGER = -1
"""The contact of an invitation whose person is no contact: known by the key of the address that they confirmed."""


class Purpose(StrEnum):
    """What a survey's mailing is for."""

    INVITE = "invite"
    REMIND = "remind"


class Whom(StrEnum):
    """Whom a reminder is for, of those who have neither answered nor declined."""

    ANYBODY = "anybody"
    NOT_BEGUN = "not_begun"
    BEGUN = "begun"


class Left(StrEnum):
    """Why somebody in the audience is left out of a survey's mailing."""

    ANSWERED = "answered"
    DECLINED = "declined"
    INVITED = "invited"
    BEGUN = "begun"
    NOT_BEGUN = "not_begun"
    NOT_INVITED = "not_invited"
    REMINDED_ENOUGH = "reminded_enough"
    REMINDED_RECENTLY = "reminded_recently"
    SURVEY_CLOSED = "survey_closed"
    NOT_RESEARCH = "not_research"


class Invitation(Base):
    """One person asked to answer one survey; the survey link carries its number.

    `contact_id` is no foreign key: a contact can be deleted and the response stays; `NOBODY` is nobody's. `answered`
    says, where the answers are kept apart from their invitation, that there are some (G14).
    """

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("survey_id", "address_key"),
        Index("ix_invitation_address_key", "address_key"),
        CheckConstraint("(reminders > 0) = (reminded_at IS NOT NULL)", name="reminded"),
        Index("ix_invitation_declined_at", "survey_id", sqlite_where=_DECLINED, postgresql_where=_DECLINED),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    address_key: Mapped[bytes] = mapped_column(Key)
    contact_id: Mapped[int]
    language: Mapped[str] = mapped_column(String(35), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    reminders: Mapped[int] = mapped_column(SmallInteger, default=0)
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)
    declined_at: Mapped[datetime | None] = mapped_column(Moment)
    answered: Mapped[bool] = mapped_column(Boolean, default=False, server_default="0")


@dataclass(frozen=True)
class Turnout:
    """How many were invited, got the invitation, began, completed, declined."""

    invited: int
    delivered: int
    begun: int
    completed: int
    declined: int

    @property
    def rate(self) -> float | None:
        """Completed of those who got an invitation; None where nobody did."""
        return self.completed / self.delivered if self.delivered else None


def invitation_of(session: Session, survey: Survey, own: bytes, contact_id: int | None, *, at: datetime) -> Invitation:
    """The invitation of somebody who came by themselves and is known; made now where they have none."""
    row = {"survey_id": survey.id, "address_key": own, "contact_id": contact_id or STRANGER, "created_at": at}
    insert_new(session, Invitation, [{**row, "language": "", "reminders": 0}])
    mine = (Invitation.survey_id == survey.id, Invitation.address_key == own)
    return session.scalars(select(Invitation).where(*mine)).one()


def purpose_of(session: Session, mailing_id: int) -> SurveyCampaign | None:
    """The survey that this mailing invites to or reminds of; None for every other mailing."""
    return session.scalar(
        select(SurveyCampaign)
        .join(Mailing, Mailing.campaign_id == SurveyCampaign.campaign_id)
        .where(Mailing.id == mailing_id)
    )


def mailings_of_survey(survey_id: int) -> Select[int]:
    """The numbers of all mailings that invite to the survey or remind of it."""
    return (
        select(Mailing.id)
        .join(SurveyCampaign, SurveyCampaign.campaign_id == Mailing.campaign_id)
        .where(SurveyCampaign.survey_id == survey_id, Mailing.kind != "test")
    )


def invite_planned(session: Session, mailing_id: int, survey: Survey, at: datetime) -> None:
    """Make an invitation for every planned message of the mailing that has none yet, in one statement."""
    rows = (
        select(
            literal(survey.id), Message.address_key, Message.contact_id, Contact.locale, literal(at, Moment), literal(0)
        )
        .join(Contact, Contact.id == Message.contact_id)
        .where(Message.mailing_id == mailing_id, Message.state == PLANNED)
        .order_by(Message.id)
    )
    names = ["survey_id", "address_key", "contact_id", "language", "created_at", "reminders"]
    dialect = session.get_bind().dialect.name
    inserted = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(Invitation)
    session.execute(inserted.from_select(names, rows).on_conflict_do_nothing())


def refer(session: Session, mailing_id: int, survey: Survey) -> None:
    """Write into every planned message of the mailing the number of its invitation, in one statement."""
    own = select(Invitation.id).where(Invitation.survey_id == survey.id, Invitation.address_key == Message.address_key)
    session.execute(
        update(Message)
        .where(Message.mailing_id == mailing_id, Message.state == PLANNED)
        .values(reference=own.correlate(Message).scalar_subquery())
        .execution_options(synchronize_session=False)
    )


def count_reminder(session: Session, mailing_id: int, survey: Survey, at: datetime) -> None:
    """Note the reminder on the invitations of the mailing's planned messages."""
    reminded = select(Message.address_key).where(Message.mailing_id == mailing_id, Message.state == PLANNED)
    session.execute(
        update(Invitation)
        .where(Invitation.survey_id == survey.id, Invitation.address_key.in_(reminded))
        .values(reminders=Invitation.reminders + 1, reminded_at=at)
        .execution_options(synchronize_session=False)
    )


def turnout(session: Session, survey_id: int) -> Turnout:
    """Figures for the response rate."""
    own = select(func.count()).select_from(Invitation)
    own = own.where(Invitation.survey_id == survey_id, Invitation.contact_id != NOBODY)
    invited, declined = (session.scalar(query) or 0 for query in (own, own.where(Invitation.declined_at.is_not(None))))
    delivered = session.scalar(
        select(func.count(Message.reference.distinct())).where(
            Message.mailing_id.in_(mailings_of_survey(survey_id)),
            Message.state.in_((MessageState.SENT.value, MessageState.UNKNOWN.value)),
        )
    )
    states = dict(
        session.execute(
            select(Response.state, func.count()).where(Response.survey_id == survey_id).group_by(Response.state)
        ).all()
    )
    nameless = select(func.count()).select_from(AnonymousResponse).where(AnonymousResponse.survey_id == survey_id)
    released = session.scalar(nameless) or 0
    completed = states.get(ResponseState.COMPLETE.value, 0) + released
    return Turnout(invited, delivered or 0, sum(states.values()) + released, completed, declined)
