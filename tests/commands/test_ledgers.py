"""`heedful verify` and `heedful ledger` at the terminal."""

import json
import sqlite3
from pathlib import Path

import pytest

from contacts.domain.anchors import read_anchors
from tests.commands.conftest import Run

BROKEN = "DROP TRIGGER event_no_update; UPDATE event SET evidence = 'x' WHERE sequence = 1"


@pytest.fixture
def told(house: Run) -> Run:
    """A house where two people opted out."""
    for address in ("ann@example.org", "bob@example.org"):
        assert house("opt-out", address).exit_code == 0
    return house


def change(script: str) -> None:
    with sqlite3.connect("heedful.db") as connection:
        connection.executescript(script)
    connection.close()


def test_g18_a_whole_ledger_is_told_so(told: Run):
    facts = json.loads(told("verify", "--json").output)
    assert facts == {"events": 2, "people": 2, "fault": "none", "guards": "all stand", "anchors": 0}


def test_g18_the_first_wrong_row_ends_in_exit_code_1(told: Run):
    change(BROKEN)
    found = told("verify")
    assert found.exit_code == 1
    assert "Event 1 was changed" in found.output
    assert "event_no_update is missing" in found.output
    assert "ann" not in found.output


def test_g18_a_missing_guard_alone_is_a_fault_and_can_be_put_back(told: Run):
    change("DROP TRIGGER block_no_delete")
    found = told("verify", "--json")
    assert (found.exit_code, "The guard block_no_delete is missing." in found.output) == (1, True)
    assert "heedful ledger guard" in found.output
    put_back = told("ledger", "guard")
    assert (put_back.exit_code, "Every guard stands" in put_back.output) == (0, True)
    assert told("verify").exit_code == 0


def test_g18_what_a_command_cannot_mend_is_said(told: Run):
    change("CREATE TRIGGER odd BEFORE INSERT ON block BEGIN SELECT RAISE(IGNORE); END")
    assert "none of Heedful's" in told("ledger", "guard").output
    change("DROP TRIGGER odd; DROP TABLE block")
    assert "The table block is missing" in told("verify").output


def test_g18_the_anchor_that_was_kept_elsewhere_shows_a_cut_end(told: Run, tmp_path: Path):
    line = told("ledger", "head").output
    assert read_anchors(line)[0].events == 2
    kept = tmp_path / "anchors.txt"
    kept.write_text(f"# kept by Kim\n{line}", encoding="utf-8")
    assert told("opt-out", "eve@example.org").exit_code == 0
    assert json.loads(told("verify", "--anchor-file", kept, "--json").output)["anchors"] == "1, all hold"
    assert told("verify", "--anchor", line.strip(), "--anchor-file", kept).exit_code == 0
    newer = json.loads(told("ledger", "head", "--json").output)["anchor"]
    change(
        "DROP TRIGGER event_no_delete; DROP TRIGGER ledger_head_forward; DROP TRIGGER block_no_delete;"
        "DELETE FROM block WHERE event_sequence = 3; DELETE FROM event WHERE sequence = 3;"
        "UPDATE ledger_head SET sequence = 2, hash = (SELECT hash FROM event WHERE sequence = 2)"
    )
    assert told("ledger", "guard").exit_code == 0
    assert told("verify", "--anchor-file", kept).exit_code == 0
    cut = told("verify", "--anchor", newer)
    assert (cut.exit_code, "The end of the ledger was cut off" in cut.output) == (1, True)


def test_an_anchor_that_was_not_copied_whole_proves_nothing(told: Run):
    line = told("ledger", "head").output.strip()
    found = told("verify", "--anchor", line[:-3])
    assert (found.exit_code, "no whole anchor" in found.output) == (1, True)


def test_p7_a_new_database_can_be_read_by_its_owner_alone_and_the_doctor_looks(told: Run):
    assert Path("heedful.db").stat().st_mode & 0o777 == 0o600
    Path("heedful.db").chmod(0o644)
    sick = told("doctor")
    assert (sick.exit_code, "others can read heedful.db" in sick.output) == (1, True)
