"""Telling a person everything that is held of them, as a program can read it (GDPR articles 15 and 20)."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.domain.scopes import TRACKING
from contacts.domain.verdicts import SENTENCES
from contacts.storage.belongings import People
from contacts.storage.former_keys import person_of
from contacts.storage.gate import verdicts
from contacts.storage.keepers import told
from contacts.storage.plain_values import plain
from contacts.storage.receipts import Act, give_receipt
from contacts.storage.topics import open_topics

FORMAT = "heedful.person/1"
KEPT_FOR = {
    "contact": "until the person asks to be erased, or is found to be a child",
    "sign_ups": "until confirmed or expired",
    "permissions_and_stops": "without end: they are how a stop is kept; by a keyed digest, never by the address",
    "messages": "without end, by the same digest: they show that nothing was sent that must not be",
    "clicks_and_answers": "until the person asks to be erased, or is found to be a child",
}


def export_person(
    session: Session, keys: AddressKeys, *, at: datetime, operator: str, case_id: int | None = None
) -> dict[str, Any]:
    """Everything held of exactly this address, ready for JSON, in a stable order; a receipt is given for it.

    Nothing is said of close spellings of the address: they may be somebody else's.

    Raises:
        Misconfigured: a package has not said what it keeps; nobody is told by halves.
    """
    found = all_of(session, person_of(session, keys.own), keys, at=at)
    counts = {name: len(part) for name, part in found.items() if isinstance(part, list) and part}
    give_receipt(session, Act.EXPORT, keys.own, counts, operator=operator, at=at, case_id=case_id)
    return found


def all_of(session: Session, people: People, keys: AddressKeys, *, at: datetime) -> dict[str, Any]:
    """What is held, with what it is used for and how long it is kept."""
    parts: dict[str, Any] = plain(told(session, people))
    known = parts["contact"] is not None
    head = {"format": FORMAT, "made_at": plain(at), "held": any(parts.values())}
    return head | {"purposes": _purposes(session, keys, at) if known else []} | parts | {"kept_for": KEPT_FOR}


def _purposes(session: Session, keys: AddressKeys, at: datetime) -> list[dict[str, Any]]:
    titles = [(topic.name, topic.title) for topic in open_topics(session)] + [(TRACKING, "Click tracking")]
    found = []
    for scope, title in titles:
        reason = verdicts(session, scope, [keys.own], at=at)[keys.own]
        why = SENTENCES[reason] if reason else "is permitted"
        found.append({"scope": scope, "title": title, "permitted": reason is None, "because": why})
    return found
