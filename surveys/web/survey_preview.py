"""The preview of a survey in the console: any page of the draft as people will see it, on a phone and on a desk."""

from starlette.responses import Response

from core.errors import NotFound
from core.language import gettext as _
from core.operators import Role
from core.web.security import POLICY
from core.web.visits import Answer, Place, Visit
from surveys.domain.branching import Progress, Stop
from surveys.domain.definitions import Page, Survey
from surveys.domain.questions import Question
from surveys.domain.rule_words import told
from surveys.domain.translations import in_language, languages_of
from surveys.storage.surveys import drafted
from surveys.web.form_sheets import asked
from surveys.web.survey_asking import own_name
from surveys.web.survey_pages import PAGE, survey_of_visit

IN_FRAME = {
    "Content-Security-Policy": POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
    "X-Frame-Options": "SAMEORIGIN",
}


def show_preview(visit: Visit) -> Answer:
    """The frames in which a page of the draft is shown, narrow and wide."""
    stored = survey_of_visit(visit)
    survey = drafted(visit.session, stored)
    return visit.page(
        "console/surveys/preview.html",
        survey=stored,
        definition=survey,
        page=_wanted(survey, visit.query("page")),
        languages=[(each, own_name(each)) for each in languages_of(survey)],
        language=visit.query("language") or survey.language,
    )


def show_preview_form(visit: Visit) -> Answer:
    """A page of the draft for those frames: conditions are told instead of followed, and nothing can be sent."""
    stored = survey_of_visit(visit)
    survey = in_language(drafted(visit.session, stored), visit.query("language"))
    here = f"/console/surveys/{stored.id}/preview/form?language={survey.language}"
    return in_frame(visit, survey, _wanted(survey, visit.query("page")), here)


def _wanted(survey: Survey, name: str) -> Page:
    found = next((page for page in survey.pages if page.name == (name or survey.pages[0].name)), None)
    if found is None:
        raise NotFound(_("There is no page of that name."))
    return found


def in_frame(visit: Visit, survey: Survey, page: Page, here: str) -> Answer:
    """That page as the form, for a frame of the console."""
    names = [each.name for each in survey.pages]
    place = names.index(page.name)
    visit.language = survey.language
    answer = visit.page(
        "public/survey/preview.html",
        survey=survey,
        stop=Stop(page, page.questions),
        questions=asked(page.questions, {}, language=survey.language),
        page_condition=told(page.show_if, survey),
        conditions={each.name: told(each.show_if, survey) for each in page.questions if each.show_if},
        progress=Progress(place + 1, len(names)),
        back=survey.pages[place - 1] if place else None,
        following=survey.pages[place + 1] if place + 1 < len(names) else None,
        here=here,
    )
    answer.headers.update(IN_FRAME)
    return answer


def question_in_frame(visit: Visit, survey: Survey, question: Question) -> Response:
    """One question alone as people see it, for a frame of the console."""
    own, visit.language = visit.language, survey.language
    answer = visit.page(
        "public/survey/single.html", survey=survey, questions=asked([question], {}, language=survey.language)
    )
    visit.language = own
    answer.headers.update(IN_FRAME)
    return answer


PLACES = (
    Place(PAGE + "/preview", show_preview, role=Role.ANALYST),
    Place(PAGE + "/preview/form", show_preview_form, role=Role.ANALYST),
)
