"""`heedful survey import-answers`: answers that people gave elsewhere, into a survey of ours."""

from datetime import datetime
from hashlib import sha256
from typing import IO, Any, TextIO

import click
from sqlalchemy.orm import Session

from commands.terminal import json_option, report, terminal
from contacts.domain.formulas import csv_line
from core.clock import now
from core.database import Database
from core.errors import Conflict
from surveys.domain.definitions import Survey as Definition
from surveys.domain.outside.drafted_definitions import drafted_from
from surveys.domain.outside.foreign_sheets import AnswerSheet, read_sheet
from surveys.services.apply_survey import apply_survey
from surveys.services.import_responses import (
    Import,
    Prepared,
    definition_for,
    keep_responses,
    prepare_responses,
    require_faultless,
)
from surveys.storage.surveys import close_survey, find_survey, open_survey, survey_named

MOST_TOLD = 20


@click.command("import-answers")
@click.argument("name")
@click.argument("file", type=click.File("rb"))
@click.option("--check", is_flag=True, help="Say what would happen, and store nothing.")
@click.option("--rejected", type=click.File("w", encoding="utf-8"), help="Leave rows with faults out, into this file.")
@click.option("--make", "title", help="Make a survey of this title from the columns first, and close it.")
@click.option("--encoding", help="The file's encoding; found out if left out.")
@click.option("--delimiter", help="What parts its cells; found out if left out.")
@click.option("--skip", type=click.IntRange(0), default=0, help="Rows below the header that are no answers.")
@click.option("--missing", multiple=True, help="A cell with this was not answered, such as NA.")
@json_option
def import_answers(
    name: str, file: IO[bytes], *, check: bool, rejected: TextIO | None, title: str | None, as_json: bool, **shape: Any
) -> None:
    """Take in a CSV file of answers, a row a person; its first line names the questions.

    Columns are found by the names that an export gives them, by their labels or by the questions' texts. Each answer
    is held to the survey as if it had been posted; the same file twice stores nothing twice. No row belongs to anybody.

    \b
    Example: heedful survey import-answers satisfaction answers.csv --check
    Example: heedful survey import-answers flying flying-etiquette.csv --make "Flying etiquette"
    """  # noqa: D301 - \b is click's mark for lines that are kept apart
    sheet = read_sheet(file, **shape)
    file.seek(0)
    with terminal() as opened:
        at = now()
        wish = Import(sheet, sha256(file.read()).digest(), opened.settings.child_age)
        drafted = drafted_from(sheet, name, title) if title is not None else None
        with opened.database.reading() as session:
            prepared = _prepared(session, name, drafted, wish, at)
        if not check:
            if rejected is None:
                require_faultless(prepared)
            _keep(opened.database, name, drafted, prepared, at)
    if rejected is not None:
        _reject(rejected, sheet, prepared)
    _tell(prepared, sheet, as_json=as_json)


def _prepared(session: Session, name: str, drafted: Definition | None, wish: Import, at: datetime) -> Prepared:
    if drafted is None:
        survey = find_survey(session, name)
        return prepare_responses(session, survey, definition_for(session, survey), wish, at=at)
    if survey_named(session, name) is not None:
        raise Conflict(f"There is a survey “{name}” already.", remedy="Import into it without --make.")
    return prepare_responses(session, None, drafted, wish, at=at)


def _keep(database: Database, name: str, drafted: Definition | None, prepared: Prepared, at: datetime) -> None:
    """Store in small transactions, so that nobody waits for long; what was stored stays, and comes in only once."""
    if drafted is not None:
        with database.writing() as session:
            made = apply_survey(session, drafted, at=at).survey
            open_survey(session, made, at)
            close_survey(session, made, at)
    for batch in prepared.batches():
        with database.writing() as session:
            keep_responses(session, find_survey(session, name), batch, at=at)


def _reject(output: TextIO, sheet: AnswerSheet, done: Prepared) -> None:
    """The rows that were left out, as they were, each with its fault in a last column."""
    output.write(csv_line([*sheet.columns, "fault"]))
    output.writelines(csv_line([*row.row, " ".join(fault.said for fault in row.faults)]) for row in done.faulty)


def _tell(done: Prepared, sheet: AnswerSheet, *, as_json: bool) -> None:
    facts = {
        "stored": len(done.fresh),
        "known": done.known,
        "faulty": len(done.faulty),
        "children": done.children,
        "unreadable": len(sheet.left_out),
        "answers not asked for": done.aside,
    }
    told = [f"line {fault.line}, “{fault.column}”: {fault.said}" for fault in done.faults]
    told += [f"line {each.line} {each.reason}" for each in sheet.left_out]
    if as_json:
        report({**facts, "unused": done.unused, "unasked": done.unasked, "faults": told}, as_json=True)
        return
    report(facts, as_json=False)
    for said, names in (("columns not used", done.unused), ("questions without a column", done.unasked)):
        if names:
            click.echo(f"  {said}: {'; '.join(names)}")
    for line in told[:MOST_TOLD]:
        click.echo(f"  {line}")
