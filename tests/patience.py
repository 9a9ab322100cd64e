"""Patience that ends: a guard against work that never comes to an end; how fast it is, bench/ says."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

VERY_LONG = 300
"""Seconds: what is linear is done in a few, what is quadratic would take days."""


def until(seen: Callable[[], bool], what: str, seconds: int = VERY_LONG) -> None:
    """Wait until something is seen to have happened."""
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.001)


@contextmanager
def comes_to_an_end(seconds: int = VERY_LONG) -> Iterator[None]:
    """Fail if what is inside goes on for ever."""

    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"it was still at work after {seconds} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
