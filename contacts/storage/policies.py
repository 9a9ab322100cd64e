"""Policies: dated, immutable versions of what each source of an address can justify."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.policy import PRESETS, Basis, PolicyTable, Rule, Rules, Source
from contacts.domain.policy_drafts import require_sound
from core.database import Base, Moment
from core.errors import Misconfigured, NotFound


class Policy(Base):
    """One version of the policy; a new version widens no permission given under an older one.

    `wording` is the text of the privacy policy that people could read; empty where none was given.
    """

    __tablename__ = "policy"

    version: Mapped[str] = mapped_column(String(40), primary_key=True)
    preset: Mapped[str] = mapped_column(String(20))
    wording: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime] = mapped_column(Moment)
    published_by: Mapped[str] = mapped_column(String(200), default="", server_default="")

    @property
    def digest(self) -> str:
        """SHA-256 of the text, in hexadecimal; empty where there is none."""
        return sha256(self.wording.encode()).hexdigest() if self.wording else ""


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
    session: Session,
    version: str,
    preset: str,
    *,
    at: datetime,
    wording: str = "",
    rules: Rules | None = None,
    operator: str = "",
) -> None:
    """Add a version of the policy, with the rules of a preset or, where they are given, its own.

    Raises:
        BadInput: somebody could be mailed for partners, or shared with them, who did not say yes.
    """
    if rules is not None:
        require_sound(rules)
    session.add(Policy(version=version, preset=preset, wording=wording, published_at=at, published_by=operator))
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


def all_policies(session: Session) -> list[Policy]:
    """Every version, the one in force first."""
    return list(session.scalars(select(Policy).order_by(Policy.published_at.desc(), Policy.version.desc())))


def policy_named(session: Session, version: str) -> Policy:
    """One version.

    Raises:
        NotFound: there is none of that name.
    """
    found = session.get(Policy, version)
    if found is None:
        raise NotFound(f"There is no version “{version}” of the policy.")
    return found


def version_before(session: Session, policy: Policy) -> Policy | None:
    """The version that was in force before this one; None for the first."""
    versions = all_policies(session)
    place = [each.version for each in versions].index(policy.version)
    return versions[place + 1] if place + 1 < len(versions) else None


def rules_of(session: Session, version: str) -> Rules:
    """The cells of one version."""
    rows = session.scalars(select(PolicyRule).where(PolicyRule.version == version))
    return {(Source(row.source), row.scope): Rule(Basis(row.basis), row.expires_days) for row in rows}


def has_policy(session: Session) -> bool:
    """Whether any version was published."""
    return bool(session.scalar(select(func.count()).select_from(Policy)))


def policy_table(session: Session) -> PolicyTable:
    """All versions as one table for the pure rules."""
    rows = session.execute(
        select(PolicyRule.version, PolicyRule.source, PolicyRule.scope, PolicyRule.basis, PolicyRule.expires_days)
    )
    return {(version, source, scope): Rule(Basis(basis), days) for version, source, scope, basis, days in rows}
