"""The sending loop: messages claimed, written, handed over on several lines at once, and settled."""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from campaigns.domain.fates import NOT_WRITTEN, Fate, consequence
from campaigns.domain.message_urls import personal_link
from campaigns.domain.states import MessageState
from campaigns.domain.wakes import Wake
from campaigns.mail.contexts import letterhead
from campaigns.mail.editions import Edition, Written
from campaigns.mail.letters import feedback_id
from campaigns.mail.pacing import LONGEST_PAUSE, Pace
from campaigns.mail.shipped import Sources
from campaigns.mail.smtp import Relay, Reply
from campaigns.storage import handovers
from campaigns.storage.claims import Claim, Outcome, cancel_leftovers, claim, let_go, renew
from campaigns.storage.handovers import Asked, Begone, Ended, Leave, NotHeld, settle_and_ask
from campaigns.storage.links import links_of
from campaigns.storage.mailings import finish_mailings, get_mailing
from campaigns.storage.senders import beat, running_senders
from contacts.domain.scopes import TRACKING
from contacts.domain.verdicts import Reason
from contacts.storage.gate import Wish, verdicts
from contacts.storage.partners import on_behalf_of
from contacts.storage.topics import topic_number
from core.database import Database
from core.errors import BadInput
from core.gathering import Gathering
from core.holding import Holding
from core.settings import OneClick, Settings
from core.tokens import Keyring

log = logging.getLogger("heedful.sender")

LEASE = timedelta(minutes=5)
BEAT_SECONDS = 1.0
BEATS_OF_SILENCE = 4  # before a sender whose name is free counts as dead
IDLE_SECONDS = 0.5
FULL_SECONDS = 0.02
LAST_SECONDS = 30.0
A_LINE = 25  # messages claimed ahead for each line: about two seconds of work


@dataclass(frozen=True)
class Task:
    """A claimed message with all that is needed to write it."""

    claim: Claim
    edition: Edition | BadInput
    tracked: bool


class Books:
    """The sender's side of the database: short transactions, each committed before anything crosses the network."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        sender_id: int,
        read_clock: Callable[[], datetime],
        holding: Holding | None = None,
    ) -> None:
        self.database = database
        self.settings = settings
        self.sender_id = sender_id
        self.now = read_clock
        self.holding = holding
        self.keyring = Keyring(settings.secret_key.get_secret_value().split(","))
        self.editions: dict[int, Edition] = {}
        self.wake = Wake(0 if database.dialect == "sqlite" else BEATS_OF_SILENCE)

    def claim(self, most: int) -> list[Task]:
        """Claim messages; a mailing that cannot be written at all fails message by message, with the reason."""
        at = self.now()
        with self.database.writing() as session:
            claims = claim(session, self.sender_id, at=at, lease=LEASE, most=most, quiet_in=self.settings.time_zone)
            keys = {each.contact.address_key for each in claims}
            said = verdicts(session, TRACKING, keys, at=at) if keys else {}
            # nobody who said no is tracked; who was never asked is judged again at the click (G16)
            free = {key for key in keys if said.get(key, Reason.NO_PERMISSION) in {None, Reason.NO_PERMISSION}}
            tracked = [each.contact.address_key in free for each in claims]
            editions = [self._edition(session, each.mailing_id) for each in claims]
        return list(map(Task, claims, editions, tracked))

    def answer(self, asked: Sequence[Asked]) -> list[Leave | None]:
        """Settle what ended, let go what was not begun and ask for permits, in one transaction."""
        with self.database.writing() as session:
            given = settle_and_ask(session, self.sender_id, asked, at=self.now(), quiet_in=self.settings.time_zone)
        if bounced := handovers.bounces_among(asked):
            with self.database.writing() as session:
                handovers.note_bounces(session, bounced, at=self.now())
        return given

    def finish(self, *, let_all_go: bool) -> None:
        """Finish mailings that have nothing open; `let_all_go`: after ending every claim, as the sender stops."""
        with self.database.writing() as session:
            if let_all_go:
                let_go(session, self.sender_id, self.now())
            cancel_leftovers(session)
            finish_mailings(session, self.now())

    def beat(self) -> None:
        """Say that this sender lives, and end what dead ones left behind."""
        at = self.now()
        if self.holding:
            self.holding.take()  # again, if the database had ended the session that held the name
        with self.database.writing() as session:
            beat(session, self.sender_id, at)
            renew(session, self.sender_id, at + LEASE)
        self.bury_the_dead()

    def bury_the_dead(self) -> None:
        """End what senders left whose process is gone: whose name nobody holds."""
        with self.database.reading() as session:
            others = {each.id: each.seen_at for each in running_senders(session) if each.id != self.sender_id}
        self.wake.only(others)
        for sender_id, seen_at in others.items():
            with Holding(self.database, f"sender-{sender_id}") as holding:
                if not holding.take():
                    self.wake.holds_again(sender_id)
                elif self.wake.is_dead(sender_id, seen_at):
                    with self.database.writing() as session:
                        left = handovers.bury(session, sender_id, at=self.now())
                    log.warning("a sender died", extra={"sender": sender_id, "put_back": left})

    def _edition(self, session: Session, mailing_id: int) -> Edition | BadInput:
        try:
            return self.editions.get(mailing_id) or self._read_edition(session, mailing_id)
        except BadInput as error:
            return error

    def _read_edition(self, session: Session, mailing_id: int) -> Edition:
        mailing = get_mailing(session, mailing_id)
        self.editions[mailing_id] = edition = Edition(
            mailing_id,
            mailing,
            Sources(mailing.subject_template, mailing.html, mailing.text),
            head=letterhead(self.settings, on_behalf_of(session, mailing.topic)),
            keyring=self.keyring,
            topic_id=topic_number(session, mailing.topic) if self.settings.one_click_scope is OneClick.TOPIC else 0,
            personal=personal_link(mailing.personal_path, mailing.personal_kind),
            links=links_of(session, mailing.campaign_id) if mailing.tracking else {},
            feedback_id=feedback_id(mailing.campaign_id, mailing_id, mailing.topic),
        )
        return edition


class Delivery:
    """The loop: one task feeds, one line each works, one beats; `stop` lets what is begun end."""

    def __init__(self, books: Books, open_line: Callable[[], Relay], *, lines: int, rate: float = 0.0) -> None:
        self.books = books
        self.open_line = open_line
        self.lines = lines
        self.most = lines * A_LINE if not rate else max(lines, int(rate * 2))
        self.desk: Gathering[Asked, Leave | None] = Gathering(books.answer)
        self.queue: asyncio.Queue[Task | None] = asyncio.Queue()
        self.stopping = asyncio.Event()
        self.busy = 0
        self.settling: set[asyncio.Task[Leave | None]] = set()
        self.halted: set[int] = set()  # mailings that were paused or cancelled while we held messages of them
        self.pace = Pace(rate, self.stopping)

    def stop(self) -> None:
        """Begin nothing more."""
        self.stopping.set()

    async def run(self, *, until_idle: bool = False) -> None:
        """Send until stopped, or until nothing is due."""
        workers = [asyncio.create_task(self._work(self.open_line())) for _ in range(self.lines)]
        heart = asyncio.create_task(self._beat())
        try:
            await self._feed(until_idle=until_idle)
        finally:
            self.stopping.set()
            for _ in workers:
                self.queue.put_nowait(None)
            await asyncio.gather(*workers, return_exceptions=True)
            heart.cancel()
            if self.settling:
                await asyncio.wait(self.settling, timeout=LAST_SECONDS)
            await asyncio.to_thread(self.books.finish, let_all_go=True)

    async def _feed(self, *, until_idle: bool) -> None:
        pause, worked = IDLE_SECONDS, False
        while not self.stopping.is_set():
            if self.queue.qsize() > self.most // 2 or self.pace.is_away():
                await self.pace.wait(FULL_SECONDS)
                continue
            try:
                tasks = await asyncio.to_thread(self.books.claim, self.most)
                if not (tasks or self.busy or self.settling or self.queue.qsize()):
                    if until_idle and not self.books.wake.goes_on:
                        return
                    if worked:
                        await asyncio.to_thread(self.books.finish, let_all_go=False)
                    worked = False
            except DBAPIError as error:
                log.warning("the database does not answer", extra={"kind": type(error).__name__, "seconds": pause})
                await self.pace.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            pause, worked = IDLE_SECONDS, worked or bool(tasks)
            self.halted -= {task.claim.mailing_id for task in tasks}
            for task in tasks:
                self.queue.put_nowait(task)
            if not tasks:
                await self.pace.wait(IDLE_SECONDS if not self.busy else FULL_SECONDS)

    async def _beat(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self.books.beat)
            except DBAPIError:
                log.warning("the sender could not say that it lives")
            await asyncio.sleep(BEAT_SECONDS)

    async def _work(self, line: Relay) -> None:
        while (task := await self.queue.get()) is not None:
            self.busy += 1
            try:
                await self.pace.turn()
                if self.stopping.is_set() or self.pace.is_away() or task.claim.mailing_id in self.halted:
                    self._record(Begone(task.claim.message_id))
                else:
                    await self._deliver(line, task)
            except Exception:
                log.exception("a message was left", extra={"number": task.claim.message_id})
                self._record(Begone(task.claim.message_id))
            finally:
                self.busy -= 1
        await line.close()

    async def _deliver(self, line: Relay, task: Task) -> None:
        """Write one message, hand it over under a permit, and record what became of it."""
        try:
            mail = await self._written(line, task)
        except BadInput as error:
            self._record(Ended(Outcome(task.claim.message_id, MessageState.FAILED, NOT_WRITTEN, reply=error.message)))
            return
        leave: list[Leave | None] = []
        person = task.claim.contact
        assert isinstance(task.edition, Edition), "what could not be read was not written"
        wish = Wish(task.claim.message_id, person.address_key, person.family_key, task.edition.words.topic)

        async def permit() -> bool:
            leave.append(await self.desk.ask(wish))
            return isinstance(leave[0], int)

        reply = await line.handover(mail.sender_email, mail.to_email, mail.message, permit=permit)
        self._account(task, reply, leave[0] if leave else None, mail.message_id)

    async def _written(self, line: Relay, task: Task) -> Written:
        if isinstance(task.edition, BadInput):
            raise task.edition
        claim, person = task.claim, task.claim.contact
        beyond_ascii = not person.address.rpartition("@")[0].isascii()
        utf8 = beyond_ascii and await line.takes_utf8()
        at, number = self.books.now(), claim.message_id
        return task.edition.write(person, number, claim.reference, tracked=task.tracked, at=at, smtputf8=utf8)

    def _account(self, task: Task, reply: Reply, leave: Leave | None, header_id: str) -> None:
        """Record what became of a message, or let it go where nothing did."""
        if not reply.reached and not isinstance(leave, int):
            self._record(Begone(task.claim.message_id, self.pace.miss()))
            return
        self.pace.hit()
        if isinstance(leave, NotHeld):
            self.halted.add(task.claim.mailing_id)
            self._record(Begone(task.claim.message_id))
            return
        at, refused = self.books.now(), leave if isinstance(leave, Reason) else None
        end = consequence(reply.fate, refused, task.claim.attempts, at, random.random())  # noqa: S311 - spreads retries
        handed_over_at = at if reply.fate in {Fate.SENT, Fate.UNKNOWN} else None
        said = (reply.code, reply.text or None, header_id)
        outcome = Outcome(task.claim.message_id, end.state, end.reason, *said, handed_over_at, end.next_try_at)
        permit_outcome = "deferred" if reply.fate is Fate.WITHHELD else reply.fate.value
        self._record(Ended(outcome, leave if isinstance(leave, int) else None, permit_outcome))

    def _record(self, ended: Ended | Begone) -> None:
        """Settle in the company of the next permits; kept until the database has taken it."""
        job = asyncio.create_task(self.desk.insist(ended, despite=DBAPIError))
        self.settling.add(job)
        job.add_done_callback(self._settled)

    def _settled(self, job: asyncio.Task[Leave | None]) -> None:
        self.settling.discard(job)
        if not job.cancelled() and (error := job.exception()) is not None:
            log.error("an outcome was not recorded; the message will be unknown or planned again", exc_info=error)
