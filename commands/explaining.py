"""`heedful explain`: why one person gets, got or did not get mail, for whoever has to answer their question."""

from datetime import datetime
from typing import Any

import click
from sqlalchemy.orm import Session

from campaigns.domain.winners import letter_of
from campaigns.services.explain_message import StoredVerdict, explain_message
from campaigns.storage.mailings import get_mailing, mails_to
from campaigns.storage.variants import waits_for_choice
from commands.terminal import json_option, report, terminal
from contacts.domain.addresses import AddressKeys, read_address
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

    A message's verdict is judged again from the ledger as it stood; it must be the same as the stored one.

    Example: heedful explain ann@example.org --mailing 12
    """
    with terminal() as opened, opened.database.reading() as session:
        keys = keys_of(session, opened.ring, read_address(address))
        found = explain_address(session, keys, at=now())
        if mailing is not None:
            get_mailing(session, mailing)
        messages = _messages(session, keys, mailing)
    if as_json:
        topics = {each.topic: each.reason.value if each.reason else "permitted" for each in found.topics}
        why = {
            each.topic: {"sentence": each.sentence, "events": each.events, "rule": each.rule} for each in found.topics
        }
        facts = {"contact": found.known, "topics": topics, "why": why, "events": found.events, "messages": messages}
        report(facts, as_json=True)
    else:
        _tell(found, messages, in_full=mailing is not None)


def _messages(session: Session, keys: AddressKeys, mailing: int | None) -> list[dict[str, Any]]:
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
            "next_try_at": None if waits_for_choice(each) else each.next_try_at,
            "variant": letter_of(each.variant) if each.variant else None,
            "waits_for_choice": waits_for_choice(each),
            "verdict": _verdict(explain_message(session, each, keys)),
        }
        for each, campaign in session.execute(mails_to(keys.own))
        if mailing is None or each.mailing_id == mailing
    ]


def _verdict(found: StoredVerdict | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "at": found.at,
        "ledger": found.sequence,
        "stored": found.stored.value if found.stored else "permitted",
        "again": found.again.value if found.again else "permitted",
        "same": found.same,
        "sentence": found.sentence,
        "events": found.ground.events,
        "rule": found.ground.rule,
    }


def _tell(found: Explanation, messages: list[dict[str, Any]], *, in_full: bool) -> None:
    click.echo("A contact." if found.known else "No contact (any more).")
    for each in found.topics:
        behind = f"  (event {', '.join(map(str, each.events))})" if each.events else ""
        click.echo(f"  {'no ' if each.reason else 'yes'}  {each.title:<24} {each.sentence}{behind}")
        if each.rule:
            click.echo(f"       {'':<24} {each.rule}")
    click.echo("\nMessages:" if messages else "\nNo message was ever planned.")
    for message in messages:
        for line in _lines(message, in_full=in_full):
            click.echo(line)
    click.echo("\nEvents:" if found.events else "\nNothing was ever recorded.")
    for event in found.events:
        at = datetime.fromisoformat(event["at"]).strftime("%Y-%m-%d %H:%M")
        click.echo(
            f"  {event['number']:>8}  {at}  {event['kind']} {event['scope']}  by {event['door']}  {event['evidence']}"
        )


def _lines(message: dict[str, Any], *, in_full: bool) -> list[str]:
    """What became of one message, then what the server said and when it is tried, where there is such a thing."""
    reason = message["reason"] or ""
    because = SENTENCES[Reason(reason)] if reason in set(Reason) else reason.replace("_", " ")
    became = f"{message['state']}{': ' + because if because else ''}{_when(' at', message['handed_over_at'])}"
    lines = [f"  {message['campaign']} (mailing {message['mailing']}): {became}"]
    if message["waits_for_choice"]:
        lines.append("      waits until it is decided which variant it gets")
    if message["attempts"]:
        answer = " ".join(str(part) for part in (message["code"], message["reply"]) if part)
        lines.append(f"      attempts: {message['attempts']}{'; the server said: ' + answer if answer else ''}")
    if (message["attempts"] or reason) and message["next_try_at"]:
        lines.append(f"      next try:{_when('', message['next_try_at'])}")
    if (verdict := message["verdict"]) and (in_full or not verdict["same"]):
        behind = f" (event {', '.join(map(str, verdict['events']))})" if verdict["events"] else ""
        again = "the same when judged again" if verdict["same"] else f"JUDGED AGAIN: {verdict['again']}"
        moment = f"verdict{_when(' of', verdict['at'])}, from the ledger up to event {verdict['ledger']}"
        lines.append(f"      {moment}: {verdict['sentence']}{behind}; {again}")
    return lines


def _when(word: str, moment: datetime | None) -> str:
    return f"{word} {moment:%Y-%m-%d %H:%M} UTC" if moment else ""
