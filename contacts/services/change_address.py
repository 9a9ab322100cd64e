"""Asking, on one's own page, to be written to at another address; nothing changes until that address confirms it."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from contacts.domain.addresses import Address, AddressKeys, PepperRing
from contacts.domain.choosing import STILL_ON, in_the_way
from contacts.domain.permission import Standing, standing, verdict
from contacts.domain.signup_limits import SIGNUP_LASTS, Counted, Digests
from contacts.domain.verdicts import BlockReason
from contacts.domain.wordings import Line, Wording
from contacts.storage.address_changes import is_asked, keep_change
from contacts.storage.attempts import tried_too_often
from contacts.storage.contacts import Contact, contact_by_key
from contacts.storage.ledger import history_of
from contacts.storage.locks import lock_families
from contacts.storage.offerings import offered_lines
from contacts.storage.peppers import keys_of
from contacts.storage.policies import current_policy, policy_table
from contacts.storage.signup_forms import keep_wording
from contacts.storage.signups import Signup, ask_anew, is_child
from core.language import gettext
from core.settings import Settings, split_secrets


class Asked(StrEnum):
    """What the person is told."""

    LOOK_INTO_INBOX = "look"
    TOO_OFTEN = "too-often"
    NOTHING_ON = "nothing-on"
    NOT_HERE = "not-here"


def ask_to_move(
    session: Session, keys: AddressKeys, address: Address, settings: Settings, *, language: str, at: datetime
) -> Asked:
    """Keep the wish, and owe the new address the one mail that asks whether it was meant.

    The new address is asked to agree anew to what is on at the old one: a bounced old address is no hindrance, a child,
    a complaint, an erasure and a hold are. The answer never depends on what is known of the new address.
    """
    lock_families(session, {keys.family}, alone=True)
    stands, contact = standing(history_of(session, keys.own)), contact_by_key(session, keys.own)
    if contact is None or in_the_way(_without_bounce(stands)) is not None:
        return Asked.NOT_HERE
    lines = _lines(session, _without_bounce(stands), language, at)
    if not lines:
        return Asked.NOTHING_ON
    new = keys_of(session, PepperRing.of(settings), address)
    digests = Digests(split_secrets(settings.secret_key)[0])
    tries = [digests.of(Counted.ADDRESS, "move", each) for each in sorted({keys.own, new.own})]
    if any(tried_too_often(session, Counted.ADDRESS, each, at=at) for each in tries):
        return Asked.TOO_OFTEN
    if new.own != keys.own and not is_child(session, new.own) and not is_asked(session, keys, new, at=at):
        wording = Wording(
            title=gettext("Your new address", language),
            statement=gettext("Write to this address instead of the old one. What I stopped stays stopped.", language),
            lines=lines,
            policy_version=current_policy(session),
            privacy_url=settings.privacy_url,
            sender=settings.sender_name,
        )
        keep_change(session, _signup(session, contact, address, new, wording, settings, at), keys)
    return Asked.LOOK_INTO_INBOX


def _without_bounce(stands: Standing) -> Standing:
    kept = {place: since for place, since in stands.blocks.items() if place[1] is not BlockReason.BOUNCE}
    return replace(stands, blocks=kept)


def _lines(session: Session, stands: Standing, language: str, at: datetime) -> list[Line]:
    policy = policy_table(session)
    offered = offered_lines(session, at=at, language=language)
    return [line for line in offered if verdict(stands, line.scope, policy, at=at) in STILL_ON]


def _signup(
    session: Session, contact: Contact, address: Address, new: AddressKeys, wording: Wording, settings: Settings,
    at: datetime,
) -> int:  # fmt: skip
    signup = Signup(
        address=address.delivery,
        address_key=new.own,
        family_key=new.family,
        form_id=0,
        topics=wording.scopes,
        locale=contact.locale,
        source=contact.source,
        wording_hash=keep_wording(session, wording, at=at),
        policy_version=wording.policy_version,
        page=f"{settings.base_url}/p/",
        requested_at=at,
        expires_at=at + SIGNUP_LASTS,
    )
    ask_anew(session, signup)
    return signup.id
