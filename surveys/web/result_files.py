"""The console's results as an Excel file, through the same filter and weights as the page."""

from collections.abc import Callable, Iterator, Sequence
from tempfile import TemporaryFile

from starlette.responses import Response

from core.errors import HeedfulError
from core.language import gettext as _
from core.operators import Role
from core.web.discretion import Cleared, without_whole_addresses
from core.web.visits import Answer, Place, Visit
from surveys.domain.exporting.plain_rows import Cell
from surveys.domain.exporting.result_books import write_results
from surveys.domain.exporting.result_tables import Told
from surveys.services.analyse import Results, analyse
from surveys.services.export_answers import CHUNK, Format
from surveys.storage.surveys import Survey
from surveys.web.lens_forms import lens_form, lens_of
from surveys.web.survey_exports import EXPORT, MEDIA
from surveys.web.survey_pages import LIST, survey_of_visit


def download_results(visit: Visit) -> Answer:
    """Every question's counts and figures; where the filter cannot be used, the page that says why."""
    survey = survey_of_visit(visit)
    try:
        lens = lens_of(visit)
        found = analyse(visit.session, survey, lens, at=visit.at)
    except HeedfulError:
        return visit.redirect(f"{LIST}/{survey.id}?{visit.request.url.query}")
    chosen = [each.told for each in lens_form(visit, survey, lens, found.looked).chosen]
    words = None if visit.sees_addresses else without_whole_addresses
    headers = {"Content-Disposition": f'attachment; filename="{survey.name}-results.xlsx"'}
    response: Response = Cleared(
        _pieces(_overview(survey, found, chosen), _told(found), words), media_type=MEDIA[Format.XLSX], headers=headers
    )
    return response


def _told(found: Results) -> list[Told]:
    anonymous = found.looked.anonymous
    return [
        Told(each.question, each.tally, each.base.count, guarded=anonymous and each.hidden) for each in found.results
    ]


def _overview(survey: Survey, found: Results, chosen: Sequence[str]) -> list[list[Cell]]:
    """What was looked at, in the words of the page."""
    looked, turnout = found.looked, found.turnout
    lines: list[list[Cell]] = [
        [_("Survey"), survey.title],
        [_("Invited"), turnout.invited],
        [_("Invitation handed over"), turnout.delivered],
        [_("Began"), turnout.begun],
        [_("Completed"), turnout.completed],
        [_("Responses looked at"), looked.size],
        [_("Not counted: screened out, or after a quota was full"), looked.screened],
        [_("Versions, counted together"), found.versions],
    ]
    lines += [[_("Only"), each] for each in chosen]
    if looked.weighed:
        lines.append([_("Weighted"), _("yes")])
    if looked.population:
        lines.append([_("Finite population correction: everybody who could be asked"), looked.population])
    if looked.anonymous:
        lines.append([_("Anonymous"), _("small counts are hidden, and others so that they cannot be worked out")])
    return lines


def _pieces(
    overview: Sequence[Sequence[Cell]], told: Sequence[Told], words: Callable[[str], str] | None
) -> Iterator[bytes]:
    with TemporaryFile() as file:
        write_results(overview, told, file, words)
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece


PLACES = (Place(EXPORT + "/results", download_results, role=Role.ANALYST),)
