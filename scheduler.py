"""The clock's door: fixed ticks that ask what is due; the schedules themselves live in our tables.

Only one clock ticks: it holds the name "clock" (core.holding), and another takes over within a second of its end. Each
tick is a conditional UPDATE besides, so that even two clocks would do no harm.
"""

import logging
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

import campaigns.storage.letters_kept
import surveys.storage.answers_kept
from campaigns.sending.vigils import Vigil
from campaigns.services.decide_winner import contests_open, decide, let_go
from campaigns.services.launch import due, launch, tidy
from campaigns.services.mail_confirmations import anybody_asks, mail_confirmations
from campaigns.services.watch_over import Watch, halt, shares_of
from campaigns.storage.hastenings import any_waits_too_long, hasten
from contacts.domain.addresses import PepperRing
from contacts.domain.anchors import Anchor
from contacts.services.finish_erasures import finish_erasures
from contacts.services.open_house import PATIENCE, open_house
from contacts.services.verify_ledger import ledger_anchor
from contacts.storage.attempts import forget_attempts
from contacts.storage.records_kept import UPLOADS
from contacts.storage.signups import forget_signups
from contacts.storage.uploads import KEPT, remove_old_uploads
from core.clock import now
from core.database import Database
from core.errors import HeedfulError
from core.holding import Holding
from core.operators import FailedSignIn, SignIn
from core.settings import Settings
from core.steps import Steps
from core.tokens import Keyring
from surveys.domain.anonymity import mark_of
from surveys.services.close_surveys import open_and_close_due
from surveys.services.invite import attach_invitations
from surveys.services.pack_answers import keep as keep_answers
from surveys.services.pack_answers import read_due
from surveys.services.release_answers import release_due
from surveys.services.unlink_answers import unlink_due
from surveys.storage.answered_variants import count_answers_by_variant

log = logging.getLogger("heedful.clock")

KEEPERS = (campaigns.storage.letters_kept.LETTERS, surveys.storage.answers_kept.ANSWERS)
"""Named here so that they are there: without them nobody is erased."""

BREATH = 0.05
"""Seconds between two pieces of long work, in which others who write get their turn: no opt-out waits for its end."""

FORGET_TRIES_AFTER = timedelta(hours=1)
LOOK_SECONDS = 1.0
"""How often the machine's clock is looked at."""


class Clock:
    """What the clock does at each tick, over one database."""

    def __init__(self, settings: Settings, database: Database, read_clock: Callable[[], datetime] = now) -> None:
        self.settings = settings
        self.database = database
        self.keyring = Keyring(settings.secret_key.get_secret_value().split(","))
        self.leadership = Holding(database, "clock")
        self.steps = Steps(read_clock)
        self.read_clock = self.steps.now
        self.watch = Watch(shares_of(settings))
        self.vigil = Vigil(database, self.read_clock)

    def launch_due(self) -> None:
        """Freeze the audience of every mailing whose hour has come, each in a transaction of its own."""
        at = self.read_clock()
        with self.database.reading() as session:
            waiting = due(session, at)
        for mailing_id in waiting:
            with self.database.writing() as session:
                launch(session, mailing_id, self.settings, self.keyring, at=at, attach=_attach(at))

    def decide_winners(self) -> None:
        """Decide which variants have won, and let the rest of their mailings have them, some in each transaction."""
        at = self.read_clock()
        with self.database.reading() as session:
            waiting = contests_open(session)
        for mailing_id in waiting:
            with self.database.writing() as session:
                decide(session, mailing_id, at=at, answered=count_answers_by_variant)
            while self._let_some_go(mailing_id, at):
                time.sleep(BREATH)

    def _let_some_go(self, mailing_id: int, at: datetime) -> bool:
        """Whether somebody was let go, and so more may wait."""
        with self.database.writing() as session:
            return let_go(session, mailing_id, at=at) > 0

    def ask_who_signed_up(self) -> None:
        """Plan the mail that asks each who signed up whether they meant it."""
        at = self.read_clock()
        with self.database.reading() as session:
            if not anybody_asks(session, at=at):
                return
        with self.database.writing() as session:
            planned = mail_confirmations(session, at=at)
        log.info("confirmations planned", extra={"number": planned})

    def forget_who_did_not_confirm(self) -> None:
        """Forget sign-ups that expired, with their addresses, and what was counted at the forms a day ago."""
        at = self.read_clock()
        with self.database.writing() as session:
            forget_signups(session, at=at)
            forget_attempts(session, at=at)

    def tidy_up(self) -> None:
        """End what is over: mailings with nothing left to send, claims of senders that died."""
        with self.database.writing() as session:
            tidy(session, at=self.read_clock())

    def watch_over(self) -> None:
        """Pause what goes wrong too often."""
        with self.database.reading() as session:
            touched = self.watch.look(session)
        for mailing_id, tripped in touched:
            with self.database.writing() as session:
                halt(session, mailing_id, tripped, at=self.read_clock())

    def bury_dead_senders(self) -> None:
        """End what senders left whose process is gone, also where no other sender runs."""
        self.vigil.bury_the_dead()

    def hasten(self) -> None:
        """Bring nearer what waits for a moment that was reckoned by a clock which was ahead."""
        at, zone = self.read_clock(), self.settings.time_zone
        with self.database.reading() as session:
            if not any_waits_too_long(session, at=at, zone=zone):
                return
        with self.database.writing() as session:
            number = hasten(session, at=at, zone=zone)
        log.warning("messages waited for too late a moment", extra={"number": number})

    def mind_surveys(self) -> None:
        """Open and close the surveys whose hour has come."""
        with self.database.writing() as session:
            opened, closed = open_and_close_due(session, at=self.read_clock())
            unlinked = unlink_due(session, at=self.read_clock())
        if opened or closed or unlinked:
            log.info("surveys minded", extra={"opened": opened, "closed": closed, "unlinked": unlinked})

    def release_answers(self) -> None:
        """Let anonymous answers into the results, many together; of the rows that they left nothing stays behind."""
        with self.database.writing() as session:
            released = release_due(session, lambda number: self.keyring.digests(mark_of(number)))
        if released:
            self.database.empty_log()
            log.info("anonymous answers released", extra={"released": released})

    def pack_answers(self) -> None:
        """Keep completed answers side by side, so that results are counted in a moment."""
        while True:
            with self.database.reading() as session:
                block = read_due(session)
            if block is None:
                return
            with self.database.writing() as session:
                keep_answers(session, block)

    def finish_erasures(self) -> None:
        """Delete what was ordered to be deleted: children's data in its time, files, what a crash left."""
        house, at = self.settings, self.read_clock()
        ring = PepperRing.of(house)
        finish_erasures(self.database, house.data_dir, ring, at=at, child_days=house.child_data_days)

    def anchor_the_ledger(self) -> None:
        """Write the ledger's end to the log: `heedful verify --anchor-file` reads it where logs are kept."""
        with self.database.reading() as session:
            house, events, digest = ledger_anchor(session)
        log.info("the ledger's end", extra={"anchor": Anchor(house, events, digest, self.read_clock()).line})

    def forget(self) -> None:
        """Forget sign-ins that ended, tries that were counted, and files that nobody came back to import."""
        at = self.read_clock()
        remove_old_uploads(self.settings.data_dir / UPLOADS, at - KEPT)
        with self.database.writing() as session:
            session.execute(delete(SignIn).where(SignIn.expires_at < at))
            session.execute(delete(FailedSignIn).where(FailedSignIn.at < at - FORGET_TRIES_AFTER))

    def tick(self, act: Callable[[], None]) -> None:
        """Do something if this clock is the one that ticks; a database that is away is asked again next time."""
        try:
            if self.leadership.take():
                act()
        except OperationalError as error:
            log.warning("the database did not answer the clock", extra={"kind": type(error).__name__})


def _attach(at: datetime) -> Callable[[Session, int], object]:
    return lambda session, mailing_id: attach_invitations(session, mailing_id, at=at)


def _tell(failed: JobExecutionEvent) -> None:
    """Log an act that failed, without its sentence, which may hold an address; it is tried again at the next tick."""
    error = failed.exception
    places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-6:]]
    log.error("an act of the clock failed", extra={"act": failed.job_id, "kind": type(error).__name__, "where": places})


def _ticks(clock: Clock) -> tuple[tuple[Callable[[], None], timedelta], ...]:
    """What the clock does, and how often."""
    return (
        (clock.launch_due, timedelta(seconds=1)),
        (clock.ask_who_signed_up, timedelta(seconds=1)),
        (clock.decide_winners, timedelta(seconds=2)),
        (clock.watch_over, timedelta(seconds=1)),
        (clock.tidy_up, timedelta(seconds=2)),
        (clock.bury_dead_senders, timedelta(seconds=1)),
        (clock.forget_who_did_not_confirm, timedelta(minutes=1)),
        (clock.mind_surveys, timedelta(seconds=15)),
        (clock.release_answers, timedelta(minutes=5)),
        (clock.pack_answers, timedelta(seconds=20)),
        (clock.finish_erasures, timedelta(seconds=10)),
        (clock.forget, timedelta(hours=1)),
        (clock.anchor_the_ledger, timedelta(days=1)),
        (clock.hasten, timedelta(days=1)),
    )


def keep_time(settings: Settings, database: Database, ended: threading.Event) -> None:
    """Tick until `ended` is set; what is being done then is finished first."""
    clock = Clock(settings, database)
    prompt = {clock.watch_over, clock.bury_dead_senders}  # not behind the freezing of a large audience
    apscheduler = BackgroundScheduler(
        timezone=UTC,
        executors={name: {"type": "threadpool", "max_workers": 1} for name in ("default", "prompt")},
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
    )
    for act, every in _ticks(clock):
        apscheduler.add_job(
            clock.tick,
            "interval",
            args=[act],
            seconds=every.total_seconds(),
            next_run_time=now(),
            id=act.__name__,
            executor="prompt" if act in prompt else "default",
        )
    apscheduler.add_listener(_tell, EVENT_JOB_ERROR)
    apscheduler.start()
    log.info("the clock ticks")
    _heed_the_machines_clock(apscheduler, clock.steps, ended)
    apscheduler.shutdown(wait=True)
    clock.leadership.give_back()
    log.info("the clock stands still")


def _heed_the_machines_clock(apscheduler: BackgroundScheduler, steps: Steps, ended: threading.Event) -> None:
    """Wait for the end; after the machine's clock was set back, tick at once: no tick would be due for as long."""
    while not ended.wait(LOOK_SECONDS):
        if back := steps.set_back():
            steps.settled()
            log.warning("the machine's clock was set back", extra={"seconds": round(back)})
            for job in apscheduler.get_jobs():
                job.modify(next_run_time=now())


def main() -> int:
    """`heedful scheduler`: read the settings, check the house, keep time until told to end."""
    try:
        house = open_house(patience=PATIENCE)
    except (HeedfulError, OperationalError) as error:
        said = error if isinstance(error, HeedfulError) else "The database does not answer."
        print(f"heedful: {said}", file=sys.stderr)  # noqa: T201 - the terminal's one sentence
        return 1
    ended = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: ended.set())
    keep_time(house.settings, house.database, ended)
    house.database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
