"""Requests of one moment are answered by one act."""

import asyncio
from collections.abc import Sequence

import pytest

from core.gathering import Gathering


def test_requests_that_wait_together_are_answered_together():
    batches: list[list[int]] = []

    def doubled(asked: Sequence[int]) -> list[int]:
        batches.append(list(asked))
        return [2 * each for each in asked]

    async def run() -> list[int]:
        desk: Gathering[int, int] = Gathering(doubled, most=4)
        return list(await asyncio.gather(*(desk.ask(number) for number in range(6))))

    assert asyncio.run(run()) == [0, 2, 4, 6, 8, 10]
    assert batches == [[0, 1, 2, 3], [4, 5]]


def test_a_failing_act_is_told_to_all_who_asked_and_the_desk_stays_open():
    def fails_on_one(asked: Sequence[int]) -> Sequence[int]:
        if 1 in asked:
            raise OSError("away")
        return asked

    async def run() -> int:
        desk: Gathering[int, int] = Gathering(fails_on_one)
        with pytest.raises(OSError, match="away"):
            await desk.ask(1)
        return await desk.ask(2)

    assert asyncio.run(run()) == 2


def test_who_insists_is_answered_when_the_act_works_again():
    tries: list[int] = []

    def fails_twice(asked: Sequence[int]) -> Sequence[int]:
        tries.append(1)
        if len(tries) < 3:
            raise OSError("away")
        return asked

    async def run() -> int:
        return await Gathering(fails_twice).insist(7, despite=OSError)

    assert asyncio.run(run()) == 7


def test_who_goes_away_before_the_answer_disturbs_nobody():
    async def run() -> int:
        desk: Gathering[int, int] = Gathering(lambda asked: asked)
        gone = asyncio.create_task(desk.ask(1))
        await asyncio.sleep(0)
        gone.cancel()
        return await desk.ask(2)

    assert asyncio.run(run()) == 2
