"""The console's pages of one person: told, erased, put right, held; and nothing grave by one operator alone."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from contacts.domain.facts import Kind
from contacts.storage.cases import Case, Proposal, Receipt
from contacts.storage.contacts import Contact
from contacts.storage.gate import verdicts
from contacts.storage.ledger import Event, record
from core.operators import Role, change_operator, operators
from tests.conftest import NOON
from tests.contacts.people import add_permitted, fact
from tests.web import browser, csrf, sign_in

ANN = "ann@example.org"


@pytest.fixture
def ann(database, pepper):
    with database.writing() as session:
        return add_permitted(session, pepper, ANN, "offers", at=NOON, given_name="Ann", attributes={"plan": "gold"})


@pytest.fixture
def admin(client, database):
    sign_in(client, database)
    return client


@pytest.fixture
def second(settings, database):
    """A second admin at a browser of their own."""
    with browser(settings, database) as opened:
        sign_in(opened, database, Role.EDITOR)
        with database.writing() as session:
            editor = next(each for each in operators(session) if each.role == Role.EDITOR.value)
            change_operator(session, editor.id, at=NOON, role=Role.ADMIN)
        yield opened


def page(keys) -> str:
    return f"/console/people/{keys.own.hex()}"


def post(client, path: str, form: str = "/console/people", **fields: Any):
    return client.post(path, data={"csrf": csrf(client, form), **fields})


def rows(database, mapped):
    with database.reading() as session:
        found = session.scalars(select(mapped)).all()
        session.expunge_all()
        return found


def test_somebody_is_found_by_their_exact_address_which_is_in_no_link(admin, ann):
    answer = post(admin, "/console/people", address="ANN@example.org ")
    assert answer.headers["location"] == page(ann)
    assert ANN in admin.get(page(ann)).text
    assert "Somebody who is no contact" in admin.get("/console/people/" + "ab" * 32).text
    assert post(admin, "/console/people", address="nobody at all").status_code == 422
    assert admin.get("/console/people/zz").status_code == 404


def test_gdpr_15_everything_held_is_downloaded_and_a_receipt_stays(admin, ann, database):
    answer = post(admin, f"{page(ann)}/export", page(ann))
    told = json.loads(answer.text)
    assert (told["contact"]["address"], told["contact"]["attributes"]) == (ANN, {"plan": "gold"})
    assert answer.headers["content-disposition"] == 'attachment; filename="person.json"'
    assert answer.headers["cache-control"] == "no-store"
    assert [(each.act, each.operator) for each in rows(database, Receipt)] == [("export", "operator 1")]


def test_erasing_asks_for_evidence_and_a_tick_and_says_so_after_it_is_done(admin, ann, database):
    assert "Say how they asked" in post(admin, f"{page(ann)}/erase", page(ann), sure="1").text
    assert "cannot be undone" in post(admin, f"{page(ann)}/erase", page(ann), evidence="letter").text
    assert len(rows(database, Contact)) == 1
    answer = post(admin, f"{page(ann)}/erase", page(ann), evidence="letter", sure="1")
    assert answer.headers["location"] == f"{page(ann)}?said=erased"
    shown = admin.get(answer.headers["location"]).text
    assert rows(database, Contact) == []
    assert "erased" in shown
    assert ANN not in shown


def test_an_erasure_settles_the_request_that_it_answers(admin, ann, database):
    with database.writing() as session:
        case = Case(
            kind="erasure", door="contact_form", address=ANN, address_key=ann.own, family_key=ann.family,
            words="Delete me", holds=True, opened_at=NOON, due_at=NOON,
        )  # fmt: skip
        session.add(case)
    assert "No. 1: erasure" in admin.get(page(ann)).text
    post(admin, f"{page(ann)}/erase", page(ann), evidence="letter", sure="1", case="1")
    (settled,) = rows(database, Case)
    assert (settled.address, settled.words, settled.outcome) == ("", "", "erased")
    assert rows(database, Receipt)[0].case_id == 1


def test_gdpr_16_what_is_wrong_is_put_right_all_or_nothing(admin, ann, database):
    wrong = post(admin, f"{page(ann)}/correct", page(ann), given_name="Anna", time_zone="Nowhere")
    assert wrong.status_code == 422
    assert rows(database, Contact)[0].given_name == "Ann"
    post(admin, f"{page(ann)}/correct", page(ann), given_name="Anna", **{"a-plan": ""}, new_address="anna@example.org")
    (contact,) = rows(database, Contact)
    assert (contact.given_name, contact.attributes, contact.address) == ("Anna", {}, "anna@example.org")


def test_a_role_that_does_not_reach_that_far_is_refused(client, ann, database):
    sign_in(client, database, Role.EDITOR)
    shown = client.get(page(ann)).text
    assert "Erase everything" not in shown
    for act in ("export", "erase", "hold"):
        assert post(client, f"{page(ann)}/{act}").status_code == 403


def test_g13_a_child_flag_is_taken_back_by_two_operators_and_by_no_one_alone(admin, second, ann, database):
    with database.writing() as session:
        record(session, [fact(ann, Kind.CHILD, "everything", at=NOON)], at=NOON)
    form = page(ann)
    assert post(admin, f"{form}/propose", form, act="child_correction").status_code == 422
    evidence = {"act": "child_correction", "evidence-child_correction": "a passport at the desk"}
    assert post(admin, f"{form}/propose", form, **evidence).headers["location"].endswith("said=proposed")
    assert "proposed already" in post(admin, f"{form}/propose", form, **evidence).text
    decide = "/console/people/proposals/1/decide"
    assert "Approve" not in admin.get(form).text
    assert post(admin, decide, decision="approve").status_code == 403
    assert post(second, decide, decision="approve").headers["location"].endswith("said=approved")
    assert post(second, decide, decision="approve").status_code == 409
    released = [event for event in rows(database, Event) if event.kind == "release"]
    assert {event.scope for event in released} == {"everything", "tracking", "sharing"}
    assert released[0].details["operators"] == [1, 2]
    assert released[0].evidence == "a passport at the desk"


def test_g13_a_proposal_of_an_account_that_was_closed_is_not_approved(admin, second, ann, database):
    with database.writing() as session:
        record(session, [fact(ann, Kind.CHILD, "everything", at=NOON)], at=NOON)
    post(second, f"{page(ann)}/propose", page(ann), act="child_correction", **{"evidence-child_correction": "x"})
    with database.writing() as session:
        change_operator(session, 2, at=NOON, disabled=True)
    assert post(admin, "/console/people/proposals/1/decide", decision="approve").status_code == 403
    assert post(admin, "/console/people/proposals/1/decide", decision="refuse").status_code == 303
    assert rows(database, Proposal)[0].outcome == "refused"
    assert [event.kind for event in rows(database, Event)][-1] == "child"


def test_p13_a_hold_keeps_data_from_erasure_until_two_operators_lift_it(admin, second, ann, database):
    form = page(ann)
    assert post(admin, f"{form}/hold", form, basis=" ").status_code == 422
    post(admin, f"{form}/hold", form, basis="claim 2 O 41/26")
    answer = post(admin, f"{form}/erase", form, evidence="letter", sure="1")
    assert answer.headers["location"].endswith("said=erasure-held")
    assert "a legal hold keeps the data" in admin.get(answer.headers["location"]).text
    assert len(rows(database, Contact)) == 1
    lifting = {"act": "lift_legal_hold", "hold": "1", "evidence-lift_legal_hold": "settled"}
    post(admin, f"{form}/propose", form, **lifting)
    post(second, "/console/people/proposals/1/decide", decision="approve")
    assert "lifted" in admin.get(form).text


def test_p13_a_disclosure_needs_a_basis_in_law_and_a_second_approver_and_changes_no_permission(
    admin, second, ann, database
):
    form = page(ann)
    post(admin, f"{form}/propose", form, act="disclosure", **{"evidence-disclosure": "order 7 Gs 12/26"})
    assert post(admin, "/console/people/proposals/1/disclose").status_code == 403
    post(second, "/console/people/proposals/1/decide", decision="approve")
    told = json.loads(post(admin, "/console/people/proposals/1/disclose").text)
    assert (told["legal_basis"], told["contact"]["address"]) == ("order 7 Gs 12/26", ANN)
    disclosed = [event for event in rows(database, Event) if event.kind == "disclosed"]
    assert disclosed[0].details == {"proposal": 1, "operators": [1, 2]}
    assert [each.act for each in rows(database, Receipt)] == ["disclosure"]
    with database.reading() as session:
        assert verdicts(session, "offers", [ann.own], at=NOON) == {ann.own: None}
