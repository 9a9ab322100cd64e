"""Delivery reports (RFC 3464): what a mail server says later of a mail that it had taken."""

import re
from dataclasses import dataclass
from email.message import Message

_NOBODY = re.compile(r"\b5\.(?:1\.(?:1|2|3|6|10)|2\.1)\b")
"""RFC 3463 and RFC 7505: no such mailbox, no such domain, bad address, moved, no mail at that domain, disabled."""
LONGEST_SAID = 500


@dataclass(frozen=True)
class Report:
    """What is said of one recipient; `gone` for good, or only for now, or for a reason that is not the person's."""

    address: str
    gone: bool
    said: str


def says_nobody_is_there(said: str) -> bool:
    """Whether an answer says for good that nobody is at the address: only by an enhanced status that means that.

    A refusal of our content, our network or our rate is also final, and says nothing about the person.
    """
    return _NOBODY.search(said) is not None


def read_reports(status: Message) -> list[Report]:
    """What a part of the type message/delivery-status says of each recipient; its blocks are the part's own parts."""
    blocks = status.get_payload()
    found = [_report(block) for block in blocks if isinstance(block, Message)] if isinstance(blocks, list) else []
    return [each for each in found if each is not None]


def _report(block: Message) -> Report | None:
    address = _address(block)
    if not address:
        return None
    said = " ".join(f"{block.get('Status', '')} {block.get('Diagnostic-Code', '')}".split())
    failed = str(block.get("Action", "")).strip().lower() == "failed"
    return Report(address, failed and says_nobody_is_there(said), said[:LONGEST_SAID])


def _address(block: Message) -> str:
    """The address that we wrote to, else the one that it came to in the end."""
    for name in ("Original-Recipient", "Final-Recipient"):
        kind, _, address = str(block.get(name, "")).partition(";")
        if kind.strip().lower() in {"rfc822", "utf-8"} and "@" in address:
            return address.strip()
    return ""
