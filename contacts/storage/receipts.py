"""Receipts: what was done about a person's data, when and by whom, without the data."""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from contacts.storage.cases import Receipt


class Act(StrEnum):
    """What a receipt is for."""

    EXPORT = "export"
    ERASURE = "erasure"
    CORRECTION = "correction"
    CHILD_DELETION = "child_deletion"
    DISCLOSURE = "disclosure"


def give_receipt(
    session: Session,
    act: Act,
    own: bytes,
    counts: Mapping[str, int | str],
    *,
    operator: str,
    at: datetime,
    case_id: int | None = None,
) -> Receipt:
    """Keep a receipt; `counts` says how many of what, never what."""
    receipt = Receipt(
        act=act.value, address_key=own, counts=dict(counts), operator=operator[:200], at=at, case_id=case_id
    )
    session.add(receipt)
    session.flush()
    return receipt


def receipts_of(session: Session, keys: Collection[bytes]) -> list[Receipt]:
    """A person's receipts, oldest first."""
    return list(session.scalars(select(Receipt).where(Receipt.address_key.in_(keys)).order_by(Receipt.id)))
