"""The sender's side of the database: short transactions, each committed before anything crosses the network."""

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import repeat

from sqlalchemy.orm import Session

from campaigns.domain.fates import Fate
from campaigns.domain.rations import Ration
from campaigns.domain.relays import RelayPlan
from campaigns.sending.editions_kept import EditionsKept
from campaigns.sending.tasks import Task
from campaigns.storage import handovers
from campaigns.storage.claims import Claim, claim
from campaigns.storage.handovers import NOT_HELD, Asked, Ended, Leave, settle_and_ask
from campaigns.storage.hastenings import hasten
from campaigns.storage.mailings import finish_mailings
from campaigns.storage.openings import halted_mailings
from campaigns.storage.overtakings import count_overtaken, still_open
from campaigns.storage.releases import cancel_leftovers, let_go, renew
from campaigns.storage.routes import Admitted, Traffic
from campaigns.storage.senders import Sign, beat
from campaigns.storage.watches import Watch
from contacts.domain.scopes import TRACKING
from contacts.domain.verdicts import Reason
from contacts.storage.gate import verdicts
from core.clock import elapsed
from core.database import Database
from core.holding import Holding
from core.settings import Settings
from core.steps import Steps

log = logging.getLogger("heedful.sender")

LEASE = timedelta(minutes=5)
ROUNDS = 4
RENEW_SECONDS = 60.0
"""A permit is asked for only under a lease that was renewed since: a process that slept must not outlive it.

Each beat after half of that renews it.
"""


class Books:
    """What one sender asks of the database; used by several threads at once."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        sender_id: int,
        read_clock: Callable[[], datetime],
        holding: Holding | None = None,
        traffic: Traffic | None = None,
    ) -> None:
        self.database = database
        self.settings = settings
        self.sender_id = sender_id
        self.steps = Steps(read_clock)
        self.now = self.steps.now
        self.holding = holding
        self.editions = EditionsKept(settings)
        self.traffic = traffic or Traffic([RelayPlan("relay")], house_sender=settings.sender_email)
        self.watch = Watch(self.traffic)
        self._renewed = elapsed()
        self._pen = threading.RLock()

    @contextmanager
    def writing(self, *, as_holder: bool = False) -> Iterator[Session]:
        """A writing session; on SQLite one of this process at a time, for its lock is waited for by asking again.

        `as_holder`: in the database session that holds the sender's name, and not otherwise.
        """
        opened = self.holding.writing if as_holder and self.holding else self.database.writing
        if self.database.dialect == "sqlite":
            with self._pen, opened() as session:
                yield session
        else:
            with opened() as session:
                yield session

    def claim(self, most: int, full: Collection[str] = ()) -> list[Task]:
        """Claim messages; a mailing that cannot be written at all fails message by message, with the reason.

        `full`: servers whose lines have all they can hold.
        """
        at = self.now()
        with self.writing() as session:
            by_relay, day = self._admitted(session, most, full, at)
            claims = [each for those in by_relay.values() for each in those]
            keys = {each.contact.address_key for each in claims}
            said = verdicts(session, TRACKING, keys, at=at) if keys else {}
            # nobody who said no is tracked; who was never asked is judged again at the click (G16)
            free = {key for key in keys if said.get(key, Reason.NO_PERMISSION) in {None, Reason.NO_PERMISSION}}
            tracked = [each.contact.address_key in free for each in claims]
            editions = [self.editions.edition(session, each.mailing_id, each.variant) for each in claims]
        relays = [relay for relay, those in by_relay.items() for _each in those]
        return list(map(Task, claims, editions, tracked, relays, repeat(day)))

    def _admitted(
        self, session: Session, most: int, full: Collection[str], at: datetime
    ) -> tuple[dict[str, list[Claim]], date]:
        """What may go now, by server; where all that was found has to wait, others are looked for behind it."""
        zone = self.settings.time_zone
        ration, admitted = Ration(most), Admitted()
        for _round in range(ROUNDS):
            ration = self.traffic.ration(session, most, at=at, full=full)
            claims = claim(session, self.sender_id, at=at, lease=LEASE, most=most, quiet_in=zone, caps=ration.caps)
            admitted = self.traffic.admit(session, self.sender_id, claims, ration, at=at)
            if admitted.by_relay or not admitted.put_off:
                break
        return admitted.by_relay, ration.day

    def answer(self, asked: Sequence[Asked]) -> list[Leave | None]:
        """Settle what ended, let go what was not begun and ask for permits, in one transaction.

        Raises:
            Unavailable: another process holds this sender's name; nothing more may be handed over.
        """
        at, began = self.now(), elapsed()
        late = began - self._renewed > RENEW_SECONDS
        with self.writing(as_holder=True) as session:
            if late:
                renew(session, self.sender_id, at + LEASE)
            if self.holding and self.holding.times > 1:
                self._own_up(session, asked)
            given = settle_and_ask(session, self.sender_id, asked, at=at, quiet_in=self.settings.time_zone)
        self._renewed = began if late else self._renewed
        if bounced := handovers.bounces_among(asked):
            with self.writing() as session:
                handovers.note_bounces(session, bounced, at=at)
        return given

    def halted(self) -> set[int]:
        """The mailings that were paused or cancelled."""
        with self.database.reading() as session:
            return halted_mailings(session, at=self.now())

    def prove(self, leaves: Sequence[Leave | None]) -> list[Leave | None]:
        """The same answers, with those permits alone that still stand, asked in the session that holds the name."""
        given = [each for each in leaves if isinstance(each, int)]
        with self.writing(as_holder=True) as session:
            standing = still_open(session, given) if given else set()
        return [NOT_HELD if isinstance(each, int) and each not in standing else each for each in leaves]

    def _own_up(self, session: Session, asked: Sequence[Asked]) -> None:
        """Count what was handed over after others had taken this sender for dead; its session was ended before."""
        ended = [each for each in asked if isinstance(each, Ended) and each.permit_outcome == Fate.SENT.value]
        permits = [each.permit_id for each in ended if each.permit_id is not None]
        if permits and (number := count_overtaken(session, self.sender_id, permits)):
            log.error("messages were handed over after their permits were settled as unknown", extra={"number": number})

    def beat(self, sign: Sign | None = None) -> None:
        """Say that this sender lives, and how; nobody else takes its claims meanwhile."""
        at, began = self.now(), elapsed()
        if self.holding:
            self.holding.take()  # again, if the database had ended the session that held the name
        due = began - self._renewed > RENEW_SECONDS / 2
        with self.writing() as session:
            beat(session, self.sender_id, at, sign)
            if due:
                renew(session, self.sender_id, at + LEASE)
            self.watch.keep(session, at=at)
        self.watch.kept()
        self._renewed = began if due else self._renewed
        if back := self.steps.set_back():
            self._hasten(back)

    def _hasten(self, back: float) -> None:
        """The clock was set back: what waits for a moment that was reckoned before waits no longer than it should."""
        with self.writing() as session:
            number = hasten(session, at=self.now(), zone=self.settings.time_zone, set_back=True)
        self.steps.settled()
        log.warning("the machine's clock was set back", extra={"seconds": round(back), "hastened": number})

    def finish(self, *, let_all_go: bool) -> int:
        """Finish mailings that have nothing open; `let_all_go`: after ending every claim, as the sender stops.

        The number of claims given back.
        """
        given_back = 0
        with self.writing() as session:
            if let_all_go:
                given_back = let_go(session, self.sender_id, self.now())
                self.watch.keep(session, at=self.now())
            cancel_leftovers(session)
            finish_mailings(session, self.now())
        return given_back
