"""Importing a list of hashed addresses to suppress: who is known is opted out now, who comes later on arrival (G8)."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO

from sqlalchemy.orm import Session

from contacts.domain.addresses import PepperRing, read_address
from contacts.domain.facts import Fact
from contacts.domain.hash_lists import HashLine, read_hash_list
from contacts.domain.rows import Rejection
from contacts.domain.scopes import EVERYTHING
from contacts.domain.sheets import TableShape
from contacts.domain.verdicts import BlockReason
from contacts.storage.blocks import blocked_among
from contacts.storage.contacts import contacts_after
from contacts.storage.foreign_lists import keep_entries, stop_listed
from contacts.storage.imports import begin_import, fail_import, finish_import, tell_progress
from contacts.storage.ledger import record
from contacts.storage.partners import partner_named
from contacts.storage.permits import wait_for_handovers
from contacts.storage.rejects import RejectsFile
from core.database import Database
from core.errors import BadInput, HeedfulError

BATCH = 1_000
_SHOWN = 20


@dataclass(frozen=True)
class HashListOptions:
    """Whose list it is; `partner` is the name of the one whose key made its hashes, empty for unkeyed ones."""

    file_name: str = "list.txt"
    operator: str = ""
    partner: str = ""
    rejects_folder: Path = Path("data/rejects")
    confirm_seconds: float = 5.0


@dataclass(frozen=True)
class HashListReport:
    """What became of a list; `settled` is False if a message that was being handed over may still arrive."""

    run_id: int
    counts: dict[str, int]
    rejects: Path | None
    first_rejections: tuple[Rejection, ...]
    settled: bool


Progress = Callable[[int, int, Mapping[str, int]], None]


def import_hashes(
    database: Database,
    stream: IO[bytes],
    options: HashListOptions,
    *,
    ring: PepperRing,
    at: datetime,
    progress: Progress | None = None,
) -> HashListReport:
    """Keep a list's hashes, then opt out whoever of our contacts is on it; any number of times.

    The hashes are kept first: who arrives meanwhile is found on arrival, who was here before by the look over all.

    Raises:
        NotFound: there is no such partner.
        BadInput: the file has no hash in it.
    """
    run = _Run(database, stream, options, ring, at)
    try:
        run.keep(progress)
        run.stop_who_is_known()
        return run.finish()
    except BaseException as error:
        run.fail(error)
        raise
    finally:
        run.rejects.close()


class _Run:
    """One list on its way in."""

    def __init__(
        self, database: Database, stream: IO[bytes], options: HashListOptions, ring: PepperRing, at: datetime
    ) -> None:
        self.database, self.stream, self.options, self.ring, self.at = database, stream, options, ring, at
        self.counts: Counter[str] = Counter()
        self.first: list[Rejection] = []
        self.settled = True
        self._began = time.monotonic()
        self.size = stream.seek(0, 2)
        shape = TableShape("hashes", "", header=False, columns=(options.partner or "hash",))
        with database.writing() as session:
            if options.partner:
                partner_named(session, options.partner)
            self.run_id = begin_import(
                session,
                operator=options.operator,
                file_name=Path(options.file_name).name,
                shape=shape,
                mapping=["hash"],
                size=self.size,
                at=at,
            )
        self.rejects = RejectsFile(options.rejects_folder / f"import-{self.run_id}.csv")

    def keep(self, progress: Progress | None) -> None:
        """Keep all hashes, a thousand lines a transaction."""
        lines = read_hash_list(self.stream, self.options.partner)
        while batch := list(islice(lines, BATCH)):
            with self.database.writing() as session:
                self._keep(session, batch)
                tell_progress(session, self.run_id, read=batch[-1].read, counts=dict(self.counts), at=self._now())
            self.rejects.flush()
            if progress:
                progress(batch[-1].read, self.size, dict(self.counts))
        if not self.counts["hashes"]:
            raise BadInput("The file has no hash in it.", remedy="Choose a file with one hashed address a line.")

    def _keep(self, session: Session, batch: Iterable[HashLine]) -> None:
        hashes = [each for line in batch for each in line.hashes]
        self.counts["rows"] += len(list(batch))
        self.counts["hashes"] += len(hashes)
        keep_entries(session, self.ring, hashes, import_run=self.run_id, at=self.at)
        for line in batch:
            if line.rejection is not None:
                self.counts["rejected"] += 1
                self.rejects.write(line.rejection, "")
                self.first += [line.rejection] if len(self.first) < _SHOWN else []

    def stop_who_is_known(self) -> None:
        """Look over all contacts, and opt out those who are on this list; committed by the thousand."""
        for facts in self._found():
            with self.database.writing() as session:
                record(session, facts, at=self.at)
            self.counts["matched"] += len(facts)
            own = [fact.own for fact in facts]
            seconds = self.options.confirm_seconds
            self.settled &= wait_for_handovers(self.database, own, EVERYTHING, seconds=seconds)

    def _found(self) -> Iterator[list[Fact]]:
        last = 0
        while True:
            with self.database.reading() as session:
                contacts = contacts_after(session, last, most=BATCH)
                people = [(read_address(each.address), each.keys) for each in contacts]
                facts = stop_listed(session, self.ring, people, at=self.at, import_run=self.run_id)
                stopped = blocked_among(session, [fact.own for fact in facts], EVERYTHING, BlockReason.OPT_OUT)
                last = contacts[-1].id if contacts else 0
            if not last:
                return
            self.counts["restrictions_known"] += len(stopped)
            if new := [fact for fact in facts if fact.own not in stopped]:
                yield new

    def finish(self) -> HashListReport:
        """Write down the end, and give the report."""
        self.rejects.close()
        counts = {name: number for name, number in self.counts.items() if number}
        with self.database.writing() as session:
            path = self.rejects.path.name if self.rejects.written else ""
            finish_import(session, self.run_id, counts=counts, rejects=path, at=self._now())
        path_of = self.rejects.path if self.rejects.written else None
        return HashListReport(self.run_id, counts, path_of, tuple(self.first), self.settled)

    def fail(self, error: BaseException) -> None:
        """Write down that it ended early; what was kept stays, and running it again is safe."""
        problem = error.message if isinstance(error, HeedfulError) else type(error).__name__
        with self.database.writing() as session:
            fail_import(session, self.run_id, problem=problem, rejects="", at=self._now())

    def _now(self) -> datetime:
        return self.at + timedelta(seconds=time.monotonic() - self._began)
