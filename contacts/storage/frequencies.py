"""Frequencies: how often mail may come and at which hours not, for a topic, a group of topics, or all of them.

A row is never changed: a newer one of the same scope takes its place, so that an old verdict can be judged again.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.quiet_hours import QuietHours
from contacts.domain.scopes import PARTNERS, RESEARCH, covering
from core.database import Base, Moment

STANDARD_CAPS = ((RESEARCH, 4, 90), (PARTNERS, 1, 30))
"""Scope, messages, days: surveys do not tire, and partners come "occasionally" (P3, P4)."""


class Frequency(Base):
    """From `since` on: at most `cap_count` messages in `cap_days` days, and none in the quiet minutes of a day."""

    __tablename__ = "frequency"
    __table_args__ = (
        CheckConstraint("(cap_count IS NULL) = (cap_days IS NULL)", name="cap"),
        CheckConstraint("cap_count IS NULL OR (cap_count > 0 AND cap_days > 0)", name="cap_positive"),
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet"),
        CheckConstraint(
            "quiet_from IS NULL OR (quiet_from BETWEEN 0 AND 1439 AND quiet_until BETWEEN 0 AND 1439)",
            name="quiet_minutes",
        ),
        Index("ix_frequency_scope", "scope", "since"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(60))
    cap_count: Mapped[int | None]
    cap_days: Mapped[int | None]
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    since: Mapped[datetime] = mapped_column(Moment)
    operator: Mapped[str] = mapped_column(String(200), default="")

    @property
    def quiet_hours(self) -> QuietHours | None:
        """The quiet minutes of a day, if there are any."""
        return quiet_between(self.quiet_from, self.quiet_until)


def quiet_between(start: int | None, end: int | None) -> QuietHours | None:
    """Quiet hours from one minute of the day to another; none where a rule names none, or the same minute twice."""
    return None if start is None or end is None or start == end else QuietHours(start, end)


def frequencies_for(session: Session, scope: str, *, at: datetime) -> Sequence[Frequency]:
    """The rules in force for a scope: its own, and those of everything above it."""
    rows = session.scalars(
        select(Frequency)
        .where(Frequency.scope.in_(covering(scope)), Frequency.since <= at)
        .order_by(Frequency.scope, Frequency.since, Frequency.id)
    )
    return list({row.scope: row for row in rows}.values())


def all_frequencies(session: Session, *, at: datetime) -> dict[str, Frequency]:
    """The rule in force of each scope that has one."""
    rows = session.scalars(select(Frequency).where(Frequency.since <= at).order_by(Frequency.since, Frequency.id))
    return {row.scope: row for row in rows}


def set_frequency(
    session: Session,
    scope: str,
    *,
    cap: tuple[int, int] | None = None,
    quiet: QuietHours | None = None,
    at: datetime,
    operator: str = "",
) -> Frequency:
    """Set a scope's rule from now on: `cap` as (messages, days); None for none."""
    count, days = cap or (None, None)
    row = Frequency(
        scope=scope,
        cap_count=count,
        cap_days=days,
        quiet_from=quiet.start if quiet else None,
        quiet_until=quiet.end if quiet else None,
        since=at,
        operator=operator,
    )
    session.add(row)
    session.flush()
    return row


def add_standard_frequencies(session: Session, *, at: datetime) -> None:
    """The caps to begin with, for the scopes that never had a rule."""
    known = set(session.scalars(select(Frequency.scope)))
    for scope, count, days in STANDARD_CAPS:
        if scope not in known:
            set_frequency(session, scope, cap=(count, days), at=at)
