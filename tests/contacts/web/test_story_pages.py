from datetime import datetime

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from contacts.domain.addresses import PepperRing
from contacts.storage.blocks import Block
from contacts.storage.contacts import Contact
from contacts.storage.ledger import Event
from core.database import Database
from core.operators import Role
from core.settings import Settings
from tests.contacts.people import add_permitted
from tests.web import csrf, sign_in

PAGE = "/console/contacts/1"


@pytest.fixture
def mei(database: Database, settings: Settings, noon: datetime) -> bytes:
    with database.writing() as session:
        add_permitted(
            session,
            PepperRing.of(settings).peppers[0],
            "mei@example.org",
            "updates",
            "offers",
            at=noon,
            given_name="Mei",
            attributes={"country": "JP"},
        )
        return bytes(session.scalars(select(Contact.address_key)).one())


def test_the_story_tells_consents_in_words_and_where_each_topic_stands(
    client: TestClient, database: Database, mei: bytes
) -> None:
    sign_in(client, database, Role.ANALYST)
    page = client.get(PAGE).text
    assert "Agreed to: Software updates, Special offers" in page
    assert "never gave permission for this topic" in page
    assert "a form · on a mailing list · policy 2026-01" in page
    assert "JP" in page
    assert "mei@example.org" not in page


def test_g19_an_operator_opts_a_contact_out_and_the_evidence_is_kept_without_card_numbers(
    client: TestClient, database: Database, mei: bytes
) -> None:
    sign_in(client, database, Role.EDITOR)
    form = {"csrf": csrf(client, PAGE), "scope": "everything", "evidence": "call, card 4111 1111 1111 1111"}
    answer = client.post(f"{PAGE}/opt-out", data=form)
    assert answer.headers["location"] == f"{PAGE}?said=opted-out"
    with database.reading() as session:
        last = select(Event.kind, Event.door, Event.evidence).order_by(Event.sequence.desc()).limit(1)
        kind, door, evidence = session.execute(last).one()
        blocks = session.scalars(select(Block.scope).where(Block.address_key == mei)).all()
    assert (kind, door) == ("opt_out", "operator")
    assert "4111 1111 1111 1111" not in evidence
    assert blocks == ["everything"]
    assert "Opted out" in client.get(f"{PAGE}?said=opted-out").text


def test_g13_an_operator_flags_a_child(client: TestClient, database: Database, mei: bytes) -> None:
    sign_in(client, database, Role.EDITOR)
    form = {"csrf": csrf(client, PAGE), "child_evidence": "mail from a parent"}
    assert client.post(f"{PAGE}/child", data=form).headers["location"] == f"{PAGE}?said=child"
    with database.reading() as session:
        reasons = set(session.scalars(select(Block.reason).where(Block.address_key == mei)))
    assert reasons == {"child"}


@pytest.mark.parametrize(
    ("path", "form", "said"),
    [
        ("opt-out", {"scope": "everything", "evidence": " "}, "Say how they told us."),
        ("opt-out", {"scope": "the moon", "evidence": "call"}, "Choose what to stop."),
        ("child", {"child_evidence": ""}, "Say how we know."),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_stores_nothing(
    client: TestClient, database: Database, mei: bytes, path: str, form: dict[str, str], said: str
) -> None:
    sign_in(client, database, Role.EDITOR)
    answer = client.post(f"{PAGE}/{path}", data=form | {"csrf": csrf(client, PAGE)})
    assert answer.status_code == 422
    assert said in answer.text
    with database.reading() as session:
        assert session.scalars(select(Block)).all() == []


def test_an_analyst_cannot_opt_anybody_out(client: TestClient, database: Database, mei: bytes) -> None:
    sign_in(client, database, Role.ANALYST)
    form = {"csrf": csrf(client, PAGE), "scope": "everything", "evidence": "call"}
    assert client.post(f"{PAGE}/opt-out", data=form).status_code == 403


def test_an_unknown_contact_is_a_calm_404(client: TestClient, database: Database) -> None:
    sign_in(client, database)
    answer = client.get("/console/contacts/999")
    assert answer.status_code == 404
    assert "no such contact" in answer.text
