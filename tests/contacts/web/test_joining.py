"""The hosted sign-up form: one answer for every address, an age screen without a hint, and limits against abuse."""

from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from starlette.testclient import TestClient

from app import create_app
from contacts.domain.addresses import Pepper, read_address
from contacts.domain.facts import Kind
from contacts.domain.signup_limits import LIMITS, Counted
from contacts.storage.attempts import Attempt
from contacts.storage.contacts import Contact
from contacts.storage.ledger import Event, record
from contacts.storage.signups import Signup
from core.clock import now
from core.database import Database
from core.settings import Settings
from tests.contacts.people import add_contact, add_permitted, fact
from tests.contacts.signing_up import CHILD, add_newsletter, count, filled_in

FORM = "/join/newsletter"


@pytest.fixture(autouse=True)
def newsletter(database: Database, noon: datetime):
    """A form, and a clock that stands still."""
    with time_machine.travel(noon, tick=False), database.writing() as session:
        add_newsletter(session, at=noon)
    with time_machine.travel(noon, tick=False):
        yield


def test_g11_looking_at_the_form_changes_nothing_and_sets_no_cookie(client: TestClient, database: Database):
    page = client.get(FORM)
    assert (page.status_code, page.headers.get("set-cookie")) == (200, None)
    assert "<script" not in page.text
    assert (count(database, Signup), count(database, Attempt)) == (0, 0)


def test_a_request_is_kept_with_the_wording_it_was_made_under_and_permits_nothing(
    client: TestClient, database: Database, noon: datetime
):
    answer = client.post(FORM, data=filled_in("Ann@Example.org", "offers", "updates", "announcements"))
    assert (answer.status_code, answer.headers.get("set-cookie")) == (200, None)
    with database.reading() as session:
        signup = session.scalars(select(Signup)).one()
        assert signup.topics == ["updates", "offers"], "only what the form asks for"
        assert (signup.address, signup.policy_version) == ("Ann@example.org", "2026-01")
        assert (len(signup.wording_hash), signup.expires_at - noon) == (64, timedelta(days=7))
    assert (count(database, Contact), count(database, Event)) == (0, 0)


def test_everybody_gets_the_same_answer_byte_for_byte(
    client: TestClient, database: Database, pepper: Pepper, noon: datetime
):
    with database.writing() as session:
        add_permitted(session, pepper, "known@example.org", "updates", at=noon)
        for kind in (Kind.OPT_OUT, Kind.COMPLAINT, Kind.BOUNCE, Kind.CHILD, Kind.ERASURE, Kind.HOLD):
            keys = add_contact(session, pepper, f"{kind.value}@example.org", at=noon)
            record(session, [fact(keys, kind, "everything", at=noon)], at=noon)
    names = ["known", "unknown", "opt_out", "complaint", "bounce", "child", "erasure", "hold"]
    answers = [client.post(FORM, data=filled_in(f"{name}@example.org")) for name in names]
    assert {(each.status_code, each.content) for each in answers} == {(200, answers[0].content)}
    assert len({tuple(sorted(each.headers.items())) for each in answers}) == 1
    with database.reading() as session:
        asked = set(session.scalars(select(Signup.address)))
    assert asked == {f"{name}@example.org" for name in names if name != "child"}


@pytest.mark.parametrize("address", ["young@example.org", "not an address", ""])
def test_g13_an_under_age_answer_keeps_the_block_and_nothing_else(
    client: TestClient, database: Database, pepper: Pepper, address: str
):
    answer = client.post(FORM, data=filled_in(address, born=CHILD))
    assert answer.status_code == 200
    for hint in ("16", "sixteen", "age", "old", "young", "child", "2015"):
        assert hint not in answer.text.partition("<main")[2].partition("</main>")[0]
    assert (count(database, Signup), count(database, Contact)) == (0, 0)
    with database.reading() as session:
        events = [(bytes(each.address_key), each.kind, each.door, each.evidence, each.details)
                  for each in session.scalars(select(Event))]  # fmt: skip
        digests = set(session.scalars(select(Attempt.digest)))
    young = pepper.keys(read_address("young@example.org")).own
    assert events == ([(young, "child", "sign_up", "", {})] if "@" in address else [])
    assert len(digests) == 3, "network, form and browser; no attempt stands for the address"


def test_g13_an_under_age_answer_takes_a_waiting_request_of_the_address_along(client: TestClient, database: Database):
    client.post(FORM, data=filled_in("young@example.org"))
    assert count(database, Signup) == 1
    client.post(FORM, data=filled_in("young@example.org", born=CHILD), headers={"user-agent": "another"})
    assert count(database, Signup) == 0


def test_there_is_no_second_try_in_the_same_browser_for_a_day(client: TestClient, database: Database, noon: datetime):
    first = client.post(FORM, data=filled_in("young@example.org", born=CHILD))
    second = client.post(FORM, data=filled_in("other@example.org"))
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert count(database, Signup) == 0
    other = client.post(FORM, data=filled_in("other@example.org"), headers={"user-agent": "another browser"})
    assert (other.content != first.content, count(database, Signup)) == (True, 1)
    with time_machine.travel(noon + timedelta(hours=25), tick=False):
        client.post(FORM, data=filled_in("third@example.org"))
    assert count(database, Signup) == 2


@pytest.mark.parametrize(
    "born",
    [("31", "2", "1990"), ("", "", ""), ("1", "13", "1990"), ("1", "1", "90"), ("1", "1", "2090"), ("1", "1", "1870")],
)
def test_an_impossible_date_is_an_error_beside_its_field_and_no_try(
    client: TestClient, database: Database, born: tuple[str, str, str]
):
    typed = dict(zip(("day", "month", "year"), born, strict=True))
    page = client.post(FORM, data=filled_in("ann@example.org", born=typed))
    assert page.status_code == 422
    assert 'id="born-error"' in page.text
    assert 'value="ann@example.org"' in page.text
    assert client.post(FORM, data=filled_in("ann@example.org")).status_code == 200
    assert count(database, Signup) == 1


def test_no_birth_date_is_kept_of_anybody(client: TestClient, database: Database):
    client.post(FORM, data=filled_in("ann@example.org"))
    with database.reading() as session:
        kept = session.scalars(select(Signup)).one()
        assert not [name for name in vars(kept) if "1962" in str(getattr(kept, name))]


def test_faults_are_told_together_and_what_was_typed_is_kept(client: TestClient):
    page = client.post(FORM, data={"address": "ann", "day": "1", "month": "2", "year": "1980"})
    assert page.status_code == 422
    assert all(f'id="{name}-error"' in page.text for name in ("address", "topics"))
    assert 'value="1980"' in page.text


def test_a_form_on_another_site_leads_here_for_the_rest(client: TestClient, database: Database):
    sent = {"address": "ann@example.org", "topic": "updates"}
    site = {"origin": "https://shop.example.com", "sec-fetch-site": "cross-site"}
    page = client.post(FORM, data=sent, headers=site)
    assert (page.status_code, count(database, Signup)) == (200, 0)
    assert 'value="ann@example.org"' in page.text
    assert 'value="updates" checked' in page.text
    assert 'name="site" value="https://shop.example.com"' in page.text
    client.post(FORM, data=filled_in("ann@example.org", site="https://shop.example.com"), headers={"origin": "null"})
    with database.reading() as session:
        assert session.scalars(select(Signup)).one().page == "https://shop.example.com"


def test_whoever_fills_in_the_field_that_nobody_sees_is_told_the_same_and_forgotten(
    client: TestClient, database: Database
):
    person = client.post(FORM, data=filled_in("ann@example.org"))
    robot = client.post(FORM, data=filled_in("bob@example.org", website="https://example.com"))
    assert (robot.status_code, robot.content) == (person.status_code, person.content)
    assert count(database, Signup) == 1


def test_a_form_that_is_unknown_or_closed_is_not_there(client: TestClient, database: Database, noon: datetime):
    assert client.get("/join/nothing").status_code == 404
    with database.writing() as session:
        session.connection().exec_driver_sql("UPDATE signup_form SET active = false")
    assert client.get(FORM).status_code == 404
    assert client.post(FORM, data=filled_in("ann@example.org")).status_code == 404


def test_too_many_from_one_network_are_told_so_known_or_not(client: TestClient, database: Database):
    most = LIMITS[Counted.NETWORK].an_hour
    answers = [client.post(FORM, data=filled_in(f"a{each}@example.org")) for each in range(most + 3)]
    assert [each.status_code for each in answers] == [200] * most + [429] * 3
    assert answers[-1].headers["retry-after"] == "3600"
    assert len({each.content for each in answers[-3:]}) == 1
    assert count(database, Signup) == most
    with time_machine.travel(now() + timedelta(hours=1), tick=False):
        assert client.post(FORM, data=filled_in("late@example.org")).status_code == 200


def test_too_many_for_one_address_are_told_so_from_wherever_they_come(
    database: Database, settings: Settings, pepper: Pepper, noon: datetime
):
    with database.writing() as session:
        add_permitted(session, pepper, "known@example.org", "updates", at=noon)
    app = create_app(settings.model_copy(update={"trusted_proxies": 1}), database)
    most = LIMITS[Counted.ADDRESS].an_hour
    with TestClient(app, base_url=settings.base_url) as client:
        answers = {
            name: [
                client.post(
                    FORM, data=filled_in(f"{name}@example.org"), headers={"x-forwarded-for": f"2001:db8:{n}::1"}
                )
                for n in range(most + 1)
            ]
            for name in ("known", "unknown")
        }
    said = {name: [(each.status_code, each.content) for each in every] for name, every in answers.items()}
    assert said["known"] == said["unknown"]
    assert [status for status, _ in said["known"]] == [200] * most + [429]


def test_a_later_request_takes_the_place_of_one_that_was_not_mailed(client: TestClient, database: Database):
    client.post(FORM, data=filled_in("ann@example.org", "updates"))
    client.post(FORM, data=filled_in("ANN@example.org", "offers"))
    with database.reading() as session:
        assert [each.topics for each in session.scalars(select(Signup))] == [["offers"]]
