"""How many pages of a survey are taken a second, over real HTTP, and that none is lost; one JSON line a database.

A crowd on kept connections answers the demonstration's survey: some stop on the way, all others complete it. In the end
each answer whose page was confirmed is looked for in the database. `/healthz` is asked by the same crowd just before.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select, text

from bench.crowd import Press, Seen, Tally, Walk, crowd, get, post
from bench.guests import GUESTS, SECRET, invite_guests
from bench.sending_runs import cpu_seconds
from bench.towns import a_database
from core.database import Database
from core.tokens import ANSWER_MAC, Keyring, TokenKind, pack
from surveys.storage.responses import Answer, Response

PROJECT = Path(__file__).resolve().parent.parent
Facts = set[tuple[str, str, str, float | None, str | None]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as somebody fills it in: its fields, what must be stored of it, and which page follows."""

    page: str
    form: dict[str, Any]
    stored: Facts
    follows: str


@dataclass
class Memory:
    """What the server confirmed to each person, and what else it said."""

    confirmed: dict[int, Facts] = field(default_factory=dict)
    completed: set[int] = field(default_factory=set)
    odd: dict[str, int] = field(default_factory=dict)
    pages: int = 0

    def note(self, who: int, sheet: Sheet, seen: Seen) -> bool:
        """Remember one answer of the server; False where the walk cannot go on."""
        if seen.status != 303 or not seen.place.endswith(sheet.follows.encode()):
            said = f"{seen.status} {sheet.page}"
            self.odd[said] = self.odd.get(said, 0) + 1
            return False
        self.pages += 1
        self.confirmed.setdefault(who, set()).update(sheet.stored)
        if sheet.follows == "thanks=1":
            self.completed.add(who)
        return True


def sheets_of(who: int) -> list[Sheet]:
    """What this person answers; every fourth is unhappy and is asked one question more, every tenth stops early."""
    likes, unhappy = float(who % 5 + 1), who % 4 == 0
    recommends = 3.0 if unhappy else 9.0
    asked_more = unhappy or likes < 3
    words = f"Number {who} would like it faster, and with more colours."
    use = Sheet(
        "use",
        {"product": "studio", "purposes": ["songs", "film"], "hours": "7.5"},
        {("product", "", "studio", None, None), ("purposes", "", "songs", None, None)}
        | {("purposes", "", "film", None, None), ("hours", "", "", 7.5, None)},
        "page=opinion",
    )
    opinion = Sheet(
        "opinion",
        {"satisfied": str(int(likes)), "parts-sound": "good", "parts-speed": "bad", "recommend": str(int(recommends))},
        {("satisfied", "", "", likes, None), ("parts", "sound", "good", 4.0, None)}
        | {("parts", "speed", "bad", 2.0, None), ("recommend", "", "", recommends, None)},
        "page=better",
    )
    sorry = {("disappointed", "", "", None, words)} if asked_more else set()
    better = Sheet(
        "better", {"disappointed": words, "next": words}, {("next", "", "", None, words)} | sorry, "thanks=1"
    )
    return [use] if who % 10 == 9 else [use, opinion, better]


def walk_of(who: int, path: str, port: int, memory: Memory, *, looking: bool) -> Walk:
    """One person's way through the survey; `looking`: each page is fetched before it is answered, as a browser does."""
    for sheet in sheets_of(who):
        if looking:
            yield Press(get(path, port), lambda seen: seen.status == 200)
        form = urlencode({"_page": sheet.page, "_version": "1", "_go": "next", **sheet.form}, doseq=True)
        yield Press(post(path, port, form), lambda seen, sheet=sheet: memory.note(who, sheet, seen))  # type: ignore[misc]  # mypy cannot infer this lambda


@contextmanager
def serving(url: str, folder: Path, workers: int) -> Iterator[tuple[int, int]]:
    """The real server over that database; the port it listens on, and its process."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    environment = os.environ | {
        "PYTHONPATH": str(PROJECT), "HEEDFUL_DATABASE_URL": url, "HEEDFUL_DATA_DIR": str(folder),
        "HEEDFUL_BASE_URL": f"http://127.0.0.1:{port}", "HEEDFUL_PORT": str(port), "HEEDFUL_SECRET_KEY": SECRET,
        "HEEDFUL_PEPPER": SECRET, "HEEDFUL_SENDER_NAME": "Bench", "HEEDFUL_SENDER_EMAIL": "bench@example.org",
        "HEEDFUL_SENDER_POSTAL_ADDRESS": "1 Example Street", "HEEDFUL_LOG_LEVEL": "warning",
    }  # fmt: skip
    command = [sys.executable, "-m", "manage", "serve", "--workers", str(workers)]
    process = subprocess.Popen(command, env=environment, cwd=folder)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(60)


def healthy(port: int, number: int, connections: int) -> Tally:
    """The baseline: the same crowd asks whether the server is well."""
    walks = iter([iter([Press(get("/healthz", port), lambda _seen: True)]) for _ in range(number)])
    return crowd(port, walks, connections)


def commits(database: Database, seconds: float = 1.0) -> int:
    """The other baseline: how often a second one connection of ours commits one changed row durably."""
    with database.writing() as session:
        session.connection().exec_driver_sql("CREATE TABLE IF NOT EXISTS bench (number INTEGER)")
        session.connection().exec_driver_sql("INSERT INTO bench VALUES (0)")
    began, number = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        with database.writing() as session:
            session.connection().exec_driver_sql("UPDATE bench SET number = number + 1")
        number += 1
    return round(number / (time.perf_counter() - began))


def computed(database: Database, server: int) -> tuple[float, float]:
    """The seconds that the server's processes have computed so far, and PostgreSQL's where it is asked."""
    below = [int(each) for each in Path(f"/proc/{server}/task/{server}/children").read_text().split()]
    asked: list[int] = []
    if database.dialect == "postgresql":
        with database.reading() as session:
            asked += session.scalars(text("SELECT pid FROM pg_stat_activity")).all()
    return _spent([server, *below]), _spent(asked)


def _spent(processes: list[int]) -> float:
    return sum(cpu_seconds(each) for each in processes if Path(f"/proc/{each}/stat").exists())


def found(database: Database) -> tuple[dict[int, Facts], set[int]]:
    """What each invitation's response holds, and which are complete."""
    facts: dict[int, Facts] = {}
    with database.reading() as session:
        states = {row[0]: (row[1], row[2]) for row in session.execute(
            select(Response.id, Response.invitation_id, Response.state)
        )}  # fmt: skip
        columns = (Answer.response_id, Answer.question, Answer.row, Answer.value, Answer.number, Answer.text)
        for each in session.execute(select(*columns)):
            facts.setdefault(states[each[0]][0], set()).add((each[1], each[2], each[3], each[4], each[5]))
    return facts, {invitation for invitation, state in states.values() if state == "complete"}


def judged(database: Database, memory: Memory) -> dict[str, Any]:
    """Compare what was confirmed with what is there."""
    facts, complete = found(database)
    lost = sum(len(told - facts.get(who, set())) for who, told in memory.confirmed.items())
    strange = sum(len(held - memory.confirmed.get(who, set())) for who, held in facts.items())
    return {
        "pages_confirmed": memory.pages, "answers_confirmed": sum(map(len, memory.confirmed.values())),
        "answers_stored": sum(map(len, facts.values())), "lost": lost, "never_confirmed": strange,
        "completed": len(memory.completed), "completed_lost": len(memory.completed ^ complete), "odd": memory.odd,
    }  # fmt: skip


def run(kind: str, given: argparse.Namespace) -> dict[str, Any]:
    """One database, filled, asked and counted."""
    workers = given.workers or (1 if kind == "sqlite" else 2)
    with a_database(kind) as url, tempfile.TemporaryDirectory(prefix="heedful-bench-") as scratch:
        database, memory = Database(url), Memory()
        guests = invite_guests(database, given.guests)
        keyring = Keyring([SECRET])
        links = ((who, "/s/" + keyring.sign(TokenKind.ANSWER, pack(who), ANSWER_MAC)) for who in guests)
        durable = commits(database)
        with serving(url, Path(scratch), workers) as (port, server):
            health = healthy(port, given.guests, given.connections)
            walks = (walk_of(who, path, port, memory, looking=given.looking) for who, path in links)
            before = computed(database, server)
            tally = crowd(port, walks, given.connections)
            spent = [now - then for now, then in zip(computed(database, server), before, strict=True)]
        figures = {
            "bench": "survey", "database": kind, "guests": len(guests), "workers": workers,
            "connections": given.connections, "looking": given.looking, "load": round(os.getloadavg()[0], 1),
            "healthz_per_second": round(health.rate), "commits_per_second": durable,
            "submits_per_second": round(memory.pages / (tally.ended - tally.began)),
            "requests_per_second": round(tally.rate), "cpu_ms_per_submit": round(1000 * spent[0] / memory.pages, 2),
            "database_cpu_ms_per_submit": round(1000 * spent[1] / memory.pages, 2),
            "median_ms": tally.milliseconds(0.5), "p99_ms": tally.milliseconds(0.99),
        } | judged(database, memory)  # fmt: skip
        database.close()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guests", type=int, default=GUESTS)
    parser.add_argument("--connections", type=int, default=128)
    parser.add_argument("--workers", type=int, help="web workers; SQLite has one unless told otherwise, PostgreSQL two")
    parser.add_argument("--looking", action="store_true", help="fetch each page before it is answered")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    given = parser.parse_args()
    kinds = ["sqlite", "postgresql"] if given.database == "both" else [given.database]
    for kind in kinds:
        figures = run(kind, given)
        print(json.dumps(figures), flush=True)
        if figures["lost"] or figures["completed_lost"]:
            sys.exit("answers were lost")


if __name__ == "__main__":
    main()
