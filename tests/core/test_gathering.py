"""Requests of one moment are answered by one act."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from core import gathering
from core.gathering import Gathering


@contextmanager
def desk_of(act: Callable[[Sequence[Any]], Sequence[Any]], **more: Any):
    desk: Gathering[Any, Any] = Gathering(act, **more)
    try:
        yield desk
    finally:
        desk.close()


def test_requests_that_come_while_the_clerk_works_are_answered_together():
    batches: list[list[int]] = []
    go_on = threading.Event()

    def doubled(asked: Sequence[int]) -> list[int]:
        assert go_on.wait(10)
        batches.append(list(asked))
        return [2 * each for each in asked]

    async def run() -> list[int]:
        with desk_of(doubled, most=4) as desk:
            waiting = [desk.ask(number) for number in range(6)]
            go_on.set()
            answers = list(await asyncio.gather(*waiting))
            assert desk.told() == {"acts": 3, "requests": 6, "largest": 4}
            assert desk.left == 0
            return answers

    assert asyncio.run(run()) == [0, 2, 4, 6, 8, 10]
    assert batches == [[0], [1, 2, 3, 4], [5]]


def test_a_free_clerk_waits_for_those_who_are_about_to_come_but_not_for_ever():
    batches: list[list[int]] = []
    about = 2

    def kept(asked: Sequence[int]) -> Sequence[int]:
        batches.append(list(asked))
        return asked

    async def run() -> None:
        nonlocal about
        with desk_of(kept, about_to_ask=lambda: about) as desk:
            first = desk.ask(1)
            assert not batches
            about = 0
            await asyncio.gather(first, desk.ask(2))
            about = 1
            await desk.ask(3)

    asyncio.run(run())
    assert batches == [[1, 2], [3]]


def test_a_failing_act_is_told_to_all_who_asked_and_the_desk_stays_open():
    def fails_on_one(asked: Sequence[int]) -> Sequence[int]:
        if 1 in asked:
            raise OSError("away")
        return asked

    async def run() -> int:
        with desk_of(fails_on_one) as desk:
            with pytest.raises(OSError, match="away"):
                await desk.ask(1)
            return int(await desk.ask(2))

    assert asyncio.run(run()) == 2


def test_what_must_be_recorded_is_kept_until_the_act_works_and_one_bad_part_holds_up_no_good_one(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(gathering, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(gathering, "LONGEST_PAUSE", 0.002)
    recorded: list[int] = []
    bad = {3}

    def takes_no_bad_one(asked: Sequence[int]) -> Sequence[int]:
        if bad & set(asked):
            raise OSError("no")
        recorded.extend(asked)
        return asked

    async def run() -> None:
        with desk_of(takes_no_bad_one, about_to_ask=lambda: 1) as desk:
            for number in range(8):
                desk.tell(number)
            while len(recorded) < 7:
                assert await desk.rest(0.005)
            assert desk.left == 1
            bad.clear()
            assert await desk.rest(10) == 0

    asyncio.run(run())
    assert sorted(recorded) == list(range(8))
    assert recorded[-1] == 3


def test_who_goes_away_before_the_answer_disturbs_nobody():
    async def run() -> int:
        with desk_of(lambda asked: asked) as desk:
            gone = desk.ask(1)
            gone.cancel()
            return int(await desk.ask(2))

    assert asyncio.run(run()) == 2
