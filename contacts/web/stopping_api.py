"""The API's routes that stop somebody: opt-outs, complaints, bounces, children, requests to erase (G13, G19).

Each gives the same answer for somebody known and somebody unknown, and says done only once it is stored and holds.
"""

from collections.abc import Sequence
from functools import partial
from http import HTTPStatus

from pydantic import Field

from contacts.domain.addresses import AddressKeys, PepperRing, read_address
from contacts.domain.case_kinds import TERMS, CaseKind
from contacts.domain.facts import Door
from contacts.domain.scopes import EVERYTHING
from contacts.services.flag_child import flag_child
from contacts.services.open_case import Asked, open_case
from contacts.services.unsubscribe import OptOut, complain, hold_good, opt_out
from contacts.storage.peppers import keys_of
from core.cards import mask_card_numbers
from core.operators import Role
from core.web.calls import (
    LATE,
    AddressLine,
    ApiAnswer,
    ApiPlace,
    Call,
    Given,
    Line,
    Reply,
    Stopped,
    Told,
    Words,
    stopped,
)

NOBODY_THERE = "5.1."
"""Enhanced status codes (RFC 3463) that speak of the address; a full mailbox or a policy says nothing of it."""


class OptOutGiven(Given):
    """Who wants no more mail, and of what."""

    address: AddressLine
    scope: Line = Field(EVERYTHING, description="everything, marketing, a topic, tracking …")
    evidence: Line = Field("", description="How they told you; kept with the record.")


class ComplaintGiven(Given):
    """Who reported a mail as spam, as their provider tells it."""

    address: AddressLine


class BounceGiven(Given):
    """What a mail provider tells of an address, in one neutral shape."""

    address: AddressLine
    permanent: bool = Field(description="Whether the provider will not try again.")
    status: Line = Field("", pattern=r"^([245]\.\d{1,3}\.\d{1,3})?$", description="RFC 3463.", examples=["5.1.1"])


class BounceNoted(Told):
    """Whether the address is now blocked; a passing fault blocks nobody."""

    blocked: bool
    said: str


class ChildGiven(Given):
    """Who is a child; nothing automatic takes it back."""

    address: AddressLine
    evidence: Line = Field("", description="How you know.")


class ErasureAsked(Given):
    """Who asks that their data be deleted, in which words."""

    address: AddressLine
    words: Words = ""


class CaseOpened(Told):
    """The case that somebody of the team settles by its day; the address is held until then."""

    case: int
    due: str
    said: str


def opt_out_address(call: Call, asked: OptOutGiven) -> ApiAnswer:
    """Opt somebody out: the same act as every other way out. 202 where one message may still arrive."""
    evidence = _signed(call, asked.evidence)
    done = opt_out(call.session, _keys(call, asked.address), asked.scope, Door.API, at=call.at, evidence=evidence)
    return partial(_answered, call, [done])


def complain_of_address(call: Call, asked: ComplaintGiven) -> ApiAnswer:
    """Record a spam complaint: it stops everything, tracking and sharing."""
    done = complain(call.session, _keys(call, asked.address), at=call.at, evidence=call.mark)
    return partial(_answered, call, [done])


def note_bounce(call: Call, asked: BounceGiven) -> ApiAnswer:
    """Record that nobody is at an address: permanent, and with a status of 5.1.x or none."""
    keys = _keys(call, asked.address)
    if not asked.permanent or (asked.status and not asked.status.startswith(NOBODY_THERE)):
        return BounceNoted(blocked=False, said="done")
    evidence = " ".join(part for part in (asked.status, call.mark) if part)
    done = opt_out(call.session, keys, EVERYTHING, Door.DELIVERY, at=call.at, evidence=evidence)
    return partial(_bounced, call, done)


def _bounced(call: Call, done: OptOut) -> Reply:
    settled = hold_good(call.database, [done], seconds=call.settings.confirm_seconds)
    status = HTTPStatus.OK if settled else HTTPStatus.ACCEPTED
    return Reply(BounceNoted(blocked=True, said="done" if settled else LATE), status)


def flag_child_address(call: Call, asked: ChildGiven) -> ApiAnswer:
    """Flag a child: absolute, whatever else is known."""
    keys = _keys(call, asked.address)
    flagged = flag_child(call.session, keys, Door.API, at=call.at, evidence=_signed(call, asked.evidence))
    return partial(_answered, call, [OptOut(own, EVERYTHING, 0) for own in flagged])


def ask_for_erasure(call: Call, asked: ErasureAsked) -> ApiAnswer:
    """Open a case for the team: the address is held at once, and erased by an operator by the day it is due."""
    address = read_address(asked.address)
    keys = keys_of(call.session, PepperRing.of(call.settings), address)
    request = Asked(CaseKind.ERASURE, Door.API, address.delivery, keys, asked.words, call.mark)
    case = open_case(call.session, request, at=call.at)
    held = [OptOut(keys.own, scope, 0) for scope in TERMS[CaseKind.ERASURE].holds]
    return partial(_opened, call, case.id, case.due_at.date().isoformat(), held)


def _opened(call: Call, number: int, due: str, held: Sequence[OptOut]) -> Reply:
    settled = hold_good(call.database, held, seconds=call.settings.confirm_seconds)
    status = HTTPStatus.OK if settled else HTTPStatus.ACCEPTED
    return Reply(CaseOpened(case=number, due=due, said="done" if settled else LATE), status)


def _keys(call: Call, written: str) -> AddressKeys:
    return keys_of(call.session, PepperRing.of(call.settings), read_address(written))


def _signed(call: Call, evidence: str) -> str:
    """The evidence as it is kept: without card numbers (P8), with the token's number."""
    return f"{mask_card_numbers(evidence)} ({call.mark})".strip()


def _answered(call: Call, done: Sequence[OptOut]) -> Reply:
    return stopped(settled=hold_good(call.database, done, seconds=call.settings.confirm_seconds))


API_PLACES = (
    ApiPlace("/opt-outs", opt_out_address, Stopped, Role.EDITOR, also=(202,)),
    ApiPlace("/complaints", complain_of_address, Stopped, Role.EDITOR, also=(202,)),
    ApiPlace("/bounces", note_bounce, BounceNoted, Role.EDITOR, also=(202,)),
    ApiPlace("/children", flag_child_address, Stopped, Role.EDITOR, also=(202,)),
    ApiPlace("/erasure-requests", ask_for_erasure, CaseOpened, Role.EDITOR, also=(202,)),
)
