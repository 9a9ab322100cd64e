"""Turns one record of a table into a contact to be, or into a rejection that says what to do about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from typing import TypeVar

from contacts.domain.addresses import Address
from contacts.domain.ages import AGE_LIMIT, Age, judge_age
from contacts.domain.cell_reading import (
    LONGEST_NAME,
    Attribute,
    clean,
    read_attribute,
    read_attributes,
    read_locale,
    read_names,
    read_source,
    read_time_zone,
)
from contacts.domain.columns import Target
from contacts.domain.dates import read_moment, readings
from contacts.domain.formulas import plain_cell
from contacts.domain.headings import Field
from contacts.domain.policy import Source
from contacts.domain.restriction_cells import known_opt_outs, read_address_cell, read_child, read_opt_outs
from contacts.domain.scopes import EVERYTHING, SHARING, TRACKING, is_permittable
from contacts.domain.words import read_boolean, read_words
from core.errors import BadInput

T = TypeVar("T")
_TOMORROW = timedelta(days=1)
_LOST = "\ufffd"  # what stands for bytes that could not be read


@dataclass(frozen=True)
class Defaults:
    """What holds for rows that do not say it themselves."""

    source: Source | None = None
    source_at: datetime | None = None
    evidence: str = ""
    consents: tuple[str, ...] = ()
    opt_outs: tuple[str, ...] = ()
    zone: tzinfo = UTC


@dataclass(frozen=True)
class ContactRow:
    """What a row says of one person; of a child nothing but stops and the address, to be forgotten after keying.

    Without a source it only restricts.
    """

    line: int
    address: Address
    child: bool = False
    opt_outs: tuple[str, ...] = ()
    consents: tuple[str, ...] = ()
    given_name: str = ""
    family_name: str = ""
    locale: str = ""
    time_zone: str = ""
    source: Source | None = None
    source_at: datetime | None = None
    evidence: str = ""
    attributes: dict[str, Attribute] = field(default_factory=dict)


@dataclass(frozen=True)
class Rejection:
    """Why a row does not go in, without repeating what it says; its restrictions are kept all the same."""

    line: int
    field: str
    reason: str
    remedy: str
    kept: ContactRow | None = None


class RowReader:
    """Reads the rows of one table, all in the same way."""

    def __init__(
        self,
        columns: Sequence[str],
        targets: Sequence[Target],
        *,
        at: datetime,
        topics: frozenset[str],
        defaults: Defaults | None = None,
        age_limit: int = AGE_LIMIT,
        restrictions_only: bool = False,  # a suppression list: to be in it is to be stopped
    ) -> None:
        self._columns = columns
        self._defaults = defaults or Defaults()
        self._at = at
        self._topics = topics
        self._age_limit = age_limit
        self._restrictions_only = restrictions_only
        self._places: dict[Field, list[tuple[int, str]]] = {}
        for place, target in enumerate(targets):
            self._places.setdefault(target.field, []).append((place, target.name))

    def read(self, line: int, cells: Sequence[str]) -> ContactRow | Rejection:
        """Give what the row says, or why it cannot go in. Restrictions are read first, and count in any case."""
        if "'" in "".join(cells):
            cells = [plain_cell(cell) for cell in cells]
        try:
            address = self._first(Field.ADDRESS, cells, read_address_cell)
        except BadInput as fault:
            return _rejection(line, fault, None)
        assert address is not None
        faults: list[BadInput] = []
        kept = self._restricting(line, address, cells, faults)
        if kept.child:
            return kept
        try:
            if not faults:
                return kept if self._restrictions_only else self._whole(line, address, kept.opt_outs, cells)
        except BadInput as fault:
            faults.append(fault)
        return _rejection(line, faults[0], kept if kept.opt_outs else None)

    def restrictions(self, line: int, cells: Sequence[str]) -> ContactRow | None:
        """Give what a row that cannot be read as a whole restricts all the same, if its address can be read.

        A cell that lost bytes says nothing. With cells too few or too many none is sure to be in its column: then only
        the address is read, for what holds for all rows.
        """
        cells = ["" if _LOST in cell else plain_cell(cell) for cell in cells]
        if len(cells) != len(self._columns):
            place = self._places[Field.ADDRESS][0][0]
            found = "".join(cells[place : place + 1])
            cells = [found if at == place else "" for at in range(len(self._columns))]
        try:
            address = self._first(Field.ADDRESS, cells, read_address_cell)
        except BadInput:
            return None
        assert address is not None
        kept = self._restricting(line, address, cells, [])
        return kept if kept.child or kept.opt_outs else None

    def _restricting(self, line: int, address: Address, cells: Sequence[str], faults: list[BadInput]) -> ContactRow:
        child = self._is_child(cells, faults)
        everything = (EVERYTHING,) if self._restrictions_only else ()
        opt_outs = (*everything, *self._opt_outs(cells, faults))  # a child's count too: a flag set by mistake is lifted
        return ContactRow(line, address, child=child, opt_outs=opt_outs)

    def _is_child(self, cells: Sequence[str], faults: list[BadInput]) -> bool:
        child = False
        for field_, judge in ((Field.CHILD, read_child), (Field.BIRTH_DATE, self._young)):
            for place, _ in self._places.get(field_, ()):
                try:
                    child |= self._cell(place, cells, judge)
                except BadInput as fault:
                    faults.append(fault)
        return child

    def _young(self, text: str) -> bool:
        """Say whether the birth date is a child's; an unreadable one keeps the row out, for it may be one."""
        if not text.strip():
            return False
        age = judge_age(text, self._at, self._age_limit)
        if age is Age.UNREADABLE:
            raise BadInput("is no date of birth that can be read", remedy="Write it as 1985-12-31, or leave it empty.")
        return age is Age.CHILD

    def _opt_outs(self, cells: Sequence[str], faults: list[BadInput]) -> tuple[str, ...]:
        scopes = dict.fromkeys(self._defaults.opt_outs)
        for place, name in self._places.get(Field.OPT_OUTS, ()):
            try:
                scopes.update(dict.fromkeys(self._cell(place, cells, partial(read_opt_outs, name=name))))
            except BadInput as fault:
                faults.append(fault)
                scopes.update(dict.fromkeys(known_opt_outs(cells[place], name)))
        return tuple(scopes)

    def _whole(self, line: int, address: Address, opt_outs: tuple[str, ...], cells: Sequence[str]) -> ContactRow:
        given, family = self._names(cells)
        defaults = self._defaults
        source = self._first(Field.SOURCE, cells, read_source, skip_empty=True) or defaults.source
        source_at = self._first(Field.SOURCE_TIME, cells, self._past, skip_empty=True) or defaults.source_at
        evidence = self._first(Field.EVIDENCE, cells, clean) or defaults.evidence
        for value, field_ in ((source, "source"), (source_at, "source time"), (evidence, "evidence")):
            if not value:
                raise BadInput("is missing", field=field_, remedy="Fill in the column, or give one for all rows.")
        return ContactRow(
            line,
            address,
            opt_outs=opt_outs,
            consents=self._consents(cells),
            given_name=given,
            family_name=family,
            locale=self._first(Field.LOCALE, cells, read_locale) or "",
            time_zone=self._first(Field.TIME_ZONE, cells, read_time_zone) or "",
            source=source,
            source_at=source_at,
            evidence=evidence,
            attributes=self._attributes(cells),
        )

    def _names(self, cells: Sequence[str]) -> tuple[str, str]:
        given = self._first(Field.GIVEN_NAME, cells, _name) or ""
        family = self._first(Field.FAMILY_NAME, cells, _name) or ""
        if given or family:
            return given, family
        return read_names(self._first(Field.FULL_NAME, cells, _name) or "")

    def _past(self, text: str) -> datetime:
        moment = read_moment(text, self._defaults.zone)
        if moment is None:
            raise BadInput(
                "is no date, or can be read as two", remedy="Write it as 2026-03-31 or 2026-03-31T10:00:00Z."
            )
        if moment > self._at + _TOMORROW:
            raise BadInput("lies in the future", remedy="Write when the address was collected.")
        return moment

    def _consents(self, cells: Sequence[str]) -> tuple[str, ...]:
        places = self._places.get(Field.CONSENTS)
        if not places:
            return self._defaults.consents
        scopes: dict[str, None] = {}
        for place, name in places:
            scopes.update(dict.fromkeys(self._cell(place, cells, partial(self._said_yes_to, name=name))))
        return tuple(scopes)

    def _said_yes_to(self, text: str, name: str) -> tuple[str, ...]:
        words = read_words(text)
        if words and not name and self._topics.issuperset(words):
            return words
        answer = read_boolean(text)
        if answer is None and readings(text):
            answer = True
        if answer is not None:
            wanted = ((name,) if name else self._defaults.consents) if answer else ()
            if answer and not wanted:
                raise BadInput("says yes, but not to what", remedy="Name the topics, or map it to consents.<topic>.")
            return wanted
        if name:
            raise BadInput("is neither yes nor no", remedy="Write yes or no.")
        return tuple(self._topic(word) for word in words)

    def _topic(self, word: str) -> str:
        if word in self._topics or word == TRACKING or (word.startswith(f"{SHARING}:") and is_permittable(word)):
            return word
        raise BadInput("names an unknown topic", remedy=f"Topics are: {', '.join(sorted(self._topics | {TRACKING}))}.")

    def _attributes(self, cells: Sequence[str]) -> dict[str, Attribute]:
        found: dict[str, Attribute] = {}
        for place, name in self._places.get(Field.ATTRIBUTES, ()):
            if name and cells[place]:
                value = self._cell(place, cells, read_attribute)
                found |= {name: value} if value != "" else {}
            elif cells[place]:
                found |= self._cell(place, cells, read_attributes)
        return found

    def _first(
        self, field_: Field, cells: Sequence[str], read: Callable[[str], T], *, skip_empty: bool = False
    ) -> T | None:
        """Read the one column of a field, where there is one."""
        places = self._places.get(field_)
        if not places or (skip_empty and not cells[places[0][0]].strip()):
            return None
        return self._cell(places[0][0], cells, read)

    def _cell(self, place: int, cells: Sequence[str], read: Callable[[str], T]) -> T:
        try:
            return read(cells[place])
        except BadInput as fault:
            raise BadInput(fault.message, field=self._columns[place], remedy=fault.remedy) from None


def _rejection(line: int, fault: BadInput, kept: ContactRow | None) -> Rejection:
    return Rejection(line, fault.field or "", fault.message, fault.remedy or "", kept)


def _name(text: str) -> str:
    return clean(text, LONGEST_NAME)
