"""Vigils: a sender says that it lives, and ends what senders left behind whose process is gone."""

import logging
from collections.abc import Callable
from datetime import datetime

from campaigns.domain.wakes import Wake
from campaigns.storage import handovers
from campaigns.storage.senders import running_senders
from core.clock import elapsed
from core.database import Database
from core.holding import Holding

log = logging.getLogger("heedful.sender")

BEATS_OF_SILENCE = 4
"""Further looks at a silent sender whose name is free, before it counts as dead (decision 10)."""
LOOK_SECONDS = 0.9
"""Looks that come sooner after the last one do not count."""


def name_of(sender_id: int) -> str:
    """The name that a sender holds as long as its process lives."""
    return f"sender-{sender_id}"


class Vigil:
    """Watches over the other senders; by several at once, for burying is idempotent.

    `read_ticks`: seconds on a clock that nobody sets.
    """

    def __init__(
        self,
        database: Database,
        read_clock: Callable[[], datetime],
        *,
        own: int | None = None,
        read_ticks: Callable[[], float] = elapsed,
    ) -> None:
        self._database = database
        self._now = read_clock
        self._own = own
        self._read_ticks = read_ticks
        self._looked = -LOOK_SECONDS
        self.wake = Wake(0 if database.dialect == "sqlite" else BEATS_OF_SILENCE)

    def bury_the_dead(self) -> None:
        """End what senders left whose process is gone: whose name nobody holds."""
        ticks = self._read_ticks()
        if ticks - self._looked < LOOK_SECONDS:
            return
        self._looked = ticks
        with self._database.reading() as session:
            others = {each.id: each.seen_at for each in running_senders(session) if each.id != self._own}
        self.wake.only(others)
        for sender_id, seen_at in others.items():
            with Holding(self._database, name_of(sender_id)) as holding:
                if not holding.take():
                    self.wake.holds_again(sender_id)
                elif self.wake.is_dead(sender_id, seen_at):
                    with self._database.writing() as session:
                        left = handovers.bury(session, sender_id, at=self._now())
                    log.warning("a sender died", extra={"sender": sender_id, "put_back": left})
