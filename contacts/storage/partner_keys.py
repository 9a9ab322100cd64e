"""Partner keys: the secret that a partner and we share, by which an opt-out list names nobody to anybody else."""

from sqlalchemy.orm import Session

from contacts.domain.addresses import PepperRing
from contacts.storage.partners import Partner
from contacts.storage.peppers import generations


def partner_key(session: Session, ring: PepperRing, partner: Partner) -> bytes:
    """The key of a partner's lists, 32 bytes; worked out each time and kept nowhere.

    It comes from the first generation of the pepper, which stays in the ring for good: so it is the same after a
    rotation, and the hashes of people who were erased meanwhile keep their meaning.

    Raises:
        Misconfigured: the ring lacks a generation that the database knows people by.
    """
    return generations(session, ring)[0].partner_key(bytes(partner.salt))
