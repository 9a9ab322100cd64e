"""An export can be read by spreadsheets without harm, and by our own import without a change."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.domain.formulas import plain_cell, safe_cell
from contacts.services.export_contacts import export_contacts
from core.errors import BadInput
from tests.conftest import NOON
from tests.contacts.services.imported import contact, state_of

TABLE = (
    "email,first name,surname,language,topics,opt-out,child,Country,orders,vip\n"
    "+ada@example.org,=cmd|'/c calc'!A1,\"O'Hara\",de,updates; research,offers,,DE,4,true\n"
    "zoë@bücher.example,山田,-太郎,ja,,everything,,JP,2.5,\n"
    "bob@example.org,Bob,,,updates,,,,,\n"
)


def exported(database, condition):
    with database.reading() as session:
        return "".join(export_contacts(session, condition=condition, at=NOON))


def rows(written):
    return list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"))))


def test_an_export_shows_contacts_with_their_consents_and_blocks(bring, database):
    bring(TABLE)
    bring("email,child\nbob@example.org,yes\n")
    ada, zoe, bob = rows(exported(database, {}))
    assert (ada["email"], ada["given name"], ada["family name"]) == (
        "'+ada@example.org",
        "'=cmd|'/c calc'!A1",
        "O'Hara",
    )
    assert (ada["consents"], ada["opt-outs"], ada["attributes.country"]) == ("research; updates", "offers", "DE")
    assert (ada["attributes.orders"], ada["attributes.vip"], ada["child"]) == ("4", "True", "")
    assert (zoe["heedful blocks"], zoe["attributes.orders"]) == ("everything (opt_out)", "2.5")
    assert (bob["child"], bob["attributes.country"]) == ("yes", "")
    assert bob["heedful blocks"] == "everything (child); sharing (child); tracking (child)"


def test_an_export_holds_whom_the_condition_means(bring, database):
    bring(TABLE)
    condition = {"rules": [{"field": "attributes.country", "op": "is", "value": "JP"}]}
    assert [row["given name"] for row in rows(exported(database, condition))] == ["山田"]
    assert rows(exported(database, {"rules": [{"field": "locale", "op": "is", "value": "fr"}]})) == []
    with pytest.raises(BadInput):
        exported(database, {"rules": [{"field": "answers"}]})


def test_an_export_that_is_imported_again_changes_nothing(bring, database, key):
    bring(TABLE)
    before = state_of(database)
    report = bring(exported(database, {}))
    assert report.counts == {"rows": 3, "repeated": 3, "restrictions_known": 2}
    assert state_of(database) == before
    assert contact(database, key("+ada@example.org").own).attributes == {"country": "DE", "orders": 4, "vip": True}


def test_an_export_of_more_than_one_batch_is_whole(bring, database):
    bring("email,n\n" + "".join(f"p{number}@example.org,{number}\n" for number in range(2_100)))
    assert [row["attributes.n"] for row in rows(exported(database, {}))] == [str(number) for number in range(2_100)]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1"])
def test_no_cell_runs_as_a_formula(cell):
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", " ", "Ada", "a=b", "'quoted'", 5, -5, 2.5, True])
def test_other_cells_stay(cell):
    assert safe_cell(cell) == cell
    assert safe_cell(None) == ""


@given(st.text())
def test_what_is_made_safe_is_read_back_as_it_was(cell):
    if not cell.startswith("'"):
        assert plain_cell(safe_cell(cell)) == cell
