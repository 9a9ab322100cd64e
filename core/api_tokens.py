"""API tokens: how other programs sign in; only a digest is kept, and a token reaches as far as its role."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ForeignKey, LargeBinary, String, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, Moment
from core.errors import BadInput, NotFound
from core.operators import Role

PREFIX = "heedful_"
"""By which people, and programs that look for lost secrets, know what it is."""
LONGEST_NAME = 100
TOUCHED_AT_MOST_EVERY = timedelta(minutes=1)


class ApiToken(Base):
    """One token of one program, made by an operator; revoked, never deleted."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    made_by: Mapped[int] = mapped_column(ForeignKey("operator.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)
    last_used_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


@dataclass(frozen=True)
class Caller:
    """The program behind a request, and how far it reaches."""

    token_id: int
    name: str
    role: Role
    stale: bool
    """Whether its last use was written down so long ago that it is due again."""


def make_token(session: Session, name: str, role: Role, *, made_by: int, at: datetime) -> str:
    """Make a token, and give it in the only moment in which anybody can read it.

    Raises:
        BadInput: it has no name, or a longer one than fits.
    """
    said = name.strip()
    if not said or len(said) > LONGEST_NAME:
        raise BadInput("A token needs a name that says which program it is for.", field="name")
    written = PREFIX + secrets.token_urlsafe(32)
    session.add(ApiToken(name=said, digest=_digest(written), role=role.value, made_by=made_by, made_at=at))
    session.flush()
    return written


def caller_of(session: Session, written: str, *, at: datetime) -> Caller | None:
    """Whose token this is; None where it is nobody's, or was revoked.

    What is looked up is the digest of 256 random bits: how long that takes tells nothing of a token.
    """
    digest = _digest(written)
    token = session.scalar(select(ApiToken).where(ApiToken.digest == digest, ApiToken.revoked_at.is_(None)))
    if token is None or not hmac.compare_digest(bytes(token.digest), digest):
        return None
    stale = token.last_used_at is None or token.last_used_at <= at - TOUCHED_AT_MOST_EVERY
    return Caller(token.id, token.name, Role(token.role), stale)


def touch_token(session: Session, token_id: int, *, at: datetime) -> None:
    """Write down that a token was used; at most once a minute is enough."""
    before = at - TOUCHED_AT_MOST_EVERY
    due = or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at <= before)
    session.execute(update(ApiToken).where(ApiToken.id == token_id, due).values(last_used_at=at))


def revoke_token(session: Session, token_id: int, *, at: datetime) -> None:
    """End a token; from the next request on it is nobody's. Once revoked it stays so.

    Raises:
        NotFound: there is none of that number.
    """
    token = session.get(ApiToken, token_id)
    if token is None:
        raise NotFound("There is no such token.", remedy="`heedful token list` shows all of them.")
    token.revoked_at = token.revoked_at or at
    session.flush()


def all_tokens(session: Session) -> list[ApiToken]:
    """Every token there ever was, the newest first."""
    return list(session.scalars(select(ApiToken).order_by(ApiToken.id.desc())))


def _digest(written: str) -> bytes:
    return sha256(written.encode()).digest()
