"""The console's pages for partners, as an admin uses them and as nobody else can."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from contacts.domain.facts import Kind
from contacts.storage.handouts import PartnerHandout
from contacts.storage.ledger import Event, record
from contacts.storage.partners import is_active, partner_named
from core.clock import now
from core.operators import Role
from tests.contacts.partnering import acme, as_the_partner_knows, entries_of, share, sharers
from tests.contacts.people import add_permitted, fact
from tests.web import csrf, sign_in

LIST = "/console/partners"
ONE = f"{LIST}/acme"
GIVEN = {
    "name": "acme",
    "title": "Acme Sounds",
    "contract_reference": "contract 7",
    "privacy_email": "privacy@acme.test",
    "suppression_email": "lists@acme.test",
    "fields": "address\r\ngiven_name",
    "acknowledge_days": "7",
}


@pytest.fixture
def admin(client, database):
    sign_in(client, database, Role.ADMIN)
    return client


@pytest.fixture
def partner(database, pepper):
    """Acme, and Ann who permits it."""
    at = now() - timedelta(days=1)
    with database.writing() as session:
        acme(session, at=at)
        return sharers(session, pepper, "ann@example.org", at=at, given_name="Ann")[0]


def post(client, path: str, **form: str):
    return client.post(path, data=form | {"csrf": csrf(client, "/console")})


def test_a_partner_is_added_changed_stopped_and_taken_up_again(admin, database):
    assert "No partners yet" in admin.get(LIST).text
    assert "New partner" in admin.get("/console/new-partner").text
    added = post(admin, "/console/new-partner", **GIVEN)
    assert (added.status_code, added.headers["location"]) == (303, f"{ONE}?said=added")
    assert "Acme Sounds" in admin.get(LIST).text
    assert "privacy@acme.test" in admin.get(f"{ONE}?said=added").text
    assert 'value="contract 7"' in admin.get(f"{ONE}/terms").text
    assert post(admin, f"{ONE}/terms", **GIVEN | {"title": "Acme Audio"}).status_code == 303
    assert post(admin, f"{ONE}/state", act="deactivate", why="contract ended").status_code == 303
    page = admin.get(ONE).text
    assert "Acme Audio” is not active" in page
    assert "Export</button>" not in page
    with database.reading() as session:
        assert not is_active(session, "acme", at=now())
    assert post(admin, f"{ONE}/state", act="activate").status_code == 303
    with database.reading() as session:
        assert is_active(session, "acme", at=now())
        assert partner_named(session, "acme").fields == ["address", "given_name"]


@pytest.mark.parametrize(
    ("field", "written", "said"),
    [
        ("name", "Not a name", "small letters, digits and hyphens"),
        ("title", "", "A partner needs a title"),
        ("fields", "address evidence", "cannot be handed to a partner"),
        ("acknowledge_days", "99", "1 to 30 days"),
        ("privacy_email", "nobody", "e-f-privacy_email|e-privacy_email"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field_and_nothing_is_lost(admin, field, written, said):
    answer = post(admin, "/console/new-partner", **GIVEN | {field: written})
    assert answer.status_code == 422
    assert re.search(said, answer.text)
    assert 'value="contract 7"' in answer.text
    assert admin.get(ONE).status_code == 404


def test_terms_that_cannot_be_kept_change_nothing(admin, partner):
    assert post(admin, f"{ONE}/terms", **GIVEN | {"title": " "}).status_code == 422
    assert "contract 7 of 2026" in admin.get(ONE).text


def test_a_second_partner_of_one_name_is_refused(admin, partner):
    assert "There is a partner" in post(admin, "/console/new-partner", **GIVEN).text


@pytest.mark.parametrize("role", [Role.ANALYST, Role.EDITOR])
def test_partners_are_for_admins(client, database, partner, role):
    sign_in(client, database, role)
    assert "Partners</a>" not in client.get("/console").text
    for path in (LIST, ONE, f"{ONE}/terms", f"{ONE}/reach", "/console/new-partner"):
        assert client.get(path).status_code == 403
    for act in ("export", "opt-outs", "acknowledge", "state", "terms"):
        assert post(client, f"{ONE}/{act}").status_code == 403


def test_the_numbers_say_who_may_be_mailed_and_handed_over(admin, database, pepper, partner):
    with database.writing() as session:
        sharers(session, pepper, "bob@example.org", "cid@example.org", at=now())
        add_permitted(session, pepper, "dan@example.org", "sharing:acme", at=now())
    assert re.findall(r'<td class="n">(\d+)</td>', admin.get(f"{ONE}/reach").text) == ["3", "4"]
    with database.writing() as session:
        record(session, [fact(partner, Kind.OPT_OUT, "everything", at=now())], at=now())
    assert re.findall(r'<td class="n">(\d+)</td>', admin.get(f"{ONE}/reach").text) == ["2", "3"]


def test_g15_an_export_is_a_file_of_who_permits_it_and_is_recorded(admin, database, partner):
    answer = post(admin, f"{ONE}/export", purpose="inform", reference="spring letter")
    assert answer.headers["content-disposition"] == 'attachment; filename="acme-contacts-1.csv"'
    assert answer.headers["cache-control"] == "no-store"
    assert list(csv.DictReader(io.StringIO(answer.text))) == [{"address": "ann@example.org", "given_name": "Ann"}]
    with database.reading() as session:
        (event,) = session.scalars(select(Event).where(Event.kind == Kind.SHARED.value))
        assert session.get(PartnerHandout, event.details["handout"]).operator == "admin@example.org"
    assert "to keep people informed: spring letter" in admin.get(ONE).text


def test_an_export_without_a_purpose_is_refused_and_nothing_is_lost(admin, partner):
    answer = post(admin, f"{ONE}/export", purpose="", reference="spring letter")
    assert answer.status_code == 422
    assert 'value="spring letter"' in answer.text
    assert "only to fulfil an order or to keep people informed" in answer.text


def test_p11_an_export_to_a_partner_who_is_stopped_is_refused(admin, partner):
    post(admin, f"{ONE}/state", act="deactivate")
    answer = post(admin, f"{ONE}/export", purpose="inform", reference="spring letter")
    assert answer.status_code == 409
    assert "is not active" in answer.text


def test_an_opt_out_list_is_made_reminded_of_and_acknowledged(admin, database, ring, partner):
    share(database, ring, at=now())
    nothing = post(admin, f"{ONE}/opt-outs", extent="all")
    assert (nothing.status_code, "nobody opted out" in nothing.text) == (409, True)
    with database.writing() as session:
        record(session, [fact(partner, Kind.OPT_OUT, "everything", at=now())], at=now())
    assert "The opt-out list for Acme Sounds is due in 7 days." in admin.get("/console").text
    made = post(admin, f"{ONE}/opt-outs", extent="all")
    assert set(entries_of(made.content)) == as_the_partner_knows(database, ring, "ann@example.org")
    assert "Acme Sounds must acknowledge the opt-out list within 7 days." in admin.get("/console").text
    (number,) = re.findall(r'name="list" value="(\d+)"', admin.get(ONE).text)
    assert post(admin, f"{ONE}/acknowledge", list=number).status_code == 303
    assert "acknowledge the opt-out list" not in admin.get("/console").text
    assert post(admin, f"{ONE}/acknowledge", list="x").status_code == 422


def test_a_list_that_is_late_is_said_on_every_page_of_it(admin, database, pepper, ring):
    before = now() - timedelta(days=30)
    with database.writing() as session:
        acme(session, at=before)
        (ann,) = sharers(session, pepper, "ann@example.org", at=before)
    share(database, ring, at=before)
    with database.writing() as session:
        record(session, [fact(ann, Kind.OPT_OUT, "everything", at=before)], at=before)
    assert "is overdue: nothing is mailed" in admin.get("/console").text
    assert "opt-out list overdue" in admin.get(LIST).text
    assert "has not been given the opt-out list that is due" in admin.get(ONE).text
