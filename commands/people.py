"""`heedful import | export | opt-out | explain | verify`: people, and what they said."""

import sys
from datetime import datetime
from typing import Any, BinaryIO

import click
from sqlalchemy.orm import Session

from campaigns.storage.messages import messages_to
from commands.terminal import Terminal, json_option, report, terminal
from contacts.domain.addresses import AddressKeys, read_address
from contacts.domain.facts import Door
from contacts.domain.leaving_tokens import read_leaving
from contacts.domain.stop_letters import read_letter
from contacts.domain.scopes import EVERYTHING, parent_of
from contacts.domain.verdicts import SENTENCES, Reason
from contacts.services.explain import Explanation
from contacts.services.explain import explain as explain_address
from contacts.services.unsubscribe import keys_behind
from contacts.services.unsubscribe import opt_out as record_opt_out
from contacts.services.verify_ledger import verify_ledger
from contacts.storage.permits import wait_for_handovers
from core.clock import now
from core.errors import BadInput, BadToken, Conflict
from core.tokens import TokenKind

LARGEST_MAIL = 5 * 1024 * 1024


@click.command("opt-out")
@click.argument("address", required=False)
@click.option("--scope", default=EVERYTHING, show_default=True, help="What to stop: everything, a topic, tracking …")
@click.option("--evidence", default="", help="How they told you; kept with the record.")
@click.option("--mail", type=click.File("rb"), help="A mail to the unsubscribe address; - reads standard input.")
@json_option
def opt_out(address: str | None, scope: str, evidence: str, mail: BinaryIO | None, *, as_json: bool) -> None:
    """Opt an address out, or pipe in what came to your unsubscribe address.

    Says "done" only when it is stored and no message is being handed over any more.

    \b
    Example: heedful opt-out ann@example.org --evidence "telephone call of 3 March"
    Example, in a mail server's alias: "|heedful opt-out --mail -"
    """  # noqa: D301 - \b is click's mark for lines that are kept apart
    if (address is None) == (mail is None):
        raise BadInput("Give an address, or --mail.")
    parent_of(scope)
    with terminal() as opened:
        door = Door.TERMINAL if mail is None else Door.MAILTO
        people = [opened.pepper.keys(read_address(address))] if address else _behind(opened, mail)
        with opened.database.writing() as session:
            for keys in people:
                record_opt_out(session, keys, scope, door, at=now(), evidence=evidence)
        own, seconds = [keys.own for keys in people], opened.settings.confirm_seconds
        settled = wait_for_handovers(opened.database, own, scope, seconds=seconds)
    said = "done" if settled else "recorded; one message that was already being handed over may still arrive"
    report({"opted out": len(people), "scope": scope, "said": said}, as_json=as_json)


def _behind(opened: Terminal, mail: BinaryIO | None) -> list[AddressKeys]:
    """Whom a mail to the unsubscribe address speaks of: the token's person, else whoever wrote it."""
    letter = read_letter(mail.read(LARGEST_MAIL) if mail else b"")
    found = []
    with opened.database.reading() as session:
        for token in letter.tokens:
            try:
                leaving = read_leaving(opened.keyring, TokenKind.UNSUBSCRIBE, token)
            except BadToken:
                continue
            found.append(keys_behind(session, leaving.own))
    if found or (letter.automatic and not found):
        return found
    return [opened.pepper.keys(read_address(letter.sender))]


@click.command()
@click.argument("address")
@click.option("--mailing", type=int, help="Only this mailing.")
@json_option
def explain(address: str, mailing: int | None, *, as_json: bool) -> None:
    """Tell why this person would get, got or did not get mail, with the events behind it.

    Example: heedful explain ann@example.org
    """
    with terminal() as opened, opened.database.reading() as session:
        keys = opened.pepper.keys(read_address(address))
        found = explain_address(session, keys, at=now())
        messages = _messages(session, keys.own, mailing)
    if as_json:
        topics = {each.topic: each.reason.value if each.reason else "permitted" for each in found.topics}
        facts = {"contact": found.known, "topics": topics, "events": found.events, "messages": messages}
        report(facts, as_json=True)
    else:
        _tell(found, messages)


def _messages(session: Session, own: bytes, mailing: int | None) -> list[dict[str, Any]]:
    return [
        {
            "message": each.id,
            "mailing": each.mailing_id,
            "state": each.state,
            "reason": each.reason,
            "handed_over_at": each.handed_over_at,
        }
        for each in session.scalars(messages_to(own))
        if mailing is None or each.mailing_id == mailing
    ]


def _tell(found: Explanation, messages: list[dict[str, Any]]) -> None:
    click.echo("A contact." if found.known else "No contact (any more).")
    for each in found.topics:
        behind = f"  (event {', '.join(map(str, each.events))})" if each.events else ""
        click.echo(f"  {'no ' if each.reason else 'yes'}  {each.title:<24} {each.sentence}{behind}")
    click.echo("\nMessages:" if messages else "\nNo message was ever planned.")
    for message in messages:
        reason = SENTENCES.get(Reason(message["reason"]), "") if message["reason"] in set(Reason) else message["reason"]
        click.echo(
            f"  mailing {message['mailing']}: {message['state']}{': ' + reason if reason else ''}{_when(message)}"
        )
    click.echo("\nEvents:" if found.events else "\nNothing was ever recorded.")
    for event in found.events:
        at = datetime.fromisoformat(event["at"]).strftime("%Y-%m-%d %H:%M")
        click.echo(
            f"  {event['number']:>8}  {at}  {event['kind']} {event['scope']}  by {event['door']}  {event['evidence']}"
        )


def _when(message: dict[str, Any]) -> str:
    return f" at {message['handed_over_at']:%Y-%m-%d %H:%M} UTC" if message["handed_over_at"] else ""


@click.command()
@json_option
def verify(*, as_json: bool) -> None:
    """Recompute the ledger's chain, and derive every block and consent anew; exit code 1 if anything is wrong.

    Example: heedful verify
    """
    with terminal() as opened, opened.database.reading() as session:
        found = verify_ledger(session)
    report({"events": found.events, "fault": found.fault or "none"}, as_json=as_json)
    if found.fault:
        raise Conflict(found.fault, remedy="Restore the backup from before, and find out who changed the database.")


def _progress_wanted() -> bool:
    """Whether somebody looks at this terminal."""
    return sys.stderr.isatty()
