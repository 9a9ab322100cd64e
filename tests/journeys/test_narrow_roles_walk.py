"""The whole day under narrow roles, and what those roles cannot do to events and blocks (P7, G18)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from commands.grants import CLOCK, DOORS, RIGHTS, SENDER, WEB
from core.settings import Settings
from tests.conftest import NOON, made_settings
from tests.contacts.intruders import fault
from tests.journeys.narrow_houses import NarrowHouse, narrow_house_of
from tests.journeys.pressing import press

ANN, BOB, EVE = "ann@example.org", "bob@example.org", "eve@example.org"


@pytest.fixture
def narrow(postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[NarrowHouse]:
    settings: Settings = made_settings(postgresql_url, tmp_path)
    with (
        time_machine.travel(NOON, tick=False) as time,
        narrow_house_of(settings, postgresql_url, tmp_path, monkeypatch, time) as house,
    ):
        yield house


def test_p7_each_door_does_its_work_with_a_role_that_owns_nothing(narrow: NarrowHouse):
    narrow.bring([ANN, BOB, EVE])
    mails = narrow.run("spring")
    assert set(mails) == {ANN, BOB, EVE}
    assert "Done" in narrow.web.post(mails[ANN].one_click, data={"List-Unsubscribe": "One-Click"}).text
    assert "Done" in press(narrow.web, mails[BOB].link("/u/")).text
    narrow.later(days=1)
    assert set(narrow.run("summer")) == {EVE}
    console = narrow.as_operator()
    for path in ("/console", "/console/contacts", "/console/campaigns"):
        assert console.get(path).status_code == 200
    assert narrow.told("verify")["fault"] == "none"
    assert narrow.told("ledger", "head")["events"] > 3


ATTACKS = (
    "UPDATE event SET scope = 'offers'",
    "DELETE FROM event",
    "TRUNCATE event",
    "UPDATE block SET scope = 'offers'",
    "DELETE FROM block",
    "TRUNCATE block",
    "INSERT INTO block SELECT address_key, scope, 'hold', 5, family_key, event_sequence, since FROM block",
    "INSERT INTO block SELECT * FROM block ON CONFLICT (address_key, scope, reason) DO UPDATE SET rank = 9",
    "DELETE FROM ledger_head",
    "UPDATE ledger_head SET id = 2",
    "UPDATE ledger_head SET sequence = 1",
    "INSERT INTO ledger_head VALUES (2, 0, '')",
    "UPDATE consent SET confirmed = NOT confirmed",
    "UPDATE permit SET scope = 'offers'",
    "DELETE FROM permit",
    "UPDATE policy_rule SET basis = 'notice'",
    "ALTER TABLE event DISABLE TRIGGER event_kept",
    "ALTER TABLE event DISABLE TRIGGER ALL",
    "DROP TRIGGER block_tied ON block",
    "CREATE OR REPLACE FUNCTION heedful_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TEMPORARY TABLE event AS SELECT * FROM public.event",
    "CREATE TABLE public.shadow (x int)",
    "CREATE RULE nothing AS ON INSERT TO block DO INSTEAD NOTHING",
    "SET session_replication_role = replica",
    "DROP TABLE block",
    "ALTER TABLE event RENAME TO gone",
    "COPY event FROM PROGRAM 'true'",
)


def test_g18_no_role_of_a_door_can_change_what_was_recorded(narrow: NarrowHouse):
    narrow.bring([ANN, BOB])
    narrow.heedful("opt-out", ANN)
    for door in DOORS:
        for attack in ATTACKS:
            refuses(narrow, door, attack)
    assert fault(narrow.database) is None


@pytest.mark.parametrize("door", [CLOCK, SENDER])
def test_p27_only_the_web_server_publishes_a_policy(narrow: NarrowHouse, door: str):
    refuses(narrow, door, "INSERT INTO policy VALUES ('lax', 'notice', '', now())")


def refuses(narrow: NarrowHouse, door: str, attack: str) -> None:
    """By a right that the role has not, or by a guard."""
    with pytest.raises(DBAPIError) as error, narrow.doors[door].writing() as session:
        session.execute(text(attack))
    words = ("permission denied", "must be ", "refused")
    assert any(word in str(error.value.orig) for word in words), f"{door}: {attack}"


@pytest.mark.parametrize("table", ["operator", "sign_in", "api_token"])
@pytest.mark.parametrize("door", [CLOCK, SENDER])
def test_p7_only_the_web_server_reads_what_opens_the_console(narrow: NarrowHouse, door: str, table: str):
    if "S" in RIGHTS[table][DOORS.index(door)]:
        pytest.skip("the clock forgets sign-ins that ended: it must see when they do")
    with pytest.raises(DBAPIError, match="permission denied"), narrow.doors[door].reading() as session:
        session.execute(text(f"SELECT * FROM {table}"))


def test_p7_the_web_server_starts_no_sender_and_the_sender_reads_no_answers(narrow: NarrowHouse):
    with pytest.raises(DBAPIError, match="permission denied"), narrow.doors[WEB].writing() as session:
        session.execute(text("INSERT INTO permit (message_id) VALUES (1)"))
    with pytest.raises(DBAPIError, match="permission denied"), narrow.doors[SENDER].reading() as session:
        session.execute(text("SELECT * FROM answer"))
