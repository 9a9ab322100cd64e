"""Sharing contacts with a partner: decided person by person at that moment, and recorded before anything leaves (G15).

Each batch is judged under its people's locks and recorded; its rows wait in a nameless file. At the end the ledger is
held still, whoever said stop meanwhile is struck out, and only then the file gets its name.
"""

import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import IO, Any, BinaryIO

from sqlalchemy.orm import Session

from contacts.domain.addresses import PepperRing, read_address
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.formulas import csv_line, safe_cell
from contacts.domain.opt_out_lists import partner_hash
from contacts.domain.partnerships import ADDRESS, Purpose, value_of
from contacts.domain.verdicts import Reason
from contacts.storage.contacts import Contact
from contacts.storage.handouts import CONTACTS, PartnerHandout
from contacts.storage.ledger import hold_still, ledger_head, record
from contacts.storage.partner_keys import partner_key
from contacts.storage.partners import Partner, partner_named, standstill, standstill_sentence
from contacts.storage.segments import count_meeting
from contacts.storage.shared_people import keep_shared
from contacts.storage.sharings import numbers_meeting, people_locked, refusals, shared_and_changed
from core.database import Database
from core.errors import Conflict

BATCH = 500


@dataclass(frozen=True)
class Request:
    """What is to be handed to whom, for what, and who asks for it."""

    partner: str
    purpose: Purpose
    reference: str
    operator: str
    condition: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Shared:
    """What became of a request: rows that left, people who were refused and why, and who said stop meanwhile."""

    handout_id: int
    entries: int
    refused: dict[Reason, int]
    withdrawn: int
    digest: str


Progress = Callable[[int, int], None]
"""Called after each batch with how many people were judged, and of how many."""


@dataclass
class _Handing:
    """A request under way; `rows` is a file without a name, gone with the process."""

    request: Request
    handout_id: int
    partner_id: int
    fields: list[str]
    key: bytes
    begun_at: int
    rows: IO[str]
    refused: Counter[Reason] = field(default_factory=Counter)


def share_with_partner(
    database: Database,
    request: Request,
    file: BinaryIO,
    *,
    ring: PepperRing,
    read_clock: Callable[[], datetime],
    publish: Callable[[], None] = lambda: None,
    progress: Progress | None = None,
) -> Shared:
    """Write the rows that may leave into `file`; `publish` is called when it is whole and nobody can say stop.

    What leaves was recorded and committed before. If this is broken off nothing has left, although the ledger may
    say of some people that they were handed over: of the two faults the one that harms nobody.

    Raises:
        Conflict: the partner is not active, or may not be given addresses, or the terms changed meanwhile.
        NotFound: there is no such partner.
    """
    with database.reading() as session:
        whole = count_meeting(session, request.condition, at=read_clock())
    with tempfile.TemporaryFile("w+", encoding="utf-8") as rows:
        with database.writing() as session:
            handing = _begin(session, request, rows, ring, at=read_clock())
        done = 0
        for numbers in numbers_meeting(database, request.condition, at=read_clock(), most=BATCH):
            began = time.monotonic()
            with database.writing() as session:
                _hand_batch(session, handing, numbers, at=read_clock())
            _give_way(database, time.monotonic() - began)
            done += len(numbers)
            if progress:
                progress(done, max(whole, done))
        with database.writing() as session:
            return _end(session, handing, file, publish, at=read_clock())


def _give_way(database: Database, seconds: float) -> None:
    """Leave SQLite's one writing place to others for half as long as it was taken: an opt-out asks every 0.1 s."""
    if database.dialect == "sqlite":
        time.sleep(seconds / 2)


def _begin(session: Session, request: Request, rows: IO[str], ring: PepperRing, *, at: datetime) -> _Handing:
    partner = partner_named(session, request.partner)
    _require_active(session, partner, at)
    if ADDRESS not in partner.fields:
        raise Conflict(
            f"The allow-list of “{partner.title}” lacks the address, without which no opt-out could be heeded.",
            remedy="Add the field address to the allow-list.",
        )
    handout = PartnerHandout(
        partner_id=partner.id,
        kind=CONTACTS,
        made_at=at,
        operator=request.operator,
        purpose=f"{request.purpose.value}: {request.reference}",
        entries=0,
        digest="",
        details={"fields": list(partner.fields)},
    )
    session.add(handout)
    session.flush()
    head, _ = ledger_head(session)
    key = partner_key(session, ring, partner)
    return _Handing(request, handout.id, partner.id, list(partner.fields), key, head, rows)


def _require_active(session: Session, partner: Partner, at: datetime) -> None:
    why = standstill(session, partner.name, at=at)
    if why is not None:
        raise Conflict(standstill_sentence(session, partner.name, why), remedy="Nothing was handed over.")


def _hand_batch(session: Session, handing: _Handing, numbers: Sequence[int], *, at: datetime) -> None:
    """Judge a batch under its people's locks and record who is handed over; their rows wait."""
    partner = partner_named(session, handing.request.partner)
    people = people_locked(session, numbers)
    refused = refusals(session, partner, [each.address_key for each in people], at=at)
    handing.refused.update(refused.values())
    taken = [each for each in people if bytes(each.address_key) not in refused]
    sequences = record(session, [_fact(handing, partner, each, at) for each in taken], at=at)
    hashes = [partner_hash(handing.key, read_address(each.address).canonical) for each in taken]
    keep_shared(session, partner.id, zip([each.keys for each in taken], hashes, sequences, strict=True))
    for each in taken:
        cells = [safe_cell(value_of(each, name)) for name in handing.fields]
        handing.rows.write(json.dumps([each.address_key.hex(), cells], default=str) + "\n")


def _fact(handing: _Handing, partner: Partner, person: Contact, at: datetime) -> Fact:
    request = handing.request
    details = {"handout": handing.handout_id, "fields": handing.fields, "purpose": request.purpose.value}
    door = Door.PARTNER_EXPORT
    keys, said = person.keys, request.reference
    return Fact(keys.own, keys.family, Kind.SHARED, partner.sharing, door, at, evidence=said, details=details)


def _end(session: Session, handing: _Handing, file: BinaryIO, publish: Callable[[], None], *, at: datetime) -> Shared:
    """Strike out who said stop meanwhile, and let the file go, while nothing can be recorded."""
    partner = partner_named(session, handing.request.partner)
    head = hold_still(session)
    _require_active(session, partner, at)
    if list(partner.fields) != handing.fields:
        raise Conflict("The allow-list was changed meanwhile, and nothing left.", remedy="Export again.")
    changed = shared_and_changed(session, partner, handing.begun_at)
    left, digest = _Left({key.hex() for key in refusals(session, partner, changed, at=at)}), sha256()
    for line in _table(handing, left):
        digest.update(line)
        file.write(line)
    handout = session.get_one(PartnerHandout, handing.handout_id)
    handout.entries, handout.digest, handout.event_sequence = left.entries, digest.hexdigest(), head
    refused = {reason.value: number for reason, number in handing.refused.items()}
    handout.details = handout.details | {"refused": refused, "withdrawn": left.withdrawn}
    session.flush()
    file.flush()
    publish()
    return Shared(handout.id, left.entries, dict(handing.refused), left.withdrawn, handout.digest)


@dataclass
class _Left:
    """What is counted while the rows leave; `stopped` are keys, in hexadecimal digits."""

    stopped: set[str]
    entries: int = 0
    withdrawn: int = 0


def _table(handing: _Handing, left: _Left) -> Iterator[bytes]:
    yield _line(handing.fields)
    handing.rows.seek(0)
    for row in handing.rows:
        own, cells = json.loads(row)
        if own in left.stopped:
            left.withdrawn += 1
        else:
            left.entries += 1
            yield _line(cells)


def _line(cells: Sequence[Any]) -> bytes:
    return csv_line(cells).encode()
