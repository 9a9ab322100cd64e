"""Belongings: what each package keeps of a person, told for their access and deleted at their erasure.

A package of a floor above registers its own with `keeps`; this floor never learns what they are. Who adds a table or a
folder adds it to a `Belongings`: a test compares them with every table there is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session


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


KEPT: dict[str, Belongings] = {}


def keeps(belongings: Belongings) -> Belongings:
    """Register what a package keeps of people."""
    KEPT[belongings.package] = belongings
    return belongings
