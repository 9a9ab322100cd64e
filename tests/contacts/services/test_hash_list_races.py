"""Nobody slips between a hashed list that is being stored and an arrival that has just looked (G8)."""

import hashlib
import io
import threading
from collections import Counter

from contacts.domain.addresses import read_address
from contacts.domain.facts import Door
from contacts.domain.intake import Intake, take_in
from contacts.domain.policy import Source
from contacts.domain.rows import ContactRow
from contacts.services.import_hashes import HashListOptions, import_hashes
from contacts.storage.arrivals import known_people, store_people
from contacts.storage.policies import policy_table
from tests.conftest import NOON
from tests.contacts.services.imported import verdict

ANN = read_address("ann@example.org")


def arrive(session, ring, keys):
    intake = Intake({"token": 1}, Door.API, NOON, "2026-01", policy_table(session))
    row = ContactRow(0, ANN, consents=("updates",), source=Source.REGISTRATION, source_at=NOON, evidence="form")
    known = known_people(session, [keys])
    facts = take_in(row, keys, known[keys.own], intake, Counter())
    return store_people(session, known, {keys.own: keys.family}, facts, ring, at=NOON)


def test_g8_a_list_that_comes_while_somebody_arrives_still_stops_them(database, ring, pepper, tmp_path):
    keys, counts = pepper.keys(ANN), []
    options = HashListOptions(rejects_folder=tmp_path)
    data = hashlib.sha256(b"ann@example.org").hexdigest().encode()

    def take_list():
        counts.append(import_hashes(database, io.BytesIO(data), options, ring=ring, at=NOON).counts)

    storing = threading.Thread(target=take_list)
    with database.writing() as session:
        assert arrive(session, ring, keys) == 0  # has looked, found no list, and is not committed yet
        storing.start()
        storing.join(0.5)
        assert storing.is_alive()
    storing.join(30)
    assert counts[0]["matched"] == 1
    assert verdict(database, keys.own) == "opted_out"


def test_g8_a_list_that_came_just_before_is_seen_by_who_arrives(database, ring, pepper, tmp_path):
    data = hashlib.sha256(b"ann@example.org").hexdigest().encode()
    import_hashes(database, io.BytesIO(data), HashListOptions(rejects_folder=tmp_path), ring=ring, at=NOON)
    with database.writing() as session:
        assert arrive(session, ring, pepper.keys(ANN)) == 1
    assert verdict(database, pepper.keys(ANN).own) == "opted_out"
