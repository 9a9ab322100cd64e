"""`heedful explain`: why one person gets, got or did not get mail, for whoever has to answer their question."""

from datetime import datetime
from typing import Any

import click
from sqlalchemy.orm import Session

from campaigns.storage.mailings import mails_to
from commands.terminal import json_option, report, terminal
from contacts.domain.addresses import read_address
from contacts.domain.verdicts import SENTENCES, Reason
from contacts.services.explain import Explanation
from contacts.services.explain import explain as explain_address
from contacts.storage.peppers import keys_of
from core.clock import now


@click.command()
@click.argument("address")
@click.option("--mailing", type=int, help="Only this mailing.")
@json_option
def explain(address: str, mailing: int | None, *, as_json: bool) -> None:
    """Tell why this person would get, got or did not get mail, with the events behind it.

    Example: heedful explain ann@example.org
    """
    with terminal() as opened, opened.database.reading() as session:
        keys = keys_of(session, opened.ring, read_address(address))
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
            "campaign": campaign,
            "state": each.state,
            "reason": each.reason,
            "attempts": each.attempts,
            "code": each.code,
            "reply": each.reply,
            "handed_over_at": each.handed_over_at,
            "next_try_at": each.next_try_at,
        }
        for each, campaign in session.execute(mails_to(own))
        if mailing is None or each.mailing_id == mailing
    ]


def _tell(found: Explanation, messages: list[dict[str, Any]]) -> None:
    click.echo("A contact." if found.known else "No contact (any more).")
    for each in found.topics:
        behind = f"  (event {', '.join(map(str, each.events))})" if each.events else ""
        click.echo(f"  {'no ' if each.reason else 'yes'}  {each.title:<24} {each.sentence}{behind}")
    click.echo("\nMessages:" if messages else "\nNo message was ever planned.")
    for message in messages:
        for line in _lines(message):
            click.echo(line)
    click.echo("\nEvents:" if found.events else "\nNothing was ever recorded.")
    for event in found.events:
        at = datetime.fromisoformat(event["at"]).strftime("%Y-%m-%d %H:%M")
        click.echo(
            f"  {event['number']:>8}  {at}  {event['kind']} {event['scope']}  by {event['door']}  {event['evidence']}"
        )


def _lines(message: dict[str, Any]) -> list[str]:
    """What became of one message, then what the server said and when it is tried, where there is such a thing."""
    reason = message["reason"] or ""
    because = SENTENCES[Reason(reason)] if reason in set(Reason) else reason.replace("_", " ")
    became = f"{message['state']}{': ' + because if because else ''}{_when(' at', message['handed_over_at'])}"
    lines = [f"  {message['campaign']} (mailing {message['mailing']}): {became}"]
    if message["attempts"]:
        answer = " ".join(str(part) for part in (message["code"], message["reply"]) if part)
        lines.append(f"      attempts: {message['attempts']}{'; the server said: ' + answer if answer else ''}")
    if (message["attempts"] or reason) and message["next_try_at"]:
        lines.append(f"      next try:{_when('', message['next_try_at'])}")
    return lines


def _when(word: str, moment: datetime | None) -> str:
    return f"{word} {moment:%Y-%m-%d %H:%M} UTC" if moment else ""
