"""`heedful campaign rate | unknown`: how fast a campaign goes, and what became of messages that nobody knows of."""

from dataclasses import dataclass
from typing import Any

import click
from sqlalchemy.orm import Session

from campaigns.domain.likelihoods import SENTENCES
from campaigns.domain.speeds import read_speed, tell_speed
from campaigns.domain.states import MessageState
from campaigns.services.control import change_rate, decide, decide_all
from campaigns.storage.campaigns import find_campaign
from campaigns.storage.doubts import Doubt, doubts_of
from campaigns.storage.mailings import mailings_of
from campaigns.storage.messages import count_states, get_message
from commands.terminal import json_option, report, terminal
from core.clock import now
from core.errors import BadInput, NotFound

DECISIONS = {"arrived": MessageState.SENT, "lost": MessageState.FAILED, "again": MessageState.PLANNED}
SHOWN = 100


@click.command()
@click.argument("name")
@click.argument("speed")
@json_option
def rate(name: str, speed: str, *, as_json: bool) -> None:
    """Let it go at most so fast, from now on: messages a minute, 10/second, 36000/hour, or none for no limit.

    Example: heedful campaign rate spring 600
    """
    wanted = read_speed(speed)
    with terminal() as opened, opened.database.writing() as session:
        found = change_rate(session, name, wanted, at=now())
        facts = {"name": found.name, "state": found.state, "rate a minute": tell_speed(wanted) or None}
    report(facts, as_json=as_json)


@dataclass(frozen=True)
class Waiting:
    """The messages of one mailing that wait for a decision: how many, and what is known of the first of them."""

    mailing: int
    number: int
    first: tuple[dict[str, Any], ...]


@click.command()
@click.argument("name")
@click.option("--decide", "outcome", type=click.Choice(list(DECISIONS)), help="What became of them; again: send again.")
@click.option("--message", "message_id", type=int, help="Only this message; else all of the campaign.")
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
@json_option
def unknown(name: str, outcome: str | None, message_id: int | None, *, yes: bool, as_json: bool) -> None:
    """List the messages whose outcome is unknown, and say what became of them. None is ever sent again by itself.

    \b
    Example: heedful campaign unknown spring
    Example: heedful campaign unknown spring --decide arrived
    """  # noqa: D301 - \b is click's mark for lines that are kept apart
    with terminal() as opened:
        with opened.database.reading() as session:
            waiting = _waiting(session, name)
        if outcome is None:
            _tell(waiting, as_json=as_json)
            return
        if message_id is None and not yes:
            total = sum(each.number for each in waiting)
            click.confirm(f"{total} messages of “{name}”: {_meaning(outcome)}. Go on?", abort=True, err=True)
        with opened.database.writing() as session:
            decided = _decide(session, name, waiting, DECISIONS[outcome], message_id)
    report({"decided": decided, "as": outcome}, as_json=as_json)


def _waiting(session: Session, name: str) -> list[Waiting]:
    found = []
    for mailing in mailings_of(session, find_campaign(session, name).id):
        number = count_states(session, mailing.id).of(MessageState.UNKNOWN)
        if number:
            rows = tuple(_row(mailing.id, each) for each in doubts_of(session, mailing.id, limit=SHOWN))
            found.append(Waiting(mailing.id, number, rows))
    return found


def _tell(waiting: list[Waiting], *, as_json: bool) -> None:
    rows = [row for each in waiting for row in each.first]
    total = sum(each.number for each in waiting)
    if as_json:
        report({"unknown": total, "messages": rows}, as_json=True)
        return
    click.echo(f"{total} messages have an unknown outcome." if total else "There is none.")
    for row in rows:
        click.echo(f"  message {row['message']}, {row['at']}, by {row['sender']}: {row['probably']}. {row['why']}")
        if row["said"]:
            click.echo(f"    last words: {row['said']}")
    if total > len(rows):
        click.echo(f"  … and {total - len(rows)} more")


def _row(mailing: int, doubt: Doubt) -> dict[str, Any]:
    return {
        "message": doubt.message.id,
        "mailing": mailing,
        "contact": doubt.contact.id if doubt.contact else None,
        "at": f"{doubt.at:%Y-%m-%d %H:%M:%S} UTC" if doubt.at else "",
        "sender": doubt.sender,
        "probably": "it probably arrived" if doubt.arrived else "it may not have arrived",
        "why": SENTENCES[doubt.ending],
        "said": doubt.message.reply or "",
    }


def _meaning(outcome: str) -> str:
    return {"arrived": "they arrived", "lost": "they did not arrive", "again": "they are sent again, perhaps twice"}[
        outcome
    ]


def _decide(session: Session, name: str, waiting: list[Waiting], new: MessageState, message_id: int | None) -> int:
    if message_id is None:
        if not waiting:
            raise BadInput(f"No message of “{name}” has an unknown outcome.")
        return sum(decide_all(session, each.mailing, new, expected=each.number, at=now()) for each in waiting)
    if get_message(session, message_id).mailing_id not in {each.mailing for each in waiting}:
        raise NotFound(f"Message {message_id} of “{name}” has no unknown outcome.")
    decide(session, message_id, new, at=now())
    return 1
