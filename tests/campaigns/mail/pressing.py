"""Editions and awkward people for the tests of the press, and the comparison of two written messages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from campaigns.domain.message_urls import PersonalLink
from campaigns.mail.composing import Written
from campaigns.mail.contexts import Letterhead
from campaigns.mail.editions import Edition
from campaigns.mail.shipped import Sources
from contacts.storage.contacts import Contact
from core.errors import BadInput
from core.tokens import Keyring, TokenKind

AT = datetime(2026, 11, 23, 9, 30, 15, 250, tzinfo=UTC)
KEYRING = Keyring(["a secret for tests, long enough"])
HEAD = Letterhead(
    base_url="https://mail.example.org",
    sender_name="Halcyon Audio",
    sender_email="news@example.org",
    reply_to="help@example.org",
    postal_address="12 Kestrel Row\nBristol BS1 4ND",
    privacy_url="https://www.example.org/privacy",
    unsubscribe_mailto="stop@example.org",
    one_click_topic=True,
    language="en",
)
_NO_WORD = ("Date", "Message-ID", "Content-Type")


@dataclass
class Said:
    """What a mailing says."""

    title: str = "November"
    topic: str = "announcements"
    subject: str = "News & more"
    preheader: str = "Just a line"
    content: dict[str, Any] = field(default_factory=dict)
    sender_name: str = ""
    sender_email: str = ""
    reply_to: str = ""


def edition(
    subject: str = "News",
    html: str = "<p>Hello</p>",
    text: str = "Hello",
    *,
    links: Mapping[str, int] | None = None,
    content: Mapping[str, Any] | None = None,
    head: Letterhead = HEAD,
) -> Edition:
    """An edition of these templates."""
    return Edition(
        7,
        Said(content=dict(content or {})),
        Sources(subject, html, text),
        head,
        KEYRING,
        3,
        PersonalLink("/s/", TokenKind.ANSWER),
        links or {},
        "c1:m7:announcements:heedful",
    )


def person(
    given: str = "Maya", family: str = "Olsson", address: str = "maya@example.com", **attributes: Any
) -> Contact:
    """Somebody who was never stored."""
    return Contact(
        address=address, address_key=bytes(range(32)), given_name=given, family_name=family, locale="de",
        time_zone="Europe/Berlin", source="purchase", attributes=attributes,
    )  # fmt: skip


def parsed(raw: bytes) -> EmailMessage:
    """Read a message as a mail program does."""
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not any(part.defects for part in message.walk())
    return message


def essence(raw: bytes) -> tuple[list[tuple[str, str]], list[bytes]]:
    """Everything a message says but its date, its name and its boundary: headers as read, parts as decoded."""
    message = parsed(raw)
    headers = [(name, str(value)) for name, value in message.items() if name not in _NO_WORD]
    return headers, [bytes(part.get_payload(decode=True) or b"") for part in message.iter_parts()]


def refuse_malformed(raw: bytes) -> None:
    """Assert what every message must keep: CRLF only, short lines, no line that a relay would change."""
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    head, _, body = raw.partition(b"\r\n\r\n")
    assert max(map(len, head.split(b"\r\n"))) <= 998
    lines = body.split(b"\r\n")
    assert body.isascii()
    assert max(map(len, lines)) <= 76
    assert not [line for line in lines if line.endswith((b" ", b"\t"))]
    ways = re.search(rb"^List-Unsubscribe: (.*(?:\r\n .*)*)", head, re.MULTILINE)
    assert ways
    assert b"=?" not in ways[1]
    assert ways[1].count(b"\r\n") <= 1


def written(issue: Edition, who: Contact, *, tracked: bool, by_hand: bool = False) -> Written | str:
    """A message, or why it could not be written."""
    write = issue.write_by_hand if by_hand else issue.write
    try:
        return write(who, 1234, 5, tracked=tracked, at=AT)
    except BadInput as error:
        return f"{error.field}: {error.message}"


def refuse_difference(issue: Edition, who: Contact, *, tracked: bool = True) -> None:
    """Assert that the press, if it can, writes what is written by hand, or fails with the same words."""
    issue.press  # noqa: B018 - set up now, not when there are enough messages
    fast, slow = written(issue, who, tracked=tracked), written(issue, who, tracked=tracked, by_hand=True)
    if isinstance(fast, str) or isinstance(slow, str):
        assert fast == slow
        return
    assert essence(fast.message) == essence(slow.message)
    assert (fast.sender_email, fast.to_email) == (slow.sender_email, slow.to_email)
    assert f"Message-ID: <{fast.message_id}>\r\n".encode() in fast.message
    refuse_malformed(fast.message)
