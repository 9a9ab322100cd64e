"""The sender killed at random moments of a mailing: nobody gets two mails, nothing is lost, the sums add up."""

import os
import random
import time

import pytest
from sqlalchemy import func, select

from campaigns.domain.states import MailingState, MessageState
from campaigns.storage.mailings import Mailing
from campaigns.storage.messages import Message, count_states
from contacts.domain.facts import Door, Fact, Kind
from contacts.storage.ledger import record
from contacts.storage.permits import Permit
from core.clock import now
from core.database import Database
from tests.campaigns.scenes import add_contact, sending
from tests.conftest import NOON, PEPPER, SECRET
from tests.journeys.killing import CountingServer, counting_server, start_sender
from tests.patience import VERY_LONG, until

KILLS = 20
PEOPLE = 2_000
LINES = 4
pytestmark = pytest.mark.kill


def plan(database: Database) -> int:
    with database.writing() as session:
        people = [add_contact(session, f"reader{number}@example.org") for number in range(PEOPLE)]
        record(
            session,
            [
                Fact(person.address_key, person.family_key, Kind.CONSENT, "announcements", Door.IMPORT, NOON,
                     source="purchase", evidence="a form", policy_version="2026-01")
                for person in people
            ],
            at=NOON,
        )  # fmt: skip
        return sending(session, at=now()).id


def environment(database_url: str, port: int, folder: str) -> dict[str, str]:
    return {
        "HEEDFUL_DATABASE_URL": database_url,
        "HEEDFUL_SMTP_URL": f"smtp://127.0.0.1:{port}",
        "HEEDFUL_SECRET_KEY": SECRET,
        "HEEDFUL_PEPPER": PEPPER,
        "HEEDFUL_DATA_DIR": folder,
        "HEEDFUL_SENDER_EMAIL": "news@example.org",
        "HEEDFUL_SENDER_POSTAL_ADDRESS": "1 Example Street",
        "HEEDFUL_SENDER_CONNECTIONS": str(LINES),
        "HEEDFUL_LOG_LEVEL": "error",
    }


def kill_at_random_moments(settings: dict[str, str], server: CountingServer, chance: random.Random) -> None:
    """Start senders one after another, some side by side, and kill each with no warning, wherever it is just then."""
    for number in range(KILLS):
        senders = [start_sender(settings) for _ in range(1 + (number % 5 == 4))]
        enough = len(server.messages) + chance.randrange(PEOPLE // KILLS)
        latest = time.monotonic() + 10
        while len(server.messages) < enough and time.monotonic() < latest:
            time.sleep(0.001)
        time.sleep(chance.uniform(0.0, 0.01))
        for sender in senders:
            sender.kill()
            sender.join(10)


def test_g6_g7_a_sender_killed_at_random_moments_sends_nobody_two_mails_and_loses_nothing(
    database: Database, database_url: str, tmp_path
):
    seed = int(os.environ.get("HEEDFUL_TEST_SEED", random.SystemRandom().randrange(10**6)))
    print("seed", seed)
    mailing_id = plan(database)
    with counting_server() as server:
        settings = environment(database_url, server.port, str(tmp_path))
        kill_at_random_moments(settings, server, random.Random(seed))
        killed_after = len(server.messages)
        last = start_sender(settings, "--until-idle")
        last.join(VERY_LONG)
        assert last.exitcode == 0
        arrived = server.arrived

    with database.reading() as session:
        progress = count_states(session, mailing_id)
        counted = dict(session.execute(select(Message.state, func.count()).group_by(Message.state)).all())
        assert session.scalar(select(Mailing.state)) == MailingState.FINISHED
        assert session.scalar(select(func.count()).where(Permit.outcome.is_(None))) == 0
    print("arrived before the last sender:", killed_after, "states:", counted)
    sent, unknown = progress.of(MessageState.SENT), progress.of(MessageState.UNKNOWN)
    assert set(arrived.values()) == {1}, "somebody got two mails"
    assert sent + unknown == progress.audience == PEOPLE
    assert sent <= len(arrived) <= sent + unknown
    assert unknown <= KILLS * LINES * 4
    assert killed_after > PEOPLE // 10, "the senders were killed before they began"


def test_a_sender_that_is_terminated_ends_what_it_began_and_leaves_nothing_unknown(
    database: Database, database_url: str, tmp_path
):
    mailing_id = plan(database)
    with counting_server() as server:
        sender = start_sender(environment(database_url, server.port, str(tmp_path)))
        until(lambda: len(server.messages) >= 50, "the first mail")
        sender.terminate()
        sender.join(VERY_LONG)
        assert sender.exitcode == 0
        arrived = server.arrived
    with database.reading() as session:
        progress = count_states(session, mailing_id)
        assert session.scalar(select(func.count()).where(Permit.outcome.is_(None))) == 0
    assert 50 <= progress.of(MessageState.SENT) == len(arrived) < PEOPLE
    assert progress.of(MessageState.PLANNED) == PEOPLE - len(arrived)
