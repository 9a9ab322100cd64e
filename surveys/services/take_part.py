"""Taking part by a survey's public link: screened for age, counted, and where it is wanted known by a code by e-mail.

What is answered never tells whether an address is known. Of a child nothing is kept but the block (G13).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import randbelow

from sqlalchemy.orm import Session

from contacts.domain.addresses import Address, PepperRing, read_address_to_keep
from contacts.domain.age_screens import screen
from contacts.domain.ages import Age
from contacts.domain.policy import Source
from contacts.domain.signup_limits import Counted, Digests, site_of
from contacts.domain.wordings import Line, Wording
from contacts.storage.attempts import attempts_of, count_attempt, tried_too_often
from contacts.storage.contacts import contact_by_key
from contacts.storage.peppers import keys_of
from contacts.storage.policies import current_policy
from contacts.storage.signup_forms import keep_wording
from contacts.storage.signups import Signup, ask_anew, is_child, signup_with_code, take_for_confirming
from core.errors import BadInput, NotFound
from core.language import gettext as _
from core.settings import Settings, split_secrets
from surveys.domain.anonymity import Access
from surveys.storage.children import block_child
from surveys.storage.invitations import invitation_of
from surveys.storage.pseudonyms import add_pseudonym
from surveys.storage.surveys import Survey, SurveyState, published, survey_named

CODE_LASTS = timedelta(hours=1)
CODE_DIGITS = 8
NO_FORM = 0
WITHOUT_CODE = 10
"""How many times as often a link may be used that sends nobody a code."""


class Said(StrEnum):
    """What the person is told."""

    COME_IN = "come_in"
    CODE_SENT = "code_sent"
    NOT_TAKEN = "not_taken"
    TOO_OFTEN = "too_often"
    CORRECT = "correct"


@dataclass(frozen=True)
class Arrival:
    """What somebody typed at the public link, and where from; `trap` is a field that only programs fill in."""

    born: tuple[str, str, str]  # day, month, year
    network: str
    agent: str
    address: str = ""
    trap: str = ""


@dataclass(frozen=True)
class Reception:
    """What to say, the number of the invitation to go on with, and what to correct, by field."""

    said: Said
    invitation: int = 0
    faults: Mapping[str, str] = field(default_factory=dict)


def public_survey(session: Session, name: str) -> Survey:
    """The survey of that name, if its form is open to anybody.

    Raises:
        NotFound: there is none, or it is not.
    """
    found = survey_named(session, name)
    if found is None or found.access == Access.INVITED.value or found.stage is not SurveyState.OPEN:
        raise NotFound(_("There is no such survey, or it is closed."))
    return found


def arrive(session: Session, survey: Survey, arrival: Arrival, settings: Settings, *, at: datetime) -> Reception:
    """Let somebody in, or send them a code; the birth date is looked at once and kept nowhere.

    Whoever answered the age screen as a child gets the same answer from the same browser for a day, whatever is
    typed then.
    """
    digests = Digests(split_secrets(settings.secret_key)[0])
    if _too_many(session, digests, survey, arrival.network, at):
        return Reception(Said.TOO_OFTEN)
    faults: dict[str, str] = {}
    coded = survey.access == Access.CODE.value
    address = _address(arrival.address, faults) if coded else None
    age = _age(arrival, faults, settings, at)
    browser = digests.of(Counted.BROWSER, site_of(arrival.network), arrival.agent)
    if age is Age.CHILD:
        count_attempt(session, browser, at=at)
        _block(session, survey, address, settings, at)
    if arrival.trap or (age is not Age.UNREADABLE and attempts_of(session, browser, at=at)[1]):
        return Reception(Said.NOT_TAKEN)
    if faults:
        return Reception(Said.CORRECT, faults=faults)
    if address is None:
        return Reception(Said.COME_IN, add_pseudonym(session, survey, at=at))
    return _send_code(session, survey, address, digests, settings, at)


def _too_many(session: Session, digests: Digests, survey: Survey, network: str, at: datetime) -> bool:
    """Count by the network and by the survey; a whole room may begin behind one network where no mail is sent."""
    coded = survey.access == Access.CODE.value
    behind = [site_of(network)] if coded else ["survey", survey.name, site_of(network)]
    counted = {
        Counted.NETWORK: digests.of(Counted.NETWORK, *behind),
        Counted.FORM: digests.of(Counted.FORM, "survey", survey.name),
    }
    times = 1 if coded else WITHOUT_CODE
    return any(tried_too_often(session, what, digest, at=at, times=times) for what, digest in counted.items())


def _address(written: str, faults: dict[str, str]) -> Address | None:
    try:
        return read_address_to_keep(written)
    except BadInput as error:
        faults["address"] = error.message
        return None


def _age(arrival: Arrival, faults: dict[str, str], settings: Settings, at: datetime) -> Age:
    day, month, year = arrival.born
    try:
        return screen(day, month, year, at=at, limit=settings.child_age)
    except BadInput as error:
        faults["born"] = error.message
        return Age.UNREADABLE


def _block(session: Session, survey: Survey, address: Address | None, settings: Settings, at: datetime) -> None:
    if address is None:
        return
    keys = keys_of(session, PepperRing.of(settings), address)
    if not is_child(session, keys.own):
        block_child(session, keys, survey, at=at)


def _send_code(
    session: Session, survey: Survey, address: Address, digests: Digests, settings: Settings, at: datetime
) -> Reception:
    """Ask the house for the one mail with a code; the gate decides, as it does of every confirmation."""
    keys = keys_of(session, PepperRing.of(settings), address)
    if tried_too_often(session, Counted.ADDRESS, digests.of(Counted.ADDRESS, keys.own), at=at):
        return Reception(Said.TOO_OFTEN)
    line = Line(f"survey:{survey.name}", survey.title)
    version, sender = current_policy(session), settings.sender_name
    wording = Wording(survey.title, "", (line,), version, settings.privacy_url, sender)
    digest = keep_wording(session, wording, at=at)
    if not is_child(session, keys.own):
        signup = Signup(
            address=address.delivery,
            address_key=keys.own,
            family_key=keys.family,
            form_id=NO_FORM,
            topics=wording.scopes,
            source=Source.SURVEY.value,
            wording_hash=digest,
            policy_version=version,
            page=page_of(survey),
            locale=published(session, survey).language,
            requested_at=at,
            expires_at=at + CODE_LASTS,
            code=f"{randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}",
        )
        ask_anew(session, signup)
    return Reception(Said.CODE_SENT)


def page_of(survey: Survey) -> str:
    """The address of a survey's public link, below the house's own."""
    return f"/take/{survey.name}"


def enter_code(
    session: Session, survey: Survey, written: str, code: str, network: str, settings: Settings, *, at: datetime
) -> Reception:
    """Let in whoever types the code that their mail told; of wrong ones a few are taken an hour.

    An address without a request, one that is a child's, and a wrong code get the same answer.
    """
    digests = Digests(split_secrets(settings.secret_key)[0])
    faults: dict[str, str] = {}
    address = _address(written, faults)
    if address is None:
        return Reception(Said.CORRECT, faults=faults)
    keys = keys_of(session, PepperRing.of(settings), address)
    tries = digests.of(Counted.ADDRESS, b"code", keys.own)
    if _too_many(session, digests, survey, network, at) or tried_too_often(session, Counted.ADDRESS, tries, at=at):
        return Reception(Said.TOO_OFTEN)
    plain = "".join(code.split())
    request = signup_with_code(session, keys.own, page_of(survey), plain, at=at)
    if request is None or is_child(session, keys.own) or not take_for_confirming(session, request.id, at=at):
        return Reception(Said.CORRECT, faults={"code": _("This is not the code that we sent, or its hour is over.")})
    contact = contact_by_key(session, keys.own)
    return Reception(Said.COME_IN, invitation_of(session, survey, keys.own, contact.id if contact else None, at=at).id)
