from datetime import datetime, timedelta

import pytest
from starlette.testclient import TestClient

from contacts.domain.addresses import PepperRing
from contacts.domain.facts import Kind
from contacts.storage.ledger import record
from core.database import Database
from core.operators import Role
from core.settings import Settings
from tests.contacts.people import add_contact, add_permitted, fact
from tests.web import csrf, sign_in

LIST = "/console/contacts"


@pytest.fixture
def people(database: Database, settings: Settings, noon: datetime) -> None:
    pepper = PepperRing.of(settings).peppers[0]
    with database.writing() as session:
        add_permitted(session, pepper, "mei@example.org", "updates", at=noon, given_name="Mei", family_name="Tanaka")
        left = add_contact(session, pepper, "jonas@example.com", at=noon, given_name="Jonas", family_name="Novák")
        child = add_contact(session, pepper, "kid@example.com", at=noon, source="purchase")
        record(
            session,
            [fact(left, Kind.OPT_OUT, "everything", at=noon), fact(child, Kind.CHILD, "everything", at=noon)],
            at=noon,
        )


def test_nobody_reads_contacts_without_signing_in(client: TestClient) -> None:
    answer = client.get(LIST)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/console/sign-in"


def test_an_empty_list_says_what_to_do_next(client: TestClient, database: Database) -> None:
    sign_in(client, database, Role.EDITOR)
    assert "/console/imports" in client.get(LIST).text


def found(client: TestClient, words: str, **more: str) -> str:
    answer = client.post(LIST, data={"csrf": csrf(client, LIST), "q": words} | more)
    assert answer.status_code == 200
    return answer.text


def test_an_address_is_found_whole_in_any_spelling(client: TestClient, database: Database, people: None) -> None:
    sign_in(client, database, Role.EDITOR)
    page = found(client, " MEI@Example.ORG. ")
    assert "mei@example.org" in page
    assert "jonas@example.com" not in page


def test_an_address_is_found_by_its_beginning_and_a_name_by_any_part(
    client: TestClient, database: Database, people: None
) -> None:
    sign_in(client, database, Role.EDITOR)
    assert "jonas@example.com" in found(client, "jon")
    assert "mei@example.org" in found(client, "anak")


def test_p1_an_analyst_sees_masked_addresses_and_cannot_guess_them_by_their_beginning(
    client: TestClient, database: Database, people: None
) -> None:
    sign_in(client, database, Role.ANALYST)
    page = client.get(LIST).text
    assert "m•••@e•••.org" in page
    assert "mei@example.org" not in page
    assert "m•••@e•••.org" not in found(client, "mei@")
    assert "m•••@e•••.org" in found(client, "mei@example.org")


@pytest.mark.parametrize(
    ("standing", "shown"), [("left", "jonas"), ("child", "kid"), ("free", "mei"), ("bounced", ""), ("partly", "")]
)
def test_the_list_is_narrowed_by_standing(
    client: TestClient, database: Database, people: None, standing: str, shown: str
) -> None:
    sign_in(client, database, Role.EDITOR)
    page = client.get(LIST, params={"standing": standing}).text
    assert {name for name in ("mei", "jonas", "kid") if f"{name}@" in page} == ({shown} if shown else set())


def test_unknown_filters_narrow_nothing(client: TestClient, database: Database, people: None) -> None:
    sign_in(client, database, Role.EDITOR)
    page = client.get(LIST, params={"standing": "strange", "source": "dream", "before": "x"}).text
    assert "mei@example.org" in page
    assert "kid@example.com" in page


def test_the_list_is_narrowed_by_source(client: TestClient, database: Database, people: None) -> None:
    sign_in(client, database, Role.EDITOR)
    page = client.get(LIST, params={"source": "purchase"}).text
    assert "kid@example.com" in page
    assert "mei@example.org" not in page


def test_pages_follow_each_other_without_a_gap(
    client: TestClient, database: Database, settings: Settings, noon: datetime
) -> None:
    pepper = PepperRing.of(settings).peppers[0]
    with database.writing() as session:
        for number in range(120):
            add_contact(session, pepper, f"person{number}@example.org", at=noon - timedelta(minutes=number))
    sign_in(client, database, Role.EDITOR)
    seen: list[str] = []
    path = LIST
    while path:
        page = client.get(path).text
        seen += [part.split("<", 1)[0] for part in page.split('scope="row"><a href="/console/contacts/')[1:]]
        following = page.split('rel="next" href="')[1:]
        path = following[0].split('"', 1)[0].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 120


def test_p1_what_was_looked_for_stands_in_no_link_of_the_page(
    client: TestClient, database: Database, settings: Settings, noon: datetime
) -> None:
    pepper = PepperRing.of(settings).peppers[0]
    with database.writing() as session:
        for number in range(60):
            add_contact(session, pepper, f"person{number}@example.org", at=noon)
    sign_in(client, database, Role.EDITOR)
    page = found(client, "person")
    assert 'name="before"' in page
    assert "q=" not in page
    assert page.count('scope="row"') == 50
    before = page.split('name="before" value="', 1)[1].split('"', 1)[0]
    assert found(client, "person", before=before).count('scope="row"') == 10


@pytest.mark.parametrize("number", ["9" * 30, "-1", "x", "１２"])
def test_a_number_that_is_none_turns_no_page(client: TestClient, database: Database, people: None, number: str) -> None:
    sign_in(client, database, Role.EDITOR)
    assert "mei@example.org" in client.get(LIST, params={"before": number}).text
