"""Console pages for weights: choose questions, write the targets of their groups, see what the weights cost."""

from core.errors import BadInput
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit
from surveys.domain.weighting_plans import Plan
from surveys.services.weigh_answers import WeightSheet, keep_plan, weight_sheet
from surveys.storage.surveys import Survey
from surveys.web.survey_pages import LIST, PAGE, survey_of_visit

MOST_QUESTIONS = 6


def show_weights(visit: Visit) -> Answer:
    """The targets that are kept, or a form for those of the questions chosen."""
    survey = survey_of_visit(visit)
    chosen = [name for name in visit.request.query_params.getlist("question") if name][:MOST_QUESTIONS]
    joint = visit.query("joint") == "1"
    return _page(visit, survey, weight_sheet(visit.session, survey, chosen, joint=joint, at=visit.at), joint=joint)


def _page(visit: Visit, survey: Survey, sheet: WeightSheet, *, joint: bool, error: str = "") -> Answer:
    kept = sheet.plan is not None and sheet.plan.cells is not None
    return visit.page(
        "console/surveys/weights.html",
        status=422 if error else 200,
        survey=survey,
        sheet=sheet,
        joint=joint or kept,
        error=error or sheet.error,
        given={name: visit.text(name) for name in visit.form} if error else {},
        said=visit.query("said"),
    )


def set_weights(visit: Visit) -> Answer:
    """Keep the targets as they were written, or take them away."""
    survey = survey_of_visit(visit)
    if visit.text("act") == "remove":
        keep_plan(visit.session, survey, None, at=visit.at)
        return visit.redirect(f"{LIST}/{survey.id}/weights?said=saved")
    chosen, joint = visit.texts("question")[:MOST_QUESTIONS], visit.text("joint") == "1"
    sheet = weight_sheet(visit.session, survey, chosen, joint=joint, at=visit.at)
    try:
        keep_plan(visit.session, survey, _plan(visit, sheet, joint=joint), at=visit.at)
    except BadInput as wrong:
        return _page(visit, survey, sheet, joint=joint, error=wrong.plainly)
    return visit.redirect(f"{LIST}/{survey.id}/weights?said=saved")


def _plan(visit: Visit, sheet: WeightSheet, *, joint: bool) -> Plan:
    questions = tuple(each.written for each in sheet.chosen)
    found = [
        {
            target.names: _number(visit.text(f"t-{at}-{place}"), target.label)
            for place, target in enumerate(group.targets)
        }
        for at, group in enumerate(sheet.groups)
    ]
    trim = _number(visit.text("trim"), _("the limit")) if visit.text("trim") else None
    if joint:
        return Plan(questions, cells=found[0] if found else {}, trim=trim)
    return Plan(questions, tuple({names[0]: target for names, target in each.items()} for each in found), trim=trim)


def _number(written: str, label: str) -> float:
    try:
        return float(written.replace(",", ".").removesuffix("%").strip())
    except ValueError:
        message = _("“{label}” needs a number.").format(label=label)
        raise BadInput(message, field="targets", remedy=_("Write a share in per cent, or a count.")) from None


PLACES = (
    Place(PAGE + "/weights", show_weights, role=Role.ANALYST),
    Place(PAGE + "/weights", set_weights, methods=("POST",), role=Role.EDITOR),
)
