"""Importing: everybody who can come in does, the rest is told, and nothing is lost on the way."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest

from contacts.domain.addresses import PepperRing
from contacts.domain.columns import read_choices
from contacts.services.import_contacts import ImportOptions, examine, import_contacts
from contacts.storage.contacts import Contact
from contacts.storage.imports import import_numbered
from core.errors import BadInput, Misconfigured, NotFound
from tests.conftest import NOON
from tests.contacts.services.conftest import GIVEN
from tests.contacts.services.imported import contact, events, number_of, rejected_rows, runs, state_of, verdict

SINCE = NOON - timedelta(days=90)


def test_a_table_comes_in(bring, database, key):
    report = bring("email,first name,language,topics,country\nada@example.org,Ada,en-GB,updates; research,UK\n")
    assert report.counts == {"rows": 1, "added": 1, "consents": 2}
    found = contact(database, key("ada@example.org").own)
    assert (found.given_name, found.locale, found.attributes) == ("Ada", "en-GB", {"country": "UK"})
    assert (found.source, found.source_at, found.evidence) == ("registration", SINCE, "sign-up form")
    assert verdict(database, found.address_key) is None
    assert verdict(database, found.address_key, "offers") == "no_permission"
    (event, _) = events(database, found.address_key)
    assert (event.kind, event.door, event.source, event.at) == ("consent", "import", "registration", SINCE)
    assert (event.policy_version, event.confirmed, event.details["line"]) == ("2026-01", False, 2)


def test_what_cannot_go_in_is_in_the_rejects_file(bring, database):
    report = bring(
        "email,language,note\n=cmd@,de,x\nada@example.org,Klingon,4111 1111 1111 1111\nbob@example.org,de,fine\nshort\n"
    )
    assert report.counts == {"rows": 4, "added": 1, "rejected": 3}
    assert oct(report.rejects.stat().st_mode & 0o777) == "0o600"
    rows = rejected_rows(report)
    assert rows[0] == ["line", "column", "reason", "what to do", "restrictions kept", "row as written"]
    assert [row[:2] for row in rows[1:]] == [["2", "email"], ["3", "language"], ["5", ""]]
    assert [row[5] for row in rows[1:]] == ["'=cmd@,de,x", "ada@example.org,Klingon,**** **** **** 1111", "short"]
    assert [rejection.line for rejection in report.first_rejections] == [2, 3, 5]


def test_no_reject_no_rejects_file(bring):
    assert bring("email\nada@example.org\n").rejects is None


def test_a_rejected_row_still_restricts(bring, database, key):
    bring("email,topics\nada@example.org,updates\n")
    report = bring("email,language,opt-out\nada@example.org,Klingon,yes\nnew@example.org,Klingon,yes\n")
    assert report.counts == {"rows": 2, "rejected": 2, "opt_outs": 2}
    assert verdict(database, key("ada@example.org").own) == "opted_out"
    assert contact(database, key("new@example.org").own) is None
    assert [row[4] for row in rejected_rows(report)[1:]] == ["yes", "yes"]


def test_progress_is_told_and_the_history_is_kept(bring, database):
    told = []
    text = "email\n" + "".join(f"p{number}@example.org\n" for number in range(2_500))
    report = bring(text, progress=lambda *each: told.append(each), operator="ada", file_name="some/folder/list.csv")
    assert [rows["rows"] for _, _, rows in told] == [1000, 2000, 2500]
    assert told[-1][0] == told[-1][1] == len(text)
    (run,) = runs(database)
    assert (run.state, run.operator, run.file_name, run.counts) == ("finished", "ada", "list.csv", report.counts)
    assert (run.done, run.shape["encoding"], run.mapping) == (1.0, "utf-8", ["address"])


def test_an_import_that_was_interrupted_is_run_again_and_ends_the_same(bring, database, tmp_path):
    lines = [
        f"p{n % 2_100}@example.org,P{n},{'research' if n % 7 == 0 else ''},{'' if n % 11 else 'Klingon'}"
        for n in range(2_400)
    ]
    text = "email,first name,opt-out,language\n" + "\n".join(lines)

    def stop(read, size, counts):
        if counts["rows"] == 1_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(text, progress=stop)
    assert 0 < number_of(database, Contact) < 1_000
    assert [(run.state, run.problem) for run in runs(database)] == [("failed", "KeyboardInterrupt")]
    bring(text)
    interrupted = state_of(database)
    bring(text)
    assert state_of(database) == interrupted
    assert number_of(database, Contact) == len({n % 2_100 for n in range(2_400) if n % 11})


def test_an_import_is_found_by_its_number(bring, database):
    number = bring("email\nada@example.org\n").run_id
    with database.reading() as session:
        assert import_numbered(session, number).counts == {"rows": 1, "added": 1}
        with pytest.raises(NotFound):
            import_numbered(session, number + 1)


def test_the_mapping_and_the_encoding_can_be_given(bring, database, key):
    text = "Wer;Land\nada@example.org;Österreich\n".encode("latin-1")
    report = bring(
        text, choices=read_choices(["Wer=address", "Land=attributes.country"]), encoding="latin-1", delimiter=";"
    )
    assert report.mapping == ["address", "attributes.country"]
    assert contact(database, key("ada@example.org").own).attributes == {"country": "Österreich"}


def test_a_table_is_examined_without_storing_anything(database):
    examined = examine(io.BytesIO(b"email;land\nada@example.org;AT\n"), ImportOptions())
    assert examined.mapping == ["address", "attributes.land"]
    assert examined.table.shape.delimiter == ";"
    assert [record.cells for record in examined.samples] == [["ada@example.org", "AT"]]
    assert number_of(database, Contact) == 0


def test_a_table_that_cannot_be_read_stores_nothing(bring, database):
    with pytest.raises(BadInput):
        bring(b"PK\x03\x04 a spreadsheet")
    assert runs(database) == []


def test_an_import_under_another_pepper_is_refused(bring, database):
    with pytest.raises(Misconfigured):
        import_contacts(
            database, io.BytesIO(b"email\na@example.org\n"), ImportOptions(), ring=PepperRing(["another " * 8]), at=NOON
        )


@pytest.mark.parametrize(
    "said",
    [{"source_at": NOON + timedelta(days=900)}, {"consents": ("updates", "nosuch")}, {"opt_outs": ("nosuch",)}],
)
def test_p6_what_is_wrong_for_all_rows_is_said_before_any_is_taken(bring, database, key, said):
    with pytest.raises(BadInput):
        bring("email\nada@example.org\n", defaults=replace(GIVEN, **said))
    assert contact(database, key("ada@example.org").own) is None
    assert runs(database) == []
