"""Console forms for what people are promised when they are asked: how anonymous it is, and who reaches the form."""

from contextlib import suppress

from core.errors import BadInput, HeedfulError
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit, as_number
from surveys.domain.anonymity import Access, Anonymity
from surveys.services.choose_anonymity import choose_access, choose_anonymity
from surveys.services.unlink_answers import unlink
from surveys.web.survey_asking import asking_page
from surveys.web.survey_pages import PAGE, survey_of_visit


def set_terms_of_asking(visit: Visit) -> Answer:
    """Keep what was chosen, or say why it cannot be chosen any more."""
    survey = survey_of_visit(visit, locked=True)
    try:
        choose_anonymity(visit.session, survey, _mode(visit), _days(visit), at=visit.at)
        choose_access(visit.session, survey, _access(visit), at=visit.at)
    except HeedfulError as error:
        field = getattr(error, "field", None) or "anonymity"
        visit.session.refresh(survey)
        return asking_page(visit, survey, {field: error.plainly})
    return visit.redirect(f"/console/surveys/{survey.id}/invite?said=saved")


def _mode(visit: Visit) -> Anonymity:
    with suppress(ValueError):
        return Anonymity(visit.text("anonymity"))
    raise BadInput(_("Please choose one of these."), field="anonymity")


def _access(visit: Visit) -> Access:
    with suppress(ValueError):
        return Access(visit.text("access"))
    raise BadInput(_("Please choose one of these."), field="access")


def _days(visit: Visit) -> int | None:
    written = visit.text("unlink_days")
    number = as_number(written)
    if written and number is None:
        raise BadInput(_("Please give a whole number of days."), field="unlink_days")
    return number


def unlink_now(visit: Visit) -> Answer:
    """Forget, for good, who gave which answers."""
    survey = survey_of_visit(visit, locked=True)
    try:
        unlink(visit.session, survey, at=visit.at)
    except HeedfulError as error:
        return asking_page(visit, survey, {"unlink": str(error)})
    return visit.redirect(f"/console/surveys/{survey.id}/invite?said=unlinked")


PLACES = (
    Place(PAGE + "/promise", set_terms_of_asking, methods=("POST",), role=Role.EDITOR),
    Place(PAGE + "/unlink", unlink_now, methods=("POST",), role=Role.ADMIN),
)
