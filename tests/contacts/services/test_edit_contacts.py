"""Editing many contacts at once changes profiles and restricts, and permits nobody (G8, G19)."""

from typing import Any

import pytest

from contacts.domain.edits import read_edit
from contacts.domain.facts import Door
from contacts.services import edit_contacts as editing
from contacts.services.edit_contacts import EditTerms, edit_contacts, preview_edit
from contacts.storage.contact_edits import edit_numbered, latest_edits
from contacts.storage.permits import Permit
from core.errors import BadInput
from tests.conftest import NOON
from tests.contacts.people import add_permitted
from tests.contacts.services.imported import contact, events, verdict

GERMANS = {"rules": [{"field": "attributes.country", "op": "is", "value": "DE"}]}


@pytest.fixture
def people(database, pepper):
    with database.writing() as session:
        return [
            add_permitted(
                session, pepper, f"p{number}@example.org", "updates", "offers", at=NOON,
                attributes={"country": "DE" if number % 2 else "FR", "plan": "gold"},
            )
            for number in range(7)
        ]  # fmt: skip


def terms(**said):
    rest: dict[str, Any] = {
        name: said.pop(name) for name in ("evidence", "condition", "confirm_seconds") if name in said
    }
    rest.setdefault("condition", GERMANS)
    return EditTerms(**rest, edit=read_edit(**said), door=Door.OPERATOR, operator="me")


def test_a_preview_counts_and_changes_nothing(database, people):
    edit = read_edit(pairs=["plan=silver"], opt_outs=["offers"])
    with database.reading() as session:
        found = preview_edit(session, GERMANS, edit, at=NOON)
    assert (found.met, found.looked_at, found.counts) == (3, 3, {"changed": 3, "opt_outs": 3})
    assert contact(database, people[1].own).attributes["plan"] == "gold"
    assert verdict(database, people[1].own, "offers") is None


def test_an_edit_does_what_its_preview_said_in_batches_and_again_nothing(database, people, monkeypatch):
    monkeypatch.setattr(editing, "BATCH", 2)
    told = []
    said = terms(
        pairs=["plan=silver"], cleared=["country"], language="de", opt_outs=["offers"], evidence="their letter"
    )
    found = edit_contacts(database, said, at=NOON, progress=lambda done, met: told.append((done, met)))
    assert found.counts == {"contacts": 3, "changed": 3, "opt_outs": 3}
    assert told == [(2, 3), (3, 3)]
    assert contact(database, people[1].own).attributes == {"plan": "silver"}
    assert contact(database, people[1].own).locale == "de"
    assert verdict(database, people[1].own, "offers") == "opted_out"
    assert verdict(database, people[1].own, "updates") is None
    assert contact(database, people[0].own).attributes == {"country": "FR", "plan": "gold"}
    event = events(database, people[1].own)[-1]
    assert (event.kind, event.door, event.evidence, event.details) == (
        "opt_out",
        "operator",
        "their letter",
        {"edit": 1},
    )
    everybody = terms(opt_outs=["offers"], evidence="x", condition={})
    assert edit_contacts(database, everybody, at=NOON).counts["opt_outs"] == 4
    assert edit_contacts(database, everybody, at=NOON).counts == {"contacts": 7, "unchanged": 7, "changed": 0}


def test_g13_many_are_flagged_as_children_at_once(database, people):
    edit_contacts(database, terms(child=True, evidence="the school's list"), at=NOON)
    assert verdict(database, people[1].own) == "child"
    assert verdict(database, people[2].own) is None


def test_nobody_is_stopped_without_evidence(database, people):
    with pytest.raises(BadInput) as refused:
        edit_contacts(database, terms(opt_outs=["offers"], evidence=" "), at=NOON)
    assert refused.value.field == "evidence"
    with database.reading() as session:
        assert latest_edits(session) == []


def test_g1_an_edit_says_when_a_message_was_already_being_handed_over(database, people):
    with database.writing() as session:
        session.add(Permit(message_id=1, address_key=people[1].own, scope="offers", sender_id=1, granted_at=NOON))
    said = terms(opt_outs=["offers"], evidence="x", confirm_seconds=0.05)
    assert not edit_contacts(database, said, at=NOON).settled


def test_an_edit_that_breaks_off_is_told_in_its_history(database, people):
    def stop(_done, _met):
        raise BadInput("stopped here")

    with pytest.raises(BadInput):
        edit_contacts(database, terms(pairs=["plan=silver"]), at=NOON, progress=stop)
    with database.reading() as session:
        run = edit_numbered(session, 1)
        assert (run.state, run.problem, run.counts["contacts"]) == ("failed", "stopped here", 3)
