"""`heedful survey import-answers`: answers that people gave elsewhere, into a survey of ours."""

import csv
from hashlib import sha256
from typing import IO, Any, TextIO

import click

from commands.terminal import json_option, report, terminal
from contacts.domain.formulas import safe_cell
from core.clock import now
from core.errors import Conflict
from surveys.domain.outside.drafted_definitions import drafted_from
from surveys.domain.outside.foreign_sheets import AnswerSheet, read_sheet
from surveys.services.apply_survey import apply_survey
from surveys.services.import_responses import Import, Imported, import_responses
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
    with terminal() as opened, opened.database.writing() as session:
        at = now()
        if title is not None:
            if survey_named(session, name) is not None:
                raise Conflict(f"There is a survey “{name}” already.", remedy="Import into it without --make.")
            applied = apply_survey(session, drafted_from(sheet, name, title), at=at)
            open_survey(session, applied.survey, at)
            close_survey(session, applied.survey, at)
        wish = Import(sheet, sha256(file.read()).digest(), opened.settings.child_age, rejected is not None, check)
        done = import_responses(session, find_survey(session, name), wish, at=at)
        if check:
            session.rollback()
    if rejected is not None:
        _reject(rejected, sheet, done)
    _tell(done, sheet, as_json=as_json)


def _reject(output: TextIO, sheet: AnswerSheet, done: Imported) -> None:
    """The rows that were left out, as they were, each with its fault in a last column."""
    writer = csv.writer(output)
    writer.writerow([*map(safe_cell, sheet.columns), "fault"])
    for row in done.faulty:
        writer.writerow([*map(safe_cell, row.row), safe_cell(" ".join(fault.said for fault in row.faults))])


def _tell(done: Imported, sheet: AnswerSheet, *, as_json: bool) -> None:
    facts = {
        "stored": done.stored,
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
