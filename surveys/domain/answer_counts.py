"""Counts over packed answers: how often each answer was given, plain or weighted, alone or against another."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import compress

from surveys.domain.packed_answers import Parts, Sheet
from surveys.domain.tallies import Frequency

Key = tuple[str, str]
Selected = tuple[Sheet, bytes | None]
"""Some responses, and which of them are looked at (None: all)."""


@dataclass
class Counts:
    """How often each whole answer of a column stands in the responses looked at."""

    size: int = 0
    columns: dict[Key, Counter[Parts]] = field(default_factory=lambda: defaultdict(Counter))
    bases: Counter[str] = field(default_factory=Counter)

    def frequencies(self, question: str) -> list[Frequency]:
        """How often each (row, value, number) of a question was answered."""
        found: Counter[tuple[str, str, float | None]] = Counter()
        for (name, row), answers in self.columns.items():
            if name == question:
                for parts, count in answers.items():
                    for value, number in parts:
                        found[row, value, number] += count
        ordered = sorted(found.items(), key=lambda each: (each[0][0], each[0][1], each[0][2] or 0.0))
        return [Frequency(row, value, number, count) for (row, value, number), count in ordered]


def count(selected: Iterable[Selected]) -> Counts:
    """Count every column of these responses."""
    found = Counts()
    for sheet, mask in selected:
        found.size += sheet.size if mask is None else mask.count(1)
        for key, column in sheet.columns.items():
            found.columns[key].update(column.counts(mask))
        for question in {name for name, _row in sheet.columns}:
            given = sheet.given(question)
            found.bases[question] += given.count(1) if mask is None else sum(compress(given, mask))
    return found
