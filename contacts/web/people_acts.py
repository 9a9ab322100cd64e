"""What the console does about one person: tell, erase, put right, hold, and what needs a second pair of eyes."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.responses import Response

from contacts.domain.addresses import AddressKeys, PepperRing, read_address_to_keep
from contacts.domain.case_kinds import CaseOutcome
from contacts.domain.facts import Door
from contacts.domain.scopes import EVERYTHING
from contacts.services.correct_person import Corrected, Correction, correct_person
from contacts.services.decide_proposal import decide
from contacts.services.erase_person import Erased, erase_person
from contacts.services.export_person import export_person
from contacts.services.finish_erasures import finish_erasures
from contacts.services.hand_out_disclosure import hand_out_disclosure
from contacts.services.place_hold import place_hold
from contacts.services.propose_act import propose
from contacts.services.settle_case import Settlement, settle_case
from contacts.storage.case_lists import case_numbered
from contacts.storage.peppers import keys_of
from contacts.storage.permits import wait_for_handovers
from contacts.storage.proposals import Gravest, proposal_numbered
from contacts.web.people_pages import LIST, PAGE, person_behind, person_page
from core.errors import BadInput, HeedfulError, NotFound
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit, as_number

FIELDS = ("given_name", "family_name", "locale", "time_zone")


def tell_person(visit: Visit) -> Answer:
    """Everything that is held of a person as a file; the receipt is stored before it is handed out."""
    keys = person_behind(visit)
    found = export_person(visit.session, keys, at=visit.at, operator=_operator(visit), case_id=_case(visit))
    return partial(_download, found, "person.json")


def _download(found: Mapping[str, Any], name: str) -> Response:
    text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(text, media_type="application/json", headers=headers)


def erase(visit: Visit) -> Answer:
    """Erase a person; said only once it is durable, no message is being handed over, and files are looked through."""
    evidence = visit.text("evidence")
    if not evidence:
        return person_page(visit, error=_("Say how they asked."), field="evidence")
    if not visit.text("sure"):
        return person_page(visit, error=_("Tick that you know this cannot be undone."), field="sure")
    keys, case_id = person_behind(visit), _case(visit)
    done = erase_person(
        visit.session,
        keys,
        Door.OPERATOR,
        at=visit.at,
        operator=_operator(visit),
        evidence=f"{evidence} ({_operator(visit)})",
        case_id=case_id,
    )
    if case_id and not done.hold:
        settlement = Settlement(CaseOutcome.ERASED, _("Erased."), _operator(visit), Door.OPERATOR)
        case = case_numbered(visit.session, case_id)
        visit.session.refresh(case)
        if case.closed_at is None:  # a case of somebody else's, by mistake, or of a key that is not theirs any more
            settle_case(visit.session, case, settlement, at=visit.at)
    return partial(_erased, visit, keys, done)


def _erased(visit: Visit, keys: AddressKeys, done: Erased) -> Response:
    late = _late(visit, done.own)
    if done.hold:
        return _back(visit, keys, "erasure-held")
    ring, days = PepperRing.of(visit.settings), visit.settings.child_data_days
    finish_erasures(visit.database, visit.settings.data_dir, ring, at=visit.at, child_days=days)
    return _back(visit, keys, "erased-late" if late else "erased")


def correct(visit: Visit) -> Answer:
    """Put right what the form says; a new address has to say yes itself."""
    keys = person_behind(visit)
    try:
        wanted = _wanted(visit)
        done = correct_person(visit.session, keys, wanted, at=visit.at, operator=_operator(visit), case_id=_case(visit))
    except BadInput as error:
        return person_page(visit, error=error.message, field=error.field or "new_address")
    moved = wanted.keys if "address" in done.changed and wanted.keys else keys
    return partial(_corrected, visit, moved, done)


def _wanted(visit: Visit) -> Correction:
    fields = {name: visit.text(name) for name in FIELDS if name in visit.form}
    attributes = {name.removeprefix("a-"): visit.text(name) for name in visit.form if name.startswith("a-")}
    if not visit.text("new_address"):
        return Correction(fields, attributes)
    address = read_address_to_keep(visit.text("new_address"))
    ring = PepperRing.of(visit.settings)
    return Correction(fields, attributes, address, keys_of(visit.session, ring, address))


def _corrected(visit: Visit, keys: AddressKeys, done: Corrected) -> Response:
    if "address" in done.changed:
        _late(visit, frozenset({done.own}))
    return _back(visit, keys, "corrected" if done.changed else "nothing-to-correct")


def hold(visit: Visit) -> Answer:
    """Keep a person's data for a reason in law."""
    keys = person_behind(visit)
    try:
        place_hold(visit.session, keys, visit.text("basis"), operator=_operator(visit), at=visit.at)
    except BadInput as error:
        return person_page(visit, error=error.message, field="basis")
    return partial(_back, visit, keys, "held-in-law")


def propose_gravest(visit: Visit) -> Answer:
    """Propose what nobody does alone."""
    keys, act = person_behind(visit), _act(visit)
    field = f"evidence-{act.value}"
    try:
        propose(
            visit.session,
            act,
            keys,
            visit.text(field),
            operator=_number(visit),
            at=visit.at,
            hold=as_number(visit.text("hold")) or 0,
        )
    except HeedfulError as error:
        return person_page(visit, error=error.message, field=field)
    return partial(_back, visit, keys, "proposed")


def _act(visit: Visit) -> Gravest:
    try:
        return Gravest(visit.text("act"))
    except ValueError:
        raise NotFound(_("There is no such act.")) from None


def decide_gravest(visit: Visit) -> Answer:
    """Approve or refuse what somebody else proposed."""
    number = int(visit.path["number"])
    own = bytes(proposal_numbered(visit.session, number).address_key)
    approved = visit.text("decision") == "approve"
    decide(visit.session, number, approved=approved, operator=_number(visit), at=visit.at)
    said = "approved" if approved else "refused"
    return lambda: visit.redirect(f"{LIST}/{own.hex()}?said={said}")


def disclose(visit: Visit) -> Answer:
    """Hand out what two operators agreed to disclose (P13)."""
    number = int(visit.path["number"])
    found = hand_out_disclosure(visit.session, number, at=visit.at, operator=_operator(visit))
    return partial(_download, found, f"disclosure-{number}.json")


def _late(visit: Visit, own: frozenset[bytes]) -> bool:
    return not wait_for_handovers(visit.database, own, EVERYTHING, seconds=visit.settings.confirm_seconds)


def _back(visit: Visit, keys: AddressKeys, said: str) -> Response:
    return visit.redirect(f"{LIST}/{keys.own.hex()}?said={said}")


def _number(visit: Visit) -> int:
    assert visit.operator is not None
    return visit.operator.id


def _operator(visit: Visit) -> str:
    return f"operator {_number(visit)}"


def _case(visit: Visit) -> int | None:
    """The request that this answers, if one of this person's was chosen."""
    number = as_number(visit.text("case"))
    if not number:
        return None
    case = case_numbered(visit.session, number)
    if bytes(case.address_key) != person_behind(visit).own:
        raise NotFound(_("There is no such request."))
    return number


_POST = ("POST",)
PLACES = (
    Place(f"{PAGE}/export", tell_person, methods=_POST, role=Role.ADMIN),
    Place(f"{PAGE}/erase", erase, methods=_POST, role=Role.ADMIN),
    Place(f"{PAGE}/correct", correct, methods=_POST, role=Role.EDITOR),
    Place(f"{PAGE}/hold", hold, methods=_POST, role=Role.ADMIN),
    Place(f"{PAGE}/propose", propose_gravest, methods=_POST, role=Role.EDITOR),
    Place(f"{LIST}/proposals/{{number:int}}/decide", decide_gravest, methods=_POST, role=Role.ADMIN),
    Place(f"{LIST}/proposals/{{number:int}}/disclose", disclose, methods=_POST, role=Role.ADMIN),
)
