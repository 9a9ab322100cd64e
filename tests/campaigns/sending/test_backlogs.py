"""What waits for the lines of a mail server: in order, a few written in one go, and no line forgotten."""

import asyncio
from typing import Any

from campaigns.sending.backlogs import IN_ONE_GO, Backlog

LINES = 3


def filled(number: int) -> Any:
    backlog = Backlog(LINES)
    for each in range(number):
        backlog.put(a_task(each))
    return backlog


def a_task(number: int) -> Any:
    return f"task {number}"


def test_a_few_are_written_in_one_go_while_more_wait_than_there_are_lines():
    written: list[Any] = []
    backlog = filled(IN_ONE_GO + 2 * LINES)

    def write(task: Any) -> Any:
        written.append(task)
        return task

    assert backlog.ahead(write) == "task 0"
    assert written == [f"task {each}" for each in range(IN_ONE_GO)]
    assert len(backlog) == IN_ONE_GO + 2 * LINES - 1
    assert [backlog.take() for _ in range(len(backlog))] == [f"task {each}" for each in range(1, IN_ONE_GO + 2 * LINES)]


def test_where_few_wait_each_line_finds_one():
    backlog = filled(LINES)
    assert backlog.ahead(lambda task: f"{task} written") == "task 0 written"
    assert [backlog.take() for _ in range(LINES - 1)] == ["task 1", "task 2"]


def test_what_cannot_be_written_is_passed_over():
    backlog = filled(2)
    assert backlog.ahead(lambda task: None if task == "task 0" else task) == "task 1"
    assert backlog.ahead(lambda task: task) is None


def test_who_waits_gets_what_comes_and_is_told_when_it_is_over():
    async def work() -> Any:
        backlog: Any = Backlog(LINES)
        lines = [asyncio.create_task(backlog.next()) for _ in range(LINES)]
        await asyncio.sleep(0)
        backlog.put(a_task(1))
        assert backlog.take() == "task 1", "a line that is awake may be quicker"
        await asyncio.sleep(0)
        backlog.put(a_task(2))
        lines[0].cancel()
        await asyncio.sleep(0)
        backlog.end()
        return await asyncio.gather(*lines, return_exceptions=True)

    got = asyncio.run(work())
    assert isinstance(got[0], asyncio.CancelledError)
    assert sorted(map(str, got[1:])) == ["None", "task 2"]


def test_all_that_waits_can_be_taken_back():
    backlog = filled(IN_ONE_GO + 2 * LINES)
    backlog.ahead(lambda task: task)
    assert list(backlog.take_all()) == [f"task {each}" for each in range(1, IN_ONE_GO + 2 * LINES)]
    assert not backlog
