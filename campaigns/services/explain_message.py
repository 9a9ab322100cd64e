"""Explaining one message: the verdict that was stored, the events and the rule behind it, and the same judged again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.storage.mailings import get_mailing
from campaigns.storage.messages import Message
from contacts.domain.addresses import AddressKeys
from contacts.domain.reasoning import Ground
from contacts.domain.verdicts import Reason
from contacts.storage.judging import judge_again
from contacts.storage.permits import last_permit_of


@dataclass(frozen=True)
class StoredVerdict:
    """What the gate said of a message and when, and what is said of the same moment today.

    `again` differs from `stored` only if somebody changed what is never changed: `heedful verify` then tells more.
    """

    at: datetime
    sequence: int
    stored: Reason | None
    again: Reason | None
    sentence: str
    ground: Ground

    @property
    def same(self) -> bool:
        """Whether judging again gives the stored verdict."""
        return self.stored is self.again


def explain_message(session: Session, message: Message, keys: AddressKeys) -> StoredVerdict | None:
    """The last verdict on a message; None where none was ever read, or the check itself had failed.

    A message that was handed over had its verdict with its permit; every other has it with its reason. Permits of the
    first release name no event (0): what they were read from is not known.
    """
    permit = last_permit_of(session, message.id)
    refused = Reason(message.reason) if message.reason in set(Reason) else None
    if refused is None and permit is not None and permit.judged_sequence:
        at, sequence, but = permit.granted_at, permit.judged_sequence, permit.id
    elif message.judged_at is not None and message.judged_sequence is not None:
        at, sequence, but = message.judged_at, message.judged_sequence, 0
    else:
        return None
    if refused in {Reason.GATE_FAILED, Reason.QUIET_HOURS}:
        return None
    topic = get_mailing(session, message.mailing_id).topic
    judged = judge_again(session, keys, topic, at=at, sequence=sequence, but=but)
    return StoredVerdict(at, sequence, refused, judged.reason, judged.sentence, judged.ground)
