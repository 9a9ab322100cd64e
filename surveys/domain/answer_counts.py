"""Counts over packed answers: how often each answer was given, plain or weighted, alone or against another."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, repeat

from surveys.domain.packed_answers import Coded, Parts, Sheet
from surveys.domain.statistics.masses import Mass, together
from surveys.domain.tallies import Frequency, plain

Key = tuple[str, str]
"""A question and one of its rows (empty where it has none)."""
ALIKE = 0
"""The only class of responses where nothing is weighted."""


@dataclass(frozen=True)
class Selected:
    """Some responses, which of them are looked at (None: all), and the class of each (None: all alike)."""

    sheet: Sheet
    mask: bytes | None = None
    classes: Sequence[int] | None = None

    def chosen(self, values: Iterable[int]) -> Iterable[int]:
        """Of one value a response those that are looked at."""
        return values if self.mask is None else compress(values, self.mask)

    def by_class(self, flags: bytes) -> Counter[int]:
        """How many of the flagged responses are in each class."""
        if self.classes is None:
            kept = flags if self.mask is None else bytes(compress(flags, self.mask))
            return Counter({ALIKE: kept.count(1)})
        return Counter(compress(self.chosen(self.classes), self.chosen(flags)))

    def column(self, column: Coded) -> Counter[tuple[Parts, int]]:
        """How often each answer stands in a column, by class; “nothing” is left out."""
        if self.classes is None:
            return Counter({(parts, ALIKE): count for parts, count in column.counts(self.mask).items()})
        pairs = Counter(zip(self.chosen(column.codes), self.chosen(self.classes), strict=True))
        return Counter({(column.seen[code], each): count for (code, each), count in pairs.items() if code})

    def pairs(self, one: Coded, other: Coded) -> Counter[tuple[Parts, Parts, int]]:
        """How often two answers stand in one response, by class; where either is nothing they are left out."""
        classes = repeat(ALIKE) if self.classes is None else self.chosen(self.classes)
        found = Counter(zip(self.chosen(one.codes), self.chosen(other.codes), classes))  # noqa: B905 - one may be endless
        return Counter({(one.seen[a], other.seen[b], each): count for (a, b, each), count in found.items() if a and b})


@dataclass
class Counts:
    """How often each whole answer of a column stands in the responses looked at; `weights` are those of the classes."""

    weights: Sequence[float] = (1.0,)
    size: Counter[int] = field(default_factory=Counter)
    columns: dict[Key, Counter[tuple[Parts, int]]] = field(default_factory=lambda: defaultdict(Counter))
    given: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def mass(self, classes: Mapping[int, int]) -> Mass:
        """What so many responses of each class weigh."""
        return mass_in(classes, self.weights)

    def base(self, question: str) -> Mass:
        """Who answered a question."""
        return self.mass(self.given[question])

    def frequencies(self, question: str) -> list[Frequency]:
        """How often each (row, value, number) of a question was answered: plain numbers, or sums of weights."""
        found: Counter[tuple[str, str, float | None]] = Counter()
        for (name, row), answers in self.columns.items():
            for (parts, each), count in answers.items() if name == question else ():
                for value, number in parts:
                    found[row, value, number] += count * self.weights[each]  # type: ignore[assignment]  # weights are parts
        ordered = sorted(found.items(), key=lambda each: (each[0][0], each[0][1], each[0][2] or 0.0))
        return [Frequency(row, value, number, count) for (row, value, number), count in ordered]


def count(selected: Iterable[Selected], weights: Sequence[float] = (1.0,)) -> Counts:
    """Count every column of these responses."""
    found = Counts(weights)
    for each in selected:
        found.size += each.by_class(b"\1" * each.sheet.size)
        for key, column in each.sheet.columns.items():
            found.columns[key].update(each.column(column))
        for question in {name for name, _row in each.sheet.columns}:
            found.given[question].update(each.by_class(each.sheet.given(question)))
    return found


@dataclass
class Crossing:
    """Two columns against each other: who is in each cell, row and column, and who answered both."""

    cells: dict[tuple[str, str], Mass]
    rows: dict[str, Mass]
    columns: dict[str, Mass]
    base: Mass
    numbers: dict[str, list[tuple[float, Mass]]]
    """By column: the numbers answered in the rows, each with who gave it; `everybody` holds them all once."""
    everybody: list[tuple[float, Mass]]


def cross(selected: Iterable[Selected], one: Key, other: Key, weights: Sequence[float] = (1.0,)) -> Crossing:
    """Set the answers of one column against those of another, in the responses that answered both."""
    pairs: Counter[tuple[Parts, Parts, int]] = Counter()
    for each in selected:
        pairs.update(each.pairs(each.sheet.column(*one), each.sheet.column(*other)))
    found = Crossing({}, {}, {}, Mass(), {}, [])
    for (here, there, kind), number in pairs.items():
        mass = mass_in({kind: number}, weights)
        found.base += mass
        columns = {name_of(part) for part in there}
        for row in {name_of(part) for part in here}:
            found.rows[row] = found.rows.get(row, Mass()) + mass
            for column in columns:
                found.cells[row, column] = found.cells.get((row, column), Mass()) + mass
        figures = [(figure, mass) for _value, figure in here if figure is not None]
        found.everybody += figures
        for column in columns:
            found.columns[column] = found.columns.get(column, Mass()) + mass
            found.numbers.setdefault(column, []).extend(figures)
    return found


def name_of(part: tuple[str, float | None]) -> str:
    """The stable name of one value: its own, or its number as people write it."""
    value, number = part
    return value or ("" if number is None else plain(number))


def mass_in(classes: Mapping[int, int], weights: Sequence[float]) -> Mass:
    """What so many responses of each class weigh, by the weights of the classes."""
    return together(
        Mass(number, number * weights[each], number * weights[each] ** 2) for each, number in classes.items()
    )
