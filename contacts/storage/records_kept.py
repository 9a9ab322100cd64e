"""Records kept: what contacts keep of a person besides the ledger; told for their access, deleted at their erasure."""

from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, delete, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import Delete, Update

from contacts.storage.address_changes import forget_changes
from contacts.storage.belongings import Belongings, People, Recognises, Swept, keeps
from contacts.storage.blocks import Block
from contacts.storage.cases import Case
from contacts.storage.consents import Consent
from contacts.storage.contacts import Contact
from contacts.storage.ledger import Event
from contacts.storage.pauses import Pause, Rhythm
from contacts.storage.receipts import receipts_of
from contacts.storage.signups import Signup
from contacts.storage.traces import drop_rows, files_below, names_somebody

UPLOADS, REJECTS = "uploads", "rejects"
_HANDED_ON = ("shared", "disclosed")
_ABOUT = (
    "address", "given_name", "family_name", "locale", "time_zone", "attributes",
    "source", "source_at", "evidence", "created_at", "updated_at",
)  # fmt: skip
_ASKED = (
    "address", "given_name", "family_name", "locale", "topics",
    "source", "page", "policy_version", "requested_at", "expires_at", "mailed_at", "confirmed_at",
)  # fmt: skip
_REQUESTED = ("kind", "door", "address", "words", "notes", "opened_at", "due_at", "closed_at", "outcome")
_HAPPENED = ("sequence", "kind", "scope", "door", "at", "recorded_at", "source", "evidence", "policy_version")


def _tell(session: Session, people: People) -> dict[str, Any]:
    events = _events(session, people)
    contact = next(iter(_rows(session, Contact, people)), None)
    return {
        "contact": _picked(contact, _ABOUT) if contact else None,
        "sign_ups": [_picked(each, _ASKED) for each in _rows(session, Signup, people)],
        "permissions": [_permission(each) for each in _rows(session, Consent, people)],
        "stops": [_picked(each, ("scope", "reason", "since")) for each in _rows(session, Block, people)],
        "pauses": [_picked(each, ("scope", "until")) for each in _rows(session, Pause, people)],
        "rhythms": [{"one_mail_in_days": each.days} for each in _rows(session, Rhythm, people)],
        "recipients": [_recipient(each) for each in events if each.kind in _HANDED_ON],
        "requests": [_picked(each, _REQUESTED) for each in _rows(session, Case, people)],
        "receipts": [_picked(each, ("act", "at", "counts")) for each in receipts_of(session, people.keys)],
        "events": [_picked(each, _HAPPENED) | {"confirmed_by_person": each.confirmed} for each in events],
    }


def _events(session: Session, people: People) -> list[Event]:
    query = select(Event).where(Event.address_key.in_(people.keys)).order_by(Event.sequence)
    return list(session.scalars(query))


def _rows(session: Session, mapped: Any, people: People) -> list[Any]:
    key = mapped.__table__.primary_key
    return list(session.scalars(select(mapped).where(mapped.address_key.in_(people.keys)).order_by(*key)))


def _picked(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _permission(row: Consent) -> dict[str, Any]:
    names = ("scope", "basis", "source", "policy_version", "given_at", "lapses_at")
    return _picked(row, names) | {"confirmed_by_person": row.confirmed}


def _recipient(event: Event) -> dict[str, Any]:
    to = event.scope.partition(":")[2] if event.kind == "shared" else "an authority or court"
    return {"recipient": to, "at": event.at, "event": event.sequence, "why": event.evidence}


def _erase(session: Session, people: People) -> dict[str, int]:
    """Contacts and sign-ups go; a case stays as a number with its dates, and says nothing of the person any more.

    A case that is open ends with it: nobody could answer it, and it would only become overdue.
    """
    mine = or_(Contact.address_key.in_(people.keys), Contact.id.in_(people.contacts))
    full = (Case.address != "") | (Case.words != "") | (Case.notes != "")
    cases: list[ColumnElement[bool]] = [Case.address_key.in_(people.keys)]
    asked: list[ColumnElement[bool]] = [Signup.address_key.in_(people.keys)]
    if people.until is not None:
        cases.append(Case.opened_at <= people.until)
        asked.append(Signup.requested_at <= people.until)
        closed = {"closed_at": people.until, "outcome": "erased"}
        _changed(session, update(Case).where(*cases, Case.closed_at.is_(None)).values(**closed))
    emptied = _changed(session, update(Case).where(*cases, full).values(address="", words="", notes=""))
    return {
        "contacts": _changed(session, delete(Contact).where(mine)),
        "sign_ups": _changed(session, delete(Signup).where(*asked)),
        "address_changes": forget_changes(session, people.keys),
        "requests_emptied": emptied,
    }


def _changed(session: Session, statement: Delete | Update) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    return result.rowcount


def _sweep(folder: Path, recognises: Recognises) -> Swept:
    """Rejected rows go one by one; a table that waits to be imported goes whole, and is chosen once more."""
    gone: Counter[str] = Counter()
    waiting = 0
    for path in files_below(folder / REJECTS):
        dropped = drop_rows(path, recognises)
        waiting += dropped is None
        gone["rejected_rows"] += dropped or 0
    for path in files_below(folder / UPLOADS):
        if path.suffix != ".name" and names_somebody(path, recognises):
            path.unlink(missing_ok=True)
            path.with_suffix(".name").unlink(missing_ok=True)
            gone["waiting_uploads"] += 1
    return Swept(gone, waiting)


RECORDS = keeps(
    Belongings(
        "contacts",
        _tell,
        _erase,
        _sweep,
        tables=frozenset(
            {
                "contact", "signup", "address_change",
                "case_file", "event", "block", "consent", "pause", "rhythm", "permit",
                "receipt", "legal_hold", "proposal", "erasure", "former_key", "shared_person",
            }
        ),
        others=frozenset(
            {
                "attempt", "canary", "closure", "frequency", "import_run", "ledger_head", "partner", "partner_handout",
                "partner_change", "partner_duty", "foreign_list", "foreign_entry", "contact_edit", "policy",
                "policy_rule", "segment", "signup_form", "signup_wording", "topic",
                "api_token", "failed_sign_in", "operator", "sign_in",
            }
        ),
        folders=frozenset({UPLOADS, REJECTS}),
    )
)  # fmt: skip
