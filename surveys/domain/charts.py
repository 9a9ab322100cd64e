"""Tallies as the geometry of small SVG charts: whole figures that a template writes as attributes, nothing more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import isnan

from surveys.domain.intervals import Score
from surveys.domain.questions import Question
from surveys.domain.tallies import RowTally, Share, Tally

WIDTH = 640
LABEL = 220
FIGURE = 70
LINE = 28
BAR = 18
ROOM = WIDTH - LABEL - FIGURE
LONGEST = 34
TALLEST = 90
GAP = 5
WEAKEST = 0.16
GROUPS = ("detractors", "passives", "promoters")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it lies, its short label, its figure, and the interval's whisker where there is one."""

    x: float
    y: float
    width: float
    height: float = BAR
    label: str = ""
    figure: str = ""
    tone: int = 0
    whisker: tuple[float, float] | None = None
    title: str = ""

    @property
    def middle(self) -> float:
        """The middle of the bar, for a figure written into it."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Chart:
    """A chart of one question: `bars` to draw, `legend` of tones in their order, and the size of the drawing."""

    form: str
    title: str
    bars: tuple[Bar, ...]
    height: int
    legend: tuple[str, ...] = ()
    labels: tuple[tuple[str, int], ...] = ()
    width: int = WIDTH
    zero: int = LABEL
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
    bars = tuple(
        Bar(
            x=LABEL,
            y=place * LINE,
            width=round(ROOM * max(0.0, mean) / largest, 1),
            label=shortened(row.label),
            figure=f"{mean:.2f}" if row.tally.mean is not None else "–",
            title=f"{row.label}: {mean:.2f}",
        )
        for place, (row, mean) in enumerate(zip(rows, means, strict=True))
    )
    return Chart("bars", title, bars, len(bars) * LINE)


def percent(share: float | None) -> str:
    """A share as people write it, with one decimal; a dash where it is undefined."""
    return "–" if share is None else f"{100 * share:.1f} %"


def shortened(label: str) -> str:
    """A label that fits beside its bar."""
    return label if len(label) <= LONGEST else label[: LONGEST - 1].rstrip() + "…"


def _bars(title: str, shares: Sequence[Share]) -> Chart:
    bars = tuple(
        Bar(
            x=LABEL,
            y=place * LINE,
            width=round(ROOM * (share.share or 0.0), 1),
            label=shortened(share.label),
            figure="…" if is_hidden(share) else percent(share.share),
            whisker=_whisker(share),
            title=f"{share.label}: {counted(share.count)} ({percent(share.share)})",
        )
        for place, share in enumerate(shares)
    )
    return Chart("bars", title, bars, len(bars) * LINE)


def _whisker(share: Share) -> tuple[float, float] | None:
    if share.interval is None:
        return None
    return round(LABEL + ROOM * share.interval.low, 1), round(LABEL + ROOM * share.interval.high, 1)


def _stacked(title: str, rows: Sequence[RowTally], *, neutral: bool) -> Chart:
    bars: list[Bar] = []
    for line, row in enumerate(rows):
        bars += _stack(row.tally.shares, LABEL, WIDTH - LABEL, line * LINE, row.label)
    labels = tuple((shortened(row.label), line * LINE) for line, row in enumerate(rows))
    legend = tuple(share.label for share in max((row.tally.shares for row in rows), key=len))
    place = len(legend) - 1 if neutral else None
    return Chart("stacked", title, tuple(bars), len(rows) * LINE, legend, labels=labels, neutral=place)


def _stack(shares: Sequence[Share], start: float, room: float, y: int, label: str) -> list[Bar]:
    bars: list[Bar] = []
    x = start
    for tone, share in enumerate(shares):
        width = room * (share.share or 0.0)
        if width:
            figure = f"{100 * (share.share or 0.0):.0f}" if width > LINE else ""
            said = f"{label} – {share.label}: {counted(share.count)} ({percent(share.share)})"
            bars.append(Bar(round(x, 1), y, round(width, 1), figure=figure, tone=tone, title=said))
        x += width
    return bars


def _nps(title: str, tally: Tally) -> Chart:
    """Three parts of one line, and above them a column for each number from 0 to 10."""
    score = tally.nps
    assert score is not None
    if not tally.shares:
        return Chart("groups", title, tuple(_stack(_group_shares(score), 0, WIDTH, 0, "NPS")), LINE, GROUPS)
    shares = _group_shares(score)
    peak = max(share.share or 0.0 for share in tally.shares)
    column = WIDTH / len(tally.shares)
    columns = tuple(
        Bar(
            x=round(place * column + GAP, 1),
            y=round(TALLEST * (1 - (share.share or 0.0) / peak) + LINE, 1),
            width=round(column - 2 * GAP, 1),
            height=round(TALLEST * (share.share or 0.0) / peak, 1),
            label=share.label,
            figure=counted(share.count),
            title=f"{share.label}: {counted(share.count)} ({percent(share.share)})",
        )
        for place, share in enumerate(tally.shares)
    )
    ground = LINE + TALLEST + LINE
    stack = _stack(shares, 0, WIDTH, ground, "NPS")
    return Chart("nps", title, (*columns, *stack), ground + LINE, GROUPS)


def _group_shares(score: Score) -> list[Share]:
    counts = (score.detractors, score.passives, score.promoters)
    return [Share(name, name, count, count / score.base, None) for name, count in zip(GROUPS, counts, strict=True)]
