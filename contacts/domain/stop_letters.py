"""Letters that mean stop: mail to the unsubscribe address, by a mail program's mailto button or written by hand."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from typing import cast

LONGEST_TEXT = 4000
_TOKEN = re.compile(r"[A-Za-z0-9_-]{50,90}")
_AUTOMATIC = frozenset({"auto_reply", "bulk", "junk", "list"})


@dataclass(frozen=True)
class Letter:
    """What a letter to the unsubscribe address says."""

    tokens: tuple[str, ...]
    sender: str
    automatic: bool


def read_letter(raw: bytes) -> Letter:
    """Read any mail, however broken: what cannot be read is left out, never an error.

    `automatic` is true for replies that no person wrote (RFC 3834): they mean nothing unless they carry a token.
    """
    message = message_from_bytes(raw)
    subject = _shown(message.get("Subject", ""))
    senders = [address for _, address in getaddresses([_shown(message.get("From", ""))]) if "@" in address]
    submitted = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    precedence = str(message.get("Precedence", "")).strip().lower()
    return Letter(
        tokens=tuple(dict.fromkeys(_TOKEN.findall(f"{subject}\n{_text(message)}"))),
        sender=senders[0] if len(senders) == 1 else "",
        automatic=submitted != "no" or precedence in _AUTOMATIC or message.get("Return-Path", "").strip() == "<>",
    )


def _shown(value: object) -> str:
    try:
        return str(make_header(decode_header(str(value))))
    except (MessageError, LookupError, ValueError):
        return str(value)


def _text(message: Message) -> str:
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            payload = cast(bytes, part.get_payload(decode=True))
            return payload[:LONGEST_TEXT].decode("utf-8", "replace")
    return ""
