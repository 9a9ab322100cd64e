"""Exporting contacts as a table that this program's own import reads back, as a stream of any length."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from contacts.domain.formulas import csv_line
from contacts.domain.verdicts import BlockReason
from contacts.storage.blocks import Block
from contacts.storage.consents import consents_among
from contacts.storage.contacts import Contact
from contacts.storage.listings import blocks_among
from contacts.storage.segments import contacts_meeting

_BATCH = 1_000
_COLUMNS = (
    "email",
    "given name",
    "family name",
    "language",
    "time zone",
    "source",
    "source time",
    "evidence",
    "child",
    "opt-outs",
    "consents",
    "heedful blocks",
    "heedful created",
)


def export_contacts(session: Session, *, condition: Mapping[str, Any], at: datetime) -> Iterator[str]:
    """Give the contacts that a condition means as pieces of CSV, by number, with their consents and blocks.

    The first piece begins with the mark by which spreadsheets know UTF-8, and no cell runs as a formula. ``heedful
    blocks`` names every block and its reason; ``child`` and ``opt-outs`` are what an import restricts again.

    Raises:
        BadInput: the condition cannot be used.
    """
    names = sorted(
        {
            name
            for contacts in contacts_meeting(session, condition, at=at, most=_BATCH)
            for contact in contacts
            for name in contact.attributes
        }
    )
    yield "\ufeff" + _text([[*_COLUMNS, *(_heading(name) for name in names)]])
    for contacts in contacts_meeting(session, condition, at=at, most=_BATCH):
        blocks = blocks_among(session, contacts)
        consents = consents_among(session, [contact.address_key for contact in contacts])
        yield _text(
            [*_cells(each, blocks.get(each.address_key, []), consents.get(each.address_key, []))]
            + [each.attributes.get(name) for name in names]
            for each in contacts
        )


def _heading(name: str) -> str:
    """Name an attribute's column so that an import does not take it for a field of its own."""
    return f"attributes.{name}"


def _cells(contact: Contact, blocks: Sequence[Block], consents: Sequence[str]) -> Iterator[Any]:
    blocks = sorted(blocks, key=lambda block: (block.rank, block.scope))
    opt_outs = [block.scope for block in blocks if block.reason == BlockReason.OPT_OUT]
    child = any(block.reason == BlockReason.CHILD for block in blocks)
    yield from (contact.address, contact.given_name, contact.family_name, contact.locale, contact.time_zone)
    yield from (contact.source, contact.source_at.isoformat(), contact.evidence)
    yield from ("yes" if child else "", "; ".join(opt_outs), "; ".join(consents))
    yield "; ".join(f"{block.scope} ({block.reason})" for block in blocks)
    yield contact.created_at.isoformat()


def _text(rows: Iterator[list[Any]] | Sequence[list[Any]]) -> str:
    return "".join(map(csv_line, rows))
