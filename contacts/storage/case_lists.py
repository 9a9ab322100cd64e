"""Case lists: what people asked that nobody has settled yet, by the day it is due, and what was."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from contacts.domain.case_kinds import TERMS, CaseKind, added_words, due_at
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.verdicts import BlockReason
from contacts.storage.blocks import blocks_of
from contacts.storage.cases import Case
from contacts.storage.ledger import record
from contacts.storage.locks import lock_families
from core.errors import NotFound

PAGE = 50


def case_numbered(session: Session, number: int) -> Case:
    """A case, open or closed.

    Raises:
        NotFound: there is none of that number.
    """
    case = session.get(Case, number)
    if case is None:
        raise NotFound("There is no such request.")
    return case


def open_case_of(session: Session, own: bytes, kind: CaseKind) -> Case | None:
    """The open case of one kind of one person."""
    return session.scalar(
        select(Case)
        .where(Case.address_key == own, Case.kind == kind.value, Case.closed_at.is_(None))
        .order_by(Case.id)
        .limit(1)
    )


def put_case(session: Session, new: Case, words: str, *, at: datetime) -> Case:
    """Keep a case of a kind, a door and a person, unless they have an open one of its kind; add the words to either.

    Where the kind says so, the address is held from now on.
    """
    lock_families(session, [new.family_key], alone=True)
    kind, own = CaseKind(new.kind), bytes(new.address_key)
    case = open_case_of(session, own, kind)
    if case is None:
        case = new
        case.words, case.opened_at, case.due_at, case.holds = "", at, due_at(kind, at), bool(TERMS[kind].holds)
        session.add(case)
    case.words = added_words(case.words, words, at)
    session.flush()
    held = {block.scope for block in blocks_of(session, own) if block.reason == BlockReason.HOLD}
    wanted = [scope for scope in TERMS[kind].holds if scope not in held]
    record(session, [_hold(new, scope, case.id, at) for scope in wanted], at=at)
    return case


def _hold(asked: Case, scope: str, number: int, at: datetime) -> Fact:
    own, family = bytes(asked.address_key), bytes(asked.family_key)
    return Fact(own, family, Kind.HOLD, scope, Door(asked.door), at, details={"case": number})


def open_cases(session: Session, *, after: tuple[datetime, int] | None = None, most: int = PAGE) -> Sequence[Case]:
    """Up to `most` + 1 open cases, by their day; `after` is the due moment and number of the last one seen."""
    query = select(Case).where(Case.closed_at.is_(None)).order_by(Case.due_at, Case.id).limit(most + 1)
    if after is not None:
        due, number = after
        query = query.where(or_(Case.due_at > due, (Case.due_at == due) & (Case.id > number)))
    return session.scalars(query).all()


def closed_cases(session: Session, *, before: int | None = None, most: int = PAGE) -> Sequence[Case]:
    """Up to `most` + 1 closed cases, the newest number first."""
    query = select(Case).where(Case.closed_at.is_not(None)).order_by(Case.id.desc()).limit(most + 1)
    return session.scalars(query.where(Case.id < before) if before is not None else query).all()


def cases_of(session: Session, own: bytes) -> Sequence[Case]:
    """Every case of a person, the newest first."""
    return session.scalars(select(Case).where(Case.address_key == own).order_by(Case.id.desc())).all()


def is_held_by_another(session: Session, case: Case) -> bool:
    """Whether another open case of the same person holds their address."""
    another = select(Case.id).where(
        Case.address_key == case.address_key,
        Case.id != case.id,
        Case.closed_at.is_(None),
        Case.holds.is_(True),
    )
    return session.scalar(another.limit(1)) is not None


def open_cases_among(session: Session, owns: Collection[bytes]) -> Sequence[Case]:
    """Every open case of these people, the oldest first."""
    query = select(Case).where(Case.address_key.in_(owns), Case.closed_at.is_(None)).order_by(Case.id)
    return session.scalars(query).all()


def count_overdue(session: Session, *, at: datetime) -> int:
    """How many open cases are past their day."""
    return session.scalar(select(func.count(Case.id)).where(Case.closed_at.is_(None), Case.due_at < at)) or 0
