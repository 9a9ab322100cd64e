"""How fast the gate judges: verdicts in batches of 100, and the audience of many contacts frozen; a JSON line a run."""

import argparse
import json
import random
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context
from typing import Any

from sqlalchemy import select, text

from bench.towns import AT, TOPIC, a_database, found, key_of, settle_people, settled
from campaigns.domain.campaign_files import CampaignDraft
from campaigns.domain.checks import Clearance
from campaigns.storage.audiences import freeze_audience
from campaigns.storage.campaigns import fingerprint, put_draft
from campaigns.storage.mailings import Mailing, MailingKind, begin_mailing, plan_mailing
from contacts.storage.gate import verdicts
from core.database import Database

BATCH = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="postgresql")
    parser.add_argument("--url", help="an own database instead: empty, or one that this benchmark filled before")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long verdicts are asked for")
    parser.add_argument("--askers", type=int, default=2, help="processes that ask at once, as several senders do")
    given = parser.parse_args()
    with nullcontext(given.url) if given.url else a_database(given.database) as url:
        database = found(url)
        began = time.perf_counter()
        people = settled(database) or settle_people(database, given.people)
        measured: dict[str, Any] = {"bench": "gate", "people": people, "database": database.dialect}
        measured["settling_seconds"] = round(time.perf_counter() - began, 1)
        measured |= baseline(database, people, given.seconds)
        measured |= judge(database, people, given.seconds)
        measured |= judge_together(url, people, given.seconds, given.askers)
        measured |= freeze(database)
        print(json.dumps(measured, sort_keys=True))
        database.close()


def some_keys(chosen: random.Random, people: int) -> list[bytes]:
    return [key_of(chosen.randrange(people)) for _ in range(BATCH)]


def baseline(database: Database, people: int, seconds: float) -> dict[str, Any]:
    """What the database gives at best: contacts looked up by key, nothing judged."""
    chosen, number, began = random.Random(1), 0, time.perf_counter()
    with database.reading() as session:
        while time.perf_counter() - began < seconds:
            keys = some_keys(chosen, people)
            number += len(session.execute(text("SELECT 1")).all()) and BATCH
            session.connection().exec_driver_sql(
                _LOOKUP[database.dialect],
                ([bytes(key) for key in keys],) if database.dialect != "sqlite" else tuple(keys),
            ).all()
    return {"lookups_a_second": round(number / (time.perf_counter() - began))}


_LOOKUP = {
    "postgresql": "SELECT address_key FROM contact WHERE address_key = ANY(%s)",
    "sqlite": f"SELECT address_key FROM contact WHERE address_key IN ({', '.join('?' * BATCH)})",
}


def judge(database: Database, people: int, seconds: float) -> dict[str, Any]:
    """Verdicts of random people, a hundred at a time, as a sender asks for them."""
    chosen, number, began = random.Random(1), 0, time.perf_counter()
    refused = 0
    with database.reading() as session:
        while time.perf_counter() - began < seconds:
            said = verdicts(session, TOPIC, some_keys(chosen, people), at=AT)
            number += len(said)
            refused += sum(reason is not None for reason in said.values())
    took = time.perf_counter() - began
    return {"verdicts_a_second": round(number / took), "refused_share": round(refused / number, 3)}


def judge_together(url: str, people: int, seconds: float, askers: int) -> dict[str, Any]:
    """The same from several processes at once, each with a session of its own."""
    with ProcessPoolExecutor(askers, mp_context=get_context("spawn")) as processes:
        rates = [processes.submit(_judge_alone, url, people, seconds) for _ in range(askers)]
        return {"askers": askers, "verdicts_a_second_together": sum(each.result() for each in rates)}


def _judge_alone(url: str, people: int, seconds: float) -> int:
    database = Database(url)
    rate = int(judge(database, people, seconds)["verdicts_a_second"])
    database.close()
    return rate


def freeze(database: Database) -> dict[str, Any]:
    """The whole audience in one statement and its commit; memory of this process before and after."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with database.writing() as session:
        mailing_id = _begun(session).id
    began = time.perf_counter()
    with database.writing() as session:
        mailing = session.scalars(select(Mailing).where(Mailing.id == mailing_id)).one()
        audience = freeze_audience(session, mailing, at=AT)
    took = time.perf_counter() - began
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {"audience": audience, "freeze_seconds": round(took, 2), "freeze_memory_grown_kib": grown}


def _begun(session: Any) -> Mailing:
    campaign = put_draft(session, CampaignDraft(f"bench-{time.time_ns()}", "Bench", TOPIC, html="x", text="x"), AT)
    cleared = Clearance(fingerprint(campaign), "s", "h", "t")
    mailing = plan_mailing(session, campaign, cleared, kind=MailingKind.FIRST, due_at=AT, at=AT)
    started = begin_mailing(session, mailing.id, AT)
    assert started is not None
    return started


if __name__ == "__main__":
    main()
