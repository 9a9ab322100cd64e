"""A sender stopped in its tracks (SIGSTOP), taken for dead meanwhile, wakes up harmless: nobody who left gets mail."""

import os
import signal
import time
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from campaigns.domain.states import MessageState
from campaigns.sending.crossings import PROOF_SECONDS
from campaigns.sending.vigils import BEATS_OF_SILENCE, Vigil
from campaigns.storage.messages import count_states
from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Door
from contacts.domain.stopping import stop_fact
from contacts.storage.contacts import Contact
from contacts.storage.ledger import record
from contacts.storage.permits import Permit, wait_for_handovers
from core.clock import now
from core.database import Database
from tests.journeys.killing import CountingServer, counting_server, start_sender
from tests.journeys.test_killed_sender import environment, plan
from tests.patience import VERY_LONG, until

pytestmark = pytest.mark.kill


def stop_in_its_tracks(process: int, server: CountingServer) -> float:
    """Stop a process once it has sent some mail; when it stood still."""
    until(lambda: len(server.messages) >= 30, "the first mail")
    os.kill(process, signal.SIGSTOP)
    while "\nState:\tT" not in (status := Path(f"/proc/{process}/status").read_text()):
        assert "\nState:\tZ" not in status
        time.sleep(0.001)
    return time.monotonic()


def take_for_dead(database: Database, stopped_at: float) -> None:
    """End the database sessions of the stopped process and settle what it left, no sooner than others would."""
    with database.writing() as session:
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    vigil = Vigil(database, now, read_ticks=count().__next__)
    while time.monotonic() - stopped_at < PROOF_SECONDS + 0.1:
        time.sleep(0.05)
    for _ in range(BEATS_OF_SILENCE + 2):
        vigil.bury_the_dead()


def everybody_leaves(database: Database) -> None:
    """Opt out all contacts, and wait as each of these opt-outs does until it may say "done"."""
    with database.writing() as session:
        people = session.execute(select(Contact.address_key, Contact.family_key)).all()
        facts = [stop_fact(AddressKeys(own, family), Door.PAGE, at=now()) for own, family in people]
        record(session, facts, at=now())
    assert wait_for_handovers(database, [own for own, _ in people], "everything", seconds=5)


def test_g1_a_sender_that_was_stopped_and_taken_for_dead_hands_nothing_over_when_it_wakes(
    postgresql_url: str, tmp_path
):
    database = Database(postgresql_url)
    mailing_id = plan(database)
    with counting_server() as server:
        settings = environment(postgresql_url, server.port, str(tmp_path)) | {"HEEDFUL_SENDER_CONNECTIONS": "16"}
        sender = start_sender(settings)
        assert sender.pid is not None
        stopped_at = stop_in_its_tracks(sender.pid, server)
        take_for_dead(database, stopped_at)
        everybody_leaves(database)
        before = len(server.messages)
        with database.reading() as session:
            assert session.scalar(select(func.count()).where(Permit.outcome.is_(None))) == 0
        os.kill(sender.pid, signal.SIGCONT)
        sender.join(1)  # it goes on: it asks for permits, and gets none
        sender.terminate()
        sender.join(VERY_LONG)
        assert sender.exitcode == 0
        assert len(server.messages) == before
    with database.reading() as session:
        progress = count_states(session, mailing_id)
    sent, unknown = progress.of(MessageState.SENT), progress.of(MessageState.UNKNOWN)
    assert sent <= before <= sent + unknown
    assert progress.audience == 2_000
    database.close()
