"""A whole mail as bytes, for the sender, the test send and the transactional confirmations."""

import re
import secrets
from binascii import b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from campaigns.mail.headers import ascii_domain, header, listed, mailbox, named, unfolded
from core.errors import BadInput

_LINE_END = re.compile(r"\r\n|\r|\n")
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


def new_message_id(domain: str) -> str:
    """Make a Message-ID that nobody can guess and that tells nothing about the recipient."""
    return f"{secrets.token_hex(16)}@{ascii_domain(domain, field='Message-ID')}"


def compose(mail: OutgoingMail) -> bytes:
    """Write the mail: CRLF everywhere, quoted-printable parts, no line over 998; dots are left to SMTP.

    Raises:
        BadInput: a value that would break out of its header, or cannot be written in one; names the field.
    """
    return b"".join((*_headers(mail), *_body(mail)))


def quoted_printable(text: str) -> bytes:
    """Encode a text part; line ends become CRLF, lines are at most 76 characters long (RFC 2045 6.7)."""
    lines = _LINE_END.sub("\r\n", text)
    ended = lines if lines.endswith("\r\n") else lines + "\r\n"
    return b2a_qp(ended.encode("utf-8", "replace"), istext=True)


def _headers(mail: OutgoingMail) -> list[bytes]:
    utf8 = mail.smtputf8
    if not _MESSAGE_ID.fullmatch(mail.message_id):
        raise BadInput("Message-ID is not one that new_message_id makes.", field="Message-ID")
    lines = [
        mailbox("From", "sender", mail.sender_name, mail.sender_email, utf8=utf8),
        mailbox("To", "recipient", mail.to_name, mail.to_email, utf8=utf8),
        header("Subject", mail.subject),
        f"Date: {format_datetime(mail.at)}\r\nMessage-ID: <{mail.message_id}>\r\n".encode("ascii"),
    ]
    if mail.reply_to:
        lines.append(mailbox("Reply-To", "reply address", "", mail.reply_to, utf8=utf8))
    ways_out = [way for way in (mail.unsubscribe_url, mail.unsubscribe_mailto) if way]
    if ways_out:
        lines.append(listed("List-Unsubscribe", ways_out))
    if mail.unsubscribe_url:
        lines.append(_ONE_CLICK)
    if mail.list_id:
        lines.append(named("List-Id", mail.list_name, f"<{ascii_domain(mail.list_id, field='List-Id')}>"))
    if mail.feedback_id:
        lines.append(unfolded("Feedback-ID", mail.feedback_id))
    if mail.auto_submitted:
        lines.append(b"Auto-Submitted: auto-generated\r\n")
    if mail.language:
        lines.append(unfolded("Content-Language", mail.language))
    lines.append(b"MIME-Version: 1.0\r\n")
    return lines


def _body(mail: OutgoingMail) -> list[bytes]:
    text = _part("plain", mail.text)
    if mail.html is None:
        return [text]
    boundary = b"=_" + secrets.token_hex(12).encode()  # "=_" never occurs in quoted-printable
    return [
        b'Content-Type: multipart/alternative; boundary="' + boundary + b'"\r\n\r\n',
        b"--" + boundary + b"\r\n" + text,
        b"\r\n--" + boundary + b"\r\n" + _part("html", mail.html),
        b"\r\n--" + boundary + b"--\r\n",
    ]


def _part(subtype: str, text: str) -> bytes:
    kind = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return kind.encode("ascii") + quoted_printable(text)
