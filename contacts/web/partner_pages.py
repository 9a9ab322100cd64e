"""Console pages for partners: the registry, what is agreed with each, where they stand, and what was handed to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from contacts.domain.partnerships import Standstill
from contacts.services.keep_partners import activate_partner, add_partner, change_partner, deactivate_partner
from contacts.storage.closures import is_closed
from contacts.storage.listings import count_contacts
from contacts.storage.partners import Partner, Reminder, all_partners, partner_named, reminder_for, standstill, terms_of
from contacts.storage.reaches import reach_of
from contacts.storage.shared_people import count_shared
from contacts.storage.sharings import count_shareable
from contacts.web.handout_pages import LIST, PAGE, partner_page
from core.errors import BadInput, Conflict, HeedfulError
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit

NEW = "/console/new-partner"
_TEXTS = ("title", "contract_reference", "privacy_email", "suppression_email", "acknowledge_days")


@dataclass(frozen=True)
class PartnerRow:
    """A partner in the list: what stops them, who is in their hands, and what is due next."""

    partner: Partner
    why: Standstill | None
    shared: int
    due: Reminder | None


def list_partners(visit: Visit) -> Answer:
    """Every partner there ever was."""
    rows = [_row(visit.session, each, visit.at) for each in all_partners(visit.session)]
    return visit.page("console/partners.html", rows=rows, said=visit.query("said"))


def _row(session: Session, partner: Partner, at: datetime) -> PartnerRow:
    due = None if is_closed(session, partner.topic, at=at) else reminder_for(session, partner, at=at)
    return PartnerRow(partner, standstill(session, partner.name, at=at), count_shared(session, partner.id), due)


def show_new_partner(visit: Visit) -> Answer:
    """The form for a new partner."""
    return _form(visit, None, {"fields": ["address"], "acknowledge_days": 7})


def make_partner(visit: Visit) -> Answer:
    """Add a partner; nobody is mailable for it who does not say yes from now on (P3)."""
    assert visit.operator is not None
    given = _given(visit)
    try:
        with visit.session.begin_nested():
            added = add_partner(visit.session, visit.text("name"), given, at=visit.at, operator=visit.operator.email)
    except (BadInput, Conflict) as error:
        return _form(visit, None, given | {"name": visit.text("name")}, error)
    return visit.redirect(f"{LIST}/{added.name}?said=added")


def show_partner(visit: Visit) -> Answer:
    """One partner: facts, state, numbers and handouts."""
    return partner_page(visit, partner_named(visit.session, visit.path["name"]))


def show_reach(visit: Visit) -> Answer:
    """A piece of a partner's page: how many people may get its mail now, and how many may be handed to it."""
    partner = partner_named(visit.session, visit.path["name"])
    mailed = reach_of(visit.session, {}, partner.topic, at=visit.at).permitted
    rows = [
        (_("may get its mail"), mailed),
        (_("may be handed to it"), count_shareable(visit.session, partner, at=visit.at)),
    ]
    return visit.page("console/mailable.html", rows=rows, whole=count_contacts(visit.session))


def show_terms(visit: Visit) -> Answer:
    """The form with what is agreed now."""
    partner = partner_named(visit.session, visit.path["name"])
    return _form(visit, partner, terms_of(partner).as_json())


def change_terms(visit: Visit) -> Answer:
    """Write down new terms; the old ones stay readable."""
    assert visit.operator is not None
    partner, given = partner_named(visit.session, visit.path["name"]), _given(visit)
    try:
        with visit.session.begin_nested():
            change_partner(visit.session, partner.name, given, at=visit.at, operator=visit.operator.email)
    except BadInput as error:
        return _form(visit, partner, given, error)
    return visit.redirect(f"{LIST}/{partner.name}?said=saved")


def change_state(visit: Visit) -> Answer:
    """Stop everything for a partner, or take them up again."""
    assert visit.operator is not None
    name, by = visit.path["name"], visit.operator.email
    if visit.text("act") == "activate":
        activate_partner(visit.session, name, at=visit.at)
    else:
        deactivate_partner(visit.session, name, at=visit.at, operator=by, why=visit.text("why")[:500])
    return visit.redirect(f"{LIST}/{name}?said=changed")


def _given(visit: Visit) -> dict[str, Any]:
    return {name: visit.text(name) for name in _TEXTS} | {"fields": visit.text("fields").split()}


def _form(visit: Visit, partner: Partner | None, given: Mapping[str, Any], error: HeedfulError | None = None) -> Answer:
    field = getattr(error, "field", None) or ("name" if error else "")
    errors = {field: str(error.message) + (f" {error.remedy}" if error.remedy else "")} if error else {}
    return visit.page(
        "console/partner_terms.html",
        status=422 if error else 200,
        partner=partner,
        given=given,
        errors=errors,
        said="",
    )


PLACES = (
    Place(LIST, list_partners, role=Role.ADMIN),
    Place(NEW, show_new_partner, role=Role.ADMIN),
    Place(NEW, make_partner, methods=("POST",), role=Role.ADMIN),
    Place(PAGE, show_partner, role=Role.ADMIN),
    Place(f"{PAGE}/reach", show_reach, role=Role.ADMIN),
    Place(f"{PAGE}/terms", show_terms, role=Role.ADMIN),
    Place(f"{PAGE}/terms", change_terms, methods=("POST",), role=Role.ADMIN),
    Place(f"{PAGE}/state", change_state, methods=("POST",), role=Role.ADMIN),
)
