"""Patience that ends: a guard against work that never comes to an end; how fast it is, bench/ says."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

VERY_LONG = 300
"""Seconds: what is linear is done in a few, what is quadratic would take days."""


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
