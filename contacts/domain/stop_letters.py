"""Letters that mean stop: mail to the unsubscribe address, by a button or by hand, and complaints from providers."""

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
_WAYS_OUT = ("Subject", "List-Unsubscribe")


@dataclass(frozen=True)
class Letter:
    """What a letter says: the tokens in it, and whose address it speaks of where there is none.

    `about` is the writer, or the reader who complained; "" where that is nobody, or more than one.
    """

    tokens: tuple[str, ...]
    about: str
    automatic: bool
    complaint: bool


def read_letter(raw: bytes) -> Letter:
    """Read any mail, however broken: what cannot be read is left out, never an error.

    `automatic` is true for replies that no person wrote (RFC 3834): they mean nothing unless they carry a token. A
    `complaint` is a feedback report (RFC 5965): its writer is the provider, the reader stands inside.
    """
    message = message_from_bytes(raw)
    parts = list(message.walk())
    report = next((part for part in parts if part.get_content_type() == "message/feedback-report"), None)
    submitted = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    precedence = str(message.get("Precedence", "")).strip().lower()
    return Letter(
        tokens=tuple(dict.fromkeys(_TOKEN.findall("\n".join(_words(parts))))),
        about=_only_address(message.get("From", "") if report is None else _complained(report)),
        automatic=submitted != "no" or precedence in _AUTOMATIC or message.get("Return-Path", "").strip() == "<>",
        complaint=report is not None,
    )


def _words(parts: list[Message]) -> list[str]:
    """Where a token may stand: the ways out of the letter and of a mail inside it, and the text."""
    headers = [shown(part.get(name, "")) for part in parts for name in _WAYS_OUT]
    texts = [
        cast(bytes, part.get_payload(decode=True))[:LONGEST_TEXT].decode("utf-8", "replace")
        for part in parts
        if part.get_content_type() in {"text/plain", "text/rfc822-headers"}
    ]
    return headers + texts


def _complained(report: Message) -> str:
    """The reader who complained, if the provider tells: a field of the report, whose lines are a part's headers."""
    fields = [report, *(part for part in report.walk() if part is not report)]
    for part in fields:
        for name in ("Original-Rcpt-To", "Removal-Recipient"):
            if found := part.get(name):
                return str(found)
    return ""


def _only_address(written: object) -> str:
    """The one address in a header; "" for none or several."""
    found = [address for _, address in getaddresses([shown(written)]) if "@" in address]
    return found[0] if len(found) == 1 else ""


def shown(value: object) -> str:
    """A header as people read it, however it was written."""
    try:
        return str(make_header(decode_header(str(value))))
    except (MessageError, LookupError, ValueError):
        return str(value)
