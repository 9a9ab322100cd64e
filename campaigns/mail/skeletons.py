"""The headers of an edition's messages, written once but for what differs from message to message."""

from datetime import UTC, datetime

from campaigns.domain.message_urls import NOBODY
from campaigns.mail.composing import (
    OutgoingMail,
    from_line,
    new_frame,
    reply_line,
    standing,
    ways_out,
    written_date,
)
from campaigns.mail.headers import mailbox
from campaigns.mail.imprints import Imprint
from campaigns.mail.letters import letter
from campaigns.mail.sandbox import RenderedMail
from campaigns.mail.specimens import somebody
from core.unguessable import unguessable

_ONCE = datetime(2026, 1, 1, tzinfo=UTC)


class Skeleton:
    """What stands around the encoded parts of each message."""

    def __init__(self, imprint: Imprint) -> None:
        """Prepare the headers of an edition.

        Raises:
            BadInput: one of them cannot be written.
        """
        urls = imprint.urls(NOBODY, 0)
        specimen: OutgoingMail = letter(
            imprint.words,
            RenderedMail("", "", ""),
            somebody(),
            imprint.head,
            urls,
            at=_ONCE,
            feedback_id=imprint.feedback_id,
        )
        self.sender_email = specimen.sender_email
        self._at_host = specimen.message_id[specimen.message_id.index("@") :]
        self._from = from_line(specimen)
        self._reply = reply_line(specimen)
        leaving = urls.unsubscribe.rpartition("/")[2].encode()
        self._ways_out = ways_out(specimen).split(leaving)
        self.frame = new_frame()
        self._standing = standing(specimen) + self.frame.opening

    def write(
        self, name: str, address: str, subject: bytes, token: str, at: datetime, *, utf8: bool
    ) -> tuple[bytes, str]:
        """Write everything before the encoded text, and give the message's own name.

        Raises:
            BadInput: the contact's name or address cannot be written in a header.
        """
        message_id = f"{unguessable()}{self._at_host}"
        lines = (
            self._from,
            mailbox("To", "recipient", name, address, utf8=utf8),
            subject,
            f"Date: {written_date(at)}\r\nMessage-ID: <{message_id}>\r\n".encode("ascii"),
            self._reply,
            token.encode().join(self._ways_out),
            self._standing,
        )
        return b"".join(lines), message_id
