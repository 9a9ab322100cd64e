"""The peppers that this database has known: only their canaries, never a secret."""

import hmac

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.addresses import Pepper
from core.database import Base
from core.errors import Misconfigured


class Canary(Base):
    """One value made with the pepper that this database was begun with."""

    __tablename__ = "canary"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(String(64))


def remember_pepper(session: Session, pepper: Pepper) -> None:
    """Keep the canary of this pepper, the first time."""
    if session.get(Canary, 1) is None:
        session.add(Canary(id=1, value=pepper.canary()))
        session.flush()


def require_same_pepper(session: Session, pepper: Pepper) -> None:
    """Pass only if the addresses are keyed with this pepper; another one would forget every opt-out.

    Raises:
        Misconfigured: the pepper is another one than this database was begun with.
    """
    kept = session.get(Canary, 1)
    if kept is None or not hmac.compare_digest(kept.value, pepper.canary()):
        raise Misconfigured(
            "HEEDFUL_PEPPER is not the one that this database was begun with; nothing is sent.",
            remedy="Restore the pepper from your copy: with another one no opt-out would be found.",
        )
