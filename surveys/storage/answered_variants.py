"""How many answered, by the variant of the invitation that they got: what a trial of invitations is decided by."""

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from campaigns.domain.states import MessageState
from campaigns.storage.messages import Message
from surveys.storage.invitations import Invitation
from surveys.storage.responses import Response, ResponseState


def count_answers_by_variant(session: Session, mailing_id: int) -> dict[int, int]:
    """How many of each variant's delivered invitations led to a complete response; numbers alone, nobody's answer."""
    complete = exists().where(Response.invitation_id == Invitation.id, Response.state == ResponseState.COMPLETE.value)
    rows = session.execute(
        select(Message.variant, func.count())
        .join(Invitation, Invitation.id == Message.reference)
        .where(
            Message.mailing_id == mailing_id,
            Message.variant.is_not(None),
            Message.state == MessageState.SENT.value,
            or_(Invitation.answered, complete),
        )
        .group_by(Message.variant)
    )
    return {number: answered for number, answered in rows if number is not None}
