"""Mail goes no faster than it may."""

import asyncio
import time

from campaigns.mail.pacing import Pace
from tests.patience import comes_to_an_end


def test_a_rate_spreads_the_turns():
    async def run() -> float:
        pace = Pace(50, asyncio.Event())
        began = time.perf_counter()
        for _ in range(6):
            await pace.turn()
        return time.perf_counter() - began

    assert asyncio.run(run()) >= 0.1


def test_without_a_rate_or_when_stopping_nobody_waits():
    async def run() -> None:
        stopping = asyncio.Event()
        stopping.set()
        await Pace(0, asyncio.Event()).turn()
        stopped = Pace(0.001, stopping)  # a turn every thousand seconds
        await stopped.turn()
        await stopped.turn()

    with comes_to_an_end():
        asyncio.run(run())
