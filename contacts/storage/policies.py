"""Policies: dated, immutable versions of what each source of an address can justify."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.policy import PRESETS, Basis, PolicyTable, Rule, Rules
from core.database import Base, Moment
from core.errors import Misconfigured


class Policy(Base):
    """One version of the policy; a new version widens no permission given under an older one."""

    __tablename__ = "policy"

    version: Mapped[str] = mapped_column(String(40), primary_key=True)
    preset: Mapped[str] = mapped_column(String(20))
    wording: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime] = mapped_column(Moment)


class PolicyRule(Base):
    """What one source can justify on one scope, under one version."""

    __tablename__ = "policy_rule"
    __table_args__ = (
        CheckConstraint("basis IN ('none', 'consent', 'notice')", name="basis"),
        CheckConstraint("expires_days > 0", name="expires_days"),
        CheckConstraint(
            "source IN ('purchase', 'download', 'registration', 'correspondence', 'mailing_list', 'survey')",
            name="source",
        ),
    )

    version: Mapped[str] = mapped_column(ForeignKey("policy.version"), primary_key=True)
    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    scope: Mapped[str] = mapped_column(String(60), primary_key=True)
    basis: Mapped[str] = mapped_column(String(10))
    expires_days: Mapped[int | None]


def publish_policy(
    session: Session, version: str, preset: str, *, at: datetime, wording: str = "", rules: Rules | None = None
) -> None:
    """Add a version of the policy, with the rules of a preset or, where they are given, its own."""
    session.add(Policy(version=version, preset=preset, wording=wording, published_at=at))
    session.flush()
    session.add_all(
        PolicyRule(
            version=version, source=source.value, scope=scope, basis=rule.basis.value, expires_days=rule.expires_days
        )
        for (source, scope), rule in (PRESETS[preset]() if rules is None else rules).items()
    )
    session.flush()


def current_policy(session: Session) -> str:
    """The version in force: the one published last.

    Raises:
        Misconfigured: there is none; `heedful init` was not run.
    """
    version = session.scalar(
        select(Policy.version).order_by(Policy.published_at.desc(), Policy.version.desc()).limit(1)
    )
    if version is None:
        raise Misconfigured("There is no permission policy yet.", remedy="Run `heedful init`.")
    return version


def has_policy(session: Session) -> bool:
    """Whether any version was published."""
    return bool(session.scalar(select(func.count()).select_from(Policy)))


def policy_table(session: Session) -> PolicyTable:
    """All versions as one table for the pure rules."""
    rows = session.execute(
        select(PolicyRule.version, PolicyRule.source, PolicyRule.scope, PolicyRule.basis, PolicyRule.expires_days)
    )
    return {(version, source, scope): Rule(Basis(basis), days) for version, source, scope, basis, days in rows}
