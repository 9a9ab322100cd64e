"""A whole mail as bytes, for the sender, the test send and the transactional confirmations."""

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo
from email.utils import format_datetime
from functools import lru_cache
from typing import NamedTuple

from campaigns.mail.headers import ascii_domain, header, listed, mailbox, named, unfolded
from campaigns.mail.quoted import whole
from core.errors import BadInput
from core.unguessable import unguessable

_MESSAGE_ID = re.compile(r"[A-Za-z0-9._-]+@[A-Za-z0-9.-]+")
_ONE_CLICK = b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"  # RFC 8058 3.1: exactly this


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMail:
    """What a mail says and to whom: one address (G4), and a way out where it is not a confirmation (G20)."""

    sender_name: str
    sender_email: str
    to_name: str = ""
    to_email: str
    reply_to: str = ""
    subject: str
    text: str
    html: str | None = None
    at: datetime
    message_id: str  # from new_message_id, without the angle brackets
    unsubscribe_url: str | None = None
    unsubscribe_mailto: str | None = None  # "mailto:…", the second way out
    list_id: str | None = None  # "announcements.example.org"
    list_name: str = ""
    feedback_id: str | None = None
    auto_submitted: bool = False
    language: str = ""  # of the text: "de"
    smtputf8: bool = False  # the relay takes addresses beyond ASCII before the @


class Written(NamedTuple):
    """One message ready for the mail server; `message_id` is the header's, without the angle brackets."""

    message: bytes
    sender_email: str
    to_email: str
    message_id: str


def new_message_id(domain: str) -> str:
    """Make a Message-ID that nobody can guess and that tells nothing about the recipient."""
    return f"{unguessable()}@{ascii_domain(domain, field='Message-ID')}"


def compose(mail: OutgoingMail) -> bytes:
    """Write the mail: CRLF everywhere, quoted-printable parts, no line over 998; dots are left to SMTP.

    Raises:
        BadInput: a value that would break out of its header, or cannot be written in one; names the field.
    """
    return b"".join((*_headers(mail), *_body(mail)))


def quoted_printable(text: str) -> bytes:
    """Encode a text part; line ends become CRLF, lines are at most 76 characters long (RFC 2045 6.7)."""
    return whole(text)


def dated(at: datetime, message_id: str) -> bytes:
    """Write the headers that say when a message was written, and its own name.

    Raises:
        BadInput: the name is not one that new_message_id makes.
    """
    if not _MESSAGE_ID.fullmatch(message_id):
        raise BadInput("Message-ID is not one that new_message_id makes.", field="Message-ID")
    return f"Date: {written_date(at)}\r\nMessage-ID: <{message_id}>\r\n".encode("ascii")


def addressed(mail: OutgoingMail) -> bytes:
    """Write whom the mail is to.

    Raises:
        BadInput: a name or an address that cannot be written in a header.
    """
    return mailbox("To", "recipient", mail.to_name, mail.to_email, utf8=mail.smtputf8)


def ways_out(mail: OutgoingMail) -> bytes:
    """Write how to leave: by link and by mail, as far as the mail has them.

    Raises:
        BadInput: an address that cannot be written in a header.
    """
    ways = [way for way in (mail.unsubscribe_url, mail.unsubscribe_mailto) if way]
    return listed("List-Unsubscribe", ways) if ways else b""


def reply_line(mail: OutgoingMail) -> bytes:
    """Write where answers go, if not to the sender.

    Raises:
        BadInput: an address that cannot be written in a header.
    """
    return mailbox("Reply-To", "reply address", "", mail.reply_to, utf8=mail.smtputf8) if mail.reply_to else b""


def standing(mail: OutgoingMail) -> bytes:
    """Write the headers after the ways out, which are the same in every message of a mailing.

    Raises:
        BadInput: a value that cannot be written in a header.
    """
    lines = [_ONE_CLICK if mail.unsubscribe_url else b""]
    if mail.list_id:
        lines.append(named("List-Id", mail.list_name, f"<{ascii_domain(mail.list_id, field='List-Id')}>"))
    if mail.feedback_id:
        lines.append(unfolded("Feedback-ID", mail.feedback_id))
    if mail.auto_submitted:
        lines.append(b"Auto-Submitted: auto-generated\r\n")
    if mail.language:
        lines.append(unfolded("Content-Language", mail.language))
    return b"".join((*lines, b"MIME-Version: 1.0\r\n"))


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands before, between and after the encoded text and HTML of a mail."""

    opening: bytes
    between: bytes
    closing: bytes


def new_frame() -> Frame:
    """Make a frame with a boundary of its own; "=_" never occurs in quoted-printable."""
    boundary = b"=_" + unguessable().encode()
    return Frame(
        b'Content-Type: multipart/alternative; boundary="'
        + boundary
        + b'"\r\n\r\n--'
        + boundary
        + b"\r\n"
        + _kind("plain"),
        b"\r\n--" + boundary + b"\r\n" + _kind("html"),
        b"\r\n--" + boundary + b"--\r\n",
    )


def from_line(mail: OutgoingMail) -> bytes:
    """Write whom the mail is from.

    Raises:
        BadInput: a name or an address that cannot be written in a header.
    """
    return mailbox("From", "sender", mail.sender_name, mail.sender_email, utf8=mail.smtputf8)


def _headers(mail: OutgoingMail) -> list[bytes]:
    return [
        from_line(mail),
        addressed(mail),
        header("Subject", mail.subject),
        dated(mail.at, mail.message_id),
        reply_line(mail),
        ways_out(mail),
        standing(mail),
    ]


def _body(mail: OutgoingMail) -> list[bytes]:
    text = quoted_printable(mail.text)
    if mail.html is None:
        return [_kind("plain"), text]
    frame = new_frame()
    return [frame.opening, text, frame.between, quoted_printable(mail.html), frame.closing]


def _kind(subtype: str) -> bytes:
    kind = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return kind.encode("ascii")


def written_date(at: datetime) -> str:
    """Write a moment as a header does; the many messages of a second share the work."""
    return _date(int(at.timestamp()), at.tzinfo)


@lru_cache(maxsize=2)
def _date(second: int, zone: tzinfo | None) -> str:
    return format_datetime(datetime.fromtimestamp(second, zone))
