"""Mail goes no faster than it may, and a server that is away is left alone for longer and longer."""

import asyncio
import time

from campaigns.mail.pacing import LONGEST_PAUSE, Pace
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


def test_a_server_that_is_away_is_left_alone_for_longer_each_time_and_forgiven_at_once():
    async def run() -> None:
        pace = Pace(0, asyncio.Event())
        assert not pace.is_away()
        first = pace.miss()
        assert pace.is_away()
        assert pace.miss() <= first  # other lines that find it away at the same time do not add to it
        pauses = []
        for _ in range(9):
            pace._away_until = 0.0  # as if the pause were over
            pauses.append(round(pace.miss(), 1))
        assert pauses == [2, 4, 8, 16, 32, *[LONGEST_PAUSE] * 4]
        pace.hit()
        pace._away_until = 0.0
        assert round(pace.miss(), 1) == round(first, 1)

    asyncio.run(run())
