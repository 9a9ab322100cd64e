"""Trials of sending between machines: a database, two sender hosts and a mail server, whose cables are pulled."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random

from tests.oracle.courts import Judgement, judged
from tests.oracle.estates import Estate, until
from tests.oracle.fragile_databases import Server
from tests.oracle.leavers import Leavers, api, complaint, contact_form, page_without_token
from tests.oracle.machines import NET, Network, network
from tests.oracle.sending_trials import Plan, Trial, token_of

DOORS = (page_without_token, contact_form, api, complaint)
OPEN_PERMITS = """SELECT c.address FROM permit p JOIN contact c ON c.address_key = p.address_key
WHERE p.outcome IS NULL AND p.sender_id = 1"""
STILL = "SELECT count(*) FROM message WHERE state IN ('planned', 'claimed')"
RETRANSMITTED = 15.0
"""Seconds after which a kernel has tried once more to deliver what a cut of some ten seconds held up."""


@dataclass
class Far:
    """The house on its machines."""

    trial: Trial
    net: Network
    everybody: Sequence[str]
    leavers: Leavers

    def sender(self, name: str) -> ForkServerProcess:
        """Start a sender on its own machine."""
        url = f"postgresql://heedful@{self.net.address('db')}/postgres"
        smtp = f"smtp://{self.net.address('post')}:{self.trial.post.port}"
        more = {"HEEDFUL_DATABASE_URL": url, "HEEDFUL_SMTP_URL": smtp}
        return self.trial.estate.start("sender", machine=self.net.machine(name), **more)

    def leaves(self, people: Sequence[str], seconds: float) -> None:
        """Let people leave, spread over some seconds, and wait until all of them were told."""

        async def one(who: str, after: float) -> None:
            await asyncio.sleep(after)
            await self.leavers.leave(who, DOORS)

        async def all_of_them() -> None:
            await asyncio.gather(*(one(who, self.leavers.chance.uniform(0, seconds)) for who in people))

        self.trial.do(all_of_them())

    def judged(self) -> Judgement:
        """The judgement on the campaign."""
        letters, states = self.trial.letters("spring"), self.trial.states("spring")
        report = self.trial.estate.told("campaign", "report", "spring")
        return judged(letters, self.leavers.told, states, report, self.everybody, killed=True)

    def ends(self) -> None:
        """Wait until every message has come to its end."""
        until(lambda: not self.trial.ask(STILL)[0][0], "the campaign to end by itself", self.trial.plan.patience)


@contextmanager
def far_apart(folder: Path, plan: Plan) -> Iterator[Far]:
    """Four machines, a campaign that is due, and no sender yet."""
    with network("db", "one", "two", "post") as net:
        server = Server(folder, listen=net.address("db"), prefix=("ip", "netns", "exec", net.machine("db")))
        server.make()
        with (folder / "data" / "pg_hba.conf").open("a", encoding="utf-8") as trusted:
            trusted.write(f"host all all {NET}0/24 trust\n")
        server.start()
        try:
            estate = Estate(folder, server.url, {"HEEDFUL_SENDER_RATE": str(plan.rate)}, host=net.address("db"))
            estate.heedful("init")
            trial = Trial(estate, plan, host=net.address("post"), machine=net.machine("post"))
            with trial.open(), estate.serving("ip", "netns", "exec", net.machine("db")):
                yield _peopled(trial, net)
        finally:
            server.stop()


def _peopled(trial: Trial, net: Network) -> Far:
    people = [f"reader{number}@example.org" for number in range(trial.plan.people)]
    trial.bring(people)
    trial.token = token_of(trial.estate)
    leavers = Leavers(trial.estate, trial.token, {}, Random(trial.plan.seed), host=net.address("db"), by_terminal=0)
    trial.post.moods = trial.plan.moods
    trial.estate.start("scheduler")
    trial.apply("spring", "announcements")
    until(lambda: bool(trial.states("spring")), "the audience")
    return Far(trial, net, people, leavers)


def cut_healed_killed(far: Far, *, cut: float, healed: float) -> Judgement:
    """One sender host is cut off, healed, and is then lost for good; meanwhile people leave."""
    plan, net = far.trial.plan, far.net
    first, _ = far.sender("one"), far.sender("two")
    leaving = far.leavers.chance.sample(list(far.everybody), plan.leaving)
    until(lambda: any(letter.dot for letter in far.trial.post.letters), "the first letter")
    net.cable("one", plugged=False)
    far.leaves(leaving[::2], cut)
    net.cable("one", plugged=True)
    far.leaves(leaving[1::2], healed)
    net.cable("one", plugged=False)
    first.kill()
    far.ends()
    return far.judged()


def lost_on_the_way(far: Far) -> tuple[Judgement, int]:
    """A sender's dots fall into a hole of the network, it dies and is buried, people leave, and the hole is closed.

    What its machine still tries to deliver must not arrive any more. Also how many letters were in the hole.
    """
    post = far.trial.post
    post.moods, post.slow = {"slow-data": 1.0}, 1.0  # most letters wait for 354 when the hole opens, and fall into it
    first = far.sender("one")
    until(lambda: any(letter.dot for letter in post.letters), "the first letter")
    far.net.route("one", "post", open_=False)
    time.sleep(1.0)
    post.moods = {}
    until(lambda: bool(far.trial.ask(OPEN_PERMITS)), "permits for what is in the hole")
    held_up = [row[0] for row in far.trial.ask(OPEN_PERMITS)]
    first.kill()
    far.sender("two")
    until(lambda: not far.trial.ask(OPEN_PERMITS), "the burial")
    far.leaves(held_up, 0.1)
    far.net.route("one", "post", open_=True)
    time.sleep(RETRANSMITTED)
    far.ends()
    return far.judged(), len(held_up)
