"""The people of the team: who may sign in, as what, and for how long."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, Moment
from core.errors import BadInput, Conflict, Forbidden, NotFound

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
TRIES = 8
TRIES_WITHIN = timedelta(minutes=15)

# OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY = _HASHER.hash(secrets.token_urlsafe())


class Role(StrEnum):
    """What an operator may do; each role may do all that the ones before it may."""

    ANALYST = "analyst"
    EDITOR = "editor"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """Higher may do more."""
        return list(Role).index(self)

    def reaches(self, needed: "Role") -> bool:
        """Whether this role may do what `needed` may."""
        return self.rank >= needed.rank


class Operator(Base):
    """A person of the team."""

    __tablename__ = "operator"
    __table_args__ = (CheckConstraint("role IN ('analyst', 'editor', 'admin')", name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(200))
    time_zone: Mapped[str] = mapped_column(String(60), default="UTC")
    created_at: Mapped[datetime] = mapped_column(Moment)
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    password_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    password_at: Mapped[datetime | None] = mapped_column(Moment)

    def may(self, needed: Role) -> bool:
        """Whether this operator's role reaches that far."""
        return Role(self.role).reaches(needed)


class SignIn(Base):
    """A signed-in browser: the cookie's digest, never the cookie."""

    __tablename__ = "sign_in"

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class FailedSignIn(Base):
    """A wrong password, kept for a quarter of an hour to slow down guessing; the subject is a digest."""

    __tablename__ = "failed_sign_in"
    __table_args__ = (Index("ix_failed_sign_in_subject_at", "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class SignedIn:
    """An operator and what protects the forms of this browser."""

    operator: Operator
    csrf: str


def add_operator(
    session: Session, email: str, name: str, role: Role, password: str, *, at: datetime, by: int | None = None
) -> Operator:
    """Add a person to the team; `by` is the operator who does so in the console, and who knows the first password.

    Raises:
        BadInput: the password is too short, or too long, or the address is missing.
        Conflict: the address is taken.
    """
    address = email.strip().lower()
    if "@" not in address:
        raise BadInput("This is not an email address.", field="email")
    if session.scalar(select(Operator.id).where(Operator.email == address)):
        raise Conflict("An operator with this address exists already.")
    operator = Operator(
        email=address,
        name=name.strip() or address,
        role=role.value,
        password_hash=hashed(password),
        created_at=at,
        made_by=by,
        password_by=by,
        password_at=at,
    )
    session.add(operator)
    session.flush()
    return operator


def hashed(password: str) -> str:
    """The argon2id hash of a password that is long enough."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadInput(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.", field="password")
    return _HASHER.hash(password)


def sign_in(
    session: Session, email: str, password: str, *, network: str, hours: float, at: datetime
) -> tuple[str, Operator] | None:
    """The cookie value of a new sign-in, and whose it is; None where a part is wrong or tried too often."""
    address = email.strip().lower()
    subjects = [sha256(f"address {address}".encode()).digest(), sha256(f"network {network}".encode()).digest()]
    session.execute(delete(FailedSignIn).where(FailedSignIn.at < at - TRIES_WITHIN))
    tried = session.scalar(select(func.count()).where(FailedSignIn.subject == subjects[0])) or 0
    crowd = session.scalar(select(func.count()).where(FailedSignIn.subject == subjects[1])) or 0
    operator = session.scalar(select(Operator).where(Operator.email == address, Operator.disabled_at.is_(None)))
    right = _matches(operator.password_hash if operator else _NOBODY, password)
    if operator is None or not right or tried >= TRIES or crowd >= TRIES * 5:
        session.add_all(FailedSignIn(subject=subject, at=at) for subject in subjects)
        return None
    session.execute(delete(FailedSignIn).where(FailedSignIn.subject == subjects[0]))
    session.execute(delete(SignIn).where(SignIn.expires_at < at))
    cookie = secrets.token_urlsafe(32)
    session.add(
        SignIn(digest=_digest(cookie), operator_id=operator.id, started_at=at, expires_at=at + timedelta(hours=hours))
    )
    return cookie, operator


def signed_in(session: Session, cookie: str | None, *, at: datetime) -> SignedIn | None:
    """Who this browser's cookie belongs to."""
    if not cookie:
        return None
    operator = session.scalar(
        select(Operator)
        .join(SignIn, SignIn.operator_id == Operator.id)
        .where(SignIn.digest == _digest(cookie), SignIn.expires_at > at, Operator.disabled_at.is_(None))
    )
    return SignedIn(operator, csrf_of(cookie)) if operator else None


def sign_out(session: Session, cookie: str) -> None:
    """Forget this browser."""
    session.execute(delete(SignIn).where(SignIn.digest == _digest(cookie)))


def csrf_of(cookie: str) -> str:
    """What every form of this browser carries; derived from the cookie, so that nothing more is stored."""
    return hmac.new(cookie.encode(), b"heedful form", "sha256").hexdigest()


def change_operator(
    session: Session,
    operator_id: int,
    *,
    at: datetime,
    by: int | None = None,
    role: Role | None = None,
    password: str | None = None,
    disabled: bool | None = None,
) -> Operator:
    """Change role or password, or close or reopen the account; the last open admin cannot be lost.

    Closing an account or changing its password ends its sign-ins. `by` is the operator who acts, at the terminal None.
    """
    operator = session.get(Operator, operator_id)
    if operator is None:
        raise NotFound("There is no such operator.")
    if role is not None:
        operator.role = role.value
    if password is not None:
        operator.password_hash = hashed(password)
        operator.password_by, operator.password_at = by, at
    if disabled is not None:
        operator.disabled_at = at if disabled else None
    session.flush()
    open_admins = select(func.count()).where(Operator.role == Role.ADMIN.value, Operator.disabled_at.is_(None))
    if (role is not None or disabled) and not session.scalar(open_admins):
        raise Conflict("Somebody must stay admin; make another operator admin first.")
    if password is not None or disabled:
        session.execute(delete(SignIn).where(SignIn.operator_id == operator_id))
    return operator


def active_operator(session: Session, operator_id: int, needed: Role) -> Operator:
    """Somebody of the team who may act now.

    Raises:
        Forbidden: there is nobody of that number, the account is closed, or the role does not reach that far.
    """
    found = session.get(Operator, operator_id)
    if found is None or found.disabled_at is not None or not found.may(needed):
        raise Forbidden("This needs two people of the team whose accounts are open, one of them an admin.")
    return found


def in_whose_hands(session: Session, operator_id: int) -> set[int]:
    """Every operator who may know the password of an account: whoever made it or set it, and who may know theirs.

    Once its owner has set a password of their own, this is the owner alone.
    """
    hands: set[int] = set()
    open_ends: set[int | None] = {operator_id}
    while open_ends:
        number = open_ends.pop()
        found = session.get(Operator, number) if number is not None else None
        if found is None or found.id in hands:
            continue
        hands.add(found.id)
        if found.password_by != found.id:
            open_ends |= {found.made_by, found.password_by}
    return hands


def set_time_zone(session: Session, operator_id: int, zone: str) -> None:
    """The zone in which the console shows moments to this operator."""
    session.execute(update(Operator).where(Operator.id == operator_id).values(time_zone=zone))


def operators(session: Session) -> list[Operator]:
    """Everybody of the team, by address."""
    return list(session.scalars(select(Operator).order_by(Operator.email)))


def _digest(cookie: str) -> bytes:
    return sha256(cookie.encode()).digest()


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return False
