"""Letters kept: what campaigns keep of a person, mails, clicks and captured copies; told, and deleted at erasure."""

from pathlib import Path
from typing import Any

from sqlalchemy import CursorResult, Select, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import Delete, Update

from campaigns.storage.clicks import Click
from campaigns.storage.links import Link
from campaigns.storage.mailings import Mailing
from campaigns.storage.messages import Message
from campaigns.storage.variants import Variant
from contacts.storage.belongings import Belongings, People, Recognises, Swept, keeps
from contacts.storage.traces import files_below

MAILBOX, SPOOL = "mailbox", "clicks.spool"
_HEAD = 16_384
_DELIVERED = b"delivered-to:"


def _tell(session: Session, people: People) -> dict[str, Any]:
    messages = session.execute(
        select(Message, Mailing.title, Mailing.topic, func.coalesce(Variant.subject, Mailing.subject))
        .join(Mailing, Mailing.id == Message.mailing_id)
        .outerjoin(Variant, and_(Variant.mailing_id == Message.mailing_id, Variant.number == Message.variant))
        .where(Message.address_key.in_(people.keys))
        .order_by(Message.id)
    )
    clicks = session.execute(
        select(Click.at, Link.url, Click.topic)
        .join(Link, Link.id == Click.link_id)
        .where(_mine(people))
        .order_by(Click.at, Click.id)
    )
    return {
        "messages": [_message(*row) for row in messages],
        "clicks": [{"at": at, "link": url, "interest": topic} for at, url, topic in clicks],
    }


def _message(message: Message, title: str, topic: str, subject: str) -> dict[str, Any]:
    names = ("id", "state", "reason", "attempts", "handed_over_at", "code", "reply", "header_id")
    about = {"campaign": title, "topic": topic, "subject": subject}
    return about | {name: getattr(message, name) for name in names}


def _mine(people: People) -> Any:
    return or_(Click.contact_id.in_(people.contacts), Click.message_id.in_(_messages(people)))


def _messages(people: People) -> Select[int]:
    return select(Message.id).where(Message.address_key.in_(people.keys))


def _erase(session: Session, people: People) -> dict[str, int]:
    """Clicks go, and what servers replied, for that repeats addresses; the messages stay, by key (G6, G7)."""
    replies = update(Message).where(Message.address_key.in_(people.keys), Message.reply.is_not(None)).values(reply=None)
    return {
        "clicks": _changed(session, delete(Click).where(_mine(people))),
        "replies_of_servers": _changed(session, replies),
    }


def _changed(session: Session, statement: Delete | Update) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    return result.rowcount


def _sweep(folder: Path, recognises: Recognises) -> Swept:
    """Every captured mail that was delivered to one of the people, half-written ones too."""
    gone = 0
    for path in files_below(folder / MAILBOX):
        if recognises(_delivered_to(path)):
            path.unlink(missing_ok=True)
            gone += 1
    return Swept({"captured_mails": gone})


def _delivered_to(path: Path) -> str:
    """The first line says it: the mailbox writes it itself."""
    try:
        with path.open("rb") as file:
            line = file.readline(_HEAD)
    except FileNotFoundError:
        return ""
    return line[len(_DELIVERED) :].decode("utf-8", "replace") if line.lower().startswith(_DELIVERED) else ""


LETTERS = keeps(
    Belongings(
        "campaigns",
        _tell,
        _erase,
        _sweep,
        tables=frozenset({"message", "click"}),
        others=frozenset(
            {
                "campaign",
                "link",
                "mailing",
                "sender",
                "variant",
                "trial",
                "bucket",
                "back_off",
                "relay_state",
                "warm_up_day",
            }
        ),
        folders=frozenset({MAILBOX, SPOOL}),
    )
)
