"""The terminal: a campaign under way, its rate, its progress, and the messages that nobody knows of."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from campaigns.domain.states import MessageState
from campaigns.domain.tripwires import Tripped, Wire
from campaigns.services.control import cancel
from campaigns.services.watch_over import halt
from campaigns.storage.claims import Outcome, claim, settle
from campaigns.storage.mailings import finish_mailings, mailings_of
from campaigns.storage.messages import count_states
from commands.terminal import terminal
from commands.watching import drawn, line_of, looks_at
from core.clock import now
from core.database import Database
from tests.campaigns.scenes import a_sender, sending
from tests.conftest import NOON

LEASE = timedelta(minutes=5)


@pytest.fixture
def database(house, tmp_path: Path) -> Iterator[Database]:
    """The house's database, in which twelve readers' campaign is under way: two sent, three unknown, one put off."""
    (tmp_path / "people.csv").write_text(
        "email,topics\n" + "".join(f"r{each}@example.org,announcements\n" for each in range(12))
    )
    given = ("--source", "mailing_list", "--source-time", "2026-03-01", "--evidence", "a form")
    assert house("import", "people.csv", *given).exit_code == 0
    opened, at = Database(f"sqlite:///{tmp_path / 'heedful.db'}"), now()
    with opened.writing() as session:
        sending(session, at=at)
        sender = a_sender(session, "north")
        one, two, put_off, *lost = (each.message_id for each in claim(session, sender, at=at, lease=LEASE, most=6))
        ends = [Outcome(each, MessageState.SENT, handed_over_at=NOON) for each in (one, two)]
        ends += [Outcome(each, MessageState.UNKNOWN, reply="Connection lost", handed_over_at=NOON) for each in lost]
        later = now() + timedelta(hours=1)
        ends.append(Outcome(put_off, MessageState.PLANNED, code=451, reply="4.7.1 Later", next_try_at=later))
        settle(session, sender, ends)
    yield opened
    opened.close()


@contextmanager
def watched(tell) -> Iterator[Iterator]:
    with terminal() as opened:
        yield looks_at(opened, "spring", 0.01, tell)


def test_the_rate_is_changed_while_it_is_sent(house, database):
    told = json.loads(house("campaign", "rate", "spring", "10/second", "--json").output)
    assert (told["state"], told["rate a minute"]) == ("sending", "600")
    with database.reading() as session:
        assert [each.rate_per_minute for each in mailings_of(session, 1)] == [600]
    assert "at most 600 a minute" in _first_line(house, database)
    assert house("campaign", "rate", "spring", "none").exit_code == 0
    assert house("campaign", "rate", "spring", "quickly").exit_code == 1
    assert house("campaign", "cancel", "spring").exit_code == 0
    assert house("campaign", "rate", "spring", "600").exit_code == 1


def _first_line(house, database) -> str:
    with watched(line_of) as looks:
        line: str = next(looks)
        return line


def test_watching_tells_how_it_goes_until_it_ends(house, database):
    with watched(line_of) as looks:
        line = next(looks)
        assert "5 of 12" in line
        assert "1 put off by servers" in line
        with database.writing() as session:
            cancel(session, "spring", at=NOON)
        assert [each.split(" · ")[0] for each in looks] == ["cancelled"]


def test_in_a_window_of_its_own_it_is_drawn_with_the_domains_that_put_mail_off(house, database):
    console = Console(record=True, width=100)
    with watched(drawn) as looks:
        console.print(next(looks))
    told = console.export_text()
    assert "Spring (sending)" in told
    assert "example.org 1 451 4.7.1 Later" in " ".join(told.split())


def test_watching_what_has_ended_prints_one_line_and_for_programs_one_object(house, database):
    assert house("campaign", "cancel", "spring").exit_code == 0
    said = house("campaign", "watch", "spring")
    assert (said.exit_code, len(said.output.splitlines())) == (0, 1)
    told = json.loads(house("campaign", "watch", "spring", "--json").output)
    assert (told["state"], told["unknown"], told["cancelled"]) == ("cancelled", 3, 7)


def test_the_report_tells_the_progress(house, database):
    told = json.loads(house("campaign", "report", "spring", "--json").output)
    assert (told["due"], told["deferred"], told["unknown"]) == (6, 1, 3)


def test_a_campaign_that_was_paused_by_itself_says_why_and_what_to_do(house, database):
    with database.writing() as session:
        halt(session, 1, Tripped(Wire.FAILURES, 12, 60, 0.1), at=NOON)
    shown = house("campaign", "show", "spring").output
    assert "# Paused by itself: 12 of 60 messages failed (20.0%, and it pauses at 10.0%)." in shown
    told = json.loads(house("campaign", "report", "spring", "--json").output)
    assert told["paused_because"].startswith("12 of 60")
    assert house("campaign", "resume", "spring").exit_code == 0
    assert "Paused by itself" not in house("campaign", "show", "spring").output


def test_g6_unknown_messages_are_listed_with_what_is_known(house, database):
    said = house("campaign", "unknown", "spring").output
    assert "3 messages have an unknown outcome" in said
    assert "by north" in said
    assert "last words: Connection lost" in said
    told = json.loads(house("campaign", "unknown", "spring", "--json").output)
    assert told["unknown"] == 3
    assert told["messages"][0]["probably"] == "it probably arrived"


def test_g6_they_are_decided_one_by_one_or_all_after_a_question(house, database):
    one = json.loads(house("campaign", "unknown", "spring", "--json").output)["messages"][0]["message"]
    assert house("campaign", "unknown", "spring", "--decide", "lost", "--message", one).exit_code == 0
    assert house("campaign", "unknown", "spring", "--decide", "lost", "--message", one).exit_code == 1
    asked = house("campaign", "unknown", "spring", "--decide", "arrived", given="n\n")
    assert asked.exit_code == 1
    assert "2 messages of “spring”: they arrived" in asked.output
    with database.reading() as session:
        assert count_states(session, 1).of(MessageState.UNKNOWN) == 2
    decided = house("campaign", "unknown", "spring", "--decide", "arrived", "--yes", "--json")
    assert json.loads(decided.output) == {"decided": 2, "as": "arrived"}
    assert "There is none." in house("campaign", "unknown", "spring").output
    assert house("campaign", "unknown", "spring", "--decide", "again", "--yes").exit_code == 1
    with database.writing() as session:
        assert count_states(session, 1).by_state == {
            MessageState.SENT: 4,
            MessageState.FAILED: 1,
            MessageState.PLANNED: 7,
        }
        assert finish_mailings(session, NOON) == []
