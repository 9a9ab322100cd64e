"""Askers: who entered an address into a form and is owed the one mail that asks whether they meant it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import SQLColumnExpression

from contacts.domain.scopes import CONFIRMATION
from contacts.domain.signup_limits import DAY, MOST_MAILS_A_MONTH, UNCONFIRMED_MONTH
from contacts.storage.contacts import Contact
from contacts.storage.gate import verdict_expression
from contacts.storage.permits import Permit
from contacts.storage.signup_forms import SignupWording
from contacts.storage.signups import Signup, is_open

SOURCE = "confirmation"
"""Where the address of somebody has come from who has not confirmed: from whoever entered it."""


def askers_due(session: Session, *, at: datetime, most: int) -> Sequence[Signup]:
    """Open requests whose mail is not planned yet and may be, the oldest first.

    One a day and so many a month go to an address, whoever asks; the others wait, and expire with their address.
    """
    asker, other = aliased(Signup), aliased(Signup)
    lately = (
        select(other.id)
        .where(other.address_key == asker.address_key, other.mailed_at > at - DAY)
        .correlate_except(other)
        .exists()
    )
    verdict = verdict_expression(session, CONFIRMATION, asker.address_key, asker.family_key, at=at)
    conditions = (asker.confirmed_at.is_(None), asker.expires_at > at, asker.mailed_at.is_(None))
    return session.scalars(
        select(asker)
        .where(*conditions, ~lately, verdict.is_(None), _had(asker, UNCONFIRMED_MONTH, at) < MOST_MAILS_A_MONTH)
        .order_by(asker.id)
        .limit(most)
    ).all()


def _had(asker: type[Signup], since: timedelta, at: datetime) -> SQLColumnExpression[int]:
    return (
        select(func.count())
        .select_from(Permit)
        .where(
            Permit.address_key == asker.address_key,
            Permit.scope == CONFIRMATION,
            Permit.granted_at > at - since,
            func.coalesce(Permit.outcome, "sent").in_(("sent", "unknown")),
        )
        .correlate_except(Permit)
        .scalar_subquery()
    )


def people_asking(session: Session, numbers: Collection[int], *, at: datetime) -> dict[bytes, Contact]:
    """Whom the mails of these requests go to, by key: as contacts that are stored nowhere, for they are none yet.

    What they are asked about stands in their attributes. Who has confirmed meanwhile, or whose request is gone, is
    left out.
    """
    rows = session.execute(
        select(Signup, SignupWording.said)
        .join(SignupWording, SignupWording.hash == Signup.wording_hash)
        .where(Signup.id.in_(numbers), *is_open(at))
    )
    return {bytes(signup.address_key): _contact(signup, said["title"], said["lines"]) for signup, said in rows}


def _contact(signup: Signup, title: str, lines: Sequence[dict[str, str]]) -> Contact:
    return Contact(
        address=signup.address,
        address_key=bytes(signup.address_key),
        family_key=bytes(signup.family_key),
        given_name=signup.given_name,
        family_name=signup.family_name,
        locale=signup.locale,
        time_zone="",
        source=SOURCE,
        attributes={"form": title, "topics": [line["title"] for line in lines], "code": signup.code or ""},
    )
