"""Pseudonyms: invitations that belong to nobody, under which answers are kept apart from who gave them (G14).

A pseudonym is an invitation with a random key and no contact. A confidential survey keeps, in a table of its own, whose
it is until it is unlinked. An anonymous one keeps that nowhere: the way from a person's link to their pseudonym is in
the address of the page before them and in no table. That somebody has answered is kept as a mark, a keyed digest of
the invitation that nobody can undo without the house's secret; whose marks they are is worked out for many at once.
Numbers of pseudonyms, of their responses and of the rows of their answers are drawn by lot and tell no order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import randbits, token_bytes

from sqlalchemy import CursorResult, ForeignKey, delete, exists, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, Key, insert_new
from core.errors import Conflict
from core.language import gettext as _
from surveys.domain.anonymity import Anonymity, day_of
from surveys.storage.invitations import NOBODY, Invitation
from surveys.storage.responses import Response
from surveys.storage.surveys import Survey

RANDOM_BITS = 61


class Identity(Base):
    """Whose a pseudonym of a confidential survey is; deleted by the unlink step, and the answers stay."""

    __tablename__ = "identity"

    pseudonym_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"), primary_key=True, autoincrement=False)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"), unique=True)


class SpentMark(Base):
    """That some invitation of an anonymous survey was answered: one completed response each, by this key."""

    __tablename__ = "spent_mark"
    __table_args__ = ({"sqlite_with_rowid": False},)

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    mark: Mapped[bytes] = mapped_column(Key, primary_key=True)


@dataclass(frozen=True)
class Veil:
    """What a link brings along beside its invitation: the pseudonym, and the invitation's marks, the newest first."""

    pseudonym: int = 0
    marks: Sequence[bytes] = ()


BARE = Veil()


def add_pseudonym(session: Session, survey: Survey, *, at: datetime, language: str = "") -> int:
    """The number of a new invitation that belongs to nobody; of when it was made the day alone is kept.

    Where answers are kept apart it is drawn by lot: a number in a row would stand between those of neighbours whose
    times are known.
    """
    pseudonym = Invitation(
        id=_drawn() if survey.mode is not Anonymity.IDENTIFIED else None,
        survey_id=survey.id,
        address_key=token_bytes(32),
        contact_id=NOBODY,
        language=language,
        created_at=day_of(at),
    )
    session.add(pseudonym)
    session.flush()
    return pseudonym.id


def _drawn() -> int:
    """A negative number, which neither moves a sequence on nor stands in it; -1 stands for something else elsewhere."""
    return -2 - randbits(RANDOM_BITS)


def kept_under(session: Session, survey: Survey, invitation: Invitation, veil: Veil = BARE) -> int | None:
    """The invitation under which this person's answers are kept; None where there are none yet, or no way to them."""
    if survey.mode is Anonymity.IDENTIFIED or invitation.contact_id == NOBODY:
        return invitation.id
    if survey.mode is Anonymity.CONFIDENTIAL:
        return session.scalar(select(Identity.pseudonym_id).where(Identity.invitation_id == invitation.id))
    owned = (Invitation.survey_id == survey.id, Invitation.contact_id == NOBODY)
    return session.scalar(select(Invitation.id).where(Invitation.id == veil.pseudonym, *owned))


def keep_under(session: Session, survey: Survey, invitation: Invitation, veil: Veil = BARE, *, at: datetime) -> int:
    """The invitation under which this person's answers are kept, made now where there is none."""
    known = kept_under(session, survey, invitation, veil)
    if known is not None:
        return known
    pseudonym = add_pseudonym(session, survey, at=at, language=invitation.language)
    if survey.mode is Anonymity.ANONYMOUS:
        return pseudonym
    if insert_new(session, Identity, [{"pseudonym_id": pseudonym, "invitation_id": invitation.id}]):
        return pseudonym
    session.execute(delete(Invitation).where(Invitation.id == pseudonym))  # another press was quicker
    return session.scalars(select(Identity.pseudonym_id).where(Identity.invitation_id == invitation.id)).one()


def moment_kept(survey: Survey, at: datetime) -> datetime:
    """What is kept of a moment of answering: the day alone where the survey is anonymous."""
    return day_of(at) if survey.mode is Anonymity.ANONYMOUS else at


def has_answered(session: Session, survey: Survey, invitation: Invitation, veil: Veil = BARE) -> bool:
    """Whether this invitation was answered under a pseudonym, as far as can be told without knowing which."""
    if invitation.answered:
        return True
    if survey.mode is not Anonymity.ANONYMOUS or not veil.marks:
        return False
    spent = exists().where(SpentMark.survey_id == survey.id, SpentMark.mark.in_(veil.marks))
    return bool(session.scalar(select(spent)))


def note_answered(session: Session, survey: Survey, invitation: Invitation, veil: Veil = BARE) -> bool:
    """Note that this invitation was answered, whole; False if it was already, and then nothing may be completed.

    For an anonymous survey the invitation itself is left untouched, even unlocked: a row that is changed beside an
    answer, in one transaction, says whose it is. `release` tells of many at once.

    Raises:
        Conflict: the link of an anonymous survey brought no mark.
    """
    if survey.mode is Anonymity.IDENTIFIED or invitation.contact_id == NOBODY:
        return True
    if survey.mode is Anonymity.CONFIDENTIAL:
        marked = session.execute(
            update(Invitation).where(Invitation.id == invitation.id, ~Invitation.answered).values(answered=True)
        )
        assert isinstance(marked, CursorResult)
        return marked.rowcount == 1
    if not veil.marks:
        raise Conflict(_("Answers to an anonymous survey are taken by its own link alone."))
    if has_answered(session, survey, invitation, veil):
        return False
    return insert_new(session, SpentMark, [{"survey_id": survey.id, "mark": veil.marks[0]}]) == 1


def drop_pseudonym(session: Session, number: int) -> None:
    """Forget a pseudonym under which nothing is kept any more, and whose it was."""
    kept = exists().where(Response.invitation_id == number)
    session.execute(delete(Identity).where(Identity.pseudonym_id == number, ~kept))
    session.execute(delete(Invitation).where(Invitation.id == number, Invitation.contact_id == NOBODY, ~kept))
