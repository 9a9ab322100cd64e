"""Telling a dead sender from one that was only cut off: by what it does, never by comparing two machines' clocks."""

from collections.abc import Collection
from datetime import datetime


class Wake:
    """Remembers senders whose name nobody holds; one is dead when it gave no sign for `looks` further looks.

    A name falls free when its process dies, but on PostgreSQL also when only its session was ended. A sender that
    lives writes a new `seen_at` at each of its beats, and takes its name again.
    """

    def __init__(self, looks: int) -> None:
        self._looks = looks
        self._suspects: dict[int, tuple[datetime, int]] = {}

    def is_dead(self, sender_id: int, seen_at: datetime) -> bool:
        """Look at a sender whose name is free; asked once for each look."""
        last, looks = self._suspects.get(sender_id, (None, -1))
        looks = looks + 1 if last == seen_at else 0
        self._suspects[sender_id] = (seen_at, looks)
        if looks >= self._looks:
            self.holds_again(sender_id)
            return True
        return False

    def holds_again(self, sender_id: int) -> None:
        """Forget the suspicion: the name is held, or the sender was buried."""
        self._suspects.pop(sender_id, None)

    def only(self, sender_ids: Collection[int]) -> None:
        """Forget all suspicions but of these: the others said goodbye."""
        self._suspects = {each: seen for each, seen in self._suspects.items() if each in sender_ids}

    @property
    def goes_on(self) -> bool:
        """Whether somebody is suspected and not yet known to be dead or alive."""
        return bool(self._suspects)
