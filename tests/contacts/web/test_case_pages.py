"""The console's requests: listed by the day they are due, entered from letters, and settled with a reason."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from contacts.domain.addresses import AddressKeys, Pepper
from contacts.domain.verdicts import Reason
from contacts.storage.case_lists import cases_of
from contacts.storage.cases import Case
from contacts.storage.gate import verdicts
from core.clock import now
from core.database import Database
from core.operators import Role
from tests.contacts.people import add_permitted
from tests.web import csrf, sign_in

LIST = "/console/requests"


@pytest.fixture
def ann(database: Database, pepper: Pepper, noon: datetime) -> AddressKeys:
    with database.writing() as session:
        return add_permitted(session, pepper, "ann@example.org", "offers", at=noon)


@pytest.fixture
def editor(client: TestClient, database: Database) -> TestClient:
    sign_in(client, database, Role.EDITOR)
    return client


def enter(client: TestClient, **given: str):
    form = {"kind": "erasure", "address": "ann@example.org", "words": "a letter of 3 March"} | given
    return client.post(f"{LIST}/new", data=form | {"csrf": csrf(client, f"{LIST}/new")})


def settle(client: TestClient, number: int, **given: str):
    return client.post(f"{LIST}/{number}", data=given | {"csrf": csrf(client, f"{LIST}/{number}")})


def verdict(database: Database, keys: AddressKeys) -> Reason | None:
    with database.reading() as session:
        return verdicts(session, "offers", [keys.own], at=now())[keys.own]


def test_a_letter_becomes_a_request_that_holds_the_address(editor: TestClient, database: Database, ann):
    assert "Nothing is waiting" in editor.get(LIST).text
    answer = enter(editor)
    assert answer.headers["location"] == f"{LIST}/1?said=request"
    assert verdict(database, ann) is Reason.HELD
    page = editor.get(answer.headers["location"]).text
    assert "held from now on" in page
    assert "a letter of 3 March" in page
    assert "ann@example.org" in page
    assert "delete data" in editor.get(LIST).text


def test_g19_a_letter_that_says_stop_opts_out_like_any_door(editor: TestClient, database: Database, ann):
    enter(editor, kind="opt_out")
    assert verdict(database, ann) is Reason.OPTED_OUT


def test_what_is_overdue_is_marked(editor: TestClient, database: Database, ann):
    enter(editor)
    assert "overdue" not in editor.get(LIST).text
    with database.writing() as session:
        session.execute(update(Case).values(due_at=now() - timedelta(days=1)))
    assert "1 overdue" in editor.get(LIST).text
    assert "overdue" in editor.get(f"{LIST}/1").text


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        ("opted_out", Reason.OPTED_OUT),
        ("child", Reason.CHILD),
        ("released", None),
        ("answered", None),
        ("erased", None),
    ],
)
def test_a_request_is_settled_and_its_hold_ends(editor: TestClient, database: Database, ann, outcome, reason):
    enter(editor)
    answer = settle(editor, 1, outcome=outcome, note="spoke with her")
    assert answer.headers["location"] == f"{LIST}/1?said=settled"
    assert verdict(database, ann) is reason
    assert "spoke with her" in editor.get(f"{LIST}/1").text
    assert "Settle it" not in editor.get(f"{LIST}/1").text
    assert "delete data" in editor.get(f"{LIST}?show=closed").text
    assert "Nothing is waiting" in editor.get(LIST).text


def test_settling_twice_is_refused(editor: TestClient, database: Database, ann):
    enter(editor)
    form = {"outcome": "released", "note": "a mistake", "csrf": csrf(editor, f"{LIST}/1")}
    assert editor.post(f"{LIST}/1", data=form).status_code == 303
    assert editor.post(f"{LIST}/1", data=form).status_code == 409


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"outcome": "released"}, "Say how it ended"),
        ({"note": "x"}, "Choose how"),
        ({"outcome": "free", "note": "x"}, "Choose how"),
    ],
)
def test_a_request_is_not_settled_without_a_way_and_a_reason(editor: TestClient, database: Database, ann, given, said):
    enter(editor)
    answer = settle(editor, 1, **given)
    assert answer.status_code == 422
    assert said in answer.text
    assert verdict(database, ann) is Reason.HELD


@pytest.mark.parametrize("given", [{"kind": "nonsense"}, {"address": "ann at example"}, {"words": ""}])
def test_a_letter_that_cannot_be_read_is_not_kept(editor: TestClient, database: Database, ann, given):
    assert enter(editor, **given).status_code == 422
    with database.reading() as session:
        assert cases_of(session, ann.own) == []


def test_the_list_goes_on_page_by_page(editor: TestClient, database: Database, pepper: Pepper):
    with database.writing() as session:
        session.add_all(
            Case(
                kind="question", door="reply", address=f"p{each}@example.org", address_key=bytes([each]) * 32,
                family_key=bytes(32), opened_at=now(), due_at=now() + timedelta(days=each),
            )
            for each in range(60)
        )  # fmt: skip
    first = editor.get(LIST).text
    assert first.count("/console/requests/") - 1 >= 50
    address = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = editor.get(address).text
    assert "p55@example.org" in second
    assert "p0@example.org" not in second
    assert editor.get(f"{LIST}?due=nonsense&after=1").status_code == 200


def test_analysts_do_not_see_requests(client: TestClient, database: Database):
    sign_in(client, database, Role.ANALYST)
    assert client.get(LIST).status_code == 403
    assert LIST not in client.get("/console").text
