"""Console pages of one person by their key, contact or not: what is held, what was done about it, and what may be."""

from dataclasses import dataclass
from typing import Any

from contacts.domain.addresses import AddressKeys, PepperRing, read_address
from contacts.domain.case_kinds import CaseKind
from contacts.domain.verdicts import BlockReason
from contacts.services.unsubscribe import keys_behind
from contacts.storage.blocks import blocks_of
from contacts.storage.case_lists import cases_of
from contacts.storage.cases import Case, Proposal
from contacts.storage.contacts import contact_by_key
from contacts.storage.erasures import erasures_of
from contacts.storage.former_keys import person_of
from contacts.storage.keepers import told
from contacts.storage.legal_holds import holds_of
from contacts.storage.peppers import keys_of
from contacts.storage.proposals import Gravest, open_proposals, proposals_about
from contacts.storage.receipts import receipts_of
from contacts.web.stories import flags_of
from core.errors import BadInput, NotFound
from core.language import gettext as _
from core.operators import Operator, Role, operators
from core.web.visits import Answer, Place, Visit

LIST = "/console/people"
PAGE = LIST + "/{key}"
_KEY_BYTES = 32
ACTS = {
    Gravest.CHILD_CORRECTION: _("Take back a child flag"),
    Gravest.DISCLOSURE: _("Disclose what is held"),
    Gravest.LIFT_LEGAL_HOLD: _("Lift a legal hold"),
}
KINDS = {
    "contact": _("contact"),
    "sign_ups": _("sign-ups"),
    "permissions": _("permissions"),
    "stops": _("stops"),
    "pauses": _("pauses"),
    "recipients": _("times handed on"),
    "requests": _("requests"),
    "events": _("ledger entries"),
    "messages": _("messages"),
    "clicks": _("clicks"),
    "surveys": _("surveys"),
}


@dataclass(frozen=True)
class Waiting:
    """A proposal as a page shows it; `mine` says that whoever looks proposed it."""

    proposal: Proposal
    title: str
    by: str
    mine: bool
    href: str


def find_people(visit: Visit) -> Answer:
    """Ask for an address, and see what waits for a second pair of eyes."""
    return _people(visit)


def _people(visit: Visit, *, error: str = "") -> Answer:
    waiting = [each for each in _shown(visit, open_proposals(visit.session)) if _concerns(visit, each)]
    status = 422 if error else 200
    return visit.page("console/people.html", status=status, waiting=waiting, error=error, said=visit.query("said"))


def _concerns(visit: Visit, waiting: Waiting) -> bool:
    operator = visit.operator
    return operator is not None and (operator.may(Role.ADMIN) or waiting.mine)


def open_person(visit: Visit) -> Answer:
    """The page of whoever has this address, contact or not; nothing is changed, and no address is in a link (P1)."""
    try:
        address = read_address(visit.text("address"))
    except BadInput as error:
        return _people(visit, error=str(error.message))
    keys = keys_of(visit.session, PepperRing.of(visit.settings), address)
    return visit.redirect(f"{LIST}/{keys.own.hex()}")


def show_person(visit: Visit) -> Answer:
    """One person with all that is held and was done."""
    return person_page(visit)


def person_page(visit: Visit, *, error: str = "", field: str = "") -> Answer:
    """The page, perhaps again with what was wrong in one of its forms."""
    session, keys = visit.session, person_behind(visit)
    people = person_of(session, keys.own)
    blocks = blocks_of(session, keys.own)
    contact = contact_by_key(session, keys.own)
    return visit.page(
        "console/person.html",
        status=422 if error else 200,
        key=keys.own.hex(),
        contact=contact,
        attributes=sorted(contact.attributes.items()) if contact else [],
        flags=flags_of(blocks),
        child=any(block.reason == BlockReason.CHILD for block in blocks),
        held=_counted(told(session, people)),
        holds=holds_of(session, people.keys),
        erasures=erasures_of(session, people.keys),
        receipts=receipts_of(session, people.keys),
        proposals=_shown(visit, proposals_about(session, people.keys)),
        cases=[(case.id, case_title(case)) for case in cases_of(session, keys.own) if case.closed_at is None],
        tried=visit.form,
        case=visit.query("case") or visit.text("case"),
        error=error,
        error_field=field,
        said=visit.query("said"),
    )


def person_behind(visit: Visit) -> AddressKeys:
    """The keys of the person whom the page's address names.

    Raises:
        NotFound: that is no key.
    """
    try:
        own = bytes.fromhex(visit.path["key"])
    except ValueError:
        own = b""
    if len(own) != _KEY_BYTES:
        raise NotFound(_("There is no such page."))
    return keys_behind(visit.session, own)


def case_title(case: Case) -> str:
    """A request in a list to choose from."""
    kinds = {
        CaseKind.ACCESS: _("access"),
        CaseKind.ERASURE: _("erasure"),
        CaseKind.CORRECTION: _("correction"),
        CaseKind.CHILD: _("a child"),
    }
    kind = kinds.get(CaseKind(case.kind), _("other"))
    return _("No. {number}: {kind}").format(number=case.id, kind=kind)


def _counted(parts: dict[str, Any]) -> list[tuple[str, int]]:
    sizes = {name: len(part) if isinstance(part, list) else int(part is not None) for name, part in parts.items()}
    return [(title, sizes[name]) for name, title in KINDS.items() if sizes.get(name)]


def _shown(visit: Visit, proposals: list[Proposal]) -> list[Waiting]:
    team = {each.id: each for each in operators(visit.session)}
    me = visit.operator.id if visit.operator else 0
    return [
        Waiting(
            each,
            ACTS[Gravest(each.act)],
            _named(team.get(each.proposed_by)),
            each.proposed_by == me,
            f"{LIST}/{bytes(each.address_key).hex()}",
        )
        for each in proposals
    ]


def _named(operator: Operator | None) -> str:
    return operator.name or operator.email if operator else _("somebody who has left")


PLACES = (
    Place(LIST, find_people, role=Role.EDITOR),
    Place(LIST, open_person, methods=("POST",), role=Role.EDITOR),
    Place(PAGE, show_person, role=Role.EDITOR),
)
