"""`heedful survey weights`: the targets that a survey's answers are weighted to, set from a file, shown and dropped."""

import json
from pathlib import Path
from typing import Any

import click

from commands.given_texts import text_of
from commands.terminal import json_option, report, terminal
from core.clock import now
from surveys.domain.weighting_files import read_plan, write_plan
from surveys.domain.weighting_plans import Plan, Weighed
from surveys.services.weigh_answers import keep_plan, weight_sheet
from surveys.storage.surveys import find_survey


@click.group()
def weights() -> None:
    """Weight a survey's answers to known shares: set the targets from a file, show them, drop them.

    Example: heedful survey weights set satisfaction census.toml
    """


@weights.command("set")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--trim", type=float, help="No weight over so many times the average; else as the file says.")
@json_option
def set_(name: str, file: Path, *, trim: float | None, as_json: bool) -> None:
    """Weight to the targets of a TOML or CSV file from now on; results, crosstabs and the API use them.

    A table a question is raked; a list of combinations is post-stratified. Answers have their names as in exports.

    \b
    Example: heedful survey weights set satisfaction census.toml
    Example: heedful survey weights set satisfaction census.csv --trim 5
    """  # noqa: D301 - \b is click's mark for lines that are kept apart
    plan = read_plan(text_of(file), is_csv=file.suffix.lower() == ".csv")
    if trim is not None:
        plan = Plan(plan.questions, plan.margins, plan.cells, trim)
    with terminal() as opened, opened.database.writing() as session:
        fitted = keep_plan(session, find_survey(session, name), plan, at=now())
    assert fitted is not None
    report({"name": name, **_facts(fitted)}, as_json=as_json)


@weights.command()
@click.argument("name")
@json_option
def show(name: str, *, as_json: bool) -> None:
    """Print the targets as a file, and what they come to now; setting that file gives the same weights.

    Example: heedful survey weights show satisfaction > census.toml
    """
    with terminal() as opened, opened.database.reading() as session:
        sheet = weight_sheet(session, find_survey(session, name), at=now())
    plan, facts = sheet.plan, _facts(sheet.weighed) if sheet.weighed else {}
    if as_json:
        told = {"name": name, "weighted": plan is not None, "targets": plan.table() if plan else None, **facts}
        click.echo(json.dumps(told | ({"error": sheet.error} if sheet.error else {}), ensure_ascii=False))
    elif plan is None:
        click.echo(f"The answers to {name} are not weighted.")
    else:
        lines = [sheet.error] if sheet.error else [f"{key}: {value}" for key, value in facts.items()]
        click.echo("".join(f"# {line}\n" for said in lines for line in said.splitlines()) + write_plan(plan), nl=False)


@weights.command()
@click.argument("name")
@json_option
def drop(name: str, *, as_json: bool) -> None:
    """Weight the answers no more.

    Example: heedful survey weights drop satisfaction
    """
    with terminal() as opened, opened.database.writing() as session:
        keep_plan(session, find_survey(session, name), None, at=now())
    report({"name": name, "weighted": False}, as_json=as_json)


def _facts(fitted: Weighed) -> dict[str, Any]:
    """What weighting costs, as in the console."""
    found = fitted.weights
    return {
        "method": "raking" if fitted.plan.cells is None else "post-stratification",
        "questions": ", ".join(fitted.plan.questions),
        "iterations": found.rounds,
        "greatest_difference": round(found.error, 6),
        "trimmed": found.trimmed,
        "largest_weight": round(found.largest, 4),
        "smallest_weight": round(found.smallest, 4),
        "design_effect": round(found.mass.design_effect, 4),
        "effective_n": round(found.mass.effective, 1),
    }
