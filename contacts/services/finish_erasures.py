"""Finishing erasures: the rows of children whose days are over, files, and a second look; run by the clock and doors.

A batch loop: every step is committed by itself and may be done again, so a crash only leaves the rest for the next run.
"""

import logging
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from contacts.domain.addresses import PepperRing
from contacts.storage.belongings import People
from contacts.storage.contacts import contacts_by_keys
from contacts.storage.erasures import Cause, Order, files_due, held, looks_due, note, rows_due
from contacts.storage.former_keys import people_of, person_of
from contacts.storage.keepers import all_belongings, erase_rows, sweep_files
from contacts.storage.locks import lock_families
from contacts.storage.peppers import generations
from contacts.storage.receipts import Act, give_receipt
from contacts.storage.traces import recogniser
from core.database import Database

log = logging.getLogger("heedful.erasures")

BATCH = 100
LONGEST_RUN = 2.0
"""Seconds after which no further batch is begun: the clock has other things to do, and comes again."""
SECOND_LOOK = timedelta(minutes=10)
"""Until what was under way at the erasure has ended: a server's reply, a click that waits, an audience being frozen."""
_ACTS = {Cause.ERASURE: Act.ERASURE, Cause.CHILD: Act.CHILD_DELETION}


@dataclass
class Finished:
    """What one run did: how many people's rows and files, and how many pieces of each kind."""

    people: int = 0
    counts: Counter[str] = field(default_factory=Counter)


def finish_erasures(
    database: Database, data_dir: Path, ring: PepperRing, *, at: datetime, child_days: int, operator: str = "the clock"
) -> Finished:
    """Do what is due: rows first, then files, then the second look. What cannot be done yet is done by the next run.

    Raises:
        Misconfigured: a package has not said what it keeps; nothing is deleted.
    """
    all_belongings()
    done = Finished()
    ends = time.monotonic() + LONGEST_RUN
    while _rows(database, done, at, at - timedelta(days=child_days), operator) and time.monotonic() < ends:
        pass
    _files(database, data_dir, ring, done, at, operator)
    _look_again(database, data_dir, ring, at)
    if done.people or done.counts:
        log.info("erased", extra={"people": done.people, **done.counts})
    return done


def _rows(database: Database, done: Finished, at: datetime, children_before: datetime, operator: str) -> bool:
    """Delete the rows of some people; False if nobody was left."""
    with database.writing() as session:
        due = rows_due(session, children_before=children_before, most=BATCH)
        lock_families(session, {each.family for each in due}, alone=True)
        contacts = contacts_by_keys(session, [each.own for each in due])
        known = [each for each in due if each.cause is Cause.ERASURE or each.own in contacts]
        for order in known:
            done.counts.update(_row_of(session, order, at, operator))
        done.counts.update(_rows_of_strangers(session, [each for each in due if each not in known], at))
        done.people += len(due)
    return len(due) == BATCH


def _rows_of_strangers(session: Session, orders: Sequence[Order], at: datetime) -> dict[str, int]:
    """Children who are no contacts, all at once: an import may name a hundred thousand, and most left nothing."""
    if not orders:
        return {}
    note(session, [each.number for each in orders], rows_at=at)
    return erase_rows(session, People(frozenset(each.own for each in orders), until=at))


def _row_of(session: Session, order: Order, at: datetime, operator: str) -> dict[str, int]:
    people = person_of(session, order.own, until=at)
    if held(session, people.keys):
        return {}
    counts = erase_rows(session, people)
    note(session, [order.number], rows_at=at)
    if counts or order.cause is Cause.ERASURE:
        give_receipt(session, _ACTS[order.cause], order.own, counts, operator=operator, at=at)
    return counts


def _files(database: Database, data_dir: Path, ring: PepperRing, done: Finished, at: datetime, operator: str) -> None:
    with database.reading() as session:
        due = files_due(session)
    if not due:
        return
    gone, waiting = _sweep(database, data_dir, ring, due)
    done.counts.update(gone)
    with database.writing() as session:
        if gone and len(due) == 1:
            give_receipt(session, _ACTS[due[0].cause], due[0].own, gone, operator=operator, at=at)
        if not waiting:
            note(session, [each.number for each in due], files_at=at)


def _sweep(
    database: Database, data_dir: Path, ring: PepperRing, orders: Sequence[Order]
) -> tuple[dict[str, int], bool]:
    """Delete pieces of files, and what SQLite's log still holds; whether something could not be touched yet."""
    with database.reading() as session:
        peppers = generations(session, ring)
        people = people_of(session, {each.own for each in orders})
    swept = sweep_files(data_dir, recogniser(peppers, people.keys))
    return dict(swept.gone), bool(swept.waiting) or not database.empty_log()


def _look_again(database: Database, data_dir: Path, ring: PepperRing, at: datetime) -> None:
    """Delete once more what came in while the first look was at work, and close the orders."""
    with database.reading() as session:
        due = looks_due(session, before=at - SECOND_LOOK)
    if not due:
        return
    with database.writing() as session:
        lock_families(session, {each.family for each in due}, alone=True)
        for until in sorted({each.rows_at for each in due if each.rows_at}):
            owns = {each.own for each in due if each.rows_at == until}
            erase_rows(session, people_of(session, owns, until=until))
    _, waiting = _sweep(database, data_dir, ring, due)
    if not waiting:
        with database.writing() as session:
            note(session, [each.number for each in due], settled_at=at)
