"""Messages: one mail to one contact, from planned to its one end; the mapped class, counts and lists."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
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
from sqlalchemy.orm import Mapped, Session, mapped_column

from campaigns.domain.states import ENDED_MESSAGES, MessageState
from core.database import Base, Key, Moment, Number
from core.errors import NotFound
from core.language import gettext as _

CAMPAIGN_CANCELLED = "campaign_cancelled"
"""The one reason of a message that its campaign's end cancelled, at once or when a sender gave it back."""

SENDER_DIED = "sender_died"
"""The reason of a message whose outcome is unknown because its sender is gone; else no answer came."""
DIED = {"state": "unknown", "reason": SENDER_DIED, "lease_until": None, "code": None, "reply": None}
"""What such a message is from then on: what a server said to an earlier try says nothing about the last."""
NOT_ARRIVED = "did_not_arrive"
"""The reason of a message that an operator says did not arrive."""

_ONLY = "sqlite"
_CLAIMED = text("state = 'claimed'")
_REASONED = text("reason IS NOT NULL")
_VARIED = text("variant IS NOT NULL")
_DEFERRED = text("state = 'planned' AND code IS NOT NULL")


class Message(Base):
    """One mail to one contact.

    The address is not kept here: it is the contact's, at the moment of sending. `contact_id` is no foreign key, so that
    a contact can be deleted at any time; the key stays, for the one handover a mailing (G6). `judged_sequence` is the
    ledger's last event when the verdict that stands in `reason` was read, `judged_at` the moment (G17). `variant`:
    which of a trial's variants it is; None where the mailing has none, or where that is still open.

    PostgreSQL looks up no mailing and no sender for each message, which took a quarter of the time that an audience
    takes to be frozen: mailings are guarded against deletion instead, and nothing deletes a sender.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("address_key", "mailing_id"),
        ForeignKeyConstraint(["mailing_id"], ["mailing.id"], info={"dialect": _ONLY}).ddl_if(dialect=_ONLY),
        ForeignKeyConstraint(["sender_id"], ["sender.id"], info={"dialect": _ONLY}).ddl_if(dialect=_ONLY),
        CheckConstraint(
            "state IN ('planned', 'claimed', 'sent', 'failed', 'withheld', 'unknown', 'cancelled', 'excluded')",
            name="state",
        ),
        CheckConstraint("state NOT IN ('excluded', 'withheld', 'cancelled') OR reason IS NOT NULL", name="reason"),
        CheckConstraint("state <> 'planned' OR next_try_at IS NOT NULL", name="planned"),
        CheckConstraint("state <> 'claimed' OR (sender_id IS NOT NULL AND lease_until IS NOT NULL)", name="claimed"),
        CheckConstraint("state <> 'sent' OR handed_over_at IS NOT NULL", name="sent"),
        Index("ix_message_mailing_id", "mailing_id", "state", "next_try_at"),
        Index("ix_message_lease_until", "lease_until", sqlite_where=_CLAIMED, postgresql_where=_CLAIMED),
        Index("ix_message_reason", "mailing_id", "state", "reason", sqlite_where=_REASONED, postgresql_where=_REASONED),
        Index("ix_message_deferred", "mailing_id", "id", sqlite_where=_DEFERRED, postgresql_where=_DEFERRED),
        Index("ix_message_variant", "mailing_id", "variant", "state", sqlite_where=_VARIED, postgresql_where=_VARIED),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    mailing_id: Mapped[int]
    contact_id: Mapped[int]
    address_key: Mapped[bytes] = mapped_column(Key)
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(30))
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(Moment)
    sender_id: Mapped[int | None]
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    code: Mapped[int | None]
    reply: Mapped[str | None] = mapped_column(String(500))
    header_id: Mapped[str | None] = mapped_column(String(120))
    handed_over_at: Mapped[datetime | None] = mapped_column(Moment)
    reference: Mapped[int | None] = mapped_column(BigInteger)
    judged_at: Mapped[datetime | None] = mapped_column(Moment)
    judged_sequence: Mapped[int | None] = mapped_column(BigInteger)
    variant: Mapped[int | None] = mapped_column(SmallInteger)


@dataclass(frozen=True)
class Progress:
    """How far a mailing is; the parts add up to the audience (G7)."""

    by_state: dict[MessageState, int] = field(default_factory=dict)

    def of(self, *states: MessageState) -> int:
        """How many messages are in one of these states."""
        return sum(self.by_state.get(state, 0) for state in states)

    @property
    def audience(self) -> int:
        """Everybody whom the condition met when the audience was frozen."""
        return sum(self.by_state.values())

    @property
    def planned(self) -> int:
        """All who were to get the mail: the audience without those excluded."""
        return self.audience - self.of(MessageState.EXCLUDED)

    @property
    def ended(self) -> int:
        """How many of the planned messages have come to their end."""
        return self.of(*ENDED_MESSAGES)


def count_states(session: Session, mailing_id: int) -> Progress:
    """Count the mailing's messages by state; answered from an index."""
    rows = session.execute(
        select(Message.state, func.count()).where(Message.mailing_id == mailing_id).group_by(Message.state)
    )
    return Progress({MessageState(state): number for state, number in rows})


def count_reasons(session: Session, mailing_id: int) -> dict[MessageState, dict[str, int]]:
    """Count excluded, withheld, failed and cancelled messages by their reason, the commonest first."""
    rows = session.execute(
        select(Message.state, Message.reason, func.count())
        .where(Message.mailing_id == mailing_id, Message.reason.is_not(None))
        .group_by(Message.state, Message.reason)
        .order_by(func.count().desc(), Message.reason)
    )
    counted: dict[MessageState, dict[str, int]] = {}
    for state, reason, number in rows:
        counted.setdefault(MessageState(state), {})[str(reason)] = number
    return counted


def list_messages(
    session: Session, mailing_id: int, *, state: MessageState | None = None, limit: int = 100, after: int = 0
) -> list[Message]:
    """Messages of a mailing by number, those after `after`."""
    query = select(Message).where(Message.mailing_id == mailing_id, Message.id > after)
    if state is not None:
        query = query.where(Message.state == state.value)
    return list(session.scalars(query.order_by(Message.id).limit(limit)))


def messages_to(address_key: bytes) -> Select[Message]:
    """All messages to a person, the newest first, for their timeline."""
    return select(Message).where(Message.address_key == address_key).order_by(Message.id.desc())


def get_message(session: Session, message_id: int) -> Message:
    """The message of that number.

    Raises:
        NotFound: there is none.
    """
    found = session.get(Message, message_id)
    if found is None:
        raise NotFound(_("There is no message {number}.").format(number=message_id))
    return found


def cancel_planned(session: Session, mailing_ids: Sequence[int], reason: str) -> int:
    """Cancel what is still planned in these mailings; what a sender has claimed ends by itself."""
    cancelled = session.scalars(
        update(Message)
        .where(Message.mailing_id.in_(mailing_ids), Message.state == PLANNED)
        .values(state=MessageState.CANCELLED.value, reason=reason, next_try_at=None)
        .returning(literal(1))
        .execution_options(synchronize_session=False)
    )
    return len(cancelled.all())


PLANNED = literal(MessageState.PLANNED.value, literal_execute=True)
CLAIMED = literal(MessageState.CLAIMED.value, literal_execute=True)
"""States spelt out in the statement: a partial index is only used where the planner sees them."""


def decided_values(new: MessageState, at: datetime) -> dict[str, object]:
    """What a message of unknown outcome becomes when an operator has decided."""
    values: dict[str, object] = {"state": new.value, "reason": NOT_ARRIVED if new is MessageState.FAILED else None}
    if new is MessageState.PLANNED:
        return values | {"next_try_at": at, "sender_id": None, "lease_until": None, "code": None, "reply": None}
    return values | ({"handed_over_at": func.coalesce(Message.handed_over_at, at)} if new is MessageState.SENT else {})


def decide_unknown(session: Session, message: Message, new: MessageState, at: datetime) -> bool:
    """Settle a message of unknown outcome as an operator says; False if it is not unknown any more (G6)."""
    decided = session.execute(
        update(Message)
        .where(Message.id == message.id, Message.state == MessageState.UNKNOWN.value)
        .values(decided_values(new, at))
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).first()
    session.expire(message)
    return decided is not None
