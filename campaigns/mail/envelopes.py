"""The envelope of one message: who sends it to whom, and what the server must be able to take."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from campaigns.mail.headers import addr_spec, is_ordinary
from core.errors import BadInput


class Envelope(NamedTuple):
    """One message as it is announced to a server; `size` in bytes, `utf8`: it holds bytes beyond ASCII."""

    sender: str
    recipient: str
    size: int
    utf8: bool

    @classmethod
    def of(cls, sender: str, recipient: str, message: bytes) -> "Envelope":
        """The envelope of this message."""
        return cls(sender, recipient, len(message), not message.isascii())


@dataclass(frozen=True, slots=True)
class Offer:
    """What a server said it can do (EHLO); `largest` in bytes, 0: it named no limit."""

    pipelining: bool = False
    size: bool = False
    largest: int = 0
    eight_bit: bool = False
    utf8: bool = False


def read_offer(extensions: Mapping[str, str], *, pipelining: bool) -> Offer:
    """Read what EHLO answered, by names in small letters; `pipelining` false: not used though it is offered."""
    largest = extensions.get("size", "").strip()
    return Offer(
        pipelining=pipelining and "pipelining" in extensions,
        size="size" in extensions,
        largest=int(largest) if largest.isascii() and largest.isdigit() and len(largest) < 20 else 0,  # noqa: PLR2004 - RFC 1870 4
        eight_bit="8bitmime" in extensions,
        utf8="smtputf8" in extensions,
    )


def commands(envelope: Envelope, offer: Offer) -> tuple[bytes, bytes, bytes]:
    """The MAIL, RCPT and DATA that announce a message to a server.

    Raises:
        BadInput: an address that cannot be written, or a message that this server does not take.
    """
    sender = _sender(envelope.sender, offer.utf8)
    recipient = envelope.recipient
    if not is_ordinary(recipient):
        recipient = addr_spec(recipient, field="recipient", utf8=offer.utf8)
    beyond = not (sender.isascii() and recipient.isascii())
    options = f" SIZE={envelope.size}" if offer.size else ""
    if envelope.size > offer.largest > 0:
        raise BadInput(f"The message has {envelope.size} bytes; the mail server takes {offer.largest} (SIZE).")
    if beyond or envelope.utf8:
        if not beyond and not offer.eight_bit:
            raise BadInput("The message has bytes beyond ASCII, which the mail server does not take (8BITMIME).")
        options += " SMTPUTF8 BODY=8BITMIME" if beyond else " BODY=8BITMIME"
    return f"MAIL FROM:<{sender}>{options}\r\n".encode(), f"RCPT TO:<{recipient}>\r\n".encode(), b"DATA\r\n"


@lru_cache(maxsize=256)
def _sender(address: str, utf8: bool) -> str:  # noqa: FBT001 - part of what is remembered
    return addr_spec(address, field="sender", utf8=utf8)
