from datetime import datetime

import pytest
from starlette.testclient import TestClient

from contacts.domain.addresses import PepperRing
from contacts.domain.facts import Kind
from contacts.storage.ledger import record
from contacts.storage.segments import segment_numbered
from core.database import Database
from core.operators import Role
from core.settings import Settings
from tests.contacts.people import add_contact, add_permitted, fact
from tests.web import csrf, sign_in

LIST = "/console/segments"
GERMAN = {"rule_field": ["locale", ""], "rule_op": ["is", "is"], "rule_value": ["de", ""], "match": "all"}
CONDITION = {"match": "all", "rules": [{"field": "locale", "op": "is", "value": "de"}]}


@pytest.fixture
def people(database: Database, settings: Settings, noon: datetime) -> None:
    pepper = PepperRing.of(settings).peppers[0]
    with database.writing() as session:
        add_permitted(session, pepper, "a@example.org", "updates", at=noon, locale="de")
        left = add_permitted(session, pepper, "b@example.org", "updates", at=noon, locale="de")
        add_contact(session, pepper, "c@example.org", at=noon, locale="de")
        add_permitted(session, pepper, "d@example.org", "updates", at=noon, locale="fr")
        record(session, [fact(left, Kind.OPT_OUT, "marketing", at=noon)], at=noon)


def test_a_segment_is_saved_listed_in_words_and_changed(client: TestClient, database: Database) -> None:
    sign_in(client, database, Role.EDITOR)
    assert "No segments yet" in client.get(LIST).text
    form = {"csrf": csrf(client, f"{LIST}/new"), "name": "Germans"} | GERMAN
    answer = client.post(f"{LIST}/new", data=form)
    assert answer.headers["location"] == f"{LIST}/1?said=saved"
    assert "locale is “de”" in client.get(LIST).text
    assert 'value="de"' in client.get(f"{LIST}/1").text
    changed = form | {"rule_value": ["fr", ""]}
    assert client.post(f"{LIST}/1", data=changed).status_code == 303
    with database.reading() as session:
        assert segment_numbered(session, 1).condition["rules"][0]["value"] == "fr"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rule_field": ["shoe size", ""]}, "There is no such field."),
        ({"rule_op": ["greater", "is"]}, "This field has no such operation."),
        ({"name": " "}, "A segment needs a name"),
        ({"rules_json": "{"}, "These groups are not JSON."),
        ({"rules_json": "[]"}, "These groups are not a JSON object."),
    ],
)
def test_a_mistake_is_said_beside_its_row_and_every_value_is_kept(
    client: TestClient, database: Database, change: dict[str, object], said: str
) -> None:
    sign_in(client, database, Role.EDITOR)
    form = {"csrf": csrf(client, f"{LIST}/new"), "name": "Germans"} | GERMAN | change
    answer = client.post(f"{LIST}/new", data=form)
    assert answer.status_code == 422
    assert said in answer.text
    if "rules_json" not in change:
        assert 'value="de"' in answer.text


def test_a_wrong_change_keeps_the_old_rules(client: TestClient, database: Database) -> None:
    sign_in(client, database, Role.EDITOR)
    form = {"csrf": csrf(client, f"{LIST}/new"), "name": "Germans"} | GERMAN
    client.post(f"{LIST}/new", data=form)
    answer = client.post(f"{LIST}/1", data=form | {"rule_field": ["nothing", ""]})
    assert answer.status_code == 422
    with database.reading() as session:
        assert segment_numbered(session, 1).condition == CONDITION


def test_the_live_count_tells_who_is_reached_and_why_others_are_not(
    client: TestClient, database: Database, people: None
) -> None:
    sign_in(client, database, Role.ANALYST)
    page = client.get(f"{LIST}/count", params=GERMAN | {"topic": "updates"}).text
    assert "1 person would get it" in page
    assert "of 3 whom the rules meet" in page
    assert "opted out" in page
    assert "never gave permission for this topic" in page


def test_the_live_count_says_what_is_wrong_with_a_rule(client: TestClient, database: Database) -> None:
    sign_in(client, database, Role.ANALYST)
    page = client.get(f"{LIST}/count", params=GERMAN | {"rule_field": ["x", ""], "topic": "updates"}).text
    assert "There is no such field." in page


def test_groups_in_groups_are_counted_too(client: TestClient, database: Database, people: None) -> None:
    sign_in(client, database, Role.ANALYST)
    nested = '{"match": "all", "rules": [{"match": "any", "rules": [{"field": "locale", "op": "is", "value": "fr"}]}]}'
    page = client.get(f"{LIST}/count", params={"rules_json": nested, "topic": "updates"}).text
    assert "1 person would get it" in page


def test_an_analyst_reads_segments_and_saves_none(client: TestClient, database: Database) -> None:
    sign_in(client, database, Role.ANALYST)
    assert client.get(LIST).status_code == 200
    assert client.get(f"{LIST}/new").status_code == 403
