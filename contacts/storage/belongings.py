"""Belongings: what each package keeps of a person, told for their access and deleted at their erasure.

A package of a floor above registers its own with `keeps`; this floor never learns what they are. Who adds a table or a
folder adds it to a `Belongings`: a test compares them with every table there is.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from core.errors import Misconfigured

PACKAGES = ("contacts", "campaigns", "surveys")
"""Who must have said what they keep before anybody is told or erased: a package left out would keep its part."""


@dataclass(frozen=True)
class People:
    """One person, or many: every key by which they are or were known, and their contacts' numbers.

    What they ask of us after `until` is theirs anew and is not erased with the rest.
    """

    keys: frozenset[bytes]
    contacts: frozenset[int] = frozenset()
    until: datetime | None = None


Recognises = Callable[[str], bool]
"""Whether a text names one of the people; it is made from their keys, for nobody keeps their address."""


@dataclass(frozen=True)
class Swept:
    """What became of files: how many pieces went, by kind, and how many could not be touched yet."""

    gone: Mapping[str, int]
    waiting: int = 0


@dataclass(frozen=True)
class Belongings:
    """What one package keeps of people.

    `tell` gives named parts of the export, as JSON's own values and moments, in a stable order. `erase` deletes or
    empties rows and `sweep` pieces of files below the data folder; both may be asked again at any time, and count.
    `tables` and `folders` are what they look after; `others` are tables with nothing about a person in them.
    """

    package: str
    tell: Callable[[Session, People], dict[str, Any]]
    erase: Callable[[Session, People], dict[str, int]]
    sweep: Callable[[Path, Recognises], Swept] | None = None
    tables: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()


_KEPT: dict[str, Belongings] = {}


def keeps(belongings: Belongings) -> Belongings:
    """Register what a package keeps of people."""
    _KEPT[belongings.package] = belongings
    return belongings


def all_belongings() -> list[Belongings]:
    """Everybody's, in the order of the packages.

    Raises:
        Misconfigured: one has not said what it keeps; then nobody is told, and nobody erased, by halves.
    """
    lacking = [package for package in PACKAGES if package not in _KEPT]
    if lacking:
        raise Misconfigured(
            f"It is not known what {', '.join(lacking)} keeps of a person; nothing was deleted.",
            remedy="Import its part before you ask.",
        )
    return [_KEPT[package] for package in PACKAGES]


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
