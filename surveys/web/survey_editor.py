"""The console page with a survey's order: pages and questions, and every act on them as a plain form."""

from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import quote_plus

from core.errors import BadInput, HeedfulError
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit
from surveys.domain.definition_faults import BadDefinition
from surveys.domain.definitions import Survey
from surveys.domain.editing import (
    add_page,
    add_question,
    change_kind,
    copy_question,
    move_page,
    move_question,
    put_on_new_page,
    put_question,
    remove_page,
    remove_question,
    written_questions,
)
from surveys.domain.kinds import KINDS
from surveys.domain.questions import KindGroup
from surveys.domain.rule_words import told
from surveys.domain.survey_checks import require_publishable
from surveys.storage.surveys import Survey as Stored
from surveys.storage.surveys import draft_number, drafted, publish_draft
from surveys.web.editor_forms import refused, store
from surveys.web.survey_pages import PAGE, survey_of_visit

GROUPS: Mapping[KindGroup, str] = {
    KindGroup.CHOICE: "Choices",
    KindGroup.RATING: "Ratings",
    KindGroup.MATRIX: "Matrices",
    KindGroup.ENTRY: "Words and numbers",
    KindGroup.OTHER: "More",
}


FOCUSED = frozenset({"up", "down"})
"""Acts whose button stands there afterwards: it gets the focus again, which browsers do only without a “#”."""


def kind_title(kind: str) -> str:
    """What a kind is called."""
    return _(KINDS[kind].title) or kind.replace("_", " ").capitalize()


def kind_menu() -> list[tuple[str, list[tuple[str, str]]]]:
    """All kinds for a menu, by their groups."""
    found: dict[KindGroup, list[tuple[str, str]]] = {group: [] for group in KindGroup}
    for kind in KINDS.values():
        found[kind.group].append((kind.kind, kind_title(kind.kind)))
    return [(_(GROUPS.get(group, group.value)), kinds) for group, kinds in found.items() if kinds]


def show_editor(visit: Visit) -> Answer:
    """The survey's order: pages and questions, with what can be done to each."""
    return _editor(visit, survey_of_visit(visit))


def _editor(visit: Visit, stored: Stored, error: HeedfulError | None = None) -> Answer:
    survey = drafted(visit.session, stored)
    return visit.page(
        "console/surveys/editor.html",
        status=refused(error),
        survey=stored,
        definition=survey,
        draft=draft_number(visit.session, stored),
        kinds=kind_menu(),
        kind_title=kind_title,
        told=lambda condition: told(condition, survey),
        named=partial(_named, survey),
        moving=visit.query("moving") if visit.query("moving") in written_questions(survey) else "",
        moved=written_questions(survey).get(visit.query("moving")),
        pressed=visit.query("at"),
        shown=_shown(survey, visit.query("at")),
        beginning=visit.query("then") == "add",
        error=error,
        said=visit.query("said"),
    )


def _named(survey: Survey, name: str) -> str:
    """A page, a question or an end in the team's words; its bare name where it has none."""
    for number, page in enumerate(survey.pages, start=1):
        if page.name == name:
            return page.title or _("Page {number}").format(number=number)
    asked = written_questions(survey).get(name)
    return asked.text if asked else name


def show_readiness(visit: Visit) -> Answer:
    """A piece of the page: what still has to be put right before the draft can be published."""
    stored = survey_of_visit(visit)
    wrong = ""
    try:
        require_publishable(drafted(visit.session, stored))
    except BadDefinition as error:
        wrong = str(error)
    return visit.page("console/surveys/ready.html", wrong=wrong)


def _shown(survey: Survey, pressed: str) -> str:
    """The page that the preview beside the order shows: the one of what was changed last."""
    name = pressed.partition(" ")[2]
    pages = [page.name for page in survey.pages if name in {page.name, *(each.name for each in page.questions)}]
    return (pages or [survey.pages[0].name])[0]


def edit(visit: Visit) -> Answer:
    """One act on the survey's order."""
    stored = survey_of_visit(visit, locked=True)
    verb, _space, rest = visit.text("act").partition(" ")
    act = ACTS.get(verb)
    home = f"/console/surveys/{stored.id}/edit"
    try:
        if act is None:
            raise BadInput(_("Nothing to change was named."))
        before = drafted(visit.session, stored)
        changed = act(before, visit, rest.split())
        store(visit, stored, changed)
    except HeedfulError as error:
        return _editor(visit, stored, error)
    if verb == "add":
        new = next(name for name in written_questions(changed) if name not in written_questions(before))
        return visit.redirect(f"{home}/{new}")
    if verb == "kind":
        return visit.redirect(f"{home}/{quote_plus(_one(rest.split()))}")
    anchor = ("page-" if verb.startswith("page") else "q-") + quote_plus(_one(rest.split()))
    place = "" if verb in FOCUSED else f"#{anchor}"
    return visit.redirect(f"{home}?at={quote_plus(visit.text('act'))}{place}")


def _kind(visit: Visit) -> str:
    if visit.text("kind") not in KINDS:
        raise BadInput(_("Choose a kind of question."), field="kind")
    return visit.text("kind")


def _one(names: list[str]) -> str:
    return names[0] if names else ""


Act = Callable[[Survey, Visit, list[str]], Survey]
ACTS: Mapping[str, Act] = {
    "add": lambda survey, visit, _names: _added(survey, visit.text("page"), _kind(visit)),
    "up": lambda survey, _visit, names: move_question(survey, _one(names), -1),
    "down": lambda survey, _visit, names: move_question(survey, _one(names), 1),
    "put": lambda survey, _visit, names: put_question(survey, *_places(names)),
    "break": lambda survey, _visit, names: put_on_new_page(survey, *_places(names)[:2]),
    "kind": lambda survey, visit, names: change_kind(survey, _one(names), _kind(visit)),
    "copy": lambda survey, _visit, names: copy_question(survey, _one(names)),
    "remove": lambda survey, _visit, names: remove_question(survey, _one(names)),
    "page_up": lambda survey, _visit, names: move_page(survey, _one(names), -1),
    "page_down": lambda survey, _visit, names: move_page(survey, _one(names), 1),
    "page_remove": lambda survey, _visit, names: remove_page(survey, _one(names)),
}


def _added(survey: Survey, place: str, kind: str) -> Survey:
    page, _space, after = place.partition(" ")
    return add_question(survey, page, kind, after) if page else add_page(survey, kind)


def _places(names: list[str]) -> tuple[str, str, str]:
    """Which question, on which page, before which other one; the last may be missing."""
    question, page, before = [*names, "", "", ""][:3]
    return question, page, before


def publish(visit: Visit) -> Answer:
    """Let new responses answer the draft; those that were begun keep their version."""
    stored = survey_of_visit(visit)
    try:
        publish_draft(visit.session, stored, visit.at)
    except HeedfulError as error:
        return _editor(visit, stored, error)
    return visit.redirect(f"/console/surveys/{stored.id}?said=published")


PLACES = (
    Place(PAGE + "/edit", show_editor, role=Role.EDITOR),
    Place(PAGE + "/edit", edit, methods=("POST",), role=Role.EDITOR),
    Place(PAGE + "/ready", show_readiness, role=Role.EDITOR),
    Place(PAGE + "/publish", publish, methods=("POST",), role=Role.EDITOR),
)
