"""Editing many contacts at once, batch by batch: profile fields and restrictions, and nothing that permits (G8)."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from contacts.domain.edits import Edit, changed_profile, new_restrictions
from contacts.domain.facts import Door, Fact
from contacts.storage.blocks import restrictions_among
from contacts.storage.contact_edits import ContactEdit, begin_edit, end_edit, tell_edit
from contacts.storage.contacts import Contact, contacts_by_keys
from contacts.storage.ledger import record
from contacts.storage.locks import lock_families
from contacts.storage.permits import wait_for_handovers
from contacts.storage.segments import count_meeting, next_meeting
from core.cards import mask_card_numbers
from core.database import Database
from core.errors import BadInput, HeedfulError

BATCH = 500
MOST_LOOKED_AT = 20_000
"""Contacts that a preview looks at one by one; of more it tells how the first ones fare."""


@dataclass(frozen=True)
class EditTerms:
    """Whom an edit means, whose it is, and how we know; `segment` is the name that the condition has, if any."""

    condition: Mapping[str, Any]
    edit: Edit
    door: Door
    segment: str = ""
    operator: str = ""
    evidence: str = ""
    confirm_seconds: float = 5.0


@dataclass(frozen=True)
class EditPreview:
    """What an edit would do: `counts` are of the `looked_at` first contacts of all that it means."""

    met: int
    looked_at: int
    counts: Mapping[str, int]


@dataclass(frozen=True)
class EditReport:
    """What an edit did; `settled` is False if a message that was being handed over may still arrive."""

    edit_id: int
    counts: Mapping[str, int]
    settled: bool


Progress = Callable[[int, int], None]
"""Called after each batch with contacts done, and in all."""


def preview_edit(session: Session, condition: Mapping[str, Any], edit: Edit, *, at: datetime) -> EditPreview:
    """Count what an edit would change, and change nothing.

    Raises:
        BadInput: the condition cannot be asked.
    """
    counts: Counter[str] = Counter()
    last = looked_at = 0
    while looked_at < MOST_LOOKED_AT and (found := next_meeting(session, condition, last, at=at, most=BATCH)):
        blocks = restrictions_among(session, [each.address_key for each in found])
        for contact in found:
            _count(
                counts, changed_profile(_profile(contact), edit), new_restrictions(blocks[contact.address_key], edit)
            )
        last, looked_at = found[-1].id, looked_at + len(found)
        session.expunge_all()
    return EditPreview(count_meeting(session, condition, at=at), looked_at, dict(counts))


def edit_contacts(
    database: Database, terms: EditTerms, *, at: datetime, progress: Progress | None = None
) -> EditReport:
    """Edit every contact that the condition means, at most 500 a transaction; run again it changes nothing more.

    Raises:
        BadInput: the condition cannot be asked, or somebody would be stopped without evidence.
    """
    if terms.edit.restricts and not terms.evidence.strip():
        raise BadInput("Say how we know.", field="evidence", remedy="It is kept with each opt-out and child flag.")
    run = _Run(database, terms, at)
    try:
        while run.step():
            if progress:
                progress(run.counts["contacts"], run.met)
    except BaseException as error:
        run.end(error.message if isinstance(error, HeedfulError) else type(error).__name__)
        raise
    run.end("")
    return EditReport(run.edit_id, dict(run.counts), run.settled)


class _Run:
    """One edit under way."""

    def __init__(self, database: Database, terms: EditTerms, at: datetime) -> None:
        self.database, self.terms, self.at = database, terms, at
        self.counts: Counter[str] = Counter()
        self.last = 0
        self.settled = True
        self._began = time.monotonic()
        with database.writing() as session:
            self.met = count_meeting(session, terms.condition, at=at)
            begun = ContactEdit(
                operator=terms.operator,
                segment=terms.segment,
                condition=dict(terms.condition),
                edit=terms.edit.as_json(),
                state="running",
                met=self.met,
                started_at=at,
                touched_at=at,
            )
            self.edit_id = begin_edit(session, begun)

    def step(self) -> bool:
        """Edit the next batch in one transaction, and wait for what was being handed over; False at the end."""
        with self.database.writing() as session:
            found = next_meeting(session, self.terms.condition, self.last, at=self.at, most=BATCH)
            if not found:
                return False
            self.last = found[-1].id
            keys = [each.address_key for each in found]
            lock_families(session, {each.family_key for each in found}, alone=True)
            session.expire_all()
            contacts = list(contacts_by_keys(session, keys).values())
            facts = self._edit(session, contacts)
            record(session, facts, at=self.at)
            self.counts["contacts"] += len(found)
            tell_edit(session, self.edit_id, self.counts, at=self._now())
        self._wait(facts)
        return True

    def _edit(self, session: Session, contacts: list[Contact]) -> list[Fact]:
        facts: list[Fact] = []
        blocks = restrictions_among(session, [each.address_key for each in contacts])
        for contact in contacts:
            changed = changed_profile(_profile(contact), self.terms.edit)
            stopped = new_restrictions(blocks[contact.address_key], self.terms.edit)
            _count(self.counts, changed, stopped)
            for name, value in (changed | ({"updated_at": self.at} if changed else {})).items():
                setattr(contact, name, value)
            facts += [
                Fact(
                    contact.address_key,
                    contact.family_key,
                    kind,
                    scope,
                    self.terms.door,
                    self.at,
                    evidence=mask_card_numbers(self.terms.evidence),
                    details={"edit": self.edit_id},
                )
                for kind, scope in stopped
            ]
        session.flush()
        return facts

    def _wait(self, facts: list[Fact]) -> None:
        stopped: dict[str, set[bytes]] = {}
        for fact in facts:
            stopped.setdefault(fact.scope, set()).add(fact.own)
        for scope, own in stopped.items():
            self.settled &= wait_for_handovers(self.database, own, scope, seconds=self.terms.confirm_seconds)

    def end(self, problem: str) -> None:
        """Write down the end."""
        with self.database.writing() as session:
            end_edit(session, self.edit_id, problem=problem, at=self._now())

    def _now(self) -> datetime:
        return self.at + timedelta(seconds=time.monotonic() - self._began)


def _profile(contact: Contact) -> dict[str, Any]:
    return {"locale": contact.locale, "time_zone": contact.time_zone, "attributes": contact.attributes}


def _count(counts: Counter[str], changed: Mapping[str, Any], stopped: list[Any]) -> None:
    counts["changed"] += bool(changed)
    for kind, _ in stopped:
        counts["children" if kind == "child" else "opt_outs"] += 1
    if not changed and not stopped:
        counts["unchanged"] += 1
