"""Console pages of requests: what people asked of us, by the day it is due, and how each is settled."""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any

from starlette.responses import Response

from contacts.domain.addresses import AddressKeys, PepperRing, read_address
from contacts.domain.case_kinds import TERMS, CaseKind, CaseOutcome
from contacts.domain.facts import Door
from contacts.domain.scopes import EVERYTHING
from contacts.services.flag_child import flag_child
from contacts.services.open_case import Asked, open_case
from contacts.services.settle_case import Settlement, settle_case
from contacts.services.unsubscribe import opt_out
from contacts.storage.blocks import blocks_of
from contacts.storage.case_lists import (
    PAGE,
    case_numbered,
    closed_cases,
    count_overdue,
    is_held_by_another,
    open_cases,
)
from contacts.storage.cases import Case
from contacts.storage.contacts import contact_by_key
from contacts.storage.ledger import events_of
from contacts.storage.peppers import keys_of
from contacts.storage.permits import wait_for_handovers
from contacts.storage.topics import all_topics
from contacts.web.stories import event_lines, flags_of, scope_titles
from core.cards import mask_card_numbers
from core.errors import BadInput
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit

LIST = "/console/requests"
ONE = LIST + "/{case_id:int}"
KINDS = {
    CaseKind.OPT_OUT: _("stop all mail"),
    CaseKind.ERASURE: _("delete data"),
    CaseKind.ACCESS: _("copy of data"),
    CaseKind.CORRECTION: _("correct data"),
    CaseKind.CHILD: _("child's address"),
    CaseKind.OBJECTION: _("objection"),
    CaseKind.QUESTION: _("question"),
}
OUTCOMES = {
    CaseOutcome.OPTED_OUT: _("opted out"),
    CaseOutcome.CHILD: _("flagged as a child"),
    CaseOutcome.ERASED: _("erased"),
    CaseOutcome.ANSWERED: _("answered"),
    CaseOutcome.RELEASED: _("nothing to do"),
}
DOORS = {
    Door.CONTACT_FORM.value: _("contact page"),
    Door.REPLY.value: _("reply to a mail"),
    Door.SIGN_UP.value: _("sign-up form"),
    Door.OPERATOR.value: _("entered here"),
    Door.TERMINAL.value: _("terminal"),
}


def list_cases(visit: Visit) -> Answer:
    """Open requests, what is overdue first; or the closed ones."""
    closed = visit.query("show") == "closed"
    rows = closed_cases(visit.session, before=visit.number("before")) if closed else _open(visit)
    shown = list(rows[:PAGE])
    more = shown[-1] if len(rows) > PAGE else None
    return visit.page(
        "console/requests.html",
        cases=shown,
        closed=closed,
        next_page=f"{LIST}?{_next(more, closed=closed)}" if more else None,
        overdue=count_overdue(visit.session, at=visit.at),
        now=visit.at,
        said=visit.query("said"),
        **_words(),
    )


def _open(visit: Visit) -> Any:
    number, after = visit.number("after"), visit.query("due")
    try:
        seen = (datetime.fromisoformat(after), number) if number and after else None
    except ValueError:
        seen = None
    return open_cases(visit.session, after=seen if seen and seen[0].tzinfo else None)


def _next(last: Case, *, closed: bool) -> str:
    due = last.due_at.isoformat().replace("+00:00", "Z")
    return f"show=closed&before={last.id}" if closed else f"due={due}&after={last.id}"


def _words() -> dict[str, Any]:
    return {"kinds": KINDS, "outcomes": OUTCOMES, "doors": DOORS}


def show_case(visit: Visit) -> Answer:
    """One request: who asks what, what is recorded of them, and the ways to settle it."""
    return _case(visit)


def _case(visit: Visit, *, error: str = "", field: str = "") -> Response:
    session = visit.session
    case = case_numbered(session, int(visit.path["case_id"]))
    own = bytes(case.address_key)
    events = list(reversed(events_of(session, own)))
    return visit.page(
        "console/request.html",
        status=422 if error else 200,
        case=case,
        contact=contact_by_key(session, own),
        flags=flags_of(blocks_of(session, own)),
        story=event_lines(events, scope_titles(all_topics(session))),
        held_by_another=is_held_by_another(session, case),
        overdue=case.closed_at is None and case.due_at < visit.at,
        tried=visit.form,
        error=error,
        error_field=field,
        said=visit.query("said"),
        **_words(),
    )


def show_new_case(visit: Visit) -> Answer:
    """A form for what came by letter or telephone."""
    return _new(visit)


def _new(visit: Visit, *, error: str = "", field: str = "") -> Response:
    status = 422 if error else 200
    page = "console/request_new.html"
    return visit.page(page, status=status, tried=visit.form, error=error, error_field=field, terms=TERMS, **_words())


def enter_case(visit: Visit) -> Answer:
    """Keep what came by letter or telephone; it holds, and stops, like what people type themselves."""
    words = visit.text("words")
    try:
        address = read_address(visit.text("address"))
    except BadInput as error:
        return _new(visit, error=error.message, field="address")
    if visit.text("kind") not in set(CaseKind):
        return _new(visit, error=_("Choose what they ask."), field="kind")
    if not words:
        return _new(visit, error=_("Say when and how they asked, and what."), field="words")
    kind, keys = CaseKind(visit.text("kind")), keys_of(visit.session, PepperRing.of(visit.settings), address)
    own = [keys.own]
    if kind is CaseKind.OPT_OUT:
        done = opt_out(visit.session, keys, EVERYTHING, Door.OPERATOR, at=visit.at, evidence=_signed(visit, words))
        own += done.later
    asked = Asked(kind, Door.OPERATOR, address.delivery, keys, words, _who(visit))
    case = open_case(visit.session, asked, at=visit.at)
    return partial(_confirm, visit, own, case.id, "request" if TERMS[kind].holds else "added")


def settle(visit: Visit) -> Answer:
    """Settle a request in one of the ways that the page offers; nothing here lifts an opt-out."""
    case = case_numbered(visit.session, int(visit.path["case_id"]))
    keys = AddressKeys(bytes(case.address_key), bytes(case.family_key))
    if visit.text("outcome") not in set(CaseOutcome):
        return _case(visit, error=_("Choose how it ended."), field="outcome")
    outcome, note = CaseOutcome(visit.text("outcome")), visit.text("note")
    settlement = Settlement(outcome, note, _who(visit), Door.OPERATOR)
    if not note:
        return _case(visit, error=_("Say how it ended, and why."), field="note")
    own = [keys.own]
    if outcome is CaseOutcome.OPTED_OUT:
        done = opt_out(visit.session, keys, EVERYTHING, Door.OPERATOR, at=visit.at, evidence=_signed(visit, note))
        own += done.later
    if outcome is CaseOutcome.CHILD:
        own = flag_child(visit.session, keys, Door.OPERATOR, at=visit.at, evidence=_signed(visit, note))
    settle_case(visit.session, case, settlement, at=visit.at)
    return partial(_confirm, visit, own, case.id, "settled")


def _who(visit: Visit) -> str:
    return visit.operator.email if visit.operator else ""


def _signed(visit: Visit, words: str) -> str:
    """The evidence as it is kept: without card numbers (P8), with the operator's number."""
    operator = visit.operator.id if visit.operator else 0
    return _("{evidence} (operator {number})").format(evidence=mask_card_numbers(words), number=operator)


def _confirm(visit: Visit, own: Collection[bytes], number: int, said: str) -> Response:
    late = not wait_for_handovers(visit.database, own, EVERYTHING, seconds=visit.settings.confirm_seconds)
    return visit.redirect(f"{LIST}/{number}?said={said}{'-late' if late else ''}")


PLACES = (
    Place(LIST, list_cases, role=Role.EDITOR),
    Place(f"{LIST}/new", show_new_case, role=Role.EDITOR),
    Place(f"{LIST}/new", enter_case, methods=("POST",), role=Role.EDITOR),
    Place(ONE, show_case, role=Role.EDITOR),
    Place(ONE, settle, methods=("POST",), role=Role.EDITOR),
)
