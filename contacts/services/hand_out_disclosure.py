"""Handing out data as the law requires, after two operators agreed; it changes no permission (P13)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.storage.former_keys import person_of
from contacts.storage.keepers import told
from contacts.storage.plain_values import plain
from contacts.storage.proposals import APPROVED, Gravest, proposal_numbered
from contacts.storage.receipts import Act, give_receipt
from core.errors import Conflict, Forbidden

FORMAT = "heedful.disclosure/1"
OPEN_FOR = timedelta(days=14)
"""How long an approval holds; who needs the data later proposes it anew."""


def hand_out_disclosure(
    session: Session, number: int, *, at: datetime, operator: str, keys: AddressKeys | None = None
) -> dict[str, Any]:
    """Everything held of the person whose disclosure was approved, with its basis in law; a receipt is given.

    Raises:
        Forbidden: nobody approved it, or it speaks of somebody else than `keys`.
        Conflict: it was approved too long ago.
    """
    proposal = proposal_numbered(session, number)
    own = bytes(proposal.address_key)
    if proposal.act != Gravest.DISCLOSURE.value or proposal.outcome != APPROVED or proposal.decided_at is None:
        raise Forbidden("Two operators have to agree to this disclosure first.")
    if keys is not None and keys.own != own:
        raise Forbidden("This disclosure speaks of another address.")
    if at > proposal.decided_at + OPEN_FOR:
        raise Conflict("This was approved too long ago.", remedy="Propose it anew.")
    parts: dict[str, Any] = plain(told(session, person_of(session, own)))
    counts = {name: len(part) for name, part in parts.items() if isinstance(part, list) and part}
    receipt = give_receipt(session, Act.DISCLOSURE, own, counts | {"proposal": number}, operator=operator, at=at)
    head = {"format": FORMAT, "made_at": plain(at), "legal_basis": proposal.evidence, "receipt": receipt.id}
    return head | parts
