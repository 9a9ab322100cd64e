"""An opt-out that comes while an import is under way holds, whichever is first (G1, G8)."""

import io
import threading

import pytest
from sqlalchemy import select

from contacts.domain.facts import Door
from contacts.services.import_contacts import ImportOptions, import_contacts
from contacts.services.unsubscribe import opt_out
from contacts.storage.blocks import Block
from contacts.storage.gate import verdicts
from contacts.storage.ledger import Event
from tests.conftest import NOON
from tests.contacts.services.conftest import GIVEN

PEOPLE = 3_000
LEAVING = range(0, PEOPLE, 60)


@pytest.fixture
def table():
    return "email,topics\n" + "".join(f"p{number}@example.org,updates\n" for number in range(PEOPLE))


def test_g8_an_opt_out_during_an_import_holds(database, ring, key, table, tmp_path):
    leaving = [key(f"p{number}@example.org") for number in LEAVING]
    options = ImportOptions(defaults=GIVEN, rejects_folder=tmp_path)
    first_batch = threading.Event()

    def bring_in():
        import_contacts(
            database, io.BytesIO(table.encode()), options, ring=ring, at=NOON, progress=lambda *_: first_batch.set()
        )

    importing = threading.Thread(target=bring_in)
    importing.start()
    first_batch.wait(60)
    for keys in reversed(leaving):
        with database.writing() as session:
            opt_out(session, keys, "everything", Door.PAGE, at=NOON)
    importing.join(120)
    assert not importing.is_alive()
    with database.reading() as session:
        said = verdicts(session, "updates", [keys.own for keys in leaving], at=NOON)
        assert set(said.values()) == {"opted_out"}
        assert {block.address_key for block in session.scalars(select(Block))} == {keys.own for keys in leaving}
        numbers = session.scalars(select(Event.sequence).order_by(Event.sequence)).all()
    assert numbers == list(range(1, len(numbers) + 1))


def test_two_imports_of_one_table_at_once_make_nobody_twice(database, ring, table, tmp_path):
    counted = []

    def bring_in(name):
        options = ImportOptions(defaults=GIVEN, rejects_folder=tmp_path / name)
        report = import_contacts(database, io.BytesIO(table.encode()), options, ring=ring, at=NOON)
        counted.append(report.counts)

    both = [threading.Thread(target=bring_in, args=(name,)) for name in ("one", "two")]
    for each in both:
        each.start()
    for each in both:
        each.join(120)
    assert len(counted) == 2
    assert sum(counts.get("added", 0) for counts in counted) == PEOPLE
    assert sum(counts.get("consents", 0) for counts in counted) == PEOPLE
