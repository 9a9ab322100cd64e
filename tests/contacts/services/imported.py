"""What an import left behind, for the tests of importing."""

import csv

from sqlalchemy import func, select

from contacts.storage.blocks import Block
from contacts.storage.consents import Consent
from contacts.storage.contacts import Contact, contact_by_key
from contacts.storage.gate import verdicts
from contacts.storage.imports import latest_imports
from contacts.storage.ledger import events_of
from tests.conftest import NOON


def contact(database, own):
    with database.reading() as session:
        found = contact_by_key(session, own)
        session.expunge_all()
        return found


def events(database, own):
    with database.reading() as session:
        found = events_of(session, own)
        session.expunge_all()
        return found


def runs(database):
    with database.reading() as session:
        found = latest_imports(session)
        session.expunge_all()
        return found


def rejected_rows(report):
    with report.rejects.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def verdict(database, own, topic="updates"):
    with database.reading() as session:
        return verdicts(session, topic, [own], at=NOON).get(own, "no contact")


def number_of(database, table):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def state_of(database):
    """Everything that decides who may be written to."""
    with database.reading() as session:
        return (
            sorted(session.execute(select(Contact.address, Contact.given_name, Contact.family_name)).all()),
            sorted(session.execute(select(Block.address_key, Block.scope, Block.reason)).all()),
            sorted(session.execute(select(Consent.address_key, Consent.scope, Consent.basis)).all()),
        )
