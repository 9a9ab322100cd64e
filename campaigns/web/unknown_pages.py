"""Console pages for messages whose outcome is unknown: an operator says what happened; nothing else does (G6)."""

from dataclasses import dataclass
from typing import Any

from campaigns.domain.likelihoods import SENTENCES, Ending
from campaigns.domain.states import MessageState
from campaigns.services.control import decide, decide_all
from campaigns.storage.campaigns import Campaign, get_campaign
from campaigns.storage.doubts import Doubt, doubts_of
from campaigns.storage.mailings import Mailing, mailings_of
from campaigns.storage.messages import count_states, get_message
from core.errors import BadInput, Conflict, NotFound
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit

PAGE = "/console/campaigns/{campaign_id:int}/unknown"
SHOWN = 100
OUTCOMES = {
    MessageState.SENT.value: _("They arrived"),
    MessageState.FAILED.value: _("They did not arrive"),
    MessageState.PLANNED.value: _("Send them again"),
}


@dataclass(frozen=True)
class Batch:
    """What waits of one mailing: how many messages, and those that are shown."""

    mailing: Mailing
    number: int
    doubts: tuple[Doubt, ...]


def show_unknown(visit: Visit) -> Answer:
    """The messages that wait for a decision, a hundred of each mailing."""
    return _page(visit, _campaign(visit))


def _page(visit: Visit, campaign: Campaign, *, status: int = 200, error: str = "") -> Answer:
    after = visit.number("after") or 0
    batches = [batch for mailing in mailings_of(visit.session, campaign.id) if (batch := _batch(visit, mailing, after))]
    full = [each.doubts[-1].message.id for each in batches if len(each.doubts) == SHOWN]
    here = f"/console/campaigns/{campaign.id}/unknown"
    return visit.page(
        "console/campaign_unknown.html",
        status=status,
        campaign=campaign,
        batches=batches,
        sentences=_sentences(),
        outcomes=_outcomes(),
        error=error,
        first=here if after else None,
        next=f"{here}?after={min(full)}" if full else None,
        said=visit.query("said"),
    )


def _sentences() -> dict[Ending, str]:
    return {end: _(sentence) for end, sentence in SENTENCES.items()}


def _outcomes() -> dict[str, str]:
    return {key: _(words) for key, words in OUTCOMES.items()}


def _batch(visit: Visit, mailing: Mailing, after: int) -> Batch | None:
    number = count_states(visit.session, mailing.id).of(MessageState.UNKNOWN)
    if not number:
        return None
    return Batch(mailing, number, tuple(doubts_of(visit.session, mailing.id, limit=SHOWN, after=after)))


def settle_unknown(visit: Visit) -> Answer:
    """Settle one message as the operator says."""
    campaign = _campaign(visit)
    message = get_message(visit.session, int(visit.path["message_id"]))
    _mailing(visit, campaign, message.mailing_id)
    decide(visit.session, message.id, _outcome(visit.text("outcome")), at=visit.at)
    return visit.redirect(f"/console/campaigns/{campaign.id}/unknown?said=changed")


def ask_about_all(visit: Visit) -> Answer:
    """Ask whether all of a mailing are to be settled so, with their number; nothing is changed by it."""
    campaign = _campaign(visit)
    mailing, outcome = _mailing(visit, campaign, visit.number("mailing") or 0), _outcome(visit.query("outcome"))
    asked: dict[str, Any] = {"mailing": mailing, "outcome": outcome.value, "words": _outcomes()[outcome.value]}
    number = count_states(visit.session, mailing.id).of(MessageState.UNKNOWN)
    return visit.page("console/campaign_unknown_all.html", campaign=campaign, number=number, **asked)


def settle_all(visit: Visit) -> Answer:
    """Settle all of a mailing, if there are as many as the operator was told."""
    campaign = _campaign(visit)
    given = (visit.text("mailing"), visit.text("expected"))
    if not all(each.isdecimal() for each in given):
        raise BadInput(_("Say of which mailing, and how many there are."), field="expected")
    mailing, outcome = _mailing(visit, campaign, int(given[0])), _outcome(visit.text("outcome"))
    try:
        with visit.session.begin_nested():
            decide_all(visit.session, mailing.id, outcome, expected=int(given[1]), at=visit.at)
    except Conflict as error:
        return _page(visit, _campaign(visit), status=error.status, error=str(error))
    return visit.redirect(f"/console/campaigns/{campaign.id}/unknown?said=changed")


def _campaign(visit: Visit) -> Campaign:
    return get_campaign(visit.session, int(visit.path["campaign_id"]))


def _mailing(visit: Visit, campaign: Campaign, number: int) -> Mailing:
    found = {mailing.id: mailing for mailing in mailings_of(visit.session, campaign.id)}
    if number not in found:
        raise NotFound(_("There is no such message in this campaign."))
    return found[number]


def _outcome(written: str) -> MessageState:
    if written not in OUTCOMES:
        raise BadInput(_("Say whether it arrived, did not, or is to be sent again."), field="outcome")
    return MessageState(written)


PLACES = (
    Place(PAGE, show_unknown, role=Role.ANALYST),
    Place(PAGE + "/all", ask_about_all, role=Role.EDITOR),
    Place(PAGE + "/all", settle_all, methods=("POST",), role=Role.EDITOR),
    Place(PAGE + "/{message_id:int}", settle_unknown, methods=("POST",), role=Role.EDITOR),
)
