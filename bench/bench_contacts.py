"""How fast contacts come in and an audience is frozen: 100,000 invented people on SQLite, one JSON line a run."""

import argparse
import io
import json
import random
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from contacts.domain.addresses import PepperRing
from contacts.domain.policy import Source
from contacts.domain.rows import Defaults
from contacts.services.import_contacts import ImportOptions, import_contacts
from contacts.storage.contacts import Contact
from contacts.storage.gate import verdict_expression
from contacts.storage.ledger import begin_ledger
from contacts.storage.peppers import remember_pepper
from contacts.storage.policies import publish_policy
from contacts.storage.segments import meets
from contacts.storage.topics import add_standard_topics
from core.database import Database
from core.schema import migrate

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
RING = PepperRing(["the-pepper-of-a-benchmark-is-no-secret"])
CONDITION = {"rules": [{"field": "attributes.country", "op": "is_one_of", "value": ["DE", "JP"]}]}


def invented(people: int) -> bytes:
    chosen = random.Random(20261122)
    lines = ["email,given name,family name,language,topics,opt-outs,birthday,country,orders"]
    for number in range(people):
        given, family = (
            chosen.choice(("Ada", "Björn", "Chloé", "太郎")),
            chosen.choice(("Byron", "Müller", "Đorđević", "山田")),
        )
        domain = chosen.choice(("example.org", "example.com", "bücher.example", "mail.example.net"))
        opt_out = chosen.choice(("", "", "", "", "", "", "", "", "research", "everything"))
        born = f"{chosen.randint(1940, 2014)}-{chosen.randint(1, 12):02}-{chosen.randint(1, 28):02}"
        topics = chosen.choice(("updates", "updates; offers", ""))
        country = chosen.choice(("DE", "JP", "US", "FR"))
        lines.append(f"p{number}@{domain},{given},{family},de,{topics},{opt_out},{born},{country},{number % 50}")
    return "\n".join(lines).encode()


def fresh(url: str) -> Database:
    database = Database(url)
    migrate(database)
    with database.writing() as session:
        begin_ledger(session)
        add_standard_topics(session, at=AT)
        publish_policy(session, "2026-01", "strict", at=AT)
        remember_pepper(session, RING)
    return database


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--url", help="a fresh database instead of SQLite in a scratch folder")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = fresh(given.url or f"sqlite:///{folder}/bench.db")
        table = invented(given.people)
        options = ImportOptions(
            defaults=Defaults(Source.REGISTRATION, AT, "benchmark"), rejects_folder=Path(folder) / "rejects"
        )
        measured = {"bench": "contacts", "people": given.people, "database": database.dialect}
        started, busy = time.perf_counter(), time.process_time()
        report = import_contacts(database, io.BytesIO(table), options, ring=RING, at=AT)
        measured["import_seconds"] = round(time.perf_counter() - started, 2)
        measured["import_cpu_seconds"] = round(time.process_time() - busy, 2)
        measured["import_rows_per_second"] = round(given.people / (time.perf_counter() - started))
        started = time.perf_counter()
        import_contacts(database, io.BytesIO(table), options, ring=RING, at=AT)
        measured["import_again_seconds"] = round(time.perf_counter() - started, 2)
        with database.reading() as session:
            started = time.perf_counter()
            measured["segment_people"] = session.scalar(select(func.count(Contact.id)).where(meets(CONDITION, at=AT)))
            measured["segment_count_seconds"] = round(time.perf_counter() - started, 3)
            started = time.perf_counter()
            verdict = verdict_expression(session, "updates", Contact.address_key, Contact.family_key, at=AT)
            judged = session.execute(select(verdict, func.count(Contact.id)).group_by(verdict)).all()
            measured["verdicts_seconds"] = round(time.perf_counter() - started, 3)
            measured["verdicts"] = {reason or "permitted": number for reason, number in judged}
        print(json.dumps(measured | {"counts": report.counts}, sort_keys=True))
        database.close()


if __name__ == "__main__":
    main()
