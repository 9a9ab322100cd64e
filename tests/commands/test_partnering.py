"""`heedful partner`: from a company's name to an acknowledged opt-out list, in the terminal."""

import csv
import hmac
import json
import stat
from hashlib import sha256
from pathlib import Path

import pytest

TERMS = (
    "--title", "Acme Sounds", "--contract", "contract 7", "--privacy-email", "privacy@acme.test",
    "--suppression-email", "lists@acme.test", "--field", "address", "--field", "given_name",
)  # fmt: skip
WHY = ("--purpose", "inform", "--reference", "spring letter")
PEOPLE = """email,given_name,topics
ann@example.org,Ann,sharing:acme
bob@example.org,Bob,sharing:acme
cid@example.org,Cid,updates
"""


@pytest.fixture
def run(house, tmp_path: Path):
    """A house with the partner acme, and two of three people who permit being handed to it."""

    def ran(*arguments, fails: bool = False) -> str:
        done = house(*arguments)
        assert (done.exit_code != 0) == fails, done.output
        return str(done.output)

    ran("partner", "add", "acme", *TERMS)
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    ran("import", file, "--source", "mailing_list", "--source-time", "2026-03-01", "--evidence", "a form")
    return ran


def partners(run) -> list[dict]:
    found: list[dict] = json.loads(run("partner", "list", "--json"))["partners"]
    return found


def test_a_partner_is_kept(house, run):
    assert "Acme Sounds" in run("partner", "list")
    (acme,) = partners(run)
    assert (acme["state"], acme["fields"], acme["acknowledge_days"]) == ("active", ["address", "given_name"], 7)
    run("partner", "edit", "acme", "--days", "3", "--title", "Acme Audio")
    run("partner", "deactivate", "acme", "--why", "contract ended")
    (acme,) = partners(run)
    assert (acme["title"], acme["acknowledge_days"], acme["state"]) == ("Acme Audio", 3, "inactive")
    assert acme["fields"] == ["address", "given_name"]
    run("partner", "activate", "acme")
    assert partners(run)[0]["state"] == "active"
    assert "There is a partner" in run("partner", "add", "acme", *TERMS, fails=True)
    assert "There is no partner" in run("partner", "edit", "umbrella", "--days", "3", fails=True)


def test_a_house_without_partners_says_what_comes_next(house):
    assert "heedful partner add" in house("partner", "list").output


def test_g15_an_export_writes_who_permits_it_and_tells_the_rest(run, tmp_path: Path):
    file = tmp_path / "acme.csv"
    said = run("partner", "export", "acme", *WHY, "--output", file)
    assert "not handed over: 1, never gave permission" in said
    assert sha256(file.read_bytes()).hexdigest() in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with file.open(newline="") as rows:
        assert [row["address"] for row in csv.DictReader(rows)] == ["ann@example.org", "bob@example.org"]
    assert "There is a file of that name" in run("partner", "export", "acme", *WHY, "--output", file, fails=True)


def test_an_export_that_is_refused_leaves_no_file_behind(run, tmp_path: Path):
    run("partner", "deactivate", "acme")
    before = set(tmp_path.iterdir())
    assert "not active" in run("partner", "export", "acme", *WHY, "--output", tmp_path / "acme.csv", fails=True)
    assert set(tmp_path.iterdir()) == before


def test_an_export_can_be_reported_for_programs(run, tmp_path: Path):
    said = json.loads(run("partner", "export", "acme", *WHY, "--output", tmp_path / "acme.csv", "--json"))
    assert (said["rows"], said["refused"]) == (2, {"no_permission": 1})


def test_the_opt_out_list_speaks_of_who_left_and_is_acknowledged(run, tmp_path: Path):
    key = bytes.fromhex(run("partner", "opt-outs", "acme", "--show-key").splitlines()[0])
    run("partner", "export", "acme", *WHY, "--output", tmp_path / "acme.csv")
    first = tmp_path / "list.txt"
    assert "nobody opted out" in run("partner", "opt-outs", "acme", "--output", first, fails=True)
    assert not first.exists()
    run("opt-out", "Ann@Example.org")
    assert partners(run)[0]["due"] == "list_due"
    run("partner", "opt-outs", "acme", "--output", first)
    lines = [line for line in first.read_text().splitlines() if not line.startswith("#")]
    assert lines == [hmac.new(key, b"ann@example.org", "sha256").hexdigest()]
    assert partners(run)[0]["due"] == "unacknowledged"
    assert "due" in run("partner", "list")
    assert "Acknowledged: 1." in run("partner", "acknowledge", "acme")
    assert partners(run)[0]["due"] is None
    assert "nothing new" in run("partner", "opt-outs", "acme", "--only-new", "--output", tmp_path / "x", fails=True)


def test_a_list_or_a_key_is_asked_for_and_an_acknowledgement_needs_a_list(run):
    assert "Give either" in run("partner", "opt-outs", "acme", fails=True)
    assert "no opt-out list" in run("partner", "acknowledge", "acme", fails=True)
