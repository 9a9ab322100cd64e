"""The figures of a file of answers as text for people and as facts for programs; for `heedful survey analyse`."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import click

from surveys.domain.intervals import Interval
from surveys.domain.outside.foreign_sheets import AnswerSheet
from surveys.domain.outside.sheet_figures import Figures, Line, Wish
from surveys.domain.statistics.crosstabs import Crosstab
from surveys.domain.statistics.formula_names import Caution, Formula
from surveys.domain.statistics.mean_tables import MeanTable
from surveys.domain.statistics.weights import Weights

Table = Crosstab | MeanTable
Found = Sequence[tuple[Figures, Sequence[tuple[str, Table]]]]
WIDEST = 44


def as_facts(sheet: AnswerSheet, raked: Weights | None, found: Found, wish: Wish) -> dict[str, Any]:
    """Everything as one object."""
    return {
        "rows": len(sheet.rows),
        "left_out": [asdict(each) for each in sheet.left_out],
        "weights": _weights_facts(raked) if raked else None,
        "level": wish.rules.level,
        "questions": [
            {**asdict(figures), "tables": [{"by": by, **asdict(table)} for by, table in tables]}
            for figures, tables in found
        ],
    }


def _weights_facts(raked: Weights) -> dict[str, Any]:
    return {
        "rounds": raked.rounds,
        "error": raked.error,
        "trimmed": raked.trimmed,
        "largest": raked.largest,
        "smallest": raked.smallest,
        "design_effect": raked.mass.design_effect,
        "effective": raked.mass.effective,
    }


def tell(sheet: AnswerSheet, raked: Weights | None, found: Found, wish: Wish) -> None:
    """Everything as lines."""
    click.echo(f"{len(sheet.rows)} rows")
    if sheet.left_out:
        lines = ", ".join(str(each.line) for each in sheet.left_out[:10])
        click.echo(f"Lines that could not be read and are left out: {lines} (in all {len(sheet.left_out)})")
    if raked:
        facts = _weights_facts(raked)
        click.echo("Weights: " + ", ".join(f"{name.replace('_', ' ')} {value:.4g}" for name, value in facts.items()))
    for figures, tables in found:
        _figures(figures)
        for by, table in tables:
            click.echo(f"\n  by {by}")
            if isinstance(table, Crosstab):
                _crosstab(table)
            else:
                _means(table)
            _under((*table.formulas, *table.cautions), wish)


def _figures(figures: Figures) -> None:
    base = figures.base
    weighted = f", effective {base.effective:.0f}" if base.weight != base.effective else ""
    click.echo(f"\n{figures.title}  ({base.count} in the base{weighted}, {figures.unanswered} did not answer)")
    for line in (*figures.lines, *figures.nets):
        _line(line, net=line in figures.nets)
    if not figures.lines:
        click.echo(f"  {figures.different} different answers")
    if figures.average is not None and figures.average.mean is not None:
        told, median = figures.average, figures.average.median or 0.0
        click.echo(f"  mean {told.mean:.2f}{_interval(told.interval, '{:.2f}')}, median {median:g}")
    if figures.score is not None:
        click.echo(f"  NPS {figures.score.score:.1f}{_interval(figures.score.interval, '{:.1f}')}")
    _under(figures.formulas, None)


def _line(line: Line, *, net: bool) -> None:
    mark = "= " if net else ""
    click.echo(
        f"  {line.mass.count:>6}  {_percent(line.share):>7}{_interval(line.interval, '{:.1%}')}  {mark}{line.label}"
    )


def _interval(interval: Interval | None, form: str) -> str:
    return f"  [{form.format(interval.low)} – {form.format(interval.high)}]" if interval else ""


def _crosstab(table: Crosstab) -> None:
    width = max(8, *(len(column.heading.label) + 4 for column in table.columns)) if table.columns else 8
    width = min(width, 24)
    _row("", [f"{column.heading.label} {column.letter}" for column in table.columns], "all", width)
    _row("base", [str(column.base.count) for column in table.columns], str(table.base.count), width)
    for row in table.rows:
        cells = [f"{_percent(cell.column_share)} {''.join(cell.letters)}".rstrip() for cell in row.cells]
        _row(row.heading.label, cells, _percent(row.total.column_share), width)
    test = table.association
    if test is not None:
        statistic = f"χ²({test.df}) = {test.statistic:.3f}, " if test.statistic is not None else ""
        click.echo(f"    {statistic}p = {test.p:.4f}, V = {test.strength:.3f}")


def _means(table: MeanTable) -> None:
    for column in table.columns:
        mean = "–" if column.moments.mean is None else f"{column.moments.mean:.2f}"
        letters = f"  above {', '.join(column.letters)}" if column.letters else ""
        said = f"{column.moments.mass.count:>6}  {mean:>8}{_interval(column.interval, '{:.2f}')}"
        click.echo(f"    {column.letter}  {said}  {column.heading.label}{letters}")
    if table.test is not None:
        test = table.test
        click.echo(f"    F({test.between:g}, {test.within:.1f}) = {test.statistic:.3f}, p = {test.p:.4f}")


def _row(label: str, cells: Iterable[str], everybody: str, width: int) -> None:
    shown = label if len(label) <= WIDEST else label[: WIDEST - 1] + "…"
    told = "".join(f"{cell[: width - 1]:>{width}}" for cell in cells)
    click.echo(f"    {shown:<{WIDEST}}{told}{everybody:>9}")


def _under(formulas: Sequence[Formula | Caution], wish: Wish | None) -> None:
    level = f"{100 * wish.rules.level:g}" if wish else ""
    for formula in formulas:
        click.echo(f"    {formula.replace('{level}', level)}")


def _percent(share: float | None) -> str:
    return f"{share:.1%}" if share is not None else "–"
