"""Feeding a partner the opt-out list: who of those in their hands must not be written to any more, as keyed hashes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from contacts.domain.addresses import PepperRing
from contacts.domain.opt_out_lists import OptOutList, digest_of
from contacts.storage.duties import first_untold
from contacts.storage.handouts import OPT_OUTS, PartnerHandout, fed_up_to, last_acknowledged
from contacts.storage.ledger import ledger_head
from contacts.storage.partner_keys import partner_key
from contacts.storage.partners import partner_named
from contacts.storage.shared_people import blocked_hashes
from core.errors import Conflict


@dataclass(frozen=True)
class Feed:
    """A list that was made: the file's bytes, to be given to the partner, and what the registry keeps of it."""

    handout: PartnerHandout
    content: bytes


def feed_partner(session: Session, name: str, *, at: datetime, operator: str, only_new: bool = False) -> Feed:
    """Make the opt-out list of a partner, who then has so many days to acknowledge it as were agreed.

    Full: everybody in their hands who is blocked now. `only_new`: who is blocked by something later than the last
    list that they acknowledged; so a list that was lost on the way leaves no gap.

    Raises:
        Conflict: there is nothing to tell them.
        NotFound: there is no such partner.
    """
    partner = partner_named(session, name)
    since = last_acknowledged(session, partner.id) if only_new else None
    head, _ = ledger_head(session)
    hashes = blocked_hashes(session, partner, after=since.event_sequence if since else 0)
    told = fed_up_to(session, partner.id, at=at)
    if not hashes and first_untold(session, partner.id, told, at=at) is None:
        raise Conflict(f"There is nothing {'new ' if only_new else ''}to tell “{partner.title}”: nobody opted out.")
    due_at = at + timedelta(days=partner.acknowledge_days)
    handout = PartnerHandout(
        partner_id=partner.id,
        kind=OPT_OUTS,
        made_at=at,
        operator=operator,
        entries=len(hashes),
        digest="",
        details={"since": since.id if since else 0},
        event_sequence=head,
        due_at=due_at,
    )
    session.add(handout)
    session.flush()
    content = OptOutList(partner.name, handout.id, since.id if since else 0, at, due_at, hashes).as_bytes()
    handout.digest = digest_of(content)
    session.flush()
    return Feed(handout, content)


def key_for(session: Session, ring: PepperRing, name: str) -> bytes:
    """The key that a partner needs to read our lists, and to send us theirs; to be handed over once, in person.

    Raises:
        NotFound: there is no such partner.
    """
    return partner_key(session, ring, partner_named(session, name))
