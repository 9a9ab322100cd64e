"""`heedful survey import`: a survey that another program wrote, with a report of what could not be carried."""

import json
from typing import IO, Any

import click

from commands.terminal import json_option, terminal
from core.clock import now
from core.errors import Conflict
from surveys.domain.foreign.carried import Carried
from surveys.domain.foreign.foreign_files import LARGEST, read_foreign, survey_from_foreign
from surveys.services.apply_survey import apply_survey
from surveys.storage.surveys import survey_named


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--name", default="", help="What the survey is called here; from the file if left out.")
@click.option("--dry-run", is_flag=True, help="Tell what would be carried, and make nothing.")
@json_option
def import_survey(file: IO[bytes], *, name: str, dry_run: bool, as_json: bool) -> None:
    """Make a survey of a file of LimeSurvey (.lss), XLSForm (.xlsx), SurveyJS (.json) or Qualtrics (.qsf).

    It is a draft: nobody is asked anything. What could not be carried is told line by line.

    \b
    Example: heedful survey import satisfaction.lss
    Example: heedful survey import form.xlsx --name harvest-2026 --dry-run
    """  # noqa: D301 - \b is click's mark for lines that are kept apart
    carried = read_foreign(file.read(LARGEST + 1))
    definition = survey_from_foreign(carried, name)
    if not dry_run:
        with terminal() as opened, opened.database.writing() as session:
            if survey_named(session, definition.name) is not None:
                message = f"There is a survey “{definition.name}” already."
                raise Conflict(message, remedy="Give this one another name with --name.")
            apply_survey(session, definition, at=now())
    questions = sum(1 for _question in definition.questions())
    facts = {"name": definition.name, "title": definition.title, "pages": len(definition.pages), "questions": questions}
    _tell(carried, facts | {"made": not dry_run}, as_json=as_json)


def _tell(carried: Carried, facts: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        notes = [{"place": each.place, "message": each.message} for each in carried.notes]
        told = {"program": carried.program, "valid": carried.valid, "notes": notes}
        click.echo(json.dumps(facts | told, ensure_ascii=False))
        return
    did = "is a draft now" if facts["made"] else "would be made"
    click.echo(f"{carried.program}: “{facts['title']}” {did}: {facts['pages']} pages, {facts['questions']} questions.")
    if not carried.valid:
        click.echo(f"By the rules of {carried.program} itself the file is not valid; the first lines tell why.")
    if carried.notes:
        click.echo(f"Not carried, or carried otherwise ({len(carried.notes)}):")
    for each in carried.notes:
        click.echo(f"  {each}")
