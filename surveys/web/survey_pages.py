"""Console pages for surveys: the list, a new one, one survey's results, opening and closing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.domain.schedules import appoint
from core.errors import BadInput, HeedfulError
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit
from surveys.domain.charts import percent
from surveys.domain.lenses import WHOLE
from surveys.services.analyse import analyse
from surveys.services.apply_survey import apply_survey
from surveys.storage.invitations import Turnout, turnout
from surveys.storage.machine_labels import labelled
from surveys.storage.starters import starters
from surveys.storage.surveys import (
    Survey,
    close_survey,
    draft_number,
    drafted,
    list_surveys,
    open_survey,
    survey_named,
    survey_numbered,
)
from surveys.web.lens_forms import lens_form, safely
from surveys.web.survey_beginnings import begun

LIST = "/console/surveys"
PAGE = LIST + "/{survey_id:int}"


@dataclass(frozen=True)
class SurveyRow:
    """A survey in the list, with how many answered."""

    survey: Survey
    turnout: Turnout


def survey_of_visit(visit: Visit, *, locked: bool = False) -> Survey:
    """The survey that the path names; `locked` to change it as it is now."""
    return survey_numbered(visit.session, int(visit.path["survey_id"]), locked=locked)


def show_surveys(visit: Visit) -> Answer:
    """All surveys, newest first."""
    return _list(visit)


def _list(visit: Visit, *, errors: Mapping[str, str] | None = None) -> Answer:
    found = list_surveys(visit.session)
    return visit.page(
        "console/surveys/list.html",
        status=422 if errors else 200,
        rows=[SurveyRow(survey, turnout(visit.session, survey.id)) for survey in found],
        errors=errors or {},
        values={name: visit.text(name) for name in ("title", "text", "template")},
        starters=starters(),
        said=visit.query("said"),
    )


def create(visit: Visit) -> Answer:
    """A survey from a file, from pasted text, or begun with a title alone."""
    try:
        beginning = begun(visit)
        definition = beginning.definition
        if survey_named(visit.session, definition.name):
            message = _("There is a survey named “{name}” already.").format(name=definition.name)
            raise BadInput(message, field="title", remedy=_("Open that one, or choose another name."))
        with visit.session.begin_nested():
            survey = apply_survey(visit.session, definition, at=visit.at).survey
    except HeedfulError as error:
        field = getattr(error, "field", None)
        return _list(visit, errors={"title": error.plainly} if field == "title" else {"text": str(error)})
    if beginning.carried is not None and beginning.carried.notes:
        return visit.page("console/surveys/carried.html", survey=survey, carried=beginning.carried)
    return visit.redirect(f"{LIST}/{survey.id}/edit?said=added")


def show_survey(visit: Visit) -> Answer:
    """One survey: how many answered, and every question's result with chart and table."""
    return _show(visit, survey_of_visit(visit))


def _show(visit: Visit, survey: Survey, *, error: str = "") -> Answer:
    zone = ZoneInfo(visit.operator.time_zone if visit.operator else "UTC")
    lens, wrong = safely(visit)
    try:
        found = analyse(visit.session, survey, lens, at=visit.at)
    except HeedfulError as refused:
        wrong, found = refused.plainly, analyse(visit.session, survey, replace(WHOLE, weighted=False), at=visit.at)
    return visit.page(
        "console/surveys/results.html",
        status=409 if error else 422 if wrong else 200,
        survey=survey,
        found=found,
        lens=lens_form(visit, survey, lens, found.looked, error=wrong),
        query=lens.query(),
        machines=labelled(visit.session, survey.id),
        draft=draft_number(visit.session, survey) if survey.version else None,
        definition=drafted(visit.session, survey),
        dates={name: _local(getattr(survey, name), zone) for name in ("opens_at", "closes_at")},
        zone=str(zone),
        share=percent,
        error=error,
        said=visit.query("said"),
    )


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if moment else ""


def open_it(visit: Visit) -> Answer:
    """Let it be answered from now on; its draft is published."""
    survey = survey_of_visit(visit)
    try:
        open_survey(visit.session, survey, visit.at)
    except HeedfulError as error:
        return _show(visit, survey, error=str(error))
    return visit.redirect(f"{LIST}/{survey.id}?said=opened")


def close_it(visit: Visit) -> Answer:
    """Let it be answered no more."""
    survey = survey_of_visit(visit)
    close_survey(visit.session, survey, visit.at)
    return visit.redirect(f"{LIST}/{survey.id}?said=closed")


def set_terms(visit: Visit) -> Answer:
    """When it opens and closes by itself, and how often people are reminded."""
    survey = survey_of_visit(visit)
    try:
        _set_terms(visit, survey)
    except HeedfulError as error:
        return _show(visit, survey, error=str(error))
    return visit.redirect(f"{LIST}/{survey.id}?said=saved")


def _set_terms(visit: Visit, survey: Survey) -> None:
    zone = visit.operator.time_zone if visit.operator else "UTC"
    opens = survey.opens_at
    if survey.state == "draft":
        opens = _moment(visit, "opens_at", zone)
    closes = _moment(visit, "closes_at", zone)
    if opens and closes and closes <= opens:
        raise BadInput(_("It would close before it opens."), field="closes_at", remedy=_("Exchange the two."))
    most, days = visit.text("most_reminders"), visit.text("reminder_days")
    if not (most.isdecimal() and int(most) <= 10 and days.isdecimal() and 1 <= int(days) <= 365):  # noqa: PLR2004 - the table's own limits
        raise BadInput(_("At most 10 reminders, 1 to 365 days apart."), field="most_reminders")
    survey.opens_at, survey.closes_at = opens, closes
    survey.most_reminders, survey.reminder_days = int(most), int(days)
    visit.session.flush()


def _moment(visit: Visit, field: str, zone: str) -> datetime | None:
    try:
        return appoint(visit.text(field), zone, visit.at).at if visit.text(field) else None
    except BadInput as wrong:
        raise BadInput(wrong.message, field=field, remedy=wrong.remedy) from None


PLACES = (
    Place(LIST, show_surveys, role=Role.ANALYST),
    Place(LIST, create, methods=("POST",), role=Role.EDITOR),
    Place(PAGE, show_survey, role=Role.ANALYST),
    Place(PAGE + "/open", open_it, methods=("POST",), role=Role.EDITOR),
    Place(PAGE + "/close", close_it, methods=("POST",), role=Role.EDITOR),
    Place(PAGE + "/terms", set_terms, methods=("POST",), role=Role.EDITOR),
)
