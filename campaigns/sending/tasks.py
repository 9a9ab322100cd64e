"""Tasks: a claimed message with all that is needed to write it, and the same once it is written."""

from datetime import date
from typing import NamedTuple

from campaigns.mail.editions import Edition, Written
from campaigns.mail.envelopes import Envelope
from campaigns.storage.claims import Claim
from contacts.storage.gate import Wish
from core.errors import BadInput


class Task(NamedTuple):
    """A claimed message; `edition` is why it cannot be written, where it cannot.

    `relay`: the server that it goes by; `day`: on which it counts for that server's plan, where there is one.
    """

    claim: Claim
    edition: Edition | BadInput
    tracked: bool
    relay: str = "relay"
    day: date = date.min

    @property
    def number(self) -> int:
        """The message's number."""
        return self.claim.message_id


class Letter(NamedTuple):
    """A message that was written and signed; `envelope` announces it to the server, `wish` asks for its permit."""

    task: Task
    written: Written
    message: bytes
    envelope: Envelope
    wish: Wish

    @property
    def number(self) -> int:
        """The message's number."""
        return self.task.claim.message_id
