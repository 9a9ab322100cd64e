"""One run of `heedful bench send`: ordinary sender processes work on a rehearsal's campaign, watched from outside."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from bench.rehearsals import house_of, launched, settings_for
from campaigns.domain.states import MessageState
from campaigns.storage.messages import Message, count_states
from campaigns.storage.senders import running_senders
from contacts.storage.permits import Permit
from core.clock import now
from core.database import Database
from core.errors import BadInput, Unavailable
from core.settings import LOOPBACK, Settings

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 60.0
LOOK_EVERY = 0.2
GOODBYE = "the sender goes"
"""What a sender says last, with what it did; sender.py writes it."""


@dataclass(frozen=True)
class Order:
    """What is to be measured."""

    messages: int
    database: str
    smtp: str
    senders: int = 1
    connections: int = 20
    links: int = 10
    size: int = 10_240
    pipelining: bool = True
    profile: Path | None = None


def measure(order: Order) -> dict[str, Any]:
    """Build, launch, send and count.

    Raises:
        BadInput: the server is not this machine's.
        Conflict: the database is not a rehearsal's.
        Unavailable: a sender did not begin, or died.
    """
    require_loopback(order.smtp)
    with tempfile.TemporaryDirectory(prefix="heedful-bench-") as folder:
        settings = settings_for(
            order.database,
            smtp_url=f"smtp://{order.smtp}{'' if order.pipelining else '?pipelining=off'}",
            sender_connections=order.connections,
            data_dir=Path(folder),
            log_format="json",
        )
        database, built = house_of(settings, order.messages)
        with sending(database, settings, order, Path(folder)) as processes:
            mailing_id, told = launched(database, settings, links=order.links, size=order.size)
            measured = _watched(database, mailing_id, processes)
        measured |= _told_by([Path(folder) / f"{number}.log" for number in range(order.senders)], measured)
        database.close()
    asked = {"bench": "send", "database": database.dialect, "senders": order.senders, "links": order.links}
    asked |= {"connections": order.connections, "pipelining": order.pipelining}
    return asked | built | told | measured


def require_loopback(place: str) -> None:
    """Let no load leave this machine."""
    host, _, port = place.rpartition(":")
    if host.strip("[]") not in LOOPBACK or not port.isdigit():
        raise BadInput("Load is sent to this machine only.", field="smtp", remedy="Write --smtp 127.0.0.1:PORT.")


@contextmanager
def sending(database: Database, settings: Settings, order: Order, folder: Path) -> Iterator[list[int]]:
    """So many sender processes, registered and waiting for work; they are told to end when the block ends."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **_spelt_out(settings)}
    program = ["-m", "bench.profiled_sender", str(order.profile)] if order.profile else ["-m", "sender"]
    with database.reading() as session:
        before = {each.id for each in running_senders(session)}
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for number in range(order.senders):
            with (folder / f"{number}.log").open("wb") as log:
                command = [sys.executable, *program]
                processes.append(subprocess.Popen(command, cwd=folder, env=environment, stderr=log))
        _wait_for(database, before, processes, folder)
        yield [process.pid for process in processes]
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(PATIENCE)


def _spelt_out(settings: Settings) -> dict[str, str]:
    """The settings as the environment gives them to a process."""
    told = {name: getattr(settings, name) for name in settings.model_fields_set}
    opened = {name: getattr(value, "get_secret_value", lambda value=value: value)() for name, value in told.items()}
    return {f"HEEDFUL_{name.upper()}": str(value) for name, value in opened.items()}


def _wait_for(
    database: Database, before: set[int], processes: Sequence["subprocess.Popen[bytes]"], folder: Path
) -> None:
    deadline, there = time.monotonic() + PATIENCE, 0
    while there < len(processes):
        if time.monotonic() > deadline or any(process.poll() is not None for process in processes):
            said = "".join((folder / f"{number}.log").read_text() for number in range(len(processes)))
            raise Unavailable(f"A sender did not begin: {said[-1000:]}")
        time.sleep(LOOK_EVERY)
        with database.reading() as session:
            there = sum(each.id not in before for each in running_senders(session))


def _watched(database: Database, mailing_id: int, processes: list[int]) -> dict[str, Any]:
    """What happens between the first claim and the last settlement, seen from the database and from /proc."""
    _until(database, mailing_id, processes, [MessageState.CLAIMED, *_OVER], every=0.002)
    began, busy, served = now(), [cpu_seconds(each) for each in processes], _servers(database)
    while _due(database, mailing_id):
        _require_alive(processes)
        time.sleep(LOOK_EVERY)
    spent = sum(cpu_seconds(each) for each in processes) - sum(busy)
    spent_there = sum(spent - served.get(pid, 0.0) for pid, spent in _servers(database).items())
    peak = max(peak_memory(each) for each in processes)
    with database.reading() as session:
        ended = session.scalar(select(func.max(Permit.settled_at)).where(Permit.granted_at >= began)) or now()
        counted = count_states(session, mailing_id)
    seconds = (ended - began).total_seconds()
    states = {state.value: counted.of(state) for state in (*_OVER, MessageState.PLANNED)}
    return states | {
        "seconds": round(seconds, 3),
        "messages_per_second": round(counted.of(*_OVER) / max(seconds, 0.001)),
        "cpu_seconds": round(spent, 2),
        "cpu_microseconds_per_message": round(spent / max(counted.of(*_OVER), 1) * 1e6),
        "database_cpu_seconds": round(spent_there, 2),
        "peak_memory_mib": round(peak / 1024, 1),
    }


_OVER = (MessageState.SENT, MessageState.FAILED, MessageState.WITHHELD, MessageState.UNKNOWN)


def _until(database: Database, mailing_id: int, processes: list[int], states: list[MessageState], every: float) -> None:
    query = select(Message.id).where(
        Message.mailing_id == mailing_id, Message.state.in_([each.value for each in states])
    )
    deadline = time.monotonic() + PATIENCE
    while True:
        with database.reading() as session:
            if session.scalar(query.limit(1)):
                return
        _require_alive(processes)
        if time.monotonic() > deadline:
            raise Unavailable("No sender claimed anything.")
        time.sleep(every)


def _due(database: Database, mailing_id: int) -> bool:
    """Whether something is still being sent, or due; what the server put off is not waited for."""
    at: datetime = now()
    mine = Message.mailing_id == mailing_id
    with database.reading() as session:
        claimed = select(Message.id).where(mine, Message.state == MessageState.CLAIMED.value)
        planned = select(Message.id).where(mine, Message.state == MessageState.PLANNED.value, Message.next_try_at <= at)
        return bool(session.scalar(claimed.limit(1)) or session.scalar(planned.limit(1)))


def _require_alive(processes: list[int]) -> None:
    if not all(_status(each).get("State", "Z")[:1] != "Z" for each in processes):
        raise Unavailable("A sender died.")


def cpu_seconds(process: int) -> float:
    """The seconds that a process computed so far, its own and the kernel's for it (proc(5))."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _servers(database: Database) -> dict[int, float]:
    """What each process of PostgreSQL computed so far, where it runs on this machine; SQLite has none of its own."""
    if database.dialect == "sqlite":
        return {}
    with database.reading() as session:
        processes = session.scalars(text("SELECT pid FROM pg_stat_activity")).all()
    here = [each for each in processes if _status(each).get("Name") == "postgres"]
    return {each: cpu_seconds(each) for each in here}


def peak_memory(process: int) -> int:
    """The most memory that a process had at once, in KiB."""
    return int(_status(process).get("VmHWM", "0 kB").split()[0])


def _status(process: int) -> dict[str, str]:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _told_by(logs: list[Path], measured: dict[str, Any]) -> dict[str, Any]:
    """What the senders say they did, added up."""
    said = [json.loads(line) for log in logs for line in log.read_text().splitlines() if line.startswith("{")]
    ends = [each for each in said if each["message"] == GOODBYE]
    if len(ends) < len(logs):
        raise Unavailable("A sender did not say what it did: " + "".join(log.read_text()[-500:] for log in logs))
    transactions = sum(each["acts"] for each in ends)
    requests = sum(each["requests"] for each in ends)
    return {
        "transactions": transactions,
        "permits_and_settlements": requests,
        "batch_mean": round(requests / max(transactions, 1), 1),
        "batch_largest": max(each["largest"] for each in ends),
        "warnings": Counter(
            f"{each['message']} {each.get('kind', '')}".strip()
            for each in said
            if each["level"] not in {"info", "debug"}
        ),
        "settled": measured["sent"] + measured["failed"] + measured["unknown"],
    }


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port
