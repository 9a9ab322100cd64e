"""A trial of sending: a campaign goes out by several senders while people leave by every door, and is then judged."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

import psycopg

from tests.journeys.houses import CAMPAIGN, GIVEN, TOPICS
from tests.journeys.mails import Mail
from tests.oracle.courts import Judgement, judged
from tests.oracle.estates import Estate, until
from tests.oracle.leavers import Leavers
from tests.oracle.machines import enter
from tests.oracle.postoffice import MOODS, Letter, Postoffice
from tests.oracle.sabotages import OFFSET

STEPS = ("rcpt", "data", "body", "dot")
STATES = """SELECT c.address, m.state FROM message m JOIN contact c ON c.address_key = m.address_key
JOIN mailing l ON l.id = m.mailing_id JOIN campaign p ON p.id = l.campaign_id WHERE p.name = '{name}'"""
OPEN = """SELECT count(*) FROM message m JOIN mailing l ON l.id = m.mailing_id
WHERE l.state <> 'cancelled' AND m.state IN ('planned', 'claimed')"""
UNTRIED = f"{OPEN} AND (m.state = 'claimed' OR m.attempts = 0)"
CLAIMED = "SELECT count(*) FROM message WHERE state = 'claimed'"
MOST_ROUNDS = 20
A_LOOK = 2.2
"""Seconds in which an idle sender looks for work."""
Found = TypeVar("Found")


@dataclass(frozen=True)
class Plan:
    """How large a trial is, and how bad the world; `rate`: letters a second of each sender.

    `racing`: the share of those who leave at a moment of their own letter, or up to `after_step` seconds after it.
    `seconds`: over how long the others leave, where no rate says how long the campaign takes.
    """

    seed: int
    people: int = 300
    leaving: int = 60
    senders: int = 4
    rate: float = 30.0
    moods: Mapping[str, float] = field(default_factory=lambda: MOODS)
    slow: float = 0.05
    patience: float = 120.0
    seconds: float = 0.0
    racing: float = 0.5
    steps: Sequence[str] = STEPS
    by_terminal: float = 0.06
    after_step: float = 0.02


@dataclass
class Trial:
    """One house, one mail server of the judge's, and the people.

    `host`, `machine`: where the mail server listens, and in which network namespace.
    """

    estate: Estate
    plan: Plan
    everybody: Sequence[str] = ()
    token: str = ""
    host: str = "127.0.0.1"
    machine: str = ""
    tables: Any = None
    post: Postoffice = field(init=False)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def __post_init__(self) -> None:
        self.post = Postoffice(self.plan.seed)
        self.chance = Random(self.plan.seed)

    @contextmanager
    def open(self) -> Iterator["Trial"]:
        """The mail server in a thread of its own, and no process left at the end."""
        thread = threading.Thread(target=self._live, name="the judge's mail server")
        thread.start()
        try:
            self.do(self.post.start(self.host))
            self.estate.smtp_port = self.post.port
            yield self
        finally:
            self.estate.end()
            if self.tables is not None:
                self.tables.close()
            self.do(self.post.stop())
            self.loop.call_soon_threadsafe(self.loop.stop)
            thread.join(10)
            self.loop.close()

    def _live(self) -> None:
        if self.machine:
            enter(self.machine)
        self.loop.run_forever()

    def do(self, work: Coroutine[Any, Any, Found], seconds: float = 600) -> Found:
        """Let the thread of the mail server do something."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)

    def bring(self, people: Sequence[str]) -> None:
        """Import people who said yes to everything."""
        table = self.estate.folder / "people.csv"
        table.write_text("\n".join(["email,topics", *(f"{who},{TOPICS}" for who in people)]) + "\n", encoding="utf-8")
        assert not self.estate.told("import", str(table), *GIVEN).get("rejected")

    def apply(self, name: str, topic: str) -> None:
        """Let a campaign be due now."""
        facts = {"name": name, "title": name, "topic": topic, "template": "announcement", "when": "now", "zone": "UTC"}
        (self.estate.folder / f"{name}.toml").write_text(CAMPAIGN.format(**facts), encoding="utf-8")
        self.estate.told("campaign", "apply", str(self.estate.folder / f"{name}.toml"))

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The judge's own look at the tables."""
        if self.tables is None:
            url = self.estate.database_url
            if url.startswith("sqlite"):
                self.tables = sqlite3.connect(url.removeprefix("sqlite:///"))
            else:
                self.tables = psycopg.connect(url, autocommit=True)
        try:
            return list(self.tables.execute(query).fetchall())
        except psycopg.OperationalError:
            self.tables.close()
            self.tables = None
            raise

    def step_clock(self, seconds: float) -> None:
        """Let the clock of the house's processes be off by so much; whole at once, as they read it."""
        new = self.estate.folder / f"{OFFSET}.new"
        new.write_text(str(seconds), encoding="utf-8")
        new.replace(self.estate.folder / OFFSET)

    def states(self, name: str) -> dict[str, str]:
        """What the house says became of the message to each address."""
        return dict(self.ask(STATES.format(name=name)))

    def letters(self, name: str) -> list[Letter]:
        """What the mail server saw of a campaign; without a dot it does not know of which."""
        return [letter for letter in self.post.letters if letter.subject == name]


def winter(trial: Trial, people: Sequence[str]) -> dict[str, Mail]:
    """A first campaign, kindly received: the old mails by whose links people leave later."""
    trial.bring(people)
    trial.apply("winter", "updates")
    trial.post.keep_raw = True
    trial.estate.start("scheduler", sabotage=["clock"])
    until(lambda: trial.ask("SELECT count(*) FROM message")[0][0] == len(people), "winter's audience")
    sender = trial.estate.start("sender", "--until-idle")
    sender.join(trial.plan.patience)
    assert sender.exitcode == 0, trial.estate.log.read_text()[-2000:]
    trial.post.keep_raw = False
    mails = {letter.to: Mail(letter.to, letter.to, letter.raw) for letter in trial.letters("winter")}
    assert set(mails) == set(people)
    return mails


@dataclass
class Leaving:
    """When people leave: half at a moment of their own letter, half at any time while the campaign goes out."""

    leavers: Leavers
    chance: Random
    seconds: float
    plan: Plan
    steps: dict[str, str] = field(default_factory=dict)
    gone: set["asyncio.Task[None]"] = field(default_factory=set)

    def begin(self, people: Sequence[str]) -> None:
        """Choose for each; call it in the mail server's thread."""
        for who in people:
            if self.chance.random() < self.plan.racing:
                self.steps[who] = self.chance.choice(self.plan.steps)
            else:
                self._after(who, self.chance.uniform(0, self.seconds))

    def watch(self, who: str, step: str) -> None:
        """What the mail server tells."""
        if self.steps.get(who) == step:
            self._after(who, self.chance.uniform(0, self.plan.after_step))

    def _after(self, who: str, seconds: float) -> None:
        async def leave() -> None:
            await asyncio.sleep(seconds)
            await self.leavers.leave(who)

        task = asyncio.get_running_loop().create_task(leave())
        self.gone.add(task)

    async def rest(self) -> None:
        """Let those leave whose letter ended before their moment came: refused, or its line dropped."""
        for who in sorted(self.steps.keys() - self.leavers.begun):
            self._after(who, 0)
        await self.over()

    async def over(self) -> None:
        """Let everybody who began to leave be told."""
        done = await asyncio.gather(*self.gone, return_exceptions=True)
        faults = [each for each in done if isinstance(each, BaseException)]
        assert not faults, faults[0]


def spring(trial: Trial, mails: Mapping[str, Mail], name: str = "spring", sabotage: Sequence[str] = ()) -> Judgement:
    """A campaign that is judged; those whose old mails are given leave meanwhile."""
    plan, estate = trial.plan, trial.estate
    leavers = Leavers(estate, trial.token, mails, trial.chance, by_terminal=plan.by_terminal)
    leaving = Leaving(leavers, trial.chance, plan.seconds or plan.people / (plan.rate * plan.senders), plan)
    trial.post.moods, trial.post.watching, trial.post.slow = plan.moods, leaving.watch, plan.slow
    senders = [estate.start("sender", sabotage=["clock", *sabotage]) for _ in range(plan.senders)]
    trial.apply(name, "announcements")
    until(lambda: bool(trial.states(name)), "the audience")
    trial.loop.call_soon_threadsafe(leaving.begin, sorted(mails))
    until(lambda: not trial.ask(UNTRIED)[0][0], "the first round", plan.patience)
    trial.do(leaving.over())
    finish(trial)
    trial.do(leaving.rest())
    for sender in senders:
        assert sender.is_alive(), estate.log.read_text()[-2000:]
        sender.terminate()
        sender.join(40)
    report = estate.told("campaign", "report", name)
    return judged(trial.letters(name), leavers.told, trial.states(name), report, trial.everybody)


def token_of(estate: Estate) -> str:
    """A token of the house, for programs."""
    (estate.folder / "password").write_text("a long enough password\n", encoding="utf-8")
    estate.heedful("operator", "add", "keeper@example.org", "--role", "admin", "--password-file", "password")
    return str(estate.told("token", "add", "a program")["token"])


def finish(trial: Trial, *, hours: int = 6) -> None:
    """Step the house's clock on until what was deferred has come to its end as well."""
    for turn in range(1, MOST_ROUNDS):
        if not trial.ask(OPEN)[0][0]:
            return
        trial.step_clock(turn * hours * 3600)
        time.sleep(A_LOOK)
        until(lambda: not trial.ask(CLAIMED)[0][0], "another round", trial.plan.patience)


@contextmanager
def house_in_winter(estate: Estate, plan: Plan, web_sabotage: str = "") -> Iterator[tuple[Trial, dict[str, Mail]]]:
    """A house whose web server runs, with everybody in it, and the old mails of those who will leave."""
    leaving = [f"leaver{number}@example.org" for number in range(plan.leaving)]
    staying = [f"reader{number}@example.org" for number in range(plan.people - plan.leaving)]
    estate.more = {**estate.more, "HEEDFUL_SENDER_RATE": str(plan.rate)}
    trial = Trial(estate, plan, everybody=[*leaving, *staying])
    with trial.open(), estate.serving(sabotage=web_sabotage):
        trial.token = token_of(estate)
        mails = winter(trial, leaving)
        trial.bring(staying)
        yield trial, mails


def tried(estate: Estate, plan: Plan) -> Judgement:
    """The whole trial of one campaign."""
    with house_in_winter(estate, plan) as (trial, mails):
        return spring(trial, mails)


def tried_in_turn(
    estate: Estate, plan: Plan, turns: Sequence[Sequence[str]], web_sabotage: str = ""
) -> list[Judgement]:
    """Several campaigns of one house, each by senders that are sabotaged otherwise; some people leave in each."""
    found = []
    with house_in_winter(estate, plan, web_sabotage) as (trial, mails):
        for number, sabotage in enumerate(turns):
            some = {who: mails[who] for who in sorted(mails)[number :: len(turns)]}
            found.append(spring(trial, some, f"spring{number}", sabotage))
    return found
