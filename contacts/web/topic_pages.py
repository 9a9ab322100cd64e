"""Console pages for topics: the lattice with its limits; one topic or group to rename, limit, archive and reopen."""

from contacts.domain.limit_words import NONE, read_cap, read_quiet, tell_cap, tell_quiet
from contacts.domain.scopes import covering
from contacts.domain.topic_drafts import ADDABLE, TopicWords
from contacts.services.keep_topics import add_topic, archive_topic, rename_topic, reopen_topic
from contacts.services.limit_scope import limit_scope
from contacts.storage.lattices import shelf_of, shelves
from contacts.storage.listings import count_contacts
from core.cards import mask_card_numbers
from core.errors import BadInput, HeedfulError, NotFound
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit

LIST = "/console/topics"
PAGE = LIST + "/{scope}"
COUNTED_AT_ONCE = 20_000
"""With more contacts than this, who said yes is counted when somebody asks for it."""


def list_topics(visit: Visit) -> Answer:
    """The lattice as a list, with the form for a new topic."""
    return _list(visit)


def _list(visit: Visit, wrong: HeedfulError | None = None) -> Answer:
    session = visit.session
    counted = bool(visit.query("count")) or count_contacts(session) <= COUNTED_AT_ONCE
    return visit.page(
        "console/topics.html",
        status=422 if wrong else 200,
        shelves=shelves(session, at=visit.at, counted=counted),
        counted=counted,
        groups=ADDABLE,
        tried=visit.form,
        said=visit.query("said"),
        **_mistake(wrong),
    )


def _mistake(wrong: HeedfulError | None) -> dict[str, str]:
    field = wrong.field if isinstance(wrong, BadInput) else None
    return {"error": str(wrong) if wrong else "", "error_field": field or ""}


def create_topic(visit: Visit) -> Answer:
    """Add a topic below one of the groups."""
    group, short = visit.text("group"), visit.text("name").rpartition(":")[2]
    try:
        words = TopicWords.read(visit.text("title"), visit.text("description"))
        with visit.session.begin_nested():
            added = add_topic(visit.session, f"{group}:{short}", words, at=visit.at)
    except HeedfulError as wrong:
        return _list(visit, wrong)
    return visit.redirect(f"{LIST}/{added.name}?said=added")


def show_topic(visit: Visit) -> Answer:
    """One topic or group, with what can be done to it."""
    return _topic(visit)


def _topic(visit: Visit, wrong: HeedfulError | None = None) -> Answer:
    shelf = shelf_of(visit.session, str(visit.path["scope"]), at=visit.at)
    return visit.page(
        "console/topic.html",
        status=422 if wrong else 200,
        shelf=shelf,
        cap="" if shelf.cap is None else tell_cap(shelf.cap),
        quiet="" if shelf.quiet is None else tell_quiet(shelf.quiet),
        above=_above(visit, shelf.scope),
        tried=visit.form,
        said=visit.query("said"),
        **_mistake(wrong),
    )


def _above(visit: Visit, scope: str) -> list[tuple[str, str]]:
    """The limits of the groups above, which hold as well, in words."""
    found = []
    for shelf in shelves(visit.session, at=visit.at):
        if shelf.scope != scope and shelf.scope in covering(scope) and (shelf.cap or shelf.quiet):
            told = [tell_cap(shelf.cap), tell_quiet(shelf.quiet)]
            found.append((shelf.title, " · ".join(each for each in told if each != NONE)))
    return found


def change_topic(visit: Visit) -> Answer:
    """Rename, limit, archive or reopen; a mistake is said beside its field, and nothing is changed."""
    session, scope, act = visit.session, str(visit.path["scope"]), visit.text("act")
    operator = visit.operator.email if visit.operator else ""
    try:
        with session.begin_nested():
            if act == "rename":
                rename_topic(session, scope, TopicWords.read(visit.text("title"), visit.text("description")))
            elif act == "limit":
                cap, quiet = read_cap(visit.text("cap")), read_quiet(visit.text("quiet"))
                limit_scope(session, scope, cap=cap, quiet=quiet, at=visit.at, operator=operator)
            elif act == "archive":
                why = mask_card_numbers(visit.text("why"))[:500]
                archive_topic(session, scope, at=visit.at, operator=operator, why=why)
            elif act == "reopen":
                reopen_topic(session, scope, at=visit.at)
            else:
                raise BadInput(_("Nothing to change was named."))
    except NotFound:
        raise
    except HeedfulError as wrong:
        return _topic(visit, wrong)
    return visit.redirect(f"{LIST}/{scope}?said=changed")


PLACES = (
    Place(LIST, list_topics, role=Role.ADMIN),
    Place(LIST, create_topic, methods=("POST",), role=Role.ADMIN),
    Place(PAGE, show_topic, role=Role.ADMIN),
    Place(PAGE, change_topic, methods=("POST",), role=Role.ADMIN),
)
