"""Opt-outs that come while a large export runs: who was confirmed out is in no row (G1, G15)."""

import csv
import io
import os
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from contacts.domain.addresses import AddressKeys, Pepper, read_address
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.partnerships import Purpose
from contacts.services import share_with_partner as sharing
from contacts.services.share_with_partner import Request, share_with_partner
from contacts.services.unsubscribe import opt_out
from contacts.services.verify_ledger import verify_ledger
from contacts.storage.contacts import Contact
from contacts.storage.ledger import Event, record
from core.bulk import insert_many
from core.database import Database
from tests.conftest import NOON
from tests.contacts.partnering import acme
from tests.patience import until

PEOPLE = int(os.environ.get("HEEDFUL_TEST_SHARED", "2000"))
SCOPES = ("everything", "sharing", "sharing:acme", "partners")
Leaving = list[tuple[str, AddressKeys, str]]


def fill(database: Database, pepper: Pepper, number: int) -> list[tuple[str, AddressKeys]]:
    """So many people who permit being handed to acme."""
    people = [(f"p{each}@example.org", pepper.keys(read_address(f"p{each}@example.org"))) for each in range(number)]
    common = {
        "given_name": "", "family_name": "", "locale": "", "time_zone": "", "source": "mailing_list",
        "source_at": NOON, "evidence": "a form", "attributes": {}, "created_at": NOON, "updated_at": NOON,
    }  # fmt: skip
    with database.writing() as session:
        acme(session)
        insert_many(
            session, Contact,
            [{"address": a, "address_key": keys.own, "family_key": keys.family} | common for a, keys in people],
        )  # fmt: skip
    for start in range(0, number, 2_000):
        with database.writing() as session:
            yes = [
                Fact(keys.own, keys.family, Kind.CONSENT, "sharing:acme", Door.IMPORT, NOON,
                     source="mailing_list", evidence="a form", policy_version="2026-01")
                for _, keys in people[start : start + 2_000]
            ]  # fmt: skip
            record(session, yes, at=NOON)
    return people


class Race:
    """People who leave one after the other while an export runs; `before` are those confirmed before it left."""

    def __init__(self, database: Database, leaving: Leaving) -> None:
        self.database, self.leaving = database, iter(leaving)
        self.confirmed: list[str] = []
        self.before: set[str] = set()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        for address, keys, scope in self.leaving:
            with self.database.writing() as session:
                opt_out(session, keys, scope, Door.PAGE, at=NOON)
            self.confirmed.append(address)  # from here on we have said "done"
            if self.over.is_set():
                return

    def leave(self) -> None:
        self.before = set(self.confirmed)
        self.over.set()

    def export(self, ring) -> list[str]:
        file = io.BytesIO()
        request = Request("acme", Purpose.INFORM, "spring letter", "kim@example.org")

        def depart(done: int, _whole: int) -> None:
            if not self.thread.ident:
                self.thread.start()
            gone = max(10, len(self.confirmed)) if done < PEOPLE else 0
            until(lambda: len(self.confirmed) > gone or not self.thread.is_alive(), "somebody to leave")

        share_with_partner(
            self.database,
            request,
            file,
            ring=ring,
            read_clock=lambda: NOON,
            publish=self.leave,
            progress=depart,
        )
        self.thread.join(120)
        return [row["address"] for row in csv.DictReader(io.StringIO(file.getvalue().decode()))]


def mixed(people: list[tuple[str, AddressKeys]]) -> Iterator[tuple[str, AddressKeys, str]]:
    """From both ends of the table in turn: some are judged already, some are not."""
    half = len(people) // 2
    for number, pair in enumerate(zip(people[:half], reversed(people[half:]), strict=True)):
        for address, keys in pair:
            yield address, keys, SCOPES[number % len(SCOPES)]


def test_g1_g15_who_was_confirmed_out_before_the_file_left_is_in_no_row(database, pepper, ring):
    race = Race(database, list(mixed(fill(database, pepper, PEOPLE))))
    left = race.export(ring)
    assert len(race.before) > 10
    assert not race.before & set(left)
    with database.reading() as session:
        shared = set(session.scalars(select(Event.address_key).where(Event.kind == Kind.SHARED.value)))
        written = set(session.scalars(select(Contact.address_key).where(Contact.address.in_(left[:5_000]))))
        assert written <= shared
        assert len(left) <= len(shared)
    with database.reading() as session:
        verify_ledger(session)


def test_without_the_last_look_the_race_is_lost(sqlite_url, pepper, ring, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sharing, "shared_and_changed", lambda *_: [])
    database = Database(sqlite_url)
    people = fill(database, pepper, 600)
    race = Race(database, [(address, keys, "everything") for address, keys in people[:200]])
    file = io.BytesIO()

    def leave_all(done: int, _whole: int) -> None:
        if done == 600:
            race.run()

    request = Request("acme", Purpose.INFORM, "spring letter", "kim@example.org")
    share_with_partner(database, request, file, ring=ring, read_clock=lambda: NOON, progress=leave_all)
    assert len(file.getvalue().splitlines()) == 601
    database.close()
