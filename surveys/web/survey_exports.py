"""Console pages that give a survey's answers away as files, and say what is in them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

from starlette.responses import Response

from core.database import Database
from core.errors import BadInput, Forbidden, HeedfulError
from core.language import gettext as _
from core.operators import Role
from core.web.discretion import Cleared, without_whole_addresses
from core.web.visits import Answer, Place, Visit
from surveys.domain.anonymity import Anonymity
from surveys.domain.exporting.codebooks import codebook, codebook_csv
from surveys.domain.exporting.plain_rows import Gaps, Shape, Values
from surveys.services.export_answers import ExportWish, Format, export_answers, exported_data_set
from surveys.storage.surveys import Survey, survey_numbered
from surveys.web.survey_pages import PAGE, survey_of_visit

EXPORT = PAGE + "/export"
MEDIA = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.SAV: "application/x-spss-sav",
    Format.DTA: "application/x-stata-dta",
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.JSON: "application/json",
}


def show_export(visit: Visit) -> Answer:
    """The form: which format, how choices and gaps are written."""
    return _form(visit, survey_of_visit(visit))


def _form(visit: Visit, survey: Survey, *, error: str = "") -> Answer:
    return visit.page(
        "console/surveys/export.html",
        status=409 if error else 200,
        survey=survey,
        formats=_formats(),
        values=_values(),
        gaps=_gaps(),
        chosen={name: visit.query(name) for name in ("format", "values", "gaps", "people")},
        may_see_people=visit.sees_addresses and survey.mode is Anonymity.IDENTIFIED,
        error=error,
    )


def _formats() -> list[tuple[str, str]]:
    return [
        (Format.CSV, _("CSV: for every program")),
        (Format.XLSX, _("Excel (.xlsx), with the codebook")),
        (Format.SAV, _("SPSS (.sav), with labels, missing codes and multiple-response sets")),
        (Format.DTA, _("Stata (.dta), with labels and missing codes")),
        (Format.PARQUET, _("Parquet: for Python, R and databases")),
        (Format.JSON, _("JSON, with the codebook")),
    ]


def _values() -> list[tuple[str, str]]:
    names = _("By their stable names")
    return [(Values.NAMES, names), (Values.LABELS, _("As people read them")), (Values.CODES, _("As numbers"))]


def _gaps() -> list[tuple[str, str]]:
    words = _("As words: not shown, not answered, refused")
    return [(Gaps.WORDS, words), (Gaps.BLANK, _("As empty cells")), (Gaps.CODES, _("As numbers: −99, −98, −97"))]


def download(visit: Visit) -> Answer:
    """All completed responses in the format asked for, streamed."""
    survey = survey_of_visit(visit)
    try:
        wish = _wish(visit)
        exported_data_set(visit.session, survey, wish)
        pieces = _begun(_pieces(visit.database, survey.id, wish, visit.at))
    except HeedfulError as error:
        return _form(visit, survey, error=str(error))
    return _file(pieces, f"{survey.name}-answers.{wish.format}", MEDIA[wish.format])


def _wish(visit: Visit) -> ExportWish:
    """What the query asks for.

    Raises:
        BadInput: it names something that there is not.
        Forbidden: addresses are asked for by somebody who may not see them.
    """
    people = visit.query("people") == "1"
    if people and not visit.sees_addresses:
        raise Forbidden(_("Your role does not reach that far."), remedy=_("Ask an admin of your team."))
    try:
        form = Format(visit.query("format", Format.CSV))
        shape = Shape(Values(visit.query("values", Values.NAMES)), Gaps(visit.query("gaps", Gaps.WORDS)))
    except ValueError:
        raise BadInput(_("There is no such format."), remedy=_("Choose one of those shown.")) from None
    return ExportWish(form, shape, people=people, texts=None if visit.sees_addresses else without_whole_addresses)


def _pieces(database: Database, number: int, wish: ExportWish, at: datetime) -> Iterator[bytes]:
    """Read in a session of its own: the page's is closed by the time the last piece goes out."""
    with database.reading() as session:
        yield from export_answers(session, survey_numbered(session, number), wish, at=at)


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces, the first of them made already: what cannot be made is told instead of sent."""
    return chain([next(pieces)], pieces)


def _file(pieces: Iterable[bytes], name: str, media: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Cleared(pieces, media_type=media, headers=headers)


def show_codebook(visit: Visit) -> Answer:
    """What every column means; to be read, printed, or taken as CSV."""
    survey = survey_of_visit(visit)
    words = None if visit.sees_addresses else without_whole_addresses
    try:
        data_set = exported_data_set(visit.session, survey, ExportWish(texts=words))
    except HeedfulError as error:
        return _form(visit, survey, error=str(error))
    if visit.query("as") == "csv":
        return _file(list(codebook_csv(data_set)), f"{survey.name}-codebook.csv", MEDIA[Format.CSV])
    entries = codebook(data_set)
    return visit.page("console/surveys/codebook.html", survey=survey, data_set=data_set, entries=entries)


PLACES = (
    Place(EXPORT, show_export, role=Role.ANALYST),
    Place(EXPORT + "/file", download, role=Role.ANALYST),
    Place(EXPORT + "/codebook", show_codebook, role=Role.ANALYST),
    Place(PAGE + "/answers.csv", download, role=Role.ANALYST),
)
