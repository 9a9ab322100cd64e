"""Confirming a sign-up: the second half of double opt-in, by which alone a complaint or an erasure is lifted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.permission import standing
from contacts.domain.reopening import DOUBLE_OPT_IN_LIFTS, reopened
from contacts.domain.verdicts import VERDICT_OF, BlockReason, Reason
from contacts.domain.wordings import Line, Wording
from contacts.storage.address_changes import arrive_at_new_address, change_behind, leave_old_address
from contacts.storage.contacts import Contact, contact_by_key
from contacts.storage.gate import verdicts
from contacts.storage.ledger import history_of, record
from contacts.storage.locks import lock_families
from contacts.storage.offerings import everything_known, lines_among
from contacts.storage.signup_forms import SignupForm, count_confirmed, wording_of
from contacts.storage.signups import Signup, is_child, signup_numbered, take_for_confirming
from core.database import insert_new

_STOPPED = frozenset({*VERDICT_OF.values(), Reason.NO_PERMISSION, Reason.PERMISSION_LAPSED}) - {Reason.HELD}
"""Why somebody gets nothing until they say yes again; a request of theirs that is being read is told in its own words,
and what ends by itself (a pause, a cap) stopped nothing."""


@dataclass(frozen=True)
class Agreement:
    """What a request asks its person to agree to (as it was worded then, as far as it is still offered)."""

    signup: Signup
    wording: Wording
    confirmed: bool
    held: bool = False
    stopped: tuple[Line, ...] = ()
    """What was agreed to and confirmed, and is no longer permitted: asking anew is what opens it, never this link."""
    form: str = ""

    @property
    def standing(self) -> Wording:
        """The wording, of which only what still holds is left."""
        return replace(self.wording, lines=tuple(line for line in self.wording.lines if line not in self.stopped))


def agreement(session: Session, signup_id: int, *, at: datetime) -> Agreement | None:
    """What a confirmation link is about; None where the request has expired or cannot be confirmed (any more).

    Changes nothing. What is no longer offered is not agreed to; of a child nothing can be.
    """
    signup = signup_numbered(session, signup_id, at=at)
    if signup is None or is_child(session, signup.address_key):
        return None
    wording = wording_of(session, signup.wording_hash)
    offered = {line.scope for line in lines_among(session, signup.topics, at=at)}
    shown = replace(wording, lines=tuple(line for line in wording.lines if line.scope in offered))
    if not shown.lines:
        return None
    held = BlockReason.HOLD in {reason for _, reason in standing(history_of(session, signup.address_key)).blocks}
    if signup.confirmed_at is None:
        return Agreement(signup, shown, confirmed=False, held=held)
    form = session.get(SignupForm, signup.form_id)
    name = form.name if form is not None and form.active else ""
    return Agreement(
        signup, shown, confirmed=True, held=held, stopped=_stopped_since(session, signup, shown, at), form=name
    )


def _stopped_since(session: Session, signup: Signup, shown: Wording, at: datetime) -> tuple[Line, ...]:
    """The lines that the gate would not let pass any more; who is no contact is written to about nothing."""
    own = bytes(signup.address_key)

    def reason(scope: str) -> Reason | None:
        return verdicts(session, scope, [own], at=at).get(own, Reason.NO_PERMISSION)

    return tuple(line for line in shown.lines if reason(line.scope) in _STOPPED)


def confirm_signup(session: Session, signup_id: int, *, at: datetime) -> Agreement | None:
    """Record the person's own yes; what was confirmed, the same however often, or None as `agreement` says.

    The person's lock is taken before their history is read, so that an opt-out that comes at the same moment is
    either seen here or recorded after this.
    """
    asked = agreement(session, signup_id, at=at)
    if asked is None or asked.confirmed:
        return asked
    signup = asked.signup
    keys = AddressKeys(bytes(signup.address_key), bytes(signup.family_key))
    moving = change_behind(session, signup_id)
    lock_families(session, {keys.family, *([moving.family] if moving else [])}, alone=True)
    if is_child(session, keys.own):
        return None
    if not take_for_confirming(session, signup_id, at=at):
        session.expire_all()  # somebody pressed at the same moment, or the request was ended: read it anew
        return agreement(session, signup_id, at=at)
    form = session.get(SignupForm, signup.form_id)
    told = _evidence(signup, form.name if form else asked.wording.title)
    move = leave_old_address(session, moving, at=at) if moving else None
    record(session, _facts(session, signup, asked.wording.scopes, told, at), at=at)
    if move is not None:
        arrive_at_new_address(session, move, signup, at=at)
    _keep_contact(session, signup, told["said"], at)
    count_confirmed(session, signup.form_id)
    return Agreement(signup, asked.wording, confirmed=True, held=asked.held)


def _evidence(signup: Signup, form: str) -> dict[str, Any]:
    asked_at = signup.requested_at.isoformat(timespec="seconds")
    return {
        "said": f"confirmed by the link in a mail; asked {asked_at} by the form “{form}” on {signup.page}",
        "details": {"form": form, "wording_hash": signup.wording_hash, "page": signup.page, "asked_at": asked_at},
    }


def _facts(
    session: Session, signup: Signup, chosen: Sequence[str], told: dict[str, Any], at: datetime
) -> Sequence[Fact]:
    """Stops, releases and consents, in this order: in no moment is more open than what was chosen."""
    keys = AddressKeys(bytes(signup.address_key), bytes(signup.family_key))
    before = standing(history_of(session, keys.own))
    known = everything_known(session)
    lifted = reopened(before, keys, chosen, known, Door.DOUBLE_OPT_IN, lifts=DOUBLE_OPT_IN_LIFTS, at=at)
    consents = [
        Fact(
            keys.own,
            keys.family,
            Kind.CONSENT,
            scope,
            Door.DOUBLE_OPT_IN,
            at,
            source=signup.source,
            evidence=told["said"],
            policy_version=signup.policy_version,
            confirmed=True,
            details=dict(told["details"]),
        )
        for scope in chosen
    ]
    return [*lifted, *consents]


def _keep_contact(session: Session, signup: Signup, evidence: str, at: datetime) -> None:
    """Make a contact of somebody who is none; what is known of one stays, for the consent names its own source."""
    known = contact_by_key(session, signup.address_key)
    if known is not None:
        known.locale = known.locale or signup.locale
        known.updated_at = at
        return
    row = {
        "address": signup.address,
        "address_key": signup.address_key,
        "family_key": signup.family_key,
        "given_name": signup.given_name,
        "family_name": signup.family_name,
        "locale": signup.locale,
        "source": signup.source,
        "source_at": signup.requested_at,
        "evidence": evidence,
        "created_at": at,
        "updated_at": at,
    }
    insert_new(session, Contact, [row])
