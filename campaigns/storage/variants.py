"""Variants of a mailing: what each says instead, who gets which, what came of it, and which the rest gets."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    case,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from campaigns.domain.campaign_files import CampaignDraft, varied
from campaigns.domain.checks import Clearance
from campaigns.domain.states import MessageState
from campaigns.domain.winners import Tally
from campaigns.storage.messages import CLAIMED, PLANNED, Message
from core.database import Base, Json, Moment

OPEN = datetime(9999, 1, 1, tzinfo=UTC)
"""When a message whose variant is open is tried: never, before somebody or the clock has decided."""
_PRIME = 2_147_483_647
_MINE = {"synchronize_session": False}


class Variant(Base):
    """What one variant of a mailing says in place of the mailing's own words; A, number 1, is the mailing itself."""

    __tablename__ = "variant"
    __table_args__ = (UniqueConstraint("mailing_id", "number"), CheckConstraint("number > 1", name="number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    mailing_id: Mapped[int] = mapped_column(ForeignKey("mailing.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    subject: Mapped[str] = mapped_column(String(255))
    subject_template: Mapped[str] = mapped_column(Text)
    preheader: Mapped[str] = mapped_column(String(255))
    html: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(Json)


class Trial(Base):
    """How the variants of a mailing compete, and how it ended.

    `decide_at` is set once everybody of the first share was tried; `asked_at` when an operator was asked to choose.
    `answers` are the answers so far by variant, where these decide; `seen` is what the decision saw.
    """

    __tablename__ = "trial"
    __table_args__ = (
        CheckConstraint("criterion IN ('clicks', 'answers')", name="criterion"),
        CheckConstraint("unclear IN ('first', 'ask')", name="unclear"),
        CheckConstraint("share > 0 AND share <= 100", name="share"),
        CheckConstraint("(winner IS NULL) = (decided_at IS NULL)", name="decided"),
    )

    mailing_id: Mapped[int] = mapped_column(ForeignKey("mailing.id"), primary_key=True, autoincrement=False)
    variants: Mapped[int] = mapped_column(SmallInteger)
    share: Mapped[int] = mapped_column(SmallInteger)
    wait_hours: Mapped[int] = mapped_column(SmallInteger)
    criterion: Mapped[str] = mapped_column(String(20))
    confidence: Mapped[int] = mapped_column(SmallInteger)
    unclear: Mapped[str] = mapped_column(String(20))
    decide_at: Mapped[datetime | None] = mapped_column(Moment)
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
    answers: Mapped[dict[str, int] | None] = mapped_column(Json)
    winner: Mapped[int | None] = mapped_column(SmallInteger)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[str] = mapped_column(String(320), default="")
    seen: Mapped[dict[str, Any] | None] = mapped_column(Json)


def keep_trial(session: Session, mailing_id: int, draft: CampaignDraft, cleared: Clearance) -> None:
    """Keep with a planned mailing how its variants compete, and what each says as the checks passed it."""
    if not draft.trial.variants:
        return
    told = asdict(draft.trial)
    named = {name: told[name] for name in ("share", "wait_hours", "confidence", "unclear")}
    number = len(draft.trial.variants) + 1
    session.add(Trial(mailing_id=mailing_id, variants=number, criterion=draft.trial.winner, **named))
    for place, sources in zip(range(2, number + 1), cleared.variants, strict=True):
        says = varied(draft, place)
        words = {"subject": says.subject, "preheader": says.preheader, "content": dict(says.content)}
        sent = {"subject_template": sources[0], "html": sources[1], "text": sources[2]}
        session.add(Variant(mailing_id=mailing_id, number=place, **words, **sent))
    session.flush()


def trial_of(session: Session, mailing_id: int) -> Trial | None:
    """The trial of a mailing, if it has one."""
    return session.get(Trial, mailing_id)


def variants_of(session: Session, mailing_id: int) -> list[Variant]:
    """The variants of a mailing from B on."""
    return list(session.scalars(select(Variant).where(Variant.mailing_id == mailing_id).order_by(Variant.number)))


def variant_numbered(session: Session, mailing_id: int, number: int | None) -> Variant | None:
    """What this variant says; None for A, and where the mailing has no variants."""
    if number in {None, 1}:
        return None
    return session.scalar(select(Variant).where(Variant.mailing_id == mailing_id, Variant.number == number))


def deal(session: Session, mailing_id: int, *, at: datetime) -> int:
    """Give a share of a freshly frozen mailing its variants, each as many (one more or less); the number dealt to.

    Who belongs to the share looks random and is the same each time it is worked out: messages are put in an order that
    is made from their numbers and the mailing's. Everybody else waits, their variant open; best they are frozen for
    `OPEN`, so that few rows are written twice.
    """
    trial = trial_of(session, mailing_id)
    if trial is None:
        return 0
    mine = (Message.mailing_id == mailing_id, Message.state == PLANNED)
    planned = session.scalar(select(func.count()).where(*mine)) or 0
    dealt = min(planned, max(-(-planned * trial.share // 100), trial.variants))
    factor, addend = _shuffle(mailing_id)
    mixed = ((Message.id % _PRIME) * factor + addend) % _PRIME
    place = (func.row_number().over(order_by=(mixed, Message.id)) - 1).label("place")
    ranked = select(Message.id, place).where(*mine).subquery()
    session.execute(
        update(Message)
        .where(Message.id == ranked.c.id, ranked.c.place < dealt)
        .values(
            variant=ranked.c.place % trial.variants + 1,
            next_try_at=case((Message.next_try_at >= OPEN, literal(at, Moment)), else_=Message.next_try_at),
        )
        .execution_options(**_MINE)
    )
    rest = update(Message).where(*mine, Message.variant.is_(None), Message.next_try_at < OPEN)
    session.execute(rest.values(next_try_at=OPEN).execution_options(**_MINE))
    return dealt


def _shuffle(mailing_id: int) -> tuple[int, int]:
    """A factor and an addend below 2³¹ that only the mailing decides."""
    digest = sha256(b"heedful trial %d" % mailing_id).digest()
    return int.from_bytes(digest[:4]) % (_PRIME - 1) + 1, int.from_bytes(digest[4:8]) % _PRIME


def was_tried(session: Session, mailing_id: int) -> bool:
    """Whether everybody of the first share was tried once: from then on readers have the same time."""
    waiting = select(Message.id).where(
        Message.mailing_id == mailing_id,
        or_(
            (Message.state == PLANNED) & (Message.next_try_at < OPEN) & (Message.attempts == 0),
            Message.state == CLAIMED,
        ),
    )
    return session.scalar(waiting.limit(1)) is None


def waits_for_choice(message: Message) -> bool:
    """Whether it is still open which variant the message is."""
    return message.next_try_at is not None and message.next_try_at >= OPEN


def count_waiting(session: Session, mailing_id: int) -> int:
    """How many people of the mailing have no variant yet."""
    return session.scalar(select(func.count()).select_from(_open_messages(mailing_id).subquery())) or 0


def _open_messages(mailing_id: int) -> Any:
    return select(Message.id).where(
        Message.mailing_id == mailing_id, Message.state == PLANNED, Message.next_try_at >= OPEN
    )


def release(session: Session, mailing_id: int, winner: int, *, at: datetime, most: int) -> int:
    """Let up to `most` of those who wait get the winner from now on; the number let go, 0 when all are."""
    # a common table expression is worked out once; a plain subquery PostgreSQL may ask again for each row
    some = _open_messages(mailing_id).limit(most).with_for_update(skip_locked=True).cte("some")
    freed = session.scalars(
        update(Message)
        .where(Message.id.in_(select(some.c.id)), Message.state == PLANNED, Message.next_try_at >= OPEN)
        .values(variant=winner, next_try_at=at)
        .returning(literal(1))
        .execution_options(**_MINE)
    )
    return len(freed.all())


def set_moment(session: Session, mailing_id: int, moment: datetime) -> None:
    """Keep when it is to be decided, unless that is known."""
    _change(session, mailing_id, {"decide_at": moment}, Trial.decide_at.is_(None))


def keep_answers(session: Session, mailing_id: int, answers: Mapping[int, int]) -> None:
    """Keep how many answers each variant has brought so far."""
    kept = {str(number): answered for number, answered in answers.items()}
    _change(session, mailing_id, {"answers": kept}, Trial.winner.is_(None))


def ask_operator(session: Session, mailing_id: int, at: datetime) -> None:
    """Keep that an operator is to choose."""
    _change(session, mailing_id, {"asked_at": at}, Trial.winner.is_(None))


def decide_for(
    session: Session, mailing_id: int, winner: int, *, at: datetime, by: str, seen: Mapping[str, Any]
) -> bool:
    """Keep which variant the rest gets; False if that was decided before (G6: nobody gets two)."""
    values = {"winner": winner, "decided_at": at, "decided_by": by, "seen": dict(seen)}
    return _change(session, mailing_id, values, Trial.winner.is_(None))


def _change(session: Session, mailing_id: int, values: Mapping[str, Any], only: Any) -> bool:
    changed = session.execute(
        update(Trial)
        .where(Trial.mailing_id == mailing_id, only)
        .values(dict(values))
        .returning(Trial.mailing_id)
        .execution_options(synchronize_session="fetch")
    ).first()
    return changed is not None


def count_delivered(session: Session, mailing_id: int) -> dict[int, int]:
    """How many mails of each variant were delivered so far."""
    rows = session.execute(
        select(Message.variant, func.count())
        .where(
            Message.mailing_id == mailing_id,
            Message.variant.is_not(None),
            Message.state == MessageState.SENT.value,
        )
        .group_by(Message.variant)
    )
    return {number: delivered for number, delivered in rows if number is not None}


def tallies(trial: Trial, delivered: Mapping[int, int], responses: Mapping[int, int]) -> list[Tally]:
    """What came of each variant, one with nothing too."""
    numbers = range(1, trial.variants + 1)
    return [Tally(number, delivered.get(number, 0), responses.get(number, 0)) for number in numbers]
