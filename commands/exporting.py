"""`heedful survey export` and `heedful survey codebook`: answers as a file, and what its columns mean."""

import json
from pathlib import Path

import click

from commands.terminal import terminal
from commands.written_files import output_option, whole_file
from core.clock import now
from surveys.domain.exporting.codebooks import codebook_csv, described
from surveys.domain.exporting.plain_rows import Gaps, Shape, Values
from surveys.services.export_answers import ExportWish, Format, export_answers, exported_data_set
from surveys.storage.surveys import find_survey


@click.command()
@click.argument("name")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(Format), case_sensitive=False),
    help="Left out: as the file's name ends, or CSV.",
)
@output_option
@click.option(
    "--values", type=click.Choice(list(Values), case_sensitive=False), default=Values.NAMES, show_default=True
)
@click.option("--gaps", type=click.Choice(list(Gaps), case_sensitive=False), default=Gaps.WORDS, show_default=True)
@click.option("--people", is_flag=True, help="With the addresses of those who answered an identified survey.")
def export(name: str, form: Format | None, output: Path, values: Values, gaps: Gaps, *, people: bool) -> None:
    """Write all responses, a row each; a cell that a spreadsheet would run as a formula is defused.

    --values says how choices are written in CSV and Excel (their stable names, the labels that people read, numbers),
    --gaps what stands where there is no answer (“not shown”, “not answered”, “refused”; nothing; or −99, −98, −97).

    Example: heedful survey export satisfaction --format sav --output answers.sav
    """
    wish = ExportWish(form or _ending(output), Shape(Values(values), Gaps(gaps)), people=people)
    with whole_file(output) as file, terminal() as opened, opened.database.reading() as session:
        for piece in export_answers(session, find_survey(session, name), wish, at=now()):
            file.write(piece)


def _ending(output: Path) -> Format:
    ending = output.suffix.removeprefix(".").lower()
    return Format(ending) if ending in list(Format) else Format.CSV


@click.command()
@click.argument("name")
@output_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of CSV.")
def codebook(name: str, output: Path, *, as_json: bool) -> None:
    """Write what the columns of an export mean: labels, values, missing codes, names in SPSS and Stata.

    Example: heedful survey codebook satisfaction --output codebook.csv
    """
    with terminal() as opened, opened.database.reading() as session:
        data_set = exported_data_set(session, find_survey(session, name), ExportWish())
    with whole_file(output) as file:
        if as_json:
            file.write(json.dumps(described(data_set), ensure_ascii=False, indent=2).encode() + b"\n")
        else:
            file.write(b"".join(codebook_csv(data_set)))
