"""What the editor's pages share: what a form was begun from, keeping a draft, and the fields of a visit."""

from collections.abc import Callable, Collection, Sequence
from hashlib import sha256
from typing import Any

from core.errors import BadInput, Conflict, HeedfulError, NotFound
from core.language import gettext as _
from core.web.visits import Answer, Visit
from surveys.domain.cells import Posted
from surveys.domain.condition_forms import rule_rows, subjects
from surveys.domain.controls import Control, Writing, controls_of
from surveys.domain.definitions import Page, Survey
from surveys.domain.editing import written_questions
from surveys.domain.form_tables import rearranged, table_from
from surveys.domain.questions import Question
from surveys.domain.row_conditions import menus_told, opened, settled
from surveys.services.apply_survey import apply_survey
from surveys.storage.surveys import Survey as Stored

OUTSIDE = frozenset({"csrf", "seen", "act", "do", "then"})
HEAD_SKIP = frozenset({"name", "pages", "translations"})


def mark(part: object) -> str:
    """A digest of what a form shows (a question, a page, the head, the file), for the form to carry."""
    return sha256(repr(part).encode()).hexdigest()


def require_seen(visit: Visit, part: object) -> None:
    """Refuse a form that began from something else than what is kept now.

    Raises:
        Conflict: somebody changed it meanwhile.
    """
    if visit.text("seen") != mark(part):
        raise Conflict(
            _("Somebody changed this meanwhile, perhaps you in another window. Yours is not saved yet."),
            remedy=_("Nothing that you wrote is lost: save again to put it in place of the other version."),
        )


def posted_fields(visit: Visit) -> Posted:
    """The text fields of the form, each with all of its values."""
    return {name: visit.texts(name) for name in visit.form if name not in OUTSIDE}


def refused(error: HeedfulError | None) -> int:
    """The status of a form that is shown, or shown again with what is wrong."""
    return (409 if isinstance(error, Conflict) else 422) if error else 200


def store(visit: Visit, stored: Stored, changed: Survey) -> None:
    """Keep the change as a draft; what people answer changes only when it is published."""
    with visit.session.begin_nested():
        if changed.name != stored.name:
            raise BadInput(_("The name of a survey stays: “{name}”.").format(name=stored.name), field="name")
        apply_survey(visit.session, changed, at=visit.at, publish=False)


Draw = Callable[[Posted, HeedfulError | None], Answer]


def pressed(
    visit: Visit, stored: Stored, part: object, *, draw: Draw, change: Callable[[Posted], Survey], home: str
) -> Answer:
    """What a press in a form of the editor does.

    A row's button draws the form anew; saving keeps what `change` makes of it, if it began from `part`, and goes
    `home`; what is wrong is told in the form as it was posted.
    """
    form = posted_fields(visit)
    if visit.text("do"):
        return draw(redrawn(visit, form), None)
    try:
        require_seen(visit, part)
        store(visit, stored, change(form))
    except HeedfulError as error:
        return draw(form, error)
    return visit.redirect(f"/console/surveys/{stored.id}/edit?said=saved{home}")


def form_shown(visit: Visit, stored: Stored, part: object, form: Posted, error: HeedfulError | None) -> dict[str, Any]:
    """What the page around every form of the editor needs."""
    return {
        "status": refused(error),
        "survey": stored,
        "values": form,
        "seen": visit.text("seen") if visit.text("do") else mark(part),
        "pressed": visit.text("do"),
        "error": error,
    }


def head_controls(survey: Survey) -> tuple[Control, ...]:
    """The fields around the pages."""
    return controls_of(type(survey), HEAD_SKIP)


def page_controls() -> tuple[Control, ...]:
    """The fields of a page, its name and questions left out."""
    return controls_of(Page, {"name", "questions"})


def question_controls(question: Question) -> tuple[Control, ...]:
    """The fields of a question that make sense for its kind; one that holds something is always among them."""
    missing = {"required", "refusal"} if not question.answerable else set()
    missing |= {"shuffle"} if not question.lists else set()
    return controls_of(type(question), {name for name in missing if not getattr(question, name)})


def split(controls: Collection[Control], names: Collection[str]) -> tuple[list[Control], list[Control]]:
    """The controls of these names, and the others, without conditions, which have a form of their own."""
    plain = [each for each in controls if each.writing is not Writing.RULES]
    return [each for each in plain if each.name in names], [each for each in plain if each.name not in names]


def redrawn(visit: Visit, form: Posted) -> Posted:
    """The form after a press on one of its rows' buttons."""
    return opened(rearranged(form, visit.text("do")), visit.text("do"))


def described(form: Posted, controls: Sequence[Control], survey: Survey) -> dict[str, Any]:
    """The table that the form describes, the conditions of its rows included.

    Raises:
        BadInput: a field that is written as in a file cannot be read.
    """
    return table_from(settled(form, survey), controls)


def rules_shown(form: Posted, survey: Survey, page: str) -> dict[str, Any]:
    """What the part of a form that says when something is shown needs."""
    return {
        "subjects": subjects(survey, page),
        "rules": rule_rows(form, survey),
        "condition": menus_told(form, survey),
    }


def question_named(survey: Survey, name: str) -> Question:
    """The question of that name.

    Raises:
        NotFound: there is none.
    """
    found = written_questions(survey).get(name)
    if found is None:
        raise NotFound(_("There is no question of that name."))
    return found


def page_named(survey: Survey, name: str) -> Page:
    """The page of that name.

    Raises:
        NotFound: there is none.
    """
    found = next((page for page in survey.pages if page.name == name), None)
    if found is None:
        raise NotFound(_("There is no page of that name."))
    return found


def page_of(survey: Survey, question: Question) -> Page:
    """The page on which a question is asked."""
    return next(page for page in survey.pages if any(each.name == question.name for each in page.questions))
