"""The terminal tells what became of each message to a person: campaign, attempts, the server's answer, the next try."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from campaigns.storage.messages import Message
from contacts.domain.addresses import PepperRing, read_address
from core.clock import now
from core.database import Database
from core.settings import load_settings
from tests.campaigns.scenes import make_draft, sending

ADDRESS = "ann@example.org"
TABLE = f"email,topics\n{ADDRESS},announcements\nnever@example.org,\n"
GIVEN = ("--source", "mailing_list", "--source-time", "2026-03-01", "--evidence", "a form")


@pytest.fixture
def written(house, tmp_path: Path):
    """A house with two campaigns: Ann's message of the first was refused, that of the second deferred twice."""
    (tmp_path / "people.csv").write_text(TABLE)
    assert house("import", "people.csv", *GIVEN).exit_code == 0
    settings = load_settings()
    database = Database(settings.database_url)
    with database.writing() as session:
        for name in ("spring", "summer", "autumn"):
            sending(session, make_draft(name))
        key = PepperRing.of(settings).peppers[0].keys(read_address(ADDRESS)).own
        query = select(Message).where(Message.address_key == key).order_by(Message.id)
        first, second, _untried = session.scalars(query)
        first.state, first.reason, first.next_try_at = "failed", "refused", None
        first.attempts, first.code, first.reply = 1, 550, "5.1.1 no such user"
        second.attempts, second.code, second.reply = 2, 451, "4.7.1 come back later"
        second.next_try_at = now() + timedelta(minutes=5)
    database.close()
    return house


def test_each_message_is_told_with_its_campaign_and_what_the_server_said(written):
    told = written("explain", ADDRESS).output.split("Messages:")[1].split("Events:")[0]
    lines = [line.strip() for line in told.strip().splitlines()]
    assert lines[:3] == [
        "autumn (mailing 3): planned",
        "summer (mailing 2): planned",
        "attempts: 2; the server said: 451 4.7.1 come back later",
    ]
    assert lines[3].startswith("next try: 20")
    assert lines[4:] == [
        "spring (mailing 1): failed: refused",
        "attempts: 1; the server said: 550 5.1.1 no such user",
    ]


def test_programs_are_told_the_same(written):
    _, deferred, refused = json.loads(written("explain", ADDRESS, "--json").output)["messages"]
    assert (deferred["campaign"], deferred["attempts"], deferred["code"]) == ("summer", 2, 451)
    assert deferred["next_try_at"]
    assert (refused["campaign"], refused["state"], refused["reply"]) == ("spring", "failed", "5.1.1 no such user")
    assert refused["next_try_at"] is None
    only = json.loads(written("explain", ADDRESS, "--mailing", "1", "--json").output)["messages"]
    assert [each["campaign"] for each in only] == ["spring"]


def test_somebody_who_was_left_out_is_told_why(written):
    told = written("explain", "never@example.org").output
    assert "spring (mailing 1): excluded: never gave permission" in told
    assert "attempts" not in told


def test_g17_one_mailing_is_told_with_its_verdict_and_the_same_judged_again(written):
    told = written("explain", ADDRESS, "--mailing", "1").output
    assert "from the ledger up to event 1: is permitted: said yes on 2026-03-01 (event 1); the same" in told
    verdict = json.loads(written("explain", ADDRESS, "--mailing", "1", "--json").output)["messages"][0]["verdict"]
    assert (verdict["stored"], verdict["again"], verdict["same"]) == ("permitted", "permitted", True)
    assert verdict["rule"].endswith("an address from mailing_list needs a yes on this topic.")
