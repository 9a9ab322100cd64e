"""How long verifying a ledger takes, at which memory, and what a bulk insert of events costs: one JSON line a run."""

import argparse
import json
import resource
import tempfile
import time
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from contacts.domain.facts import Door, Fact, Kind
from contacts.services.verify_ledger import verify_ledger
from contacts.storage.ledger import begin_ledger, record
from contacts.storage.policies import publish_policy
from core.bulk import make_room
from core.database import Database
from core.schema import migrate

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
BATCH = 5_000
"""People; each has three events: two that permit, and one that stops one of the two."""


def story(number: int) -> list[Fact]:
    """What one invented person said."""
    key, plain = sha256(str(number).encode()).digest(), {"source": "purchase", "policy_version": "2026-01"}
    yes = [
        Fact(key, key, Kind.CONSENT, scope, Door.IMPORT, AT, evidence="a till receipt", **plain)  # type: ignore[arg-type]  # texts
        for scope in ("announcements", "offers")
    ]
    return [*yes, Fact(key, key, Kind.OPT_OUT, "offers", Door.ONE_CLICK, AT)]


def main() -> None:
    """Fill a database, then verify it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--url", help="a fresh database instead of SQLite in a scratch folder")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(given.url or f"sqlite:///{folder}/bench.db")
        migrate(database)
        with database.writing() as session:
            begin_ledger(session)
            publish_policy(session, "2026-01", "strict", at=AT)
        measured: dict[str, Any] = {"bench": "verify", "database": database.dialect, "people": given.people}
        began = time.perf_counter()
        for start in range(0, given.people, BATCH):
            with database.writing() as session:
                make_room(session)
                numbers = range(start, min(start + BATCH, given.people))
                record(session, [fact for number in numbers for fact in story(number)], at=AT)
        measured["record_events_a_second"] = round(3 * given.people / (time.perf_counter() - began))
        before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
        with database.reading() as session:
            found = verify_ledger(session)
        took = time.perf_counter() - began
        assert found.fault is None, found.fault
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        measured |= {"events": found.events, "verify_seconds": round(took, 1), "memory_grown_kib": grown}
        print(json.dumps(measured | {"verify_events_a_second": round(found.events / took)}, sort_keys=True))
        database.close()


if __name__ == "__main__":
    main()
