"""Bulk inserts store what single inserts store, on both databases."""

from datetime import timedelta

from sqlalchemy import insert, select, text

from contacts.storage.contacts import Contact
from contacts.storage.frequencies import Frequency
from core.bulk import insert_many, make_room
from tests.conftest import NOON


def person(number, **given):
    return {
        "address": f"p{number}@example.org",
        "address_key": bytes([number]) * 32,
        "family_key": b"\0'\"\xff" * 8,
        "given_name": "Zoë 😀 '\"%s :x",
        "family_name": "",
        "locale": "",
        "time_zone": "",
        "source": "purchase",
        "source_at": NOON - timedelta(microseconds=number),
        "evidence": "100 %",
        "attributes": {"größe": 1.5, "yes": True, "none": None, "text": 'q"'},
        "created_at": NOON,
        "updated_at": NOON,
    } | given


def test_rows_are_stored_as_the_types_say(database):
    rows = [person(number) for number in range(1, 4)]
    with database.writing() as session:
        make_room(session)
        insert_many(session, Contact, rows[:2])
        session.execute(insert(Contact), rows[2:])
    with database.reading() as session:
        stored = [
            {name: getattr(contact, name) for name in rows[0]}
            for contact in session.scalars(select(Contact).order_by(Contact.id))
        ]
        plain = session.execute(text("SELECT source_at, attributes FROM contact ORDER BY id")).all()
    assert stored == rows
    assert type(plain[0].source_at) is type(plain[2].source_at)
    assert plain[0].attributes == plain[2].attributes


def test_null_is_stored_as_null(database):
    row = {"scope": "everything", "cap_count": None, "cap_days": None, "since": NOON, "operator": ""}
    with database.writing() as session:
        insert_many(session, Frequency, [row | {"quiet_from": 0, "quiet_until": 60}])
        assert session.scalar(select(Frequency.quiet_until).where(Frequency.cap_count.is_(None))) == 60


def test_no_rows_are_nothing(database):
    with database.writing() as session:
        insert_many(session, Contact, [])
        assert session.scalar(select(Contact.id)) is None
