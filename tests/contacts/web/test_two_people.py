"""Two accounts are not yet two people: who made an account, or set its password, does not decide with it."""

import pytest
from sqlalchemy import select

from contacts.domain.facts import Kind
from contacts.storage.cases import Proposal
from contacts.storage.ledger import record
from core.operators import Operator, in_whose_hands
from tests.conftest import NOON
from tests.contacts.people import add_permitted, fact
from tests.web import PASSWORD, browser, csrf, sign_in

OWN = "a password of my own"
TEAM, ME, PEOPLE = "/console/operators", "/console/me", "/console/people"
DECIDE = f"{PEOPLE}/proposals/1/decide"


@pytest.fixture
def kid(database, pepper) -> str:
    """The page of somebody who is flagged as a child."""
    with database.writing() as session:
        keys = add_permitted(session, pepper, "kid@example.org", "offers", at=NOON)
        record(session, [fact(keys, Kind.CHILD, "everything", at=NOON)], at=NOON)
    return f"{PEOPLE}/{keys.own.hex()}"


@pytest.fixture
def admin(client, database):
    sign_in(client, database)
    return client


@pytest.fixture
def other(settings, database):
    """Another browser, in which nobody is signed in yet."""
    with browser(settings, database) as opened:
        yield opened


def post(client, path, form=PEOPLE, **fields):
    return client.post(path, data={"csrf": csrf(client, form), **fields})


def add(client, email, password=PASSWORD):
    assert post(client, TEAM, TEAM, email=email, role="admin", password=password).status_code == 303


def enter(client, email, password=PASSWORD):
    client.cookies.clear()
    answer = client.post("/console/sign-in", data={"email": email, "password": password, "csrf": ""})
    assert answer.status_code == 303


def propose(client, kid):
    evidence = {"evidence-child_correction": "a passport"}
    assert post(client, f"{kid}/propose", kid, act="child_correction", **evidence).status_code == 303


def decides(client):
    return post(client, DECIDE, decision="approve").status_code


def outcome(database):
    with database.reading() as session:
        return session.scalars(select(Proposal.outcome)).one()


def set_own_password(client, email):
    assert post(client, ME, ME, act="password", password=OWN).status_code == 303
    enter(client, email, OWN)


def test_g13_an_account_that_the_proposer_made_decides_only_with_a_password_of_its_owners(admin, other, kid, database):
    add(admin, "lee@example.org")
    propose(admin, kid)
    enter(other, "lee@example.org")
    refused = post(other, DECIDE, decision="approve")
    assert (refused.status_code, outcome(database)) == (403, None)
    assert "sets one of their own first" in refused.text
    set_own_password(other, "lee@example.org")
    assert (decides(other), outcome(database)) == (303, "approved")


def test_g13_nor_is_what_such_an_account_proposed_decided_by_its_maker(admin, other, kid, database):
    add(admin, "lee@example.org")
    enter(other, "lee@example.org")
    propose(other, kid)
    assert (decides(admin), outcome(database)) == (403, None)


def test_g13_a_colleague_whose_password_the_proposer_set_decides_only_after_setting_their_own(
    admin, other, kid, database
):
    with database.writing() as session:
        session.add(
            Operator(email="lee@example.org", name="Lee", role="admin", password_hash="none", created_at=NOON),
        )
    propose(admin, kid)
    assert post(admin, f"{TEAM}/2", TEAM, act="password", password=PASSWORD).status_code == 303
    enter(other, "lee@example.org")
    assert (decides(other), outcome(database)) == (403, None)
    set_own_password(other, "lee@example.org")
    assert (decides(other), outcome(database)) == (303, "approved")


def test_g13_an_account_made_by_an_account_that_somebody_made_is_in_the_same_hands(admin, other, kid, database):
    add(admin, "lee@example.org")
    enter(other, "lee@example.org")
    add(other, "max@example.org")
    enter(other, "max@example.org")
    propose(admin, kid)
    assert (decides(other), outcome(database)) == (403, None)
    with database.reading() as session:
        assert in_whose_hands(session, 3) == {1, 2, 3}


def test_what_the_terminal_made_is_in_its_own_hands_alone(admin, database):
    with database.reading() as session:
        assert in_whose_hands(session, 1) == {1}
        assert in_whose_hands(session, 99) == set()
