"""The terminal: what is held of one person, told, erased, put right and held."""

import json
import re
from pathlib import Path

import pytest

from tests.test_architecture import PRODUCT, imports

TABLE = "email,given_name,topics,plan\nann@example.org,Ann,offers;updates,gold\nbob@example.org,Bob,offers,tin\n"
GIVEN = ("--source", "mailing_list", "--source-time", "2026-03-01", "--evidence", "a form")
ANN = "ann@example.org"
DOCUMENTED = Path(__file__).resolve().parents[2] / "docs" / "person-export.md"


@pytest.fixture
def people(house, tmp_path: Path):
    (tmp_path / "people.csv").write_text(TABLE)
    assert house("import", "people.csv", *GIVEN).exit_code == 0
    return house


def test_gdpr_15_a_person_is_told_everything_with_sources_and_purposes(people, tmp_path: Path):
    told = json.loads(people("person", "export", "Ann <ANN@example.org>").output)
    assert told["format"] == "heedful.person/1"
    assert told["contact"]["source"] == "mailing_list"
    assert told["contact"]["attributes"] == {"plan": "gold"}
    assert {each["scope"]: each["permitted"] for each in told["purposes"]}["offers"] is True
    assert [each["scope"] for each in told["permissions"]] == ["offers", "updates"]
    assert [each["kind"] for each in told["events"]] == ["consent", "consent"]
    assert "bob" not in json.dumps(told).lower()
    written = people("person", "export", ANN, "--output", "ann.json")
    assert written.output.strip() == "written to ann.json"
    assert (tmp_path / "ann.json").stat().st_mode & 0o077 == 0
    again = json.loads((tmp_path / "ann.json").read_text())
    assert [each["act"] for each in again["receipts"]] == ["export"]
    assert list(again) == list(told)


def test_every_key_of_the_export_is_documented_in_its_order(people):
    written = re.findall(r"^\| (`.*?`) \|", DOCUMENTED.read_text(), re.MULTILINE)
    names = [name for row in written for name in re.findall(r"`(\w+)`", row)]
    assert names == list(json.loads(people("person", "export", ANN).output))


def test_who_is_not_held_is_told_that_and_no_close_spelling_is_named(people):
    told = json.loads(people("person", "export", "ann+x@example.org").output)
    assert (told["held"], told["contact"], told["events"]) == (False, None, [])


def test_gdpr_17_erasing_asks_once_more_and_says_what_went(people):
    assert people("person", "erase", ANN).exit_code == 2  # evidence is lacking
    refused = people("person", "erase", ANN, "--evidence", "letter", given="n\n")
    assert refused.exit_code == 1
    assert json.loads(people("person", "export", ANN).output)["held"]
    done = json.loads(people("person", "erase", ANN, "--evidence", "letter", "--yes", "--json").output)
    assert done == {"contacts": 1, "said": "erased"}
    told = json.loads(people("person", "export", ANN).output)
    assert (told["contact"], told["permissions"]) == (None, [])
    assert {each["reason"] for each in told["stops"]} == {"erasure"}
    assert people("verify").exit_code == 0
    again = json.loads(people("person", "erase", ANN, "--evidence", "letter", "--yes", "--json").output)
    assert again == {"said": "erased"}


def test_gdpr_16_what_is_wrong_is_put_right(people):
    done = people("person", "correct", ANN, "--family-name", "Curie", "--attribute", "plan=silver", "--json")
    assert json.loads(done.output) == {"corrected": "family_name, attributes"}
    people("person", "correct", ANN, "--new-address", "curie@example.org")
    told = json.loads(people("person", "export", "curie@example.org").output)
    assert (told["contact"]["family_name"], told["contact"]["attributes"]) == ("Curie", {"plan": "silver"})
    assert not any(each["permitted"] for each in told["purposes"])
    assert people("person", "correct", "curie@example.org").exit_code == 1
    assert people("person", "correct", "curie@example.org", "--attribute", "plan").exit_code == 1


def test_p13_a_hold_refuses_the_erasure_with_its_reason(people):
    assert json.loads(people("person", "hold", ANN, "--basis", "claim 7", "--json").output) == {"legal hold": 1}
    done = people("person", "erase", ANN, "--evidence", "letter", "--yes")
    assert done.exit_code == 1
    assert "claim 7" in done.output
    assert ANN not in done.output
    assert json.loads(people("person", "export", ANN).output)["contact"]["address"] == ANN
    assert people("person", "disclose", "1", ANN).exit_code == 1


def test_g13_p13_what_needs_two_is_decided_in_the_console_alone():
    """Neither the terminal nor the API knows who is there; operators who are signed in at the console do."""
    for service in ("propose_act", "decide_proposal"):
        users = {path.name for path in PRODUCT if any(each.endswith(service) for each in imports(path))}
        assert users == {"people_acts.py"}
