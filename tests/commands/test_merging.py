"""`heedful merge`: two addresses of one person become one contact, as strict as both."""

import json
from pathlib import Path


def test_two_contacts_are_merged_and_the_opt_out_of_one_holds(house, tmp_path: Path):
    table = "email,given_name,topics,opt-out\nann@example.org,,updates,\na.smith@example.com,Ann,updates,updates\n"
    (tmp_path / "people.csv").write_text(table)
    given = ("--source", "mailing_list", "--source-time", "2026-03-01", "--evidence", "a form")
    assert house("import", "people.csv", *given).exit_code == 0
    done = house("merge", "Ann@example.org", "a.smith@example.com", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert (told["filled"], told["restrictions"]) == ("given_name", 1)
    assert json.loads(house("explain", "ann@example.org", "--json").output)["topics"]["updates"] == "opted_out"
    again = house("merge", "ann@example.org", "a.smith@example.com")
    assert again.exit_code == 1
    assert "DROP" in again.output
    assert "smith" not in again.output
    assert house("merge", "ann@example.org", "ANN@example.org").exit_code == 1


def test_a_stop_that_names_the_dropped_address_later_stops_the_kept_one(house, tmp_path: Path):
    (tmp_path / "people.csv").write_text("email,topics\nm1@example.org,updates\nm4@example.com,updates\n")
    given = ("--source", "mailing_list", "--source-time", "2026-03-01", "--evidence", "a form")
    assert house("import", "people.csv", *given).exit_code == 0
    assert house("merge", "m1@example.org", "m4@example.com").exit_code == 0
    assert json.loads(house("explain", "m1@example.org", "--json").output)["topics"]["updates"] != "opted_out"
    assert house("opt-out", "m4@example.com").exit_code == 0
    assert json.loads(house("explain", "m1@example.org", "--json").output)["topics"]["updates"] == "opted_out"
