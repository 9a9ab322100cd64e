"""Console pages for what is handed to a partner: exports and opt-out lists, and their word that a list is heeded."""

import io
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.responses import Response

from contacts.domain.addresses import PepperRing
from contacts.domain.partnerships import STANDSTILLS, Purpose, read_purpose
from contacts.domain.verdicts import SENTENCES, Reason
from contacts.services.feed_partner import feed_partner
from contacts.services.keep_partners import acknowledge_list
from contacts.services.share_with_partner import Request, share_with_partner
from contacts.storage.closures import is_closed
from contacts.storage.handouts import CONTACTS, PartnerHandout, handouts_of
from contacts.storage.listings import count_contacts
from contacts.storage.partners import Partner, changes_of, partner_named, reminder_for, standstill
from contacts.storage.segments import all_segments, count_meeting, segment_named
from contacts.storage.shared_people import count_shared
from core.clock import now
from core.errors import BadInput, Conflict, HeedfulError
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit

LIST = "/console/partners"
PAGE = LIST + "/{name}"
COUNTED_AT_ONCE = 20_000
"""With more contacts than this the counts are made when somebody asks for them."""
MOST_AT_ONCE = 50_000
"""People that one visit to the console judges; more are for the terminal, which shows how far it is."""


@dataclass(frozen=True)
class HandoutRow:
    """Something that was handed over, with why some people were not part of it."""

    handout: PartnerHandout
    is_list: bool
    purpose: str
    broken_off: bool
    left_out: tuple[tuple[str, int], ...]


def partner_page(
    visit: Visit, partner: Partner, *, wrong: HeedfulError | None = None, tried: Mapping[str, str] | None = None
) -> Response:
    """The page of one partner, perhaps with what could not be done."""
    session, at = visit.session, visit.at
    why, closed = standstill(session, partner.name, at=at), is_closed(session, partner.topic, at=at)
    contacts = count_contacts(session)
    return visit.page(
        "console/partner.html",
        status=wrong.status if wrong else 200,
        partner=partner,
        closed=closed,
        stopped=_(STANDSTILLS[why]).format(title=partner.title) if why else "",
        due=None if closed else reminder_for(session, partner, at=at),
        shared=count_shared(session, partner.id),
        rows=[_row(each) for each in handouts_of(session, partner.id)],
        changes=changes_of(session, partner),
        segments=[("", _("everybody who permits it")), *((each.name, each.name) for each in all_segments(session))],
        counts_itself=contacts <= COUNTED_AT_ONCE,
        error=f"{wrong.message} {wrong.remedy or ''}".strip() if wrong else "",
        error_field=getattr(wrong, "field", None) or "",
        tried=tried or {},
        said=visit.query("said"),
    )


def _row(handout: PartnerHandout) -> HandoutRow:
    details = handout.details
    left_out = [(_(SENTENCES[Reason(reason)]), number) for reason, number in details.get("refused", {}).items()]
    if details.get("withdrawn"):
        left_out.append((_("said stop while the file was made"), details["withdrawn"]))
    is_list = handout.kind != CONTACTS
    return HandoutRow(
        handout, is_list, _purpose(handout), not handout.digest, tuple(sorted(left_out, key=lambda each: -each[1]))
    )


def _purpose(handout: PartnerHandout) -> str:
    kind, _colon, reference = handout.purpose.partition(": ")
    words = {Purpose.ORDER.value: _("to fulfil an order"), Purpose.INFORM.value: _("to keep people informed")}
    return f"{words.get(kind, kind)}: {reference}"


def export_to_partner(visit: Visit) -> Answer:
    """Give the file of who may be handed over; it is made, and everybody in it recorded, before the answer begins."""
    assert visit.operator is not None
    tried = {name: visit.text(name) for name in ("purpose", "reference", "segment")}
    partner = partner_named(visit.session, visit.path["name"])
    try:
        request = _request(visit, partner, tried)
    except HeedfulError as error:
        return partner_page(visit, partner, wrong=error, tried=tried)
    name, ring = partner.name, PepperRing.of(visit.settings)

    def after_commit() -> Response:
        file = io.BytesIO()
        shared = share_with_partner(visit.database, request, file, ring=ring, read_clock=now)
        return _download(file.getvalue(), f"{name}-contacts-{shared.handout_id}.csv", "text/csv")

    return after_commit


def _request(visit: Visit, partner: Partner, tried: Mapping[str, str]) -> Request:
    assert visit.operator is not None
    purpose, reference = read_purpose(tried["purpose"], tried["reference"])
    condition = segment_named(visit.session, tried["segment"]).condition if tried["segment"] else {}
    if count_meeting(visit.session, condition, at=visit.at) > MOST_AT_ONCE:
        raise BadInput(
            _("These are more people than the console judges at once."),
            field="segment",
            remedy=_("Choose a segment, or use `heedful partner export` in the terminal."),
        )
    _require_moving(visit.session, partner, visit)
    return Request(partner.name, Purpose(purpose), reference, visit.operator.email, condition)


def _require_moving(session: Session, partner: Partner, visit: Visit) -> None:
    why = standstill(session, partner.name, at=visit.at)
    if why is not None:
        raise Conflict(_(STANDSTILLS[why]).format(title=partner.title), remedy=_("Nothing was handed over."))


def give_opt_outs(visit: Visit) -> Answer:
    """Give the opt-out list for a partner; from now on they have so many days to acknowledge it."""
    assert visit.operator is not None
    partner, only_new = partner_named(visit.session, visit.path["name"]), visit.text("extent") == "new"
    by = visit.operator.email
    try:
        with visit.session.begin_nested():
            feed = feed_partner(visit.session, partner.name, at=visit.at, operator=by, only_new=only_new)
    except Conflict as error:
        return partner_page(visit, partner, wrong=error)
    content, file_name = feed.content, f"{partner.name}-opt-outs-{feed.handout.id}.txt"
    return lambda: _download(content, file_name, "text/plain")


def acknowledge(visit: Visit) -> Answer:
    """Note that the partner says they heed a list, and every list before."""
    assert visit.operator is not None
    number, name = visit.text("list"), visit.path["name"]
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < len(str(2**31)) else 0
    acknowledge_list(visit.session, name, wanted, at=visit.at, operator=visit.operator.email)
    return visit.redirect(f"{LIST}/{name}?said=changed")


def _download(content: bytes, name: str, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=f"{kind}; charset=utf-8", headers=headers)


PLACES = (
    Place(f"{PAGE}/export", export_to_partner, methods=("POST",), role=Role.ADMIN),
    Place(f"{PAGE}/opt-outs", give_opt_outs, methods=("POST",), role=Role.ADMIN),
    Place(f"{PAGE}/acknowledge", acknowledge, methods=("POST",), role=Role.ADMIN),
)
