"""`heedful opt-out | inbound`: wishes to stop that come by mouth or by mail, and what else comes back to our mail."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import click
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from commands.terminal import Terminal, json_option, report, terminal
from contacts.domain.addresses import AddressKeys, read_address
from contacts.domain.case_kinds import CaseKind
from contacts.domain.delivery_reports import Report
from contacts.domain.facts import Door
from contacts.domain.inbound_letters import Inbound, Meaning, read_inbound
from contacts.domain.leaving_tokens import read_leaving
from contacts.domain.scopes import EVERYTHING, parent_of
from contacts.domain.stop_letters import Letter, read_letter
from contacts.services.open_case import Asked, open_case
from contacts.services.unsubscribe import OptOut, hold_good, keys_behind
from contacts.services.unsubscribe import opt_out as record_opt_out
from contacts.storage.contacts import contact_by_key
from contacts.storage.peppers import keys_of
from core.clock import now
from core.errors import BadInput, BadToken, Unavailable
from core.tokens import TokenKind

LARGEST_MAIL = 5 * 1024 * 1024
TRY_AGAIN = 75
"""EX_TEMPFAIL of sysexits.h: the mail server keeps the mail and pipes it in again later (G2)."""


@dataclass(frozen=True)
class Person:
    """Whom a letter speaks of, and the mailing that its token names (0: none)."""

    keys: AddressKeys
    mailing_id: int = 0


@click.command("opt-out")
@click.argument("address", required=False)
@click.option("--scope", default=EVERYTHING, show_default=True, help="What to stop: everything, a topic, tracking …")
@click.option("--evidence", default="", help="How they told you; kept with the record.")
@click.option("--mail", type=click.File("rb"), help="A mail to the unsubscribe address; - reads standard input.")
@json_option
def opt_out(address: str | None, scope: str, evidence: str, mail: BinaryIO | None, *, as_json: bool) -> None:
    """Opt an address out, or pipe in what came to your unsubscribe address: letters, and providers' complaints.

    Says "done" only when it is stored and no message is being handed over any more.

    \b
    Example: heedful opt-out ann@example.org --evidence "telephone call of 3 March"
    Example, in a mail server's alias: "|heedful opt-out --mail -"
    """  # noqa: D301 - \b is click's mark for lines that are kept apart
    if (address is None) == (mail is None):
        raise BadInput("Give an address, or --mail.")
    parent_of(scope)
    letter = read_letter(mail.read(LARGEST_MAIL)) if mail else None
    door = Door.TERMINAL if letter is None else Door.FEEDBACK_LOOP if letter.complaint else Door.MAILTO
    with _kept(piped=mail is not None), terminal() as opened:
        with opened.database.writing() as session:
            people = _behind(session, opened, letter, address)
            stopped = [_stop(session, person, door, scope=scope, evidence=evidence) for person in people]
        said = _said(opened, stopped)
    where = stopped[0].scope if stopped else scope
    report({"opted out": len(people), "scope": where, "said": said}, as_json=as_json)


@click.command()
@click.option("--mail", type=click.File("rb"), required=True, help="A mail that came back; - reads standard input.")
@json_option
def inbound(mail: BinaryIO, *, as_json: bool) -> None:
    """Take a mail that came to the address of your mail: a reply, a bounce, a complaint, an out-of-office note.

    A reply that says stop, in one of some thirty languages, in its own first words, opts its writer out of
    everything. A delivery report of an address that is gone blocks it. Another reply of somebody you know becomes a
    question in the console; what a machine wrote, and what strangers write, is left alone: keep a copy in a mailbox.

    \b
    Example, in a mail server's alias: news: office, "|heedful inbound --mail -"
    """  # noqa: D301 - \b is click's mark for lines that are kept apart
    letter = read_inbound(mail.read(LARGEST_MAIL))
    with _kept(piped=True), terminal() as opened:
        with opened.database.writing() as session:
            done, stopped = _ACTS.get(letter.meaning, _nothing)(session, opened, letter)
        said = _said(opened, stopped) if done else "nothing to do"
    report({"meaning": letter.meaning.value, "recorded": done, "said": said}, as_json=as_json)


@contextmanager
def _kept(*, piped: bool) -> Iterator[None]:
    """Tell a mail server to keep the mail and try again where nothing could be stored."""
    try:
        yield
    except (OperationalError, Unavailable):
        if not piped:
            raise
        click.echo("heedful: nothing could be stored; the mail is to be tried again", err=True)
        sys.exit(TRY_AGAIN)


def _said(opened: Terminal, stopped: list[OptOut]) -> str:
    settled = hold_good(opened.database, stopped, seconds=opened.settings.confirm_seconds)
    return "done" if settled else "recorded; one message that was already being handed over may still arrive"


def _stop(session: Session, person: Person, door: Door, *, scope: str = EVERYTHING, evidence: str = "") -> OptOut:
    return record_opt_out(session, person.keys, scope, door, at=now(), evidence=evidence, mailing_id=person.mailing_id)


def _behind(session: Session, opened: Terminal, letter: Letter | None, address: str | None) -> list[Person]:
    """Who is meant: the address's owner; by a mail the token's person, else whoever wrote it or complained."""
    if letter is None:
        return [Person(keys_of(session, opened.ring, read_address(address or "")))]
    found = _named(session, opened, letter.tokens)
    if found or (letter.automatic and not letter.complaint):
        return found
    return [_writer(session, opened, letter.about)]


def _named(session: Session, opened: Terminal, tokens: tuple[str, ...]) -> list[Person]:
    """The people whom our own tokens in a letter name, each once."""
    found: dict[bytes, Person] = {}
    for token in tokens:
        try:
            leaving = read_leaving(opened.keyring, TokenKind.UNSUBSCRIBE, token)
        except BadToken:
            continue
        found.setdefault(leaving.own, Person(keys_behind(session, leaving.own), leaving.mailing_id))
    return list(found.values())


def _writer(session: Session, opened: Terminal, about: str) -> Person:
    if not about:
        raise BadInput("The mail does not tell whom it speaks of.", remedy="Read it, and opt the address out by hand.")
    return Person(keys_of(session, opened.ring, read_address(about)))


Done = tuple[str, list[OptOut]]
Act = Callable[[Session, Terminal, Inbound], Done]


def _reply_stop(session: Session, opened: Terminal, letter: Inbound) -> Done:
    """Stop whoever the answered mail was for, and whoever wrote: people read at one address and write from another."""
    people = {person.keys.own: person for person in _named(session, opened, letter.tokens)}
    if not people or (letter.about and not letter.by_button):
        writer = _writer(session, opened, letter.about)
        people.setdefault(writer.keys.own, writer)
    door = Door.MAILTO if letter.by_button else Door.REPLY
    return "opt_out", [_stop(session, person, door) for person in people.values()]


def _complaint(session: Session, opened: Terminal, letter: Inbound) -> Done:
    people = _named(session, opened, letter.tokens) or [_writer(session, opened, letter.about)]
    return "complaint", [_stop(session, person, Door.FEEDBACK_LOOP) for person in people]


def _bounce(session: Session, opened: Terminal, letter: Inbound) -> Done:
    """Block who is gone for good; the token in the returned mail's head says it best, for addresses are rewritten."""
    gone = [each for each in letter.reports if each.gone]
    if not gone:
        return "", []
    people = _named(session, opened, letter.tokens) or [_reported(session, opened, each) for each in gone]
    return "bounce", [_stop(session, person, Door.DELIVERY, evidence=gone[0].said) for person in people]


def _reported(session: Session, opened: Terminal, gone: Report) -> Person:
    return Person(keys_of(session, opened.ring, read_address(gone.address)))


def _question(session: Session, opened: Terminal, letter: Inbound) -> Done:
    """A question from somebody we wrote to; strangers' mail, most of it spam, makes no work."""
    if not letter.about:
        return "", []
    address = read_address(letter.about)
    keys = keys_of(session, opened.ring, address)
    if contact_by_key(session, keys.own) is None and not _named(session, opened, letter.tokens):
        return "", []
    asked = Asked(CaseKind.QUESTION, Door.REPLY, address.delivery, keys, letter.words)
    open_case(session, asked, at=now())
    return "question", []


def _nothing(_session: Session, _opened: Terminal, _letter: Inbound) -> Done:
    return "", []


_ACTS: dict[Meaning, Act] = {
    Meaning.STOP: _reply_stop,
    Meaning.COMPLAINT: _complaint,
    Meaning.BOUNCE: _bounce,
    Meaning.QUESTION: _question,
}
