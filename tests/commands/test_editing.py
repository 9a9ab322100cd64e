"""`heedful contacts edit`: counted with --look, done without; nothing in it permits."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def people(house, tmp_path: Path):
    (tmp_path / "people.csv").write_text(
        "email,country,topics\nann@example.org,DE,updates\nbob@example.org,FR,updates\n"
    )
    given = ("--source", "mailing_list", "--source-time", "2026-03-01", "--evidence", "a form")
    assert house("import", "people.csv", *given).exit_code == 0
    return house


def test_an_edit_is_looked_at_and_then_done(people):
    said = ("contacts", "edit", "--everybody", "--set", "plan=gold", "--clear", "country", "--language", "de")
    looked = json.loads(people(*said, "--look", "--json").output)
    assert (looked["meant"], looked["changed"]) == (2, 2)
    assert json.loads(people(*said, "--json").output)["changed"] == 2
    assert json.loads(people(*said, "--json").output)["unchanged"] == 2


def test_an_edit_that_stops_people_needs_evidence_and_holds(people):
    said = ("contacts", "edit", "--everybody", "--opt-out", "updates")
    refused = people(*said)
    assert refused.exit_code == 1
    assert "evidence" in refused.output
    assert people(*said, "--evidence", "a letter").exit_code == 0
    topics = json.loads(people("explain", "ann@example.org", "--json").output)["topics"]
    assert topics["updates"] == "opted_out"


def test_whom_it_means_must_be_said_once(people):
    assert people("contacts", "edit", "--set", "a=b").exit_code == 1
    assert people("contacts", "edit", "--everybody", "--segment", "x", "--set", "a=b").exit_code == 1
    assert people("contacts", "edit", "--segment", "nobody", "--set", "a=b").exit_code == 1
