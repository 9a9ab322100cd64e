"""Console page of one contact: the story in one order, what may be sent and why, and the two ways to stop."""

from collections.abc import Collection
from functools import partial

from starlette.responses import Response

from contacts.domain.facts import Door
from contacts.domain.scopes import EVERYTHING, PARTNERS, SHARING
from contacts.services.explain import explain
from contacts.services.flag_child import flag_child
from contacts.services.unsubscribe import opt_out
from contacts.storage.blocks import blocks_of
from contacts.storage.contacts import Contact, contact_numbered
from contacts.storage.permits import wait_for_handovers
from contacts.storage.topics import all_topics
from contacts.web.stories import flags_of, scope_titles, told
from core.cards import mask_card_numbers
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit

LIST = "/console/contacts"
PAGE = LIST + "/{contact_id:int}"


def show_contact(visit: Visit) -> Answer:
    """One contact with the whole story."""
    return _contact(visit)


def _contact(visit: Visit, *, error: str = "", field: str = "") -> Answer:
    session = visit.session
    contact = contact_numbered(session, int(visit.path["contact_id"]))
    titles = scope_titles(all_topics(session))
    return visit.page(
        "console/contact.html",
        status=422 if error else 200,
        contact=contact,
        flags=flags_of(blocks_of(session, contact.address_key)),
        attributes=sorted(contact.attributes.items()),
        topics=explain(session, contact.keys, at=visit.at).topics,
        story=told(session, contact, titles),
        scope_choices=[(scope, title) for scope, title in titles.items() if scope not in {PARTNERS, SHARING}],
        tried=visit.form,
        error=error,
        error_field=field,
        said=visit.query("said"),
    )


def record_opt_out(visit: Visit) -> Answer:
    """Opt a contact out, as the person asked the operator to; said only once it is durable and holds (G1, G2)."""
    evidence, scope = visit.text("evidence"), visit.text("scope")
    if not evidence:
        return _contact(visit, error=_("Say how they told us."), field="evidence")
    if scope not in scope_titles(all_topics(visit.session)):
        return _contact(visit, error=_("Choose what to stop."), field="scope")
    contact = contact_numbered(visit.session, int(visit.path["contact_id"]))
    done = opt_out(visit.session, contact.keys, scope, Door.OPERATOR, at=visit.at, evidence=_signed(visit, evidence))
    return partial(_confirm, visit, contact, [done.own, *done.later], scope, "opted-out")


def record_child(visit: Visit) -> Answer:
    """Flag a contact as a child; nothing automatic takes it back (G13)."""
    evidence = visit.text("child_evidence")
    if not evidence:
        return _contact(visit, error=_("Say how we know."), field="child_evidence")
    contact = contact_numbered(visit.session, int(visit.path["contact_id"]))
    flagged = flag_child(visit.session, contact.keys, Door.OPERATOR, at=visit.at, evidence=_signed(visit, evidence))
    return partial(_confirm, visit, contact, flagged, EVERYTHING, "child")


def _signed(visit: Visit, evidence: str) -> str:
    """The evidence as it is kept: without card numbers (P8), with the operator's number."""
    operator = visit.operator.id if visit.operator else 0
    return _("{evidence} (operator {number})").format(evidence=mask_card_numbers(evidence), number=operator)


def _confirm(visit: Visit, contact: Contact, own: Collection[bytes], scope: str, said: str) -> Response:
    seconds = visit.settings.confirm_seconds
    late = not wait_for_handovers(visit.database, own, scope, seconds=seconds)
    return visit.redirect(f"{LIST}/{contact.id}?said={said}{'-late' if late else ''}")


PLACES = (
    Place(PAGE, show_contact, role=Role.ANALYST),
    Place(f"{PAGE}/opt-out", record_opt_out, methods=("POST",), role=Role.EDITOR),
    Place(f"{PAGE}/child", record_child, methods=("POST",), role=Role.EDITOR),
)
