"""Unguessable names: never twice, not in another thread and not in a forked process."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor

from core.unguessable import unguessable


def some(number: int) -> list[str]:
    return [unguessable() for _ in range(number)]


def test_names_are_hexadecimal_and_differ_also_between_threads():
    with ThreadPoolExecutor(4) as threads:
        names = [name for part in threads.map(some, [500] * 4) for name in part]
    assert len(set(names)) == 2000
    assert all(len(name) == 32 and int(name, 16) >= 0 for name in names)


def test_a_forked_process_gives_other_names():
    before = some(10)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        forked = pool.map(some, [10, 10], chunksize=1)
    names = [*before, *some(10), *(name for part in forked for name in part)]
    assert len(set(names)) == len(names)
