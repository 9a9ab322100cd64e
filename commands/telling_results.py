"""`heedful survey results`, `crosstab` and `response-rates`: figures for people and for programs."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import click

from commands.terminal import json_option, report, terminal
from core.clock import now
from core.language import gettext as _
from surveys.domain.charts import counted
from surveys.domain.cross_tables import CrossTable
from surveys.domain.crosstab_facts import table_facts
from surveys.domain.filter_words import told_term
from surveys.domain.hidden_tallies import facts_of
from surveys.domain.lenses import Lens
from surveys.domain.statistics.column_letters import Rules
from surveys.domain.statistics.corrections import Adjustment
from surveys.domain.tallies import Tally
from surveys.services.analyse import Results, analyse
from surveys.services.cross_tabulate import CrossWish, cross_tabulate
from surveys.services.rate_responses import rate_responses
from surveys.storage.answer_figures import Looked
from surveys.storage.surveys import Survey, find_survey

Command = Callable[..., None]
_OPTIONS = (
    click.option("--where", multiple=True, help='Only responses like "went=yes|no", "score>=7", "@day>=2026-11-01".'),
    click.option("--plain", is_flag=True, help="Without the survey's weights."),
    click.option("--population", type=click.IntRange(1), help="All of so many people were asked."),
)


def lens_options(command: Command) -> Command:
    """The options that say which responses the figures are about."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _lens(where: tuple[str, ...], population: int | None, *, plain: bool) -> Lens:
    return Lens(where, False if plain else None, population)


@click.command()
@click.argument("name")
@lens_options
@json_option
def results(name: str, where: tuple[str, ...], population: int | None, *, plain: bool, as_json: bool) -> None:
    """Print the figures: response rate, counts, shares, means and the NPS.

    Example: heedful survey results satisfaction --where "product=studio" --json
    """
    with terminal() as opened, opened.database.reading() as session:
        survey = find_survey(session, name)
        found = analyse(session, survey, _lens(where, population, plain=plain), at=now())
        facts = _facts(survey) | _standing(found.looked)
    if as_json:
        questions = {each.question.name: facts_of(each.tally) for each in found.results}
        flow = {"minutes": found.minutes, "pages": [each.facts() for each in found.pages]}
        report(facts | asdict(found.turnout) | {"questions": questions} | flow, as_json=True)
        return
    _tell_all(facts, found)


def _tell_all(facts: dict[str, Any], found: Results) -> None:
    report(facts | asdict(found.turnout) | {"response rate": percent(found.turnout.rate)}, as_json=False)
    if found.looked.withheld:
        click.echo("\nToo few anonymous responses, or all but too few: nothing is told of them.")
    for each in found.results:
        _tell(each.question.text, each.tally)
        if each.hidden:
            click.echo("  some counts are hidden: they are so small that somebody could be recognised")
    _tell_the_way(found)


def _tell_the_way(found: Results) -> None:
    """Where people stopped, and how long pages take."""
    if found.minutes is not None:
        click.echo(f"\nmedian time from beginning to end: {found.minutes:.1f} minutes")
    for page in found.pages:
        time = f", median {page.seconds:g} s" if page.seconds is not None else ""
        click.echo(f"  {counted(page.stopped.count):>6} stopped at  {page.stopped.label}{time}")


def _tell(title: str, tally: Tally) -> None:
    """One question's figures, with 95 % intervals."""
    click.echo(f"\n{title}  ({counted(tally.base)} answers)")
    for share in tally.shares:
        interval = f"  [{share.interval.low:.1%} – {share.interval.high:.1%}]" if share.interval else ""
        click.echo(f"  {counted(share.count):>6}  {percent(share.share):>7}  {share.label}{interval}")
    if tally.mean is not None:
        sure = tally.mean_interval
        interval = f"  [{sure.low:.2f} – {sure.high:.2f}]" if sure else ""
        click.echo(f"  mean {tally.mean:.2f}{interval}, median {tally.median:g}")
    if tally.top is not None:
        click.echo(f"  {tally.top.label} {percent(tally.top.share)}")
    if tally.nps is not None:
        click.echo(f"  NPS {tally.nps.score:.1f}  [{tally.nps.interval.low:.1f} – {tally.nps.interval.high:.1f}]")
    if tally.refused:
        click.echo(f"  {counted(tally.refused)} would rather not say")
    if tally.texts:
        click.echo(f"  {counted(tally.texts)} texts; `heedful survey export` writes them")
    for row in tally.rows:
        _tell(f"  – {row.label}", row.tally)


@click.command()
@click.argument("name")
@click.option("--rows", multiple=True, required=True, help='A question, or a row of one: "judged:food".')
@click.option("--banner", multiple=True, required=True, help="A question whose answers are the columns.")
@click.option(
    "--adjust", type=click.Choice([each.value for each in Adjustment]), default="bonferroni", show_default=True
)
@click.option(
    "--minimum-base", type=click.IntRange(1), default=30, show_default=True, help="Compare no smaller column."
)
@lens_options
@json_option
def crosstab(  # noqa: PLR0913 - one parameter an option
    name: str,
    rows: tuple[str, ...],
    banner: tuple[str, ...],
    adjust: str,
    minimum_base: int,
    where: tuple[str, ...],
    population: int | None,
    *,
    plain: bool,
    as_json: bool,
) -> None:
    """Print questions against each other, with tests and letters.

    Example: heedful survey crosstab satisfaction --rows recommend --banner product --json
    """
    wish = CrossWish(rows, banner, Rules(adjustment=Adjustment(adjust), minimum_base=minimum_base))
    with terminal() as opened, opened.database.reading() as session:
        survey = find_survey(session, name)
        found = cross_tabulate(session, survey, wish, _lens(where, population, plain=plain), at=now())
        facts = _facts(survey) | _standing(found.looked)
    if as_json:
        tables = [table_facts(table) for part in found.parts for table in part.tables]
        report(facts | {"tables": tables}, as_json=True)
        return
    report(facts, as_json=False)
    for part in found.parts:
        for table in part.tables:
            _print_table(table)


def _print_table(table: CrossTable) -> None:
    columns = table.table.columns
    click.echo(f"\n{table.rows.label}\nby {table.banner.label}")
    click.echo(" " * 28 + "".join(f"{f'{each.heading.label[:9]} {each.letter}':>14}" for each in columns))
    click.echo(f"{'answers':<28}" + "".join(f"{counted(each.base.weight):>14}" for each in columns))
    for place, row in enumerate(table.table.rows):
        shown = [
            "…" if (place, at) in table.hidden else f"{percent(cell.column_share)} {''.join(cell.letters)}"
            for at, cell in enumerate(row.cells)
        ]
        click.echo(f"{row.heading.label[:27]:<28}" + "".join(f"{each:>14}" for each in shown))
    if table.means:
        means = ["–" if each.moments.mean is None else f"{each.moments.mean:.2f}" for each in table.means.columns]
        click.echo(f"{'mean':<28}" + "".join(f"{each:>14}" for each in means))
    test = table.table.association
    if test:
        click.echo(f"  chi-square {test.chi_square:.3f}, df {test.df}, p {test.p:.4f}, Cramér's V {test.strength:.3f}")
    for said in (*table.table.formulas, *table.table.cautions):
        click.echo(f"  {_(said).format(level=5)}")


@click.command("response-rates")
@click.argument("name")
@click.option("--e", "eligible", type=click.FloatRange(0, 1), help="Share of the unknown taken as eligible.")
@json_option
def response_rates(name: str, eligible: float | None, *, as_json: bool) -> None:
    """Print what became of everybody invited, and AAPOR's rates.

    Example: heedful survey response-rates satisfaction --json
    """
    with terminal() as opened, opened.database.reading() as session:
        survey = find_survey(session, name)
        found = rate_responses(session, survey, e=eligible)
        facts = _facts(survey) | {"invited": found.invited, "e": found.rates.e}
    counts = {each.name: each.count for each in found.lines}
    if as_json:
        report(facts | {"dispositions": counts, "rates": found.rates.named()}, as_json=True)
    else:
        rates = {name: percent(rate) for name, rate in found.rates.named().items()}
        report(facts | counts | rates, as_json=False)


def _facts(found: Survey) -> dict[str, Any]:
    return {"name": found.name, "title": found.title, "state": found.state, "version": found.version}


def _standing(looked: Looked) -> dict[str, Any]:
    facts: dict[str, Any] = {"responses": None if looked.withheld else looked.size, "screened_out": looked.screened}
    if looked.chosen:
        facts["where"] = "; ".join(told_term(term, looked.asked.by_name) for term in looked.chosen.terms)
    if looked.weighed:
        mass = looked.mass
        facts |= {"design_effect": round(mass.design_effect, 4), "effective_n": round(mass.effective, 1)}
    return facts


def percent(share: float | None) -> str:
    """A share with one decimal; a dash where it is undefined."""
    return f"{share:.1%}" if share is not None else "–"
