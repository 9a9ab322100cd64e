"""Importing contacts from a table of any size, batch by batch; an import can only restrict who is known (G8)."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO

from sqlalchemy.exc import SQLAlchemyError

from contacts.domain.addresses import AddressKeys, PepperRing
from contacts.domain.ages import AGE_LIMIT
from contacts.domain.columns import Target, map_columns
from contacts.domain.facts import Door, Fact
from contacts.domain.import_modes import ImportMode
from contacts.domain.intake import Intake, Known, take_in
from contacts.domain.rows import ContactRow, Defaults, Rejection, RowReader
from contacts.domain.sheets import Record, Table, TableShape, open_table
from contacts.domain.sound_defaults import require_sound
from contacts.storage.arrivals import known_with_heirs, store_people
from contacts.storage.imports import begin_import, fail_import, finish_import, tell_progress
from contacts.storage.peppers import generations, resolve
from contacts.storage.permits import wait_for_handovers
from contacts.storage.policies import current_policy, policy_table
from contacts.storage.rejects import RejectsFile
from contacts.storage.topics import open_topics
from core.database import Database
from core.errors import HeedfulError

BATCH = 1_000
_SAMPLED = 50
_SHOWN = 20


@dataclass(frozen=True)
class ImportOptions:
    """How a table is to be read, and what holds for all of its rows."""

    file_name: str = "contacts.csv"
    operator: str = ""
    choices: Mapping[str, Target] = field(default_factory=dict)
    defaults: Defaults = field(default_factory=Defaults)
    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    age_limit: int = AGE_LIMIT
    mode: ImportMode = ImportMode.FILL
    notice: bool = False
    rejects_folder: Path = Path("data/rejects")
    confirm_seconds: float = 5.0


@dataclass(frozen=True)
class Examined:
    """A table whose shape is known and whose columns are mapped, ready to be shown or imported."""

    table: Table
    targets: tuple[Target, ...]
    samples: tuple[Record, ...]

    @property
    def mapping(self) -> list[str]:
        """The field of each column, as ``--map`` spells it."""
        return [str(target) for target in self.targets]


@dataclass(frozen=True)
class ImportReport:
    """What became of a table; the counts are the same that the import's history keeps."""

    run_id: int
    shape: TableShape
    mapping: list[str]
    counts: dict[str, int]
    rejects: Path | None
    first_rejections: tuple[Rejection, ...]
    settled: bool
    """False if a message that was being handed over may still reach somebody who is opted out by this import."""


Progress = Callable[[int, int, Mapping[str, int]], None]
"""Called after each batch with bytes read, bytes in all, and the counts so far."""


def examine(stream: IO[bytes], options: ImportOptions) -> Examined:
    """Find out the shape and the mapping of a table without storing anything.

    Raises:
        BadInput: it cannot be read, or no column holds the address.
    """
    table = open_table(stream, encoding=options.encoding, delimiter=options.delimiter, header=options.header)
    samples = tuple(islice((record for record in table.records() if not record.fault), _SAMPLED))
    targets = map_columns(table.shape.columns, options.choices, [record.cells for record in samples])
    return Examined(table, targets, samples)


def import_contacts(
    database: Database,
    stream: IO[bytes],
    options: ImportOptions,
    *,
    ring: PepperRing,
    at: datetime,
    progress: Progress | None = None,
) -> ImportReport:
    """Bring a table's people in, at most 1,000 rows a transaction; idempotent, so an interrupted one is run again.

    Raises:
        BadInput: the table cannot be read at all; single rows that cannot are rejected instead.
    """
    run = _Run(database, examine(stream, options), options, ring, at)
    try:
        for records in run.batches():
            run.take(records)
            if progress:
                progress(run.table.read, run.table.size, dict(run.counts))
        return run.finish()
    except BaseException as error:
        run.fail(error)
        raise
    finally:
        run.rejects.close()


class _Run:
    """One import under way."""

    def __init__(
        self, database: Database, examined: Examined, options: ImportOptions, ring: PepperRing, at: datetime
    ) -> None:
        self.database, self.options, self.ring, self.at = database, options, ring, at
        self.table, self.mapping = examined.table, examined.mapping
        self.counts: Counter[str] = Counter()
        self.first: list[Rejection] = []
        self.settled = True
        self._began = time.monotonic()
        with database.writing() as session:
            generations(session, ring)
            topics = frozenset(topic.name for topic in open_topics(session))
            require_sound(options.defaults, topics, at)
            self.run_id = begin_import(
                session,
                operator=options.operator,
                file_name=Path(options.file_name).name,
                shape=self.table.shape,
                mapping=self.mapping,
                size=self.table.size,
                at=at,
            )
            door = Door.SUPPRESSION_LIST if options.mode is ImportMode.RESTRICT else Door.IMPORT
            mark = {"import": self.run_id}
            version, policy = current_policy(session), policy_table(session)
            self.intake = Intake(mark, door, at, version, policy, options.notice, options.mode)
        self.rejects = RejectsFile(options.rejects_folder / f"import-{self.run_id}.csv")
        self.reader = RowReader(
            self.table.shape.columns,
            examined.targets,
            at=at,
            topics=topics,
            defaults=options.defaults,
            age_limit=options.age_limit,
            restrictions_only=options.mode is ImportMode.RESTRICT,
        )

    def batches(self) -> Iterator[list[Record]]:
        """Give the records in batches."""
        records = self.table.records()
        while batch := list(islice(records, BATCH)):
            yield batch

    def take(self, records: list[Record]) -> None:
        """Read a batch, store it in one transaction, and wait for what was being handed over meanwhile."""
        counts: Counter[str] = Counter(rows=len(records))
        rows = [row for record in records if (row := self._read(record, counts)) is not None]
        self.rejects.flush()
        with self.database.writing() as session:
            keys_of_rows = resolve(session, self.ring, [row.address for row in rows])
            keyed, known = known_with_heirs(session, list(zip(rows, keys_of_rows, strict=True)))
            addressed = {own for own, each in known.items() if each.heard}
            facts = self._decide(keyed, known, counts)
            families = {keys.own: keys.family for _, keys in keyed}
            counts["listed"] += store_people(session, known, families, facts, self.ring, at=self.at)
            total = dict(self.counts + counts)
            tell_progress(session, self.run_id, read=self.table.read, counts=total, at=self._now())
        self.counts += counts
        self._wait(fact for fact in facts if fact.own in addressed)

    def _read(self, record: Record, counts: Counter[str]) -> ContactRow | None:
        """Read a record; one that is rejected is written down, and its restrictions go on."""
        if record.fault:
            kept = self.reader.restrictions(record.line, record.cells)
            found: ContactRow | Rejection = Rejection(record.line, "", *record.fault, kept)
        else:
            found = self.reader.read(record.line, record.cells)
        if isinstance(found, ContactRow):
            return found
        counts["rejected"] += 1
        self.rejects.write(found, record.written)
        if len(self.first) < _SHOWN:
            self.first.append(found)
        return found.kept

    def _decide(
        self, keyed: list[tuple[ContactRow, AddressKeys]], known: Mapping[bytes, Known], counts: Counter[str]
    ) -> list[Fact]:
        facts: list[Fact] = []
        for row, keys in keyed:
            facts += take_in(row, keys, known[keys.own], self.intake, counts)
        return facts

    def _wait(self, facts: Iterator[Fact]) -> None:
        """Wait as every opt-out waits (G19); for people heard of before, an import records restrictions alone."""
        stopped: dict[str, set[bytes]] = {}
        for fact in facts:
            stopped.setdefault(fact.scope, set()).add(fact.own)
        for scope, own in stopped.items():
            self.settled &= wait_for_handovers(self.database, own, scope, seconds=self.options.confirm_seconds)

    def finish(self) -> ImportReport:
        """Write down the end, and give the report."""
        self.rejects.close()
        with self.database.writing() as session:
            path = self.rejects.path.name if self.rejects.written else ""
            finish_import(session, self.run_id, counts=dict(self.counts), rejects=path, at=self._now())
        return ImportReport(
            self.run_id,
            self.table.shape,
            self.mapping,
            dict(self.counts),
            self.rejects.path if self.rejects.written else None,
            tuple(self.first),
            self.settled,
        )

    def fail(self, error: BaseException) -> None:
        """Write down that it ended early, as far as that can still be stored."""
        problem = error.message if isinstance(error, HeedfulError) else type(error).__name__
        path = self.rejects.path.name if self.rejects.written else ""
        with suppress(SQLAlchemyError), self.database.writing() as session:
            fail_import(session, self.run_id, problem=problem, rejects=path, at=self._now())

    def _now(self) -> datetime:
        return self.at + timedelta(seconds=time.monotonic() - self._began)
