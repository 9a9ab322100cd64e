"""The real storage functions led step by step, each actor in a thread and a database session of its own."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.database import Database

WAITING = "SELECT 1 FROM pg_stat_activity WHERE pid = :pid AND wait_event_type = 'Lock'"
PATIENCE = 20.0
Step = Callable[["Actor"], Any]


@dataclass
class Actor:
    """Somebody who does one step after the other; what it saw and did is kept in `seen`."""

    name: str
    database: Database
    steps: Sequence[Step]
    story: list[str]
    seen: dict[str, Any] = field(default_factory=dict)
    session: Session | None = None
    pid: int = 0
    doing: Future[Any] | None = None
    done: int = 0
    hands: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    opened: AbstractContextManager[Session] | None = None

    @property
    def over(self) -> bool:
        """Whether it did everything."""
        return self.done == len(self.steps)

    @property
    def writes(self) -> bool:
        """Whether it is in the middle of a transaction."""
        return self.opened is not None

    def begin(self) -> Session:
        """Open a transaction that later steps go on with."""
        self.opened = self.database.writing()
        self.session = self.opened.__enter__()
        if self.database.dialect == "postgresql":
            self.pid = int(self.session.execute(text("SELECT pg_backend_pid()")).scalar_one())
        return self.session

    def commit(self) -> None:
        """Commit it."""
        assert self.opened is not None
        opened, self.opened = self.opened, None
        opened.__exit__(None, None, None)

    def tell(self, what: str) -> None:
        """Say what happened, in the order in which it did."""
        self.story.append(f"{self.name} {what}")

    def close(self) -> None:
        """Roll back what is open, and go."""
        if self.opened is not None and self.session is not None:
            with suppress(Exception):
                self.session.rollback()
        self.hands.shutdown(wait=True)


def driven(actors: Sequence[Actor], order: Sequence[int]) -> None:
    """Let the actors step in this order; who is blocked by another's lock takes the step when the lock is free."""
    left = list(order)
    deadline = time.monotonic() + PATIENCE
    while left or any(actor.doing for actor in actors):
        for actor in actors:
            if actor.doing is not None and actor.doing.done():
                _ends(actor)
        turn = next((n for n in left if actors[n].doing is None and not _must_wait(actors, actors[n])), None)
        if turn is not None:
            left.remove(turn)
            _begins(actors[turn])
        else:
            time.sleep(0.002)
        assert time.monotonic() < deadline, [(each.name, each.done) for each in actors]


def _must_wait(actors: Sequence[Actor], actor: Actor) -> bool:
    """On SQLite one transaction at a time: who would begin one waits for it."""
    return actor.database.dialect == "sqlite" and not actor.writes and any(each.writes for each in actors)


def _begins(actor: Actor) -> None:
    """Take the next step, and stay until it is done or is seen to wait for a lock."""
    step = actor.steps[actor.done]
    actor.doing = actor.hands.submit(step, actor)
    deadline = time.monotonic() + PATIENCE
    while not actor.doing.done():
        if _is_blocked(actor):
            return
        time.sleep(0.0005)
        assert time.monotonic() < deadline, f"{actor.name} does not come to an end"
    _ends(actor)


def _ends(actor: Actor) -> None:
    assert actor.doing is not None
    actor.doing.result()
    actor.doing = None
    actor.done += 1


def _is_blocked(actor: Actor) -> bool:
    if actor.database.dialect == "sqlite" or not actor.pid:
        return False
    with actor.database.engine.connect() as connection:
        return connection.execute(text(WAITING), {"pid": actor.pid}).first() is not None


def orders(lengths: Sequence[int], so_far: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    """Every order of the steps of several actors, each of whom keeps their own."""
    if not any(lengths):
        yield so_far
    for number, left in enumerate(lengths):
        if left:
            yield from orders([*lengths[:number], left - 1, *lengths[number + 1 :]], (*so_far, number))
