"""How fast an audience is counted, frozen, claimed and settled: 100,000 invented contacts, one JSON line a run."""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy import insert
from sqlalchemy.orm import Session

from campaigns.domain.campaign_files import CampaignDraft
from campaigns.domain.checks import Clearance
from campaigns.domain.states import MessageState
from campaigns.storage.audiences import count_audience, freeze_audience
from campaigns.storage.campaigns import fingerprint, put_draft
from campaigns.storage.claims import Claim, Outcome, claim, settle
from campaigns.storage.mailings import Mailing, MailingKind, begin_mailing, finish_mailings, plan_mailing
from campaigns.storage.messages import count_reasons, count_states
from campaigns.storage.senders import start_sender
from contacts.domain.facts import Door, Fact, Kind
from contacts.storage.contacts import Contact
from contacts.storage.ledger import begin_ledger, record
from contacts.storage.policies import publish_policy
from contacts.storage.topics import add_standard_topics
from core.database import Database
from core.schema import migrate

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHUNK = 500
GERMANS = {"rules": [{"field": "attributes.country", "op": "is_one_of", "value": ["DE", "AT"]}]}
T = TypeVar("T")


def people(session: Session, number: int) -> None:
    """One in ten never gave permission, one in twenty opted out, one in fifty is a child."""
    keys = [sha256(str(each).encode()).digest() for each in range(number)]
    plain: dict[str, Any] = {"source": "purchase", "source_at": AT, "created_at": AT, "updated_at": AT, "locale": "en"}
    country = ("DE", "JP", "US", "FR")
    contacts = [
        plain
        | {"address": f"p{each}@example.org", "address_key": key, "family_key": key, "given_name": f"P{each}"}
        | {"attributes": {"country": country[each % 4]}}
        for each, key in enumerate(keys)
    ]
    session.execute(insert(Contact), contacts)
    begin_ledger(session)
    record(session, [fact for each, key in enumerate(keys) for fact in story(each, key)], at=AT)


def story(number: int, key: bytes) -> Iterator[Fact]:
    if number % 10:
        yes = {"source": "purchase", "policy_version": "2026-01"}
        yield Fact(key, key, Kind.CONSENT, "announcements", Door.IMPORT, AT, **yes)  # type: ignore[arg-type]  # texts
    if number % 20 == 0:
        yield Fact(key, key, Kind.OPT_OUT, "everything", Door.IMPORT, AT)
    if number % 50 == 0:
        yield Fact(key, key, Kind.CHILD, "everything", Door.IMPORT, AT)


def begun(session: Session) -> Mailing:
    campaign = put_draft(session, CampaignDraft("bench", "Bench", "announcements", html="x", text="x"), AT)
    cleared = Clearance(fingerprint(campaign), "s", "h", "t")
    mailing = plan_mailing(session, campaign, cleared, kind=MailingKind.FIRST, due_at=AT, at=AT)
    started = begin_mailing(session, mailing.id, AT)
    assert started is not None
    return started


def timed(measured: dict[str, Any], name: str, act: Callable[[], T]) -> T:
    started = time.perf_counter()
    result = act()
    measured[f"{name}_seconds"] = round(time.perf_counter() - started, 3)
    return result


def send_all(database: Database, sender: int) -> int:
    """Claim and settle chunk by chunk, as a sender does, with nobody at the other end."""
    chunks = 0
    while True:
        with database.writing() as session:
            taken: list[Claim] = claim(session, sender, at=AT, lease=timedelta(minutes=5), most=CHUNK)
        if not taken:
            return chunks
        with database.writing() as session:
            sent = [Outcome(each.message_id, MessageState.SENT, code=250, handed_over_at=AT) for each in taken]
            settle(session, sender, sent)
        chunks += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--url", help="a fresh database instead of SQLite in a scratch folder")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(given.url or f"sqlite:///{folder}/bench.db")
        migrate(database)
        with database.writing() as session:
            add_standard_topics(session, at=AT)
            publish_policy(session, "2026-01", "strict", at=AT)
            people(session, given.people)
            mailing = begun(session)
            sender = start_sender(session, "bench", AT)
        measured: dict[str, Any] = {"bench": "freeze", "people": given.people, "database": database.dialect}
        with database.reading() as session:
            timed(measured, "count", lambda: count_audience(session, {}, "announcements", at=AT))
            timed(measured, "count_segment", lambda: count_audience(session, GERMANS, "announcements", at=AT))
        freeze(database, mailing, measured)
        with database.reading() as session:
            timed(measured, "progress", lambda: count_states(session, mailing.id))
            reasons = timed(measured, "reasons", lambda: count_reasons(session, mailing.id))
        measured["excluded"] = reasons[MessageState.EXCLUDED]
        timed(measured, "claim_and_settle", lambda: send_all(database, sender))
        with database.writing() as session:
            timed(measured, "finish", lambda: finish_mailings(session, AT))
            measured["sent"] = count_states(session, mailing.id).of(MessageState.SENT)
        print(json.dumps(measured, sort_keys=True))
        database.close()


def freeze(database: Database, mailing: Mailing, measured: dict[str, Any]) -> None:
    """The statement, and its commit."""
    started = time.perf_counter()
    with database.writing() as session:
        measured["audience"] = freeze_audience(session, session.merge(mailing, load=False), at=AT)
    measured["freeze_seconds"] = round(time.perf_counter() - started, 3)


if __name__ == "__main__":
    main()
