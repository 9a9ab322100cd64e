"""Keeping clicks behind the redirects: judged and stored after the answer, spooled while the database is away."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from campaigns.domain.click_tokens import ClickedLink
from campaigns.domain.machines import BURST_WINDOW, Hit, machine_sign_of_request
from campaigns.services.follow import follow
from campaigns.storage.links import destination, recent_destinations
from campaigns.storage.spools import ClickSpool, FollowedLink
from core.clock import now
from core.database import Database
from core.errors import Unavailable
from core.language import gettext as _
from core.settings import Settings

log = logging.getLogger("heedful.clicks")

AWAY = (OperationalError, PoolTimeout)
MOST_LINKS = 50_000
MOST_WAITING = 20_000
BATCH = 200
PAUSE = 0.05
RETRY = 1.0
"""How long the keeper gathers clicks, and waits before it asks an absent database again, in seconds."""


class ClickKeeper:
    """Knows the destinations, and stores clicks from a thread of its own."""

    def __init__(self, database: Database, spool: ClickSpool, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._spool = spool
        self._clock = clock
        self._links: dict[int, str] = {}
        self._waiting: deque[FollowedLink] = deque()
        self._recent = RecentHits()
        self._something = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def warm(self) -> None:
        """Load the newest destinations, so that they are known while the database is away."""
        with self._database.reading() as session:
            self._links |= recent_destinations(session, MOST_LINKS)

    def start(self) -> None:
        """Begin to store clicks in the background."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="clicks", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Store or spool what waits, and end."""
        self._closing.set()
        self._something.set()
        if self._thread is not None:
            self._thread.join(10)
            self._thread = None
        self.store_waiting()

    def destination(self, link_id: int) -> str | None:
        """Where a stored link leads; None if there is none.

        Raises:
            Unavailable: the link is not known here and the database is away.
        """
        known = self._links.get(link_id)
        if known is not None:
            return known
        try:
            with self._database.reading() as session:
                found = destination(session, link_id)
        except AWAY:
            raise Unavailable(
                _("This link cannot be looked up at the moment."), remedy=_("Please try again in a minute.")
            ) from None
        if found is not None:
            if len(self._links) >= MOST_LINKS:
                self._links.clear()
            self._links[link_id] = found
        return found

    def note(self, clicked: ClickedLink, hit: Hit) -> None:
        """Remember a hit that may be a reader's, to be judged in the background; never waits."""
        if machine_sign_of_request(hit) is not None:
            return
        others = self._recent.others(clicked, hit.at)
        self._waiting.append(FollowedLink(*clicked, hit.at, others))
        self._something.set()

    def store_waiting(self) -> int:
        """Store what waits, and what was spooled before; into the spool while the database is away."""
        if len(self._waiting) > MOST_WAITING:
            self._spool.add(self._taken(MOST_WAITING))
        stored = 0
        while batch := self._taken(BATCH):
            try:
                self._store(batch)
            except AWAY:
                self._spool.add([*batch, *self._taken(MOST_WAITING)])
                return stored
            stored += len(batch)
        return stored + self._empty_spool()

    def _empty_spool(self) -> int:
        try:
            return self._spool.empty_into(self._store)
        except AWAY:
            return 0

    def _store(self, clicks: list[FollowedLink]) -> None:
        at = self._clock()
        with self._database.writing() as session:
            for click in sorted(clicks, key=lambda each: each.at):
                follow(session, click.message_id, click.link_id, clicked_at=click.at, at=at, others=click.others)

    def _taken(self, most: int) -> list[FollowedLink]:
        taken: list[FollowedLink] = []
        while self._waiting and len(taken) < most:
            taken.append(self._waiting.popleft())
        return taken

    def _work(self) -> None:
        while not self._closing.is_set():
            self._something.wait(RETRY)
            self._something.clear()
            self._closing.wait(PAUSE)
            try:
                self.store_waiting()
            except Exception as error:  # noqa: BLE001 - one bad click must not end the keeping of all others
                log.error("clicks could not be kept", extra={"kind": type(error).__name__})  # noqa: TRY400 - no address


class RecentHits:
    """Which links of which messages were followed in the last seconds, to see a scanner's burst (P21)."""

    def __init__(self) -> None:
        self._hits: deque[tuple[datetime, ClickedLink]] = deque(maxlen=10_000)
        self._lock = threading.Lock()

    def others(self, clicked: ClickedLink, at: datetime) -> int:
        """Note the hit; how many other links of its message were followed within the window."""
        with self._lock:
            self._forget(at - BURST_WINDOW)
            self._hits.append((at, clicked))
            same = {hit.link_id for _at, hit in self._hits if hit.message_id == clicked.message_id}
        return len(same - {clicked.link_id})

    def _forget(self, before: datetime) -> None:
        while self._hits and self._hits[0][0] < before:
            self._hits.popleft()


_keepers: WeakKeyDictionary[Database, ClickKeeper] = WeakKeyDictionary()
_lock = threading.Lock()


def keeper_of(database: Database, settings: Settings) -> ClickKeeper:
    """The keeper of a database, started with its destinations known if the database is there."""
    keeper = _keepers.get(database)
    if keeper is not None:
        return keeper
    with _lock:
        if database not in _keepers:
            made = ClickKeeper(database, ClickSpool(settings.data_dir / "clicks.spool"))
            try:
                made.warm()
            except AWAY:
                log.warning("no destinations could be loaded: the database is away")
            made.start()
            _keepers[database] = made
        return _keepers[database]


def close_keeper(database: Database) -> None:
    """Store what waits and end the keeper of a database, if it has one."""
    keeper = _keepers.pop(database, None)
    if keeper is not None:
        keeper.close()
