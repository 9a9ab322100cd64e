"""A day, a time of day, or both, as the browser's own fields write them (ISO 8601)."""

import re
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import ClassVar

from core.language import gettext as _
from surveys.domain.cells import Cell, Cells, Fault, Posted, Reading, values_of
from surveys.domain.questions import OLDEST, Column, Exported, Flaw, Measure, Question
from surveys.domain.tallies import MOST_BARS, Frequency, Tally, share_of


@dataclass(frozen=True, kw_only=True)
class MomentEntry(Question):
    """Something that happens at a time, from `earliest` to `latest` (empty: no limit), written as the answer is."""

    single_input: ClassVar[bool] = True
    labels: ClassVar[Mapping[str, str]] = {"earliest": "Not before", "latest": "Not after"}
    input_type: ClassVar[str]
    form: ClassVar[re.Pattern[str]]
    steps: ClassVar[tuple[int, ...]]
    example: ClassVar[str]
    measure: ClassVar[Measure] = Measure.DATE

    earliest: str = ""
    latest: str = ""

    @classmethod
    @abstractmethod
    def exists(cls, written: str) -> bool:
        """Say whether there is such a moment in the calendar."""

    @classmethod
    def readable(cls, written: str) -> bool:
        """Say whether this is a moment in the spelling that is kept."""
        return bool(cls.form.fullmatch(written)) and cls.exists(written)

    def faults(self) -> Iterator[Flaw]:
        """Limits that are no moments, or that nothing lies between."""
        yield from super().faults()
        for end in (self.earliest, self.latest):
            if end and not self.readable(end):
                message = _("“{written}” is no such moment.").format(written=end)
                yield message, _("Write it as {example}.").format(example=self.example)
        if self.earliest and self.latest and self.earliest > self.latest:
            yield _("“earliest” is after “latest”."), _("Exchange them.")

    def take(self, posted: Posted) -> Reading:
        """Take what the browser's field posts, without seconds; or the same as written by hand."""
        given = [value.replace(" ", "T") for value in values_of(posted, self.name)]
        if not given:
            return self._faulty("Please fill this in.") if self.required else Reading()
        written = given[0].removesuffix(":00") if given[0].count(":") > 1 else given[0]
        if len(given) > 1 or not self.readable(written):
            return self._faulty("Please write it like this: {example}.", example=self.example)
        if self.earliest and written < self.earliest:
            return self._faulty("Please choose {earliest} or later.", earliest=self.earliest)
        if self.latest and written > self.latest:
            return self._faulty("Please choose {latest} or earlier.", latest=self.latest)
        return Reading((Cell(value=written),))

    def _faulty(self, text: str, **values: object) -> Reading:
        return Reading(faults=(Fault(self.name, text, values),))

    def posting(self, cells: Cells) -> Mapping[str, list[str]]:
        """The moment."""
        return {self.name: [cell.value for cell in cells]} if cells else {}

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:
        """A share for each moment, or where there are too many for each month, year or hour."""
        groupings = [_grouped(frequencies, step) for step in self.steps]
        counts = next((counts for counts in groupings if len(counts) <= MOST_BARS), groupings[-1])
        return Tally(base, tuple(share_of(moment, moment, count, base) for moment, count in sorted(counts.items())))

    def columns(self) -> tuple[Column, ...]:
        """The moment."""
        return (Column(self.name, self.text, self.measure),)

    def values(self, cells: Cells) -> tuple[Exported, ...]:
        """The moment."""
        return (cells[0].value if cells else "",)


def _grouped(frequencies: Sequence[Frequency], step: int) -> dict[str, float]:
    counts: dict[str, float] = {}
    for each in frequencies:
        counts[each.value[:step]] = counts.get(each.value[:step], 0) + each.count
    return counts


@dataclass(frozen=True, kw_only=True)
class DateEntry(MomentEntry):
    """A day; with `birth` the person's own day of birth."""

    kind: ClassVar[str] = "date"
    title: ClassVar[str] = "Date"
    labels: ClassVar[Mapping[str, str]] = {
        **MomentEntry.labels,
        "birth": "It is the person's birth date: children are not asked on",
    }
    input_type: ClassVar[str] = "date"
    form: ClassVar[re.Pattern[str]] = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
    steps: ClassVar[tuple[int, ...]] = (10, 7, 4)
    example: ClassVar[str] = "2026-11-23"

    birth: bool = False

    @classmethod
    def exists(cls, written: str) -> bool:
        """Say whether there is such a day."""
        return _is_made(date.fromisoformat, written)

    def oldest(self, cells: Cells, today: date) -> int | None:
        """The age of somebody born on that day."""
        if not self.birth or not cells:
            return None
        born = date.fromisoformat(cells[0].value)
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    def told_wrong(self, cells: Cells, today: date) -> bool:
        """A birth that is still to come, or that nobody who lives can remember."""
        if not self.birth or not cells:
            return False
        born = date.fromisoformat(cells[0].value)
        oldest = (today.year - OLDEST, today.month, today.day)
        return born > today or (born.year, born.month, born.day) < oldest


@dataclass(frozen=True, kw_only=True)
class TimeEntry(MomentEntry):
    """A time of day."""

    kind: ClassVar[str] = "time"
    title: ClassVar[str] = "Time of day"
    input_type: ClassVar[str] = "time"
    measure: ClassVar[Measure] = Measure.TEXT
    form: ClassVar[re.Pattern[str]] = re.compile(r"[0-9]{2}:[0-9]{2}")
    steps: ClassVar[tuple[int, ...]] = (5, 2)
    example: ClassVar[str] = "14:30"

    @classmethod
    def exists(cls, written: str) -> bool:
        """Say whether a clock can show it."""
        return _is_made(time.fromisoformat, written)


@dataclass(frozen=True, kw_only=True)
class DateTimeEntry(MomentEntry):
    """A day and a time of day."""

    kind: ClassVar[str] = "datetime"
    title: ClassVar[str] = "Date and time"
    input_type: ClassVar[str] = "datetime-local"
    form: ClassVar[re.Pattern[str]] = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
    steps: ClassVar[tuple[int, ...]] = (16, 10, 7, 4)
    example: ClassVar[str] = "2026-11-23T14:30"

    @classmethod
    def exists(cls, written: str) -> bool:
        """Say whether there is such a moment."""
        return _is_made(datetime.fromisoformat, written)


def _is_made(read: Callable[[str], object], written: str) -> bool:
    try:
        read(written)
    except ValueError:
        return False
    return True
