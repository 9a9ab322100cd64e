"""Trials of sending in a bad world: processes die or sleep, the database, the disk, the mail server, names go away."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random

import psycopg

from tests.oracle.courts import Judgement, judged
from tests.oracle.estates import until
from tests.oracle.fragile_databases import Disk, Server
from tests.oracle.leavers import Leavers, api, complaint, contact_form, page_without_token
from tests.oracle.sabotages import HOSTS, NO_SERVER, OFFSET, OTHER_OFFSET
from tests.oracle.sending_trials import A_LOOK, CLAIMED, Trial

RELAY = "post.test"
MOODS = {"reject-rcpt": 0.01, "defer-dot": 0.005, "lose-at-dot": 0.005, "slow-dot": 0.1, "close-at-dot": 0.005}
STILL = """SELECT count(*) FROM message m JOIN mailing l ON l.id = m.mailing_id
JOIN campaign p ON p.id = l.campaign_id WHERE m.state IN ('planned', 'claimed')"""
HOURS = 25 * 3600
ROUNDS = 12
FRESH = 10
"""How many came last, and leave again."""


@dataclass
class Faulty:
    """A house in which faults happen, one campaign after the other."""

    trial: Trial
    chance: Random
    server: Server | None = None
    disk: Disk | None = None
    names: bool = False
    senders: list[ForkServerProcess] = field(default_factory=list)
    clock: ForkServerProcess | None = None
    offset: float = 0.0
    other: float = 0.0

    def begin(self) -> None:
        """Senders and a clock; names are resolved by a file of ours where we may do that."""
        folder = self.trial.estate.folder
        (folder / HOSTS).write_text(f"127.0.0.1 localhost {RELAY}\n", encoding="utf-8")
        (folder / NO_SERVER).write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n", encoding="utf-8")
        if self.names:
            self.trial.estate.more = {
                **self.trial.estate.more,
                "HEEDFUL_SMTP_URL": f"smtp://{RELAY}:{self.trial.post.port}",
            }
        self.clock = self.trial.estate.start("scheduler", sabotage=["another-clock"])
        for _ in range(self.trial.plan.senders):
            self.one_more()

    def one_more(self) -> None:
        """Start a sender."""
        sabotage = ["clock", *(["own-names"] if self.names else [])]
        self.senders.append(self.trial.estate.start("sender", sabotage=sabotage))

    def step(self, file: Path, seconds: float) -> None:
        """Let a clock be off by so much."""
        folder = self.trial.estate.folder
        (folder / f"{file}.new").write_text(str(seconds), encoding="utf-8")
        (folder / f"{file}.new").replace(folder / file)

    def alive(self) -> list[ForkServerProcess]:
        """The senders that live."""
        return [each for each in self.senders if each.is_alive()]


Fault = Callable[[Faulty], None]


def killed(house: Faulty) -> None:
    """kill -9 for a sender, and another one is started."""
    house.chance.choice(house.alive()).kill()
    time.sleep(house.chance.uniform(0, 0.3))
    house.one_more()


def asleep(house: Faulty) -> None:
    """SIGSTOP, and SIGCONT after a while: often longer than others wait before they bury somebody."""
    pid = house.chance.choice(house.alive()).pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    time.sleep(house.chance.choice((0.3, 2.5, 6.5)))
    os.kill(pid, signal.SIGCONT)


def restarted(house: Faulty) -> None:
    """The database goes away, in order or not, and comes back."""
    if house.server is not None:
        house.server.stop(house.chance.choice((signal.SIGINT, signal.SIGQUIT)))
        time.sleep(house.chance.uniform(0.1, 2.0))
        house.server.start()


def asleep_and_restarted(house: Faulty) -> None:
    """A sender sleeps while the database is restarted: its session is gone when it wakes."""
    pid = house.chance.choice(house.alive()).pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    restarted(house)
    time.sleep(house.chance.choice((0.5, 5.0)))
    os.kill(pid, signal.SIGCONT)


def disk_full(house: Faulty) -> None:
    """Nothing can be written for a while; a PostgreSQL that fell by it is started again."""
    if house.disk is None or not house.disk.sized:
        return
    with house.disk.full():
        time.sleep(house.chance.uniform(0.5, 2.0))
    if house.server is not None and not house.server.answers():
        with suppress(AssertionError):
            until(house.server.answers, "recovery", 10)
        if not house.server.answers():
            house.server.stop(signal.SIGQUIT)
            house.server.start()


def post_down(house: Faulty) -> None:
    """The mail server is gone, and comes back."""
    house.trial.do(house.trial.post.stop())
    time.sleep(house.chance.uniform(0.3, 3.0))
    house.trial.do(house.trial.post.start())


def names_gone(house: Faulty) -> None:
    """The relay's name does not resolve, and then does again; lines that stand are dropped, so that it is asked."""
    if not house.names:
        return
    hosts = house.trial.estate.folder / HOSTS
    hosts.write_text("127.0.0.1 localhost\n", encoding="utf-8")
    house.trial.do(house.trial.post.stop())
    house.trial.do(house.trial.post.start())
    time.sleep(house.chance.uniform(0.5, 3.0))
    hosts.write_text(f"127.0.0.1 localhost {RELAY}\n", encoding="utf-8")


def clock_stepped(house: Faulty) -> None:
    """The clock of the senders, or that of the clock's machine, is an hour ahead or behind for a while."""
    file, was = house.chance.choice(((OFFSET, house.offset), (OTHER_OFFSET, house.other)))
    house.step(file, was + house.chance.choice((3600, -3600)))
    time.sleep(house.chance.uniform(0.3, 2.0))
    house.step(file, was)


def clock_killed(house: Faulty) -> None:
    """The clock's process dies, and another one takes over."""
    assert house.clock is not None
    house.clock.kill()
    house.clock = house.trial.estate.start("scheduler", sabotage=["another-clock"])


FAULTS: Sequence[Fault] = (
    killed, asleep, restarted, asleep_and_restarted, disk_full, post_down, names_gone, clock_stepped, clock_killed,
)  # fmt: skip


def suffered(house: Faulty, name: str, people: Sequence[str], faults: Sequence[Fault]) -> Judgement:
    """One campaign to these people, while these faults happen one after the other and some people leave."""
    trial, chance = house.trial, house.chance
    leavers = Leavers(trial.estate, trial.token, {}, chance, by_terminal=0)
    trial.post.moods = MOODS
    leaving = list(people[-FRESH:])
    trial.apply(name, "announcements")
    until(lambda: bool(trial.states(name)), "the audience")
    gone: list[Future[None]] = []
    for fault in faults:
        for _ in range(FRESH // len(faults)):
            if leaving:
                going = _leave(leavers, leaving.pop(), chance.uniform(0, 2))
                gone.append(asyncio.run_coroutine_threadsafe(going, trial.loop))
        time.sleep(chance.uniform(0, trial.plan.people / trial.plan.rate / trial.plan.senders / len(faults)))
        fault(house)
    for each in gone:
        each.result(60)
    _to_the_end(house, name)
    report = trial.estate.told("campaign", "report", name)
    letters, states = trial.letters(name), trial.states(name)
    return judged(letters, leavers.told, states, report, people, killed=True)


async def _leave(leavers: Leavers, who: str, after: float) -> None:
    await asyncio.sleep(after)
    await leavers.leave(who, doors=(page_without_token, contact_form, api, complaint))


def _to_the_end(house: Faulty, name: str) -> None:
    """Wait until everything was tried; then step all clocks on until what was deferred has ended as well."""
    trial = house.trial
    still = f"{STILL} AND p.name = '{name}'"
    tried = f"{still} AND (m.state = 'claimed' OR m.attempts = 0)"
    until(lambda: _none(trial, tried), "sending to go on by itself", trial.plan.patience)
    for _ in range(ROUNDS):
        if _none(trial, still):
            return
        house.offset += HOURS
        house.other += HOURS
        house.step(OFFSET, house.offset)
        house.step(OTHER_OFFSET, house.other)
        time.sleep(A_LOOK)
        until(lambda: _none(trial, CLAIMED), "another round", trial.plan.patience)


def _none(trial: Trial, query: str) -> bool:
    """Whether nothing is found; False where the database does not answer."""
    try:
        return not trial.ask(query)[0][0]
    except psycopg.OperationalError:
        return False
