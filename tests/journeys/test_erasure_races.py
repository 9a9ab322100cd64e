"""Erasures in the middle of things: an import under way brings nobody back, a campaign reaches nobody afterwards."""

import io
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import campaigns.storage.letters_kept
import surveys.storage.answers_kept
from contacts.domain.addresses import PepperRing, read_address
from contacts.domain.facts import Door
from contacts.services.erase_person import erase_person
from contacts.services.finish_erasures import SECOND_LOOK, finish_erasures
from contacts.services.import_contacts import ImportOptions, import_contacts
from contacts.storage.contacts import contacts_by_keys
from contacts.storage.peppers import keys_of
from contacts.storage.permits import wait_for_handovers
from core.clock import now
from tests.conftest import NOON
from tests.contacts.services.conftest import GIVEN
from tests.journeys.houses import House, house_of

PEOPLE = 2_500
LEAVING = range(0, PEOPLE, 50)
KEEPERS = (campaigns.storage.letters_kept.LETTERS, surveys.storage.answers_kept.ANSWERS)


@pytest.fixture
def house(settings, database, tmp_path: Path, monkeypatch) -> Iterator[House]:
    with house_of(settings, database, tmp_path, monkeypatch) as it:
        yield it


def test_g1_who_is_erased_during_an_import_never_comes_back(database, ring, pepper, settings):
    table = "email,given_name\n" + "".join(f"p{number}@example.org,Pat\n" for number in range(PEOPLE))
    options = ImportOptions(defaults=GIVEN, rejects_folder=settings.data_dir / "rejects")
    leaving = [pepper.keys(read_address(f"p{number}@example.org")) for number in LEAVING]
    begun = threading.Event()

    def bring_in() -> None:
        import_contacts(
            database, io.BytesIO(table.encode()), options, ring=ring, at=NOON, progress=lambda *_: begun.set()
        )

    importing = threading.Thread(target=bring_in)
    importing.start()
    begun.wait(60)
    for keys in reversed(leaving):
        with database.writing() as session:
            erase_person(session, keys, Door.OPERATOR, at=NOON, operator="operator 1")
    importing.join(120)
    assert not importing.is_alive()
    for at in (NOON, NOON + SECOND_LOOK):
        finish_erasures(database, settings.data_dir, ring, at=at, child_days=14)
    with database.reading() as session:
        assert contacts_by_keys(session, [keys.own for keys in leaving]) == {}
    assert len(KEEPERS) == 2


def test_g1_who_is_erased_during_a_campaign_gets_nothing_afterwards_and_keeps_no_copy(house: House):
    readers = [f"reader{number}@example.org" for number in range(400)]
    house.bring(readers)
    house.apply("spring")
    house.tick()
    leaving = readers[5::40]
    erasing = threading.Thread(target=erase_amid, args=[house, leaving])
    erasing.start()
    house.send()
    erasing.join(120)
    assert not erasing.is_alive()
    house.tick()
    left = b"".join(path.read_bytes() for path in house.settings.mailbox_dir.rglob("*.eml"))
    assert left
    for address in leaving:
        assert f"Delivered-To: {address}\r\n".encode() not in left
    told = house.report("spring")
    assert told["audience"] == len(readers)
    assert told["sent"] + told["cancelled"] + told["withheld"] == len(readers)


def erase_amid(house: House, leaving: list[str]) -> None:
    """Erase people one after the other as soon as the first mail has arrived, each to the end as the terminal does."""
    until = time.monotonic() + 60
    while not any(house.settings.mailbox_dir.rglob("*.eml")) and time.monotonic() < until:
        time.sleep(0.01)
    settings, ring = house.settings, PepperRing.of(house.settings)
    for address in leaving:
        with house.database.writing() as session:
            keys = keys_of(session, ring, read_address(address))
            done = erase_person(session, keys, Door.TERMINAL, at=now(), operator="terminal")
        assert wait_for_handovers(house.database, done.own, "everything", seconds=30)
        finish_erasures(house.database, settings.data_dir, ring, at=now(), child_days=14)
