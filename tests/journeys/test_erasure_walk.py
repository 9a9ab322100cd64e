"""The walk of an erasure: somebody who left traces everywhere is nowhere any more, and nobody else lost anything."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from contacts.storage.keepers import all_belongings
from core.database import Base
from scheduler import Clock
from tests.conftest import NOON
from tests.journeys.canaries import CANARY
from tests.journeys.dumps import Dump, dump
from tests.journeys.full_lives import HEADER, OTHER, SECRETS, TOPICS, files_of, keys_of, live_fully, traces
from tests.journeys.houses import House, house_of
from tests.journeys.witnesses import logged

STAY = frozenset({"event", "block", "permit", "message", "receipt", "erasure", "case_file", "ledger_head"})
"""Where something stays by the key alone, or is written down about the erasure itself."""


@pytest.fixture
def house(settings, database, tmp_path: Path, monkeypatch) -> Iterator[House]:
    with time_machine.travel(NOON, tick=False) as time, house_of(settings, database, tmp_path, monkeypatch, time) as it:
        yield it


def rows_with(found: Dump, *needles: str) -> set[str]:
    """The tables in which one of these stands."""
    return {name for name, rows in found.items() if any(needle in row for row in rows for needle in needles)}


def test_gdpr_17_who_was_erased_is_nowhere_and_nobody_else_lost_anything(house: House):
    live_fully(house)
    own = repr(keys_of(house).own)
    before, files = dump(house.database), files_of(house)
    assert rows_with(before, CANARY, *SECRETS) >= {"contact", "signup", "case_file", "message", "answer"}
    assert sum(bool(traces(content)) for content in files.values()) >= 5  # mails, a rejects file, uploads
    with logged() as log:
        said = house.told("person", "erase", CANARY, "--evidence", f"mail from {CANARY}", "--yes")
        house.later(minutes=11)
        Clock(house.settings, house.database).finish_erasures()
    assert said["said"] == "erased"
    assert (said["contacts"], said["captured_mails"], said["rejected_rows"], said["waiting_uploads"]) == (1, 2, 1, 2)
    after = dump(house.database)
    for name, rows in after.items():
        assert traces("\n".join(rows)) == [], name
    for path, content in files_of(house).items():
        assert traces(content) == [], path
    assert traces(log.getvalue()) == []
    assert rows_with(after, own) <= STAY
    assert_untouched(before, after, own)
    house.heedful("verify")


def assert_untouched(before: Dump, after: Dump, own: str) -> None:
    """Every row that is not the canary's is there as it was."""
    for name, rows in before.items():
        if name == "ledger_head":
            continue
        gone: Counter[str] = rows - after[name]
        for row in gone:
            mine = own in row or any(secret in row for secret in SECRETS)
            assert mine or name in {"click", "answer", "response"}, (name, row)
        if name in {"click", "answer", "response"}:
            assert sum(gone.values()) * 2 == sum(rows.values()), name
    assert OTHER in repr(after["contact"])


def test_gdpr_17_nothing_brings_an_erased_person_back(house: House):
    live_fully(house)
    house.told("person", "erase", CANARY, "--evidence", "letter", "--yes")
    house.bring_table([HEADER, [CANARY, "Quirina", "Xanthopulos", TOPICS, "Zephyrine7", ""]])
    house.time.move_to("2026-12-24T12:00:00+00:00")  # type: ignore[union-attr]  # this house has a still clock
    house.tick()
    assert {mail.to for mail in house.send()} == {OTHER}
    house.tick()
    assert house.report("summer")["audience"] == 1
    assert rows_with(dump(house.database), CANARY) == set()


def test_every_table_and_every_folder_is_somebodys_to_look_after(house: House):
    live_fully(house)
    claimed = [name for each in all_belongings() for name in (*each.tables, *each.others)]
    assert len(claimed) == len(set(claimed))
    assert set(Base.metadata.tables) == set(claimed), "say in its package's Belongings what it keeps of a person"
    folders = {name for each in all_belongings() for name in each.folders}
    assert {path.name for path in house.settings.data_dir.iterdir()} <= folders
