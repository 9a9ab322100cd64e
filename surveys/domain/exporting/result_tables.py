"""Results as flat tables: a line for each answer of each question, and a line of figures for each question or row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import isnan

from surveys.domain.exporting.plain_rows import Cell
from surveys.domain.intervals import Interval
from surveys.domain.questions import Question
from surveys.domain.tallies import RowTally, Share, Tally

HIDDEN = "hidden"
"""Stands for a count that is so small that somebody could be recognised."""
COUNTS = ("question", "text", "row", "answer", "label", "count", "share", "low", "high")
FIGURES = (
    "question", "text", "row", "answered", "refused", "texts", "mean", "mean_low", "mean_high", "median", "deviation",
    "nps", "nps_low", "nps_high", "top", "top_share", "top_low", "top_high",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One question with its tally and how many answered; `guarded`: what tells of too few of them is hidden."""

    question: Question
    tally: Tally
    answered: float
    guarded: bool = False

    def base_of(self, tally: Tally, base: float) -> Cell:
        """How many answered the question or a row of it; hidden where nothing else of it is told."""
        told = tally.shares or tally.rows or tally.mean is not None or tally.texts
        return HIDDEN if self.guarded and not told else base


def counts_table(results: Iterable[Told]) -> Iterator[list[Cell]]:
    """The header, then a line for each answer; shares and their 95 % intervals are parts of one."""
    yield list(COUNTS)
    for each in results:
        for row, label, tally in _parts(each):
            yield from ([each.question.name, each.question.text, label, *_share(share, row)] for share in tally.shares)


def figures_table(results: Iterable[Told]) -> Iterator[list[Cell]]:
    """The header, then a line for each question and for each row of a matrix; intervals are of 95 %."""
    yield list(FIGURES)
    for each in results:
        for row, label, tally in _parts(each):
            answered = each.base_of(tally, tally.base if row else each.answered)
            yield [each.question.name, each.question.text, label, answered, *_figures(tally)]


def _parts(each: Told) -> Iterator[tuple[str, str, Tally]]:
    """The question itself, then its rows, with their names and labels."""
    yield "", "", each.tally
    rows: tuple[RowTally, ...] = each.tally.rows
    yield from ((row.name, row.label, row.tally) for row in rows)


def _share(share: Share, row: str) -> list[Cell]:
    name = f"{row}.{share.name}" if row else share.name
    count: Cell = HIDDEN if isnan(share.count) else share.count
    return [name, share.label, count, _number(share.share), *_ends(share.interval)]


def _figures(tally: Tally) -> list[Cell]:
    score, top = tally.nps, tally.top
    mean = [_number(tally.mean), *_ends(tally.mean_interval), _number(tally.median), _number(tally.deviation)]
    nps: list[Cell] = [score.score, *_ends(score.interval)] if score else ["", "", ""]
    best: list[Cell] = [top.label, _number(top.share), *_ends(top.interval)] if top else ["", "", "", ""]
    return [tally.refused, tally.texts, *mean, *nps, *best]


def _ends(interval: Interval | None) -> list[Cell]:
    return [interval.low, interval.high] if interval else ["", ""]


def _number(figure: float | None) -> Cell:
    return "" if figure is None else figure
