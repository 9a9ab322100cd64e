"""`heedful survey analyse`: figures of a file of answers, whatever program asked the questions; needs no database."""

from dataclasses import dataclass
from typing import IO, Any

import click

from commands.figures_told import as_facts, tell
from commands.given_texts import TextFile
from commands.terminal import json_option, report
from core.errors import BadInput
from surveys.domain.outside.answer_patterns import filtered, read_net
from surveys.domain.outside.foreign_sheets import AnswerSheet, read_sheet
from surveys.domain.outside.sheet_answers import Answered, Taken, answered, ticked
from surveys.domain.outside.sheet_crosstabs import broken_down
from surveys.domain.outside.sheet_figures import Wish, figures
from surveys.domain.outside.sheet_weights import column_weights, read_targets, target_weights
from surveys.domain.statistics.column_letters import Rules
from surveys.domain.statistics.corrections import Adjustment
from surveys.domain.statistics.weights import Weights

_SHEET = (
    click.option("--encoding", help="The file's encoding; found out if left out."),
    click.option("--delimiter", help="What parts its cells; found out if left out."),
    click.option("--skip", type=click.IntRange(0), default=0, help="Rows below the header that are no answers."),
    click.option("--missing", multiple=True, help="A cell with this was not answered, such as NA."),
)
_QUESTIONS = (
    click.option("--question", "questions", multiple=True, help="A column: its name, a part of it, or #3."),
    click.option("--tick", "ticks", multiple=True, help="NAME=COLUMN|COLUMN: one question of columns that are ticked."),
    click.option("--where", multiple=True, help="Only rows with this: COLUMN=ANSWER, COLUMN!=, COLUMN>=18."),
    click.option("--net", "nets", multiple=True, help="NAME=ANSWER|ANSWER: answers counted as one; Yes* begins so."),
    click.option("--by", "banners", multiple=True, help="Break down by this column."),
    click.option(
        "--as", "taken", type=click.Choice([each.value for each in Taken]), help="How the questions are taken."
    ),
    click.option("--separator", default="", help="What parts several answers in one cell, such as a semicolon."),
)
_FIGURES = (
    click.option("--weight", help="The column that holds weights."),
    click.option("--targets", type=TextFile(), help="A TOML file of targets to rake to."),
    click.option("--trim", type=float, help="The greatest weight, in averages; goes with --targets."),
    click.option("--population", type=click.IntRange(1), help="How many were asked in all, where that was everybody."),
    click.option("--of-all", is_flag=True, help="People who did not answer are in the base too."),
    click.option(
        "--adjust", type=click.Choice([each.value for each in Adjustment]), default="bonferroni", show_default=True
    ),
    click.option("--level", type=click.FloatRange(0.1, 50), default=5.0, show_default=True, help="Significance, in %."),
    click.option("--minimum-base", type=click.IntRange(1), default=30, show_default=True),
)


@dataclass(frozen=True)
class _Asked:
    """The sheet with the questions of the command, and the weight of each row."""

    sheet: AnswerSheet
    questions: list[Answered]
    banners: list[Answered]
    weights: list[float]
    raked: Weights | None


def _with(command: Any) -> Any:
    for option in reversed((*_QUESTIONS, *_FIGURES, *_SHEET)):
        command = option(command)
    return command


@click.command()
@click.argument("file", type=click.File("rb"))
@_with
@json_option
def analyse(file: IO[bytes], *, as_json: bool, **options: Any) -> None:
    """Print the figures of a CSV file of answers: counts, shares and means with intervals, crosstabs with tests.

    Without --question and --tick it lists the columns. The file's first line names them; nothing is stored.

    \b
    Example: heedful survey analyse answers.csv
    Example: heedful survey analyse answers.csv --question "recline" --net "Rude=Yes*" --by Gender
    Example: heedful survey analyse answers.csv --question "recommend" --as nps --targets census.toml --trim 5
    """  # noqa: D301 - \b is click's mark for lines that are kept apart
    sheet = read_sheet(
        file,
        encoding=options["encoding"],
        delimiter=options["delimiter"],
        skip=options["skip"],
        missing=options["missing"],
    )
    sheet = filtered(sheet, options["where"])
    if not (options["questions"] or options["ticks"]):
        _list(sheet, as_json=as_json)
        return
    asked, wish = _asked(sheet, options), _wish(options)
    found = [(figures(question, asked.weights, wish), _tables(question, asked, wish)) for question in asked.questions]
    if as_json:
        report(as_facts(sheet, asked.raked, found, wish), as_json=True)
    else:
        tell(sheet, asked.raked, found, wish)


def _tables(question: Answered, asked: _Asked, wish: Wish) -> list[tuple[str, Any]]:
    return [(by.title, broken_down(question, by, asked.weights, wish)) for by in asked.banners]


def _asked(sheet: AnswerSheet, options: dict[str, Any]) -> _Asked:
    taken = Taken(options["taken"]) if options["taken"] else None
    questions = [answered(sheet, name, taken, separator=options["separator"]) for name in options["questions"]]
    questions += [ticked(sheet, written) for written in options["ticks"]]
    banners = [answered(sheet, name, Taken.CHOICES) for name in options["banners"]]
    weights, raked = _weights(sheet, options)
    return _Asked(sheet, questions, banners, weights, raked)


def _weights(sheet: AnswerSheet, options: dict[str, Any]) -> tuple[list[float], Weights | None]:
    if options["weight"] and options["targets"] is not None:
        raise BadInput("Give --weight or --targets, not both.")
    if options["trim"] is not None and options["targets"] is None:
        raise BadInput("--trim goes with --targets.")
    if options["weight"]:
        return column_weights(sheet, options["weight"]), None
    if options["targets"] is not None:
        return target_weights(sheet, read_targets(options["targets"]), most=options["trim"])
    return [1.0] * len(sheet.rows), None


def _wish(options: dict[str, Any]) -> Wish:
    rules = Rules(options["level"] / 100, Adjustment(options["adjust"]), options["minimum_base"])
    return Wish([read_net(written) for written in options["nets"]], rules, options["population"], options["of_all"])


def _list(sheet: AnswerSheet, *, as_json: bool) -> None:
    """The columns: how many answered each, and how many different answers it has."""
    columns = []
    for place, title in enumerate(sheet.columns):
        question = answered(sheet, f"#{place + 1}")
        given = sum(map(bool, question.given))
        columns.append({"column": title, "answered": given, "different": len(question.choices), "as": question.taken})
    if as_json:
        report({"rows": len(sheet.rows), "columns": columns}, as_json=True)
        return
    click.echo(f"{len(sheet.rows)} rows, {len(sheet.columns)} columns")
    for place, each in enumerate(columns, 1):
        click.echo(f"  #{place:<3} {each['answered']:>6} answers, {each['different']:>5} different  {each['column']}")
