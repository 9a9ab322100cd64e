"""The hosted sign-up form: one page a topic set, which other sites may post to; it asks, and permits nothing by itself.

What is answered never tells whether an address is known (P1); a public place needs no mark against forgery, for
whoever posts here only causes one mail that asks.
"""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.responses import Response

from contacts.domain.signup_limits import seconds_left
from contacts.domain.wordings import Line
from contacts.services.ask_to_join import Asking, Reply, Said, ask_to_join
from contacts.storage.offerings import lines_among
from contacts.storage.signup_forms import SignupForm, form_named
from core.cards import mask_card_numbers
from core.errors import NotFound
from core.language import gettext, noted, spoken
from core.web.visits import Answer, Place, Visit

BORN = ("day", "month", "year")
FIELDS = ("address", "topics", "born")
TRAP = "website"
_SITE = re.compile(r"(?P<scheme>https?)://(?:[^/@\s]{0,64}@)?(?P<host>[\w.:\[\]-]{1,190})(?=[/?#]|\Z)")


def show_join(visit: Visit) -> Answer:
    """The form, empty; looking changes nothing."""
    form = _form(visit)
    return join_page(visit, form, lines_of(visit, form))


def ask(visit: Visit) -> Answer:
    """Take what was sent; a form on another site asks for address and topics, the rest is asked for here."""
    form = _form(visit)
    lines = lines_of(visit, form)
    if not any(name in visit.form for name in BORN):
        return join_page(visit, form, lines)
    asking = Asking(
        address=visit.text("address"),
        topics=visit.texts("topic"),
        born=(visit.text("day"), visit.text("month"), visit.text("year")),
        network=visit.network,
        agent=visit.request.headers.get("user-agent", ""),
        page=_site(visit) or f"{visit.settings.base_url}/join/{form.name}",
        trap=visit.text(TRAP),
    )
    reply = ask_to_join(visit.session, form, asking, visit.settings, at=visit.at)
    return lambda: _say(visit, form, lines, reply)


def _say(visit: Visit, form: SignupForm, lines: Sequence[Line], reply: Reply) -> Response:
    if reply.said is Said.CORRECT:
        return join_page(visit, form, lines, reply.faults)
    if reply.said is Said.TOO_OFTEN:
        response = visit.page("public/join_later.html", status=HTTPStatus.TOO_MANY_REQUESTS)
        response.headers["Retry-After"] = str(seconds_left(visit.at))
        return response
    return visit.page(f"public/join_{reply.said}.html")


def _form(visit: Visit) -> SignupForm:
    form = form_named(visit.session, visit.path["name"])
    if form is None or not form.active or not lines_of(visit, form):
        raise NotFound(noted("There is no such form, or it is closed."))
    visit.language = spoken(form.language, visit.settings.language) if form.language else visit.language
    return form


def lines_of(visit: Visit, form: SignupForm) -> Sequence[Line]:
    """What a form asks for now."""
    return lines_among(visit.session, form.topics, at=visit.at, language=form.language or visit.settings.language)


def join_page(
    visit: Visit, form: SignupForm, lines: Sequence[Line], faults: Mapping[str, str] | None = None
) -> Response:
    """The form with what was typed, and what to correct beside its field."""
    language = visit.language or visit.settings.language
    return visit.page(
        "public/join.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        action=f"/join/{form.name}",
        title=form.title,
        wording=form.wording,
        lines=lines,
        ticked=visit.texts("topic"),
        typed={name: visit.text(name) for name in ("address", *BORN)},
        site=_site(visit),
        trap=TRAP,
        faults={name: gettext((faults or {}).get(name, ""), language) for name in FIELDS},
    )


def _site(visit: Visit) -> str:
    """The other site that a form was sent from, as its browser says; empty for our own pages.

    Our own page says on, in a field, what the browser said of the first half of a form; it is evidence, no more.
    """
    own = urlsplit(visit.settings.base_url).netloc
    for said in (visit.request.headers.get("origin", ""), visit.text("site")):
        found = _SITE.match(said)
        if found and found["host"] not in {own, _host(visit)}:
            return mask_card_numbers(f"{found['scheme']}://{found['host']}")
    return ""


def _host(visit: Visit) -> str:
    return visit.request.headers.get("host", "")


PLACES = (
    Place("/join/{name}", show_join),
    Place("/join/{name}", ask, methods=("POST",)),
)
