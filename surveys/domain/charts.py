"""Tallies as the geometry of small charts that fit every width: figures that a template writes, nothing more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import isnan

from surveys.domain.intervals import Score
from surveys.domain.questions import Question
from surveys.domain.tallies import RowTally, Share, Tally

TALLEST = 90
ABOVE = 28
ROOM_FOR_A_FIGURE = 7
GAP = 0.8
WEAKEST = 0.16
GROUPS = ("detractors", "passives", "promoters")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `x`, `width` and the `whisker` of its interval are per cent of the plot, so that it fits every screen.

    A column also has `y` and `height`, in pixels.
    """

    x: float = 0.0
    width: float = 0.0
    figure: str = ""
    tone: int = 0
    whisker: tuple[float, float] | None = None
    title: str = ""
    label: str = ""
    y: float = 0.0
    height: float = 0.0

    @property
    def middle(self) -> float:
        """The middle of the bar, for a figure written into it."""
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart: its label, its bars from left to right, and the figure at its end, if it has one."""

    label: str
    bars: tuple[Bar, ...]
    figure: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart of one question: columns above lines, either of which may be missing; `legend` has the lines' tones."""

    form: str
    title: str
    lines: tuple[Line, ...]
    columns: tuple[Bar, ...] = ()
    legend: tuple[str, ...] = ()
    neutral: int | None = None

    def strength(self, tone: int) -> float:
        """How strongly a tone is drawn, from light to full; the neutral one stands outside of the order."""
        steps = len(self.legend) - (2 if self.neutral is not None else 1)
        return round(WEAKEST + (1 - WEAKEST) * min(tone, steps) / steps, 2) if steps else 1.0


def chart_of(question: Question, tally: Tally) -> Chart | None:
    """The chart of a question, or None where there is nothing to draw."""
    if not tally.base:
        return None
    if tally.nps is not None:
        return _nps(question.text, tally)
    if any(row.tally.shares for row in tally.rows):
        if question.chart == "grid":
            return _bars(question.text, list(_flat(tally.rows)))
        return _stacked(question.text, tally.rows, neutral=bool(getattr(question, "not_applicable", "")))
    if any(row.tally.mean is not None for row in tally.rows):
        return _means(question.text, tally.rows)
    return _bars(question.text, tally.shares) if tally.shares else None


def _flat(rows: Sequence[RowTally]) -> Iterator[Share]:
    """The shares of all rows in one list, each with its row's label."""
    for row in rows:
        yield from (replace(share, label=f"{row.label} – {share.label}") for share in row.tally.shares)


def is_hidden(share: Share) -> bool:
    """Say whether the figures of a share are hidden: its count is no number."""
    return isnan(share.count)


def counted(count: float) -> str:
    """A count as people write it; an ellipsis where it is hidden."""
    return "…" if isnan(count) else f"{count:.1f}".removesuffix(".0")


def _means(title: str, rows: Sequence[RowTally]) -> Chart:
    """A bar a row from zero to its mean, on the scale of the largest."""
    means = [row.tally.mean or 0.0 for row in rows]
    largest = max(1e-9, *map(abs, means))
    lines = tuple(
        Line(
            row.label,
            (Bar(width=_of_all(max(0.0, mean) / largest), title=f"{row.label}: {mean:.2f}"),),
            f"{mean:.2f}" if row.tally.mean is not None else "–",
        )
        for row, mean in zip(rows, means, strict=True)
    )
    return Chart("bars", title, lines)


def _of_all(share: float) -> float:
    """A share as a place in the plot."""
    return round(100 * share, 2)


def percent(share: float | None) -> str:
    """A share as people write it, with one decimal; a dash where it is undefined."""
    return "–" if share is None else f"{100 * share:.1f} %"


def _bars(title: str, shares: Sequence[Share]) -> Chart:
    lines = tuple(
        Line(
            share.label,
            (Bar(width=_of_all(share.share or 0.0), whisker=_whisker(share), title=_said(share.label, share)),),
            "…" if is_hidden(share) else percent(share.share),
        )
        for share in shares
    )
    return Chart("bars", title, lines)


def _said(label: str, share: Share) -> str:
    return f"{label}: {counted(share.count)} ({percent(share.share)})"


def _whisker(share: Share) -> tuple[float, float] | None:
    return (_of_all(share.interval.low), _of_all(share.interval.high)) if share.interval else None


def _stacked(title: str, rows: Sequence[RowTally], *, neutral: bool) -> Chart:
    lines = tuple(Line(row.label, tuple(_stack(row.tally.shares, f"{row.label} – "))) for row in rows)
    legend = tuple(share.label for share in max((row.tally.shares for row in rows), key=len))
    return Chart("stacked", title, lines, legend=legend, neutral=len(legend) - 1 if neutral else None)


def _stack(shares: Sequence[Share], before: str) -> Iterator[Bar]:
    start = 0.0
    for tone, share in enumerate(shares):
        width = share.share or 0.0
        if width:
            figure = f"{100 * width:.0f}" if 100 * width > ROOM_FOR_A_FIGURE else ""
            yield Bar(_of_all(start), _of_all(width), figure, tone, title=_said(before + share.label, share))
        start += width


def _nps(title: str, tally: Tally) -> Chart:
    """Three parts of one line, and above them a column for each number from 0 to 10."""
    score = tally.nps
    assert score is not None
    lines = (Line("", tuple(_stack(_group_shares(score), "NPS – "))),)
    return Chart("nps", title, lines, tuple(_columns(tally.shares)), GROUPS)


def _columns(shares: Sequence[Share]) -> Iterator[Bar]:
    peak = max((share.share or 0.0 for share in shares), default=0.0)
    for place, share in enumerate(shares):
        height = round(TALLEST * (share.share or 0.0) / peak, 1)
        yield Bar(
            x=round(100 * place / len(shares) + GAP, 2),
            width=round(100 / len(shares) - 2 * GAP, 2),
            figure=counted(share.count),
            title=_said(share.label, share),
            label=share.label,
            y=round(ABOVE + TALLEST - height, 1),
            height=height,
        )


def _group_shares(score: Score) -> list[Share]:
    counts = (score.detractors, score.passives, score.promoters)
    return [Share(name, name, count, count / score.base, None) for name, count in zip(GROUPS, counts, strict=True)]
