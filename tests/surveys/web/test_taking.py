"""The public link of a survey: the age screen, the code by e-mail, and what is kept of whom."""

from typing import Any

import pytest
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from campaigns.services.mail_confirmations import mail_confirmations
from campaigns.storage.messages import Message
from contacts.domain.addresses import Pepper, read_address
from contacts.storage.attempts import Attempt
from contacts.storage.blocks import Block
from contacts.storage.cases import Case
from contacts.storage.signups import Signup
from core.clock import now
from core.database import Base, Database
from surveys.domain.anonymity import Access
from surveys.services.choose_anonymity import choose_access
from surveys.storage.invitations import NOBODY, STRANGER, Invitation
from surveys.storage.responses import Response
from surveys.storage.surveys import find_survey
from tests.campaigns.scenes import add_reader
from tests.conftest import NOON
from tests.contacts.signing_up import ADULT, CHILD
from tests.surveys.domain.sample_surveys import BRANCHING
from tests.surveys.services.test_turning_children_away import AGED
from tests.surveys.survey_scenes import opened

TAKE = "/take/trip"
KNOWN, UNKNOWN = "person@example.org", "somebody@example.org"


@pytest.fixture
def survey(database: Database) -> int:
    with database.writing() as session:
        add_reader(session, KNOWN, "research")
        return opened(session).id


def let(database: Database, access: Access) -> None:
    with database.writing() as session:
        choose_access(session, find_survey(session, "trip"), access, at=NOON)


def kept(database: Database, *tables: type[Base]) -> list[int]:
    with database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def code_of(database: Database, address: str, pepper: Pepper) -> str:
    with database.reading() as session:
        own = pepper.keys(read_address(address)).own
        return session.scalars(select(Signup.code).where(Signup.address_key == own)).one() or ""


@pytest.mark.usefixtures("survey")
def test_a_public_link_lets_anybody_in_and_keeps_nothing_of_who_they_are(client: TestClient, database: Database):
    assert client.get(TAKE).status_code == 404
    let(database, Access.PUBLIC)
    page = client.get(TAKE).text
    assert "Your date of birth" in page
    assert "Your email address" not in page
    assert not any(hint in page for hint in ("years old", "at least", "child"))
    assert kept(database, Attempt, Invitation) == [0, 0]
    assert client.post(TAKE, data={"day": "31", "month": "2", "year": "1980"}).status_code == 422
    into = client.post(TAKE, data=ADULT)
    assert (into.status_code, into.headers["location"][:3]) == (303, "/s/")
    form = client.get(into.headers["location"]).text
    assert "Went" in form or "went" in form
    assert 'href="/u/' not in form
    client.post(into.headers["location"], data={"_page": "start", "_go": "next", "_version": "1", "went": "no"})
    with database.reading() as session:
        assert [each.contact_id for each in session.scalars(select(Invitation))] == [NOBODY]
    assert kept(database, Response) == [1]


@pytest.mark.usefixtures("survey")
def test_g13_a_child_at_the_public_link_leaves_nothing_behind_and_does_not_get_in_later(
    client: TestClient, database: Database
):
    let(database, Access.PUBLIC)
    said = client.post(TAKE, data=CHILD)
    assert "nothing was stored" in said.text
    assert client.post(TAKE, data=ADULT).text == said.text
    assert kept(database, Invitation, Response, Block, Signup) == [0, 0, 0, 0]
    let(database, Access.CODE)
    assert client.post(TAKE, data={"address": KNOWN, **CHILD}, headers={"user-agent": "other"}).text == said.text
    blocked, cases, signups = kept(database, Block, Case, Signup)
    assert blocked
    assert (cases, signups) == (1, 0)
    assert client.post(TAKE, data={"address": KNOWN, **ADULT}, headers={"user-agent": "third"}).status_code == 200
    assert kept(database, Signup) == [0]


@pytest.mark.usefixtures("survey")
def test_p1_the_answers_are_the_same_for_every_address_and_the_code_opens_the_form(
    client: TestClient, database: Database, pepper: Pepper
):
    let(database, Access.CODE)
    pages = [client.post(TAKE, data={"address": each, **ADULT}).text for each in (KNOWN, UNKNOWN)]
    assert pages[0].replace(KNOWN, "X") == pages[1].replace(UNKNOWN, "X")
    with database.writing() as session:
        assert mail_confirmations(session, at=now()) == 2
        assert session.scalar(select(func.count()).select_from(Message)) == 2
    wrong = [client.post(f"{TAKE}/code", data={"address": each, "code": "1"}) for each in (KNOWN, "nobody@example.org")]
    assert [each.status_code for each in wrong] == [422, 422]
    assert wrong[0].text.replace(KNOWN, "X") == wrong[1].text.replace("nobody@example.org", "X")
    for address in (KNOWN, UNKNOWN):
        code = code_of(database, address, pepper)
        data = {"address": address, "code": f"{code[:4]} {code[4:]}"}
        assert client.post(f"{TAKE}/code", data=data).headers["location"].startswith("/s/")
        assert client.post(f"{TAKE}/code", data=data).status_code == 422, "a code opens once"
    with database.reading() as session:
        contacts = session.scalars(select(Invitation.contact_id).order_by(Invitation.contact_id)).all()
        assert contacts[0] == STRANGER
        assert contacts[1] > 0


@pytest.mark.usefixtures("survey")
def test_codes_are_guessed_a_few_times_an_hour_and_no_more(client: TestClient, database: Database, pepper: Pepper):
    let(database, Access.CODE)
    client.post(TAKE, data={"address": KNOWN, **ADULT})
    data: dict[str, Any] = {"address": KNOWN, "code": "00000000"}
    assert {client.post(f"{TAKE}/code", data=data).status_code for _ in range(5)} == {422}
    late = client.post(f"{TAKE}/code", data={**data, "code": code_of(database, KNOWN, pepper)})
    assert late.status_code == 429
    assert int(late.headers["retry-after"]) > 0
    assert client.post(f"{TAKE}/code", data={"address": "no address", "code": "1"}).status_code == 422


@pytest.mark.usefixtures("survey")
def test_p1_codes_of_a_public_link_come_along_to_the_form_and_nothing_else_does(client: TestClient, database: Database):
    let(database, Access.PUBLIC)
    link = f"{TAKE}?from=fair-2026&who=ann%40example.org"
    assert f'action="{TAKE}?from=fair-2026"' in client.get(link).text
    assert client.post(link, data=ADULT).headers["location"].partition("?")[2] == "from=fair-2026"


def tried(database: Database, number: int) -> None:
    """As if everything that was tried had been tried so often."""
    with database.writing() as session:
        session.execute(update(Attempt).values(number=number))


@pytest.mark.usefixtures("survey")
def test_a_room_behind_one_network_begins_a_survey_and_another_one_has_a_count_of_its_own(
    client: TestClient, database: Database
):
    let(database, Access.PUBLIC)
    with database.writing() as session:
        other = opened(session, BRANCHING.replace('name = "trip"', 'name = "second"', 1))
        choose_access(session, other, Access.PUBLIC, at=NOON)
    assert client.post(TAKE, data=ADULT).status_code == 303
    tried(database, 299)
    assert [client.post(TAKE, data=ADULT).status_code for _ in range(2)] == [303, 429]
    assert client.post("/take/second", data=ADULT).status_code == 303
    let(database, Access.CODE)
    with_code = {"address": UNKNOWN, **ADULT}
    assert client.post(TAKE, data=with_code).status_code == 200
    tried(database, 30)
    assert client.post(TAKE, data=with_code).status_code == 429


def test_g13_a_slip_in_the_year_of_birth_is_told_beside_the_field_and_blocks_nobody(
    client: TestClient, database: Database
):
    with database.writing() as session:
        survey = opened(session, AGED)
        choose_access(session, survey, Access.PUBLIC, at=NOON)
    link = client.post("/take/aged", data=ADULT).headers["location"]
    sent = {"_page": "second", "_go": "next", "_version": "1"}
    for born, age, said in (("2985-01-01", "40", "check the year"), ("1985-01-01", "1000", "check the age")):
        answer = client.post(link, data={**sent, "born": born, "years": age})
        assert (answer.status_code, f"Please {said}." in answer.text) == (422, True)
    assert kept(database, Response, Block) == [0, 0]
    assert client.post(link, data={**sent, "born": "1985-01-01", "years": "40"}).status_code == 303
    assert kept(database, Response, Block) == [1, 0]
