"""The envelope of one message: who sends it to whom, and what the server must be able to take."""

from typing import NamedTuple


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
