"""The terminal: contacts in, opt-outs through two doors, and what is told about them."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from contacts.domain.addresses import PepperRing, read_address
from contacts.domain.headings import KNOWN, Field, folded
from contacts.domain.leaving_tokens import unsubscribe_token
from core.settings import load_settings
from core.tokens import Keyring

README = Path(__file__).resolve().parents[2] / "README.md"
TABLE = (
    "email,given_name,topics,child\nann@example.org,Ann,offers;updates,\nkim@example.org,Kim,offers,yes\nbroken,,,\n"
)
GIVEN = ("--source", "mailing_list", "--source-time", "2026-03-01", "--evidence", "a form")


@pytest.fixture
def people(house, tmp_path: Path):
    (tmp_path / "people.csv").write_text(TABLE)
    done = house("import", "people.csv", *GIVEN, "--json")
    assert done.exit_code == 0, done.output
    counts = json.loads(done.output)
    assert (counts["added"], counts["children"], counts["rejected"]) == (1, 1, 1)
    return house


def topics(run, address: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(run("explain", address, "--json").output)["topics"]
    return found


def test_an_import_is_told_for_people_and_its_rejects_are_kept(house, tmp_path: Path):
    (tmp_path / "people.csv").write_text(TABLE)
    done = house("import", "people.csv", *GIVEN)
    assert "line 4" in done.output
    assert (tmp_path / "data" / "rejects" / "import-1.csv").read_text().count("\n") >= 2
    assert "utf-8" in house("import", "people.csv", "--look").output
    assert json.loads(house("import", "people.csv", "--look", "--json").output)["columns"]["email"] == "address"


def test_an_import_whose_time_means_two_days_is_refused(house, tmp_path: Path):
    (tmp_path / "people.csv").write_text(TABLE)
    done = house("import", "people.csv", "--source", "purchase", "--source-time", "03/04/2026")
    assert done.exit_code == 1
    assert "--source-time" in done.output


def test_g19_an_opt_out_in_the_terminal_is_the_same_act(people):
    done = people("opt-out", "ANN@example.org", "--evidence", "telephone")
    assert done.exit_code == 0
    assert "done" in done.output
    assert set(topics(people, "ann@example.org").values()) == {"opted_out", "no_permission"}
    assert "telephone" in people("explain", "ann@example.org").output
    assert people("verify").exit_code == 0


def test_a_scope_that_is_none_stops_nothing(people):
    done = people("opt-out", "ann@example.org", "--scope", "nonsense")
    assert done.exit_code == 1
    assert topics(people, "ann@example.org")["offers"] == "permitted"
    assert people("opt-out").exit_code == 1


def test_g8_importing_the_file_again_lifts_nothing(people):
    people("opt-out", "ann@example.org", "--scope", "offers")
    for _ in range(2):
        assert people("import", "people.csv", *GIVEN).exit_code == 0
    assert topics(people, "ann@example.org")["offers"] == "opted_out"
    assert topics(people, "ann@example.org")["updates"] == "permitted"
    assert topics(people, "kim@example.org")["offers"] == "child"


def test_g19_a_piped_mail_opts_out_by_its_token_or_its_writer(people):
    settings = load_settings()
    keys = PepperRing.of(settings).peppers[0].keys(read_address("ann@example.org"))
    token = unsubscribe_token(Keyring([settings.secret_key.get_secret_value()]), keys.own, 0, 5)
    by_token = f"From: somebody@example.com\r\nSubject: {token}\r\n\r\n"
    assert json.loads(people("opt-out", "--mail", "-", "--json", given=by_token).output)["opted out"] == 1
    assert topics(people, "ann@example.org")["offers"] == "opted_out"
    by_hand = "From: Bob <bob@example.org>\r\nSubject: stop\r\n\r\nplease"
    assert people("opt-out", "--mail", "-", given=by_hand).exit_code == 0
    assert topics(people, "bob@example.org")["offers"] == "opted_out"


def test_an_automatic_reply_opts_nobody_out(people):
    away = "From: ann@example.org\r\nAuto-Submitted: auto-replied\r\nSubject: away\r\n\r\n"
    assert json.loads(people("opt-out", "--mail", "-", "--json", given=away).output)["opted out"] == 0
    assert topics(people, "ann@example.org")["offers"] == "permitted"


def test_a_mail_from_nobody_is_told(people):
    assert people("opt-out", "--mail", "-", given="Subject: x\r\n\r\n").exit_code == 1


def test_somebody_unknown_is_explained_too(people):
    told = people("explain", "nobody@example.org").output
    assert "No contact" in told
    assert "Nothing was ever recorded" in told


def test_a_table_through_a_pipe_is_read_and_options_say_what_no_column_does(house):
    import os
    import subprocess
    import sys

    table = "email\nann@example.org\nbob@example.org\n"
    more = ("--consent", "offers", "--consent", "research", "--opt-out", "research", "--json")
    command = [sys.executable, "-m", "manage", "import", "-", *GIVEN, *more]
    done = subprocess.run(command, input=table, capture_output=True, text=True, check=True, env=os.environ)
    assert json.loads(done.stdout)["added"] == 2
    assert topics(house, "ann@example.org")["offers"] == "permitted"
    assert topics(house, "ann@example.org")["research"] == "opted_out"


def test_everybody_can_be_exported_and_read_back(people, tmp_path: Path):
    assert people("export", "--output", "out.csv").exit_code == 0
    assert "ann@example.org" in (tmp_path / "out.csv").read_text()
    assert people("export", "--segment", "nothing").exit_code == 1


def test_g19_a_complaint_stops_the_reader_and_tracking_and_not_the_provider(people):
    from tests.contacts.domain.test_stop_letters import ARF

    report = ARF.format(recipient="Original-Rcpt-To: ann@example.org", token="none")
    assert people("opt-out", "--mail", "-", given=report).exit_code == 0
    assert set(topics(people, "ann@example.org").values()) == {"complaint"}
    assert set(topics(people, "fbl@provider.example").values()) == {"no_permission"}
    untold = ARF.format(recipient="Source-IP: 192.0.2.1", token="none")
    refused = people("opt-out", "--mail", "-", given=untold)
    assert refused.exit_code == 1
    assert "by hand" in refused.output


@pytest.mark.parametrize("table", ["email\n", "email\nbroken\nbroken too\n"])
def test_an_import_that_brought_nothing_is_no_success(house, tmp_path: Path, table):
    (tmp_path / "people.csv").write_text(table)
    assert house("import", "people.csv", *GIVEN).exit_code == 1


def test_the_columns_named_in_the_help_and_the_readme_are_understood(house):
    told = (
        " ".join(house("import", "--help").output.split()).partition("many languages: ")[2].partition(". Any other")[0]
    )
    named = [name.strip() for name in re.sub(r"\([^)]*\)", "", told).split(",")]
    assert {KNOWN[folded(name)] for name in named} == set(Field) - {Field.ATTRIBUTES, Field.IGNORE}
    section = README.read_text(encoding="utf-8").partition("## The columns of an import")[2].partition("\n## ")[0]
    first_cells = "".join(line.split("|")[1] for line in section.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`(\w+)`", first_cells)) == set(named)


def test_a_list_of_hashes_is_taken_as_a_suppression_list_alone(people, tmp_path: Path):
    (tmp_path / "stop.txt").write_text(hashlib.sha256(b"ann@example.org").hexdigest() + "\n")
    refused = people("import", "stop.txt")
    assert refused.exit_code == 1
    assert "--mode restrict" in refused.output
    assert "one hashed address a line" in people("import", "stop.txt", "--look").output
    assert topics(people, "ann@example.org")["offers"] == "permitted"
    done = people("import", "stop.txt", "--mode", "restrict", "--json")
    assert json.loads(done.output)["matched"] == 1
    assert topics(people, "ann@example.org")["offers"] == "opted_out"
    assert "no hashes" in people("import", "people.csv", "--mode", "restrict", "--partner", "acme").output


def test_an_update_changes_who_is_known_and_adds_nobody(people, tmp_path: Path):
    (tmp_path / "more.csv").write_text("email,given_name\nann@example.org,Anna\nnew@example.org,New\n")
    counts = json.loads(people("import", "more.csv", "--mode", "update", *GIVEN, "--json").output)
    assert (counts["updated"], counts["unknown"], counts.get("added", 0)) == (1, 1, 0)
