"""Asking to join by a public form: screened for age, counted, and kept until the person confirms by mail.

The answer never depends on what is known of the address: known or not, stopped, erased, held, complained or a child.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from contacts.domain.addresses import Address, AddressKeys, PepperRing, read_address_to_keep
from contacts.domain.age_screens import screen
from contacts.domain.ages import Age
from contacts.domain.case_kinds import CaseKind
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.scopes import EVERYTHING
from contacts.domain.signup_limits import SIGNUP_LASTS, Counted, Digests, site_of
from contacts.domain.wordings import Line, Wording
from contacts.storage.attempts import attempts_of, count_attempt, tried_too_often
from contacts.storage.case_lists import put_case
from contacts.storage.cases import Case
from contacts.storage.contacts import contact_by_key
from contacts.storage.ledger import record
from contacts.storage.offerings import lines_among
from contacts.storage.peppers import keys_of
from contacts.storage.policies import current_policy
from contacts.storage.signup_forms import SignupForm, count_asked, keep_wording
from contacts.storage.signups import Signup, ask_anew, forget_signups_of, is_child
from contacts.storage.successors import with_successors
from core.errors import BadInput
from core.language import noted
from core.settings import Settings, split_secrets


class Said(StrEnum):
    """What the person is told."""

    LOOK_INTO_INBOX = "look_into_inbox"
    NOT_TAKEN = "not_taken"
    TOO_OFTEN = "too_often"
    CORRECT = "correct"


@dataclass(frozen=True)
class Asking:
    """What somebody typed into a form, and where they did; `trap` is a field that only programs fill in."""

    address: str
    topics: Sequence[str]
    born: tuple[str, str, str]  # day, month, year
    network: str
    agent: str
    page: str
    trap: str = ""


@dataclass(frozen=True)
class Reply:
    """What to say, and what to correct, by field."""

    said: Said
    faults: Mapping[str, str] = field(default_factory=dict)


def ask_to_join(session: Session, form: SignupForm, asking: Asking, settings: Settings, *, at: datetime) -> Reply:
    """Take a request, if it can be taken; nothing is stored of a child but the block, and no birth date of anybody.

    Whoever answered the age screen as a child gets the same answer from the same browser for a day, whatever is
    typed then, and nothing is kept of it.
    """
    digests = Digests(split_secrets(settings.secret_key)[0])
    site = site_of(asking.network)
    counted = {Counted.NETWORK: digests.of(Counted.NETWORK, site), Counted.FORM: digests.of(Counted.FORM, form.name)}
    if any(tried_too_often(session, what, digest, at=at) for what, digest in counted.items()):
        return Reply(Said.TOO_OFTEN)
    if asking.trap:
        return Reply(Said.LOOK_INTO_INBOX)
    day, month, year = asking.born
    faults: dict[str, str] = {}
    try:
        age = screen(day, month, year, at=at, limit=settings.child_age)
    except BadInput as error:
        age, faults["born"] = Age.UNREADABLE, error.message
    address = _address(asking.address, faults)
    browser = digests.of(Counted.BROWSER, site, asking.agent)
    if age is Age.CHILD:
        count_attempt(session, browser, at=at)
        _block_child(session, form, address, settings, at)
    if attempts_of(session, browser, at=at)[1] and age is not Age.UNREADABLE:
        return Reply(Said.NOT_TAKEN)
    lines = _chosen(session, form, asking.topics, form.language or settings.language, faults, at)
    if faults or address is None:
        return Reply(Said.CORRECT, faults)
    keys = keys_of(session, PepperRing.of(settings), address)
    if tried_too_often(session, Counted.ADDRESS, digests.of(Counted.ADDRESS, keys.own), at=at):
        return Reply(Said.TOO_OFTEN)
    _keep(session, form, asking.page, address, keys, _wording(session, form, lines, settings), at)
    return Reply(Said.LOOK_INTO_INBOX)


def _address(written: str, faults: dict[str, str]) -> Address | None:
    try:
        return read_address_to_keep(written)
    except BadInput as error:
        faults["address"] = error.message
        return None


def _block_child(session: Session, form: SignupForm, address: Address | None, settings: Settings, at: datetime) -> None:
    """Keep of a child the block alone (G13); a request that somebody made for the same address goes.

    Anybody can type this with anybody's address: the team is told before a contact's data are deleted for it.
    """
    if address is None:
        return
    keys = keys_of(session, PepperRing.of(settings), address)
    if not is_child(session, keys.own):
        fact = Fact(keys.own, keys.family, Kind.CHILD, EVERYTHING, Door.SIGN_UP, at)
        record(session, with_successors(session, fact), at=at)
        _tell_team(session, form, keys, at)
    forget_signups_of(session, keys.own)


def _tell_team(session: Session, form: SignupForm, keys: AddressKeys, at: datetime) -> None:
    contact = contact_by_key(session, keys.own)
    if contact is None:
        return
    words = f"A child's date of birth was entered with this address at the form {form.name}."
    case = Case(
        kind=CaseKind.CHILD.value,
        door=Door.SIGN_UP.value,
        address=contact.address,
        address_key=keys.own,
        family_key=keys.family,
    )
    put_case(session, case, words, at=at)


def _chosen(
    session: Session, form: SignupForm, ticked: Sequence[str], language: str, faults: dict[str, str], at: datetime
) -> Sequence[Line]:
    """What was ticked of what the form asks for; a form that asks for one thing alone needs no tick."""
    wanted = form.topics if len(form.topics) == 1 else [each for each in form.topics if each in ticked]
    lines = lines_among(session, wanted, at=at, language=language)
    if not lines:
        faults["topics"] = noted("Please choose at least one.")
    return lines


def _wording(session: Session, form: SignupForm, lines: Sequence[Line], settings: Settings) -> Wording:
    return Wording(
        title=form.title,
        statement=form.wording,
        lines=lines,
        policy_version=current_policy(session),
        privacy_url=settings.privacy_url,
        sender=settings.sender_name,
    )


def _keep(
    session: Session, form: SignupForm, page: str, address: Address, keys: AddressKeys, wording: Wording, at: datetime
) -> None:
    """Keep the request; of somebody who is known to be a child nothing is kept, and nobody can tell."""
    digest = keep_wording(session, wording, at=at)
    count_asked(session, form.id)
    if is_child(session, keys.own):
        return
    signup = Signup(
        address=address.delivery,
        address_key=keys.own,
        family_key=keys.family,
        form_id=form.id,
        topics=wording.scopes,
        locale=form.language,
        source=form.source,
        wording_hash=digest,
        policy_version=wording.policy_version,
        page=page,
        requested_at=at,
        expires_at=at + SIGNUP_LASTS,
    )
    ask_anew(session, signup)
