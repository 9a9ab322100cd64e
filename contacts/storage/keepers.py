"""Keepers: every package that keeps something of people, asked together; nobody is told or erased by halves."""

from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from contacts.storage.belongings import KEPT, Belongings, People, Recognises, Swept
from contacts.storage.records_kept import RECORDS
from core.errors import Misconfigured

PACKAGES = (RECORDS.package, "campaigns", "surveys")
"""Who must have said what they keep before anybody is told or erased: a package left out would keep its part."""


def all_belongings() -> list[Belongings]:
    """Everybody's, in the order of the packages.

    Raises:
        Misconfigured: one has not said what it keeps; then nobody is told, and nobody erased, by halves.
    """
    lacking = [package for package in PACKAGES if package not in KEPT]
    if lacking:
        raise Misconfigured(
            f"It is not known what {', '.join(lacking)} keeps of a person; nothing was deleted.",
            remedy="Import its part before you ask.",
        )
    return [KEPT[package] for package in PACKAGES]


def told(session: Session, people: People) -> dict[str, Any]:
    """Everything that is kept of a person, by part."""
    parts: dict[str, Any] = {}
    for each in all_belongings():
        parts |= each.tell(session, people)
    return parts


def erase_rows(session: Session, people: People) -> dict[str, int]:
    """Delete what is kept of these people in the database, the newest package's first; how many of each kind."""
    counts: Counter[str] = Counter()
    for each in reversed(all_belongings()):
        counts.update(each.erase(session, people))
    return {kind: number for kind, number in counts.items() if number}


def sweep_files(folder: Path, recognises: Recognises) -> Swept:
    """Delete what is kept of these people in files below the data folder."""
    gone: Counter[str] = Counter()
    waiting = 0
    for each in all_belongings():
        if each.sweep is not None:
            swept = each.sweep(folder, recognises)
            gone.update(swept.gone)
            waiting += swept.waiting
    return Swept({kind: number for kind, number in gone.items() if number}, waiting)
