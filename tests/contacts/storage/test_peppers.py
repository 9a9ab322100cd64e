"""Peppers: whatever is rotated, whoever was known is found again under any spelling, and no secret may be missing."""

import ast
import importlib
import pkgutil
import threading
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, select

import campaigns.storage
import contacts.storage
import surveys.storage
from contacts.domain.addresses import Pepper, PepperRing, read_address
from contacts.domain.facts import Kind
from contacts.storage.contacts import Contact
from contacts.storage.gate import verdicts
from contacts.storage.ledger import record
from contacts.storage.peppers import (
    ALSO,
    FAMILY,
    OWN,
    Canary,
    begin_generation,
    generations,
    keys_of,
    remember_pepper,
    resolve,
)
from core.database import Base
from core.errors import Misconfigured, Unavailable
from tests.conftest import NOON, PEPPER
from tests.contacts.people import consent, fact

ROOT = Path(__file__).parents[3]
SECOND, THIRD = "the-second-pepper-of-the-tests-is-long", "the-third-pepper-of-the-tests-is-long-too"
ANN, TAGGED = read_address("ann@example.org"), read_address("ann+shop@example.org")
ALONE = {
    "pause": "made from the ledger's events",
    "rhythm": "made from the ledger's events",
    "permit": "only for whom a consent permits",
    "receipt": "written beside an event",
    "erasure": "made from the ledger's events",
    "former_key": "beside a contact; what it was before is looked up",
    "shared_person": "written beside an event",
    "address_change": "only for a contact",
    "message": "only for a contact",
}
"""Tables with a person's key that no look-up needs, and why."""


def rotated(database, *secrets: str) -> PepperRing:
    """Take each of these into use, one after another; the ring that holds them all."""
    held = [PEPPER]
    for secret in secrets:
        held.insert(0, secret)
        with database.writing() as session:
            begin_generation(session, PepperRing(held))
    return PepperRing(held)


def come(session, keys, written: str) -> None:
    """A new contact who said yes to updates."""
    session.add(
        Contact(
            address=written,
            address_key=keys.own,
            family_key=keys.family,
            source="mailing_list",
            source_at=NOON,
            evidence="a form",
            created_at=NOON,
            updated_at=NOON,
        )
    )
    record(session, [consent(keys, "updates", at=NOON)], at=NOON)


def said(session, keys) -> str | None:
    return verdicts(session, "updates", [keys.own], at=NOON).get(keys.own, "unknown")


def test_one_generation_costs_one_small_query(database, ring, pepper):
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with database.reading() as session:
        assert resolve(session, ring, [ANN, TAGGED]) == [pepper.keys(ANN), pepper.keys(TAGGED)]
    assert [each.split("FROM")[1].split()[0] for each in asked if "SELECT" in each] == ["canary"]


def test_who_is_known_keeps_the_key_and_who_is_new_gets_the_newest(database, ring):
    with database.writing() as session:
        come(session, before := keys_of(session, ring, ANN), "ann@example.org")
    both = rotated(database, SECOND)
    bob = read_address("bob@example.org")
    with database.writing() as session:
        assert keys_of(session, both, ANN) == before
        assert keys_of(session, both, bob) == Pepper(SECOND).keys(bob)
        come(session, keys_of(session, both, bob), "bob@example.org")
    three = rotated(database, SECOND, THIRD)
    with database.reading() as session:
        assert resolve(session, three, [bob, ANN]) == [Pepper(SECOND).keys(bob), before]


def test_g9_somebody_erased_is_found_after_a_rotation_and_so_is_a_relative(database, ring):
    with database.writing() as session:
        come(session, keys := keys_of(session, ring, ANN), "ann@example.org")
        record(session, [fact(keys, Kind.ERASURE, "everything", at=NOON)], at=NOON)
        session.execute(delete(Contact))
    both = rotated(database, SECOND)
    with database.writing() as session:
        assert keys_of(session, both, ANN) == keys
        relative = keys_of(session, both, TAGGED)
        assert relative.own == Pepper(SECOND).keys(TAGGED).own
        assert relative.family == keys.family
        come(session, relative, "ann+shop@example.org")
        assert said(session, relative) == "family_held"
        # the negative control: keyed with the newest secret alone, the same person would be free
        come(session, Pepper(SECOND).keys(read_address("a.nn+2@example.org")), "a.nn+2@example.org")
        careless = Pepper(SECOND).keys(ANN)
        come(session, careless, "ann@example.org")
        assert said(session, careless) is None


PEOPLE = ("a0@example.org", "a0+tag@example.org", "b.0@gmail.com", "b0@googlemail.com", "c0@example.org")
WRITINGS = (str, str.upper, lambda each: f"Somebody <{each}>", lambda each: f"mailto:{each}", lambda each: f" {each}. ")
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["come", "come", "leave", "leave", "rotate", "delete"]),
        st.sampled_from(PEOPLE),
        st.sampled_from(WRITINGS),
    ),
    max_size=10,
)
NUMBERS = count(1)


@example(acts=[("leave", PEOPLE[0], str), ("rotate", "", str), ("come", PEOPLE[1], str), ("rotate", "", str)])
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_g8_no_rotation_frees_anybody_who_left_or_their_family(database, acts):
    number = str(next(NUMBERS))
    with database.reading() as session:
        ours = len(session.scalars(select(Canary.generation)).all()) - 1
    held = [*(f"{index}-pepper-of-a-rotation-that-is-long" for index in range(ours, 0, -1)), PEPPER]
    left: set[str] = set()
    for act, who, written in acts:
        ring, address = PepperRing(held), written(who.replace("0", number))
        with database.writing() as session:
            if act == "rotate":
                held.insert(0, f"{len(held)}-pepper-of-a-rotation-that-is-long")
                assert begin_generation(session, PepperRing(held)) == len(held)
                continue
            keys = keys_of(session, ring, read_address(address))
            if act == "delete":
                session.execute(delete(Contact).where(Contact.address_key == keys.own))
            elif act == "leave":
                record(session, [fact(keys, Kind.OPT_OUT, "everything", at=NOON)], at=NOON)
                left.add(who)
            elif session.scalar(select(Contact.id).where(Contact.address_key == keys.own)) is None:
                come(session, keys, who)
    with database.writing() as session:
        for who in PEOPLE:
            address = read_address(who.replace("0", number))
            keys = keys_of(session, PepperRing(held), address)
            if session.scalar(select(Contact.id).where(Contact.address_key == keys.own)) is None:
                come(session, keys, who)
            related = any(read_address(each.replace("0", number)).family == address.family for each in left)
            expected = "opted_out" if who in left else "family_held" if related else None
            assert said(session, keys) == expected, (who, acts)


def test_a_secret_that_nobody_took_into_use_keys_nobody(database, ring, pepper):
    waiting = PepperRing([SECOND, PEPPER])
    with database.writing() as session:
        assert keys_of(session, waiting, ANN) == pepper.keys(ANN)
        assert begin_generation(session, waiting) == 2
        assert begin_generation(session, waiting) is None
        assert keys_of(session, waiting, ANN) == Pepper(SECOND).keys(ANN)
        # the order is the database's: another one in the setting changes nothing
        assert keys_of(session, PepperRing([PEPPER, SECOND]), ANN) == Pepper(SECOND).keys(ANN)
        remember_pepper(session, PepperRing([THIRD]))
    with database.reading() as session:
        assert len(generations(session, waiting)) == 2


@pytest.mark.parametrize("held", [[PEPPER], [SECOND], [THIRD]])
def test_a_missing_generation_stops_everything(database, held):
    rotated(database, SECOND)
    ring = PepperRing(held)
    with database.writing() as session:
        with pytest.raises(Misconfigured, match="lacks generation"):
            generations(session, ring)
        with pytest.raises(Misconfigured):
            begin_generation(session, ring)
        with pytest.raises(Unavailable):
            keys_of(session, ring, ANN)


def test_without_any_canary_nobody_is_keyed(database, ring):
    with database.writing() as session:
        session.execute(delete(Canary))
        with pytest.raises(Misconfigured, match="generation 1 "):
            generations(session, ring)


def test_a_rotation_waits_for_whoever_has_looked_up_a_key(database, ring):
    both, begun, ended = PepperRing([SECOND, PEPPER]), threading.Event(), threading.Event()

    def rotate() -> None:
        begun.set()
        with database.writing() as session:
            begin_generation(session, both)
        ended.set()

    work = threading.Thread(target=rotate)
    with database.writing() as session:
        keys = keys_of(session, both, ANN)
        work.start()
        begun.wait()
        assert not ended.wait(0.3)
        come(session, keys, "ann@example.org")
    work.join()
    with database.writing() as session:
        assert keys_of(session, both, ANN) == keys == Pepper(PEPPER).keys(ANN)


def test_more_people_than_one_statement_takes_are_looked_up(database, monkeypatch):
    monkeypatch.setattr("contacts.storage.peppers._MOST_VALUES", 8)
    both = rotated(database, SECOND)
    people = [read_address(f"p{number}@example.org") for number in range(25)]
    with database.writing() as session:
        for address in people[::2]:
            come(session, Pepper(PEPPER).keys(address), address.delivery)
        found = resolve(session, both, people)
    assert found == [Pepper(SECOND if place % 2 else PEPPER).keys(address) for place, address in enumerate(people)]
    with database.reading() as session:
        assert resolve(session, both, []) == []


def test_every_table_that_keeps_a_key_is_looked_up_or_need_not_be():
    for floor in (contacts.storage, campaigns.storage, surveys.storage):
        for module in pkgutil.iter_modules(floor.__path__, f"{floor.__name__}."):
            importlib.import_module(module.name)
    for name, columns in (("address_key", OWN), ("family_key", FAMILY)):
        keeping = {table.name for table in Base.metadata.tables.values() if name in table.c}
        looked_up = {column.class_.__table__.name for column in columns if column.key == name}
        looked_up |= {table for table, column in ALSO if column == name}
        assert keeping - looked_up <= set(ALONE), "list it in contacts.storage.peppers, or say here why not"
        assert looked_up <= keeping
    for table, column in ALSO:
        assert any(next(iter(each.columns)).name == column for each in Base.metadata.tables[table].indexes), table


def calls_keys(source: str) -> bool:
    """Whether a module keys something under one secret; a mapping's own keys() is given nothing."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args)
    return any(isinstance(call.func, ast.Attribute) and call.func.attr == "keys" for call in calls)


def test_g8_nothing_but_the_lookup_keys_an_address_under_one_secret():
    keying = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if not path.is_relative_to(ROOT / "tests") and ".venv" not in path.parts and calls_keys(path.read_text("utf-8"))
    }
    assert keying == {
        "contacts/storage/peppers.py",
        "contacts/services/count_generations.py",
        "contacts/storage/traces.py",  # looks for somebody's address in files, under every generation
        "contacts/domain/foreign_hashes.py",  # keys other people's hashes, and foreign_lists asks for every generation
    }
