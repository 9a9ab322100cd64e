"""Console page of one campaign: ready or not before it goes, live while it is sent, the report afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from campaigns.domain.speeds import read_speed, tell_speed
from campaigns.domain.states import MessageState
from campaigns.services.control import cancel, change_rate, pause, resume, take_back
from campaigns.services.decide_winner import contest
from campaigns.services.report import CampaignReport, report
from campaigns.storage.campaigns import Campaign, delete_draft, get_campaign
from campaigns.web.campaign_forms import SEGMENT
from campaigns.web.letters_told import because
from campaigns.web.live_words import live_words
from contacts.domain.conditions import describe, read_condition
from contacts.domain.verdicts import Reason
from contacts.storage.topics import topic_named
from core.errors import BadInput, HeedfulError
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit

LIST = "/console/campaigns"
PAGE = LIST + "/{campaign_id:int}"
STATES = (
    (MessageState.SENT, _("sent")),
    (MessageState.PLANNED, _("still planned")),
    (MessageState.CLAIMED, _("being sent")),
    (MessageState.FAILED, _("failed")),
    (MessageState.WITHHELD, _("withheld at the last moment")),
    (MessageState.UNKNOWN, _("outcome unknown")),
    (MessageState.CANCELLED, _("cancelled")),
    (MessageState.EXCLUDED, _("left out from the start")),
)
SAID = {"pause": "paused", "resume": "resumed", "cancel": "cancelled", "take-back": "unscheduled"}


@dataclass(frozen=True)
class Figures:
    """The report's figures as the tiles show them."""

    audience: int
    planned: int
    sent: int
    failed: int
    withheld: int
    excluded: int
    unknown: int
    readers: int
    opt_outs: int
    pace: float


def figures_of(told: CampaignReport) -> Figures | None:
    """The figures, once anything was frozen."""
    if not told.audience:
        return None
    state = MessageState
    return Figures(
        audience=told.audience,
        planned=told.planned,
        sent=told.of(state.SENT),
        failed=told.of(state.FAILED),
        withheld=told.of(state.WITHHELD),
        excluded=told.of(state.EXCLUDED),
        unknown=told.of(state.UNKNOWN),
        readers=told.readers,
        opt_outs=told.opt_outs,
        pace=sum(each.per_second for each in told.mailings),
    )


def show_campaign(visit: Visit) -> Answer:
    """One campaign as it stands."""
    return campaign_page(visit, _campaign(visit))


def campaign_page(visit: Visit, campaign: Campaign, *, status: int = 200, **tried: Any) -> Answer:
    """The page, also after an act that was refused: `tried` may hold what was tried, and what is wrong with it."""
    shown = {"error": "", "test_error": None, "tried": "", "rate_error": None} | tried
    shown.setdefault("rate", tell_speed(campaign.rate_per_minute))
    return visit.page(
        "console/campaign.html",
        status=status,
        topic=topic_named(visit.session, campaign.topic).title,
        audience_words=_words(campaign),
        wish=campaign.wished_at,
        said=visit.query("said"),
        **_reported(visit, campaign),
        **shown,
    )


def _words(campaign: Campaign) -> str:
    if SEGMENT in campaign.audience:
        return _("the segment “{name}”").format(name=campaign.audience[SEGMENT])
    return describe(read_condition(campaign.audience))


def show_live(visit: Visit) -> Answer:
    """The piece of the page that changes while mail is going out; with the headline where the state has changed."""
    campaign = _campaign(visit)
    anew = visit.query("state") not in {"", campaign.state}
    return visit.page("console/campaign_live.html", standing_anew=anew, **_reported(visit, campaign))


def _reported(visit: Visit, campaign: Campaign) -> Mapping[str, Any]:
    told = report(visit.session, campaign.name, at=visit.at, house_zone=visit.settings.time_zone)
    return {
        **live_words(told),
        "campaign": campaign,
        "report": told,
        "figures": figures_of(told),
        "states": [(word, told.of(state)) for state, word in STATES if told.of(state)],
        "left_out": reasons_of(told),
        "contest": contest(visit.session, campaign),
    }


def reasons_of(told: CampaignReport) -> list[tuple[str, int]]:
    """Why people got nothing, over all mailings, the commonest first."""
    counted: dict[str, int] = {}
    for mailing in told.mailings:
        for state, by_reason in mailing.reasons.items():
            for reason, number in by_reason.items():
                if reason == Reason.QUIET_HOURS or state in {MessageState.UNKNOWN, MessageState.PLANNED}:
                    continue  # they wait, and get it; or perhaps they have it
                counted[because(reason)] = counted.get(because(reason), 0) + number
    return sorted(counted.items(), key=lambda item: -item[1])


def control(visit: Visit) -> Answer:
    """Pause, resume, cancel or take back; a move that is not possible any more says why."""
    campaign, act = _campaign(visit), visit.request.url.path.rpartition("/")[2]
    acts = {"pause": pause, "resume": resume, "cancel": cancel, "take-back": take_back}
    try:
        with visit.session.begin_nested():
            acts[act](visit.session, campaign.name, at=visit.at)
    except HeedfulError as error:
        return campaign_page(visit, _campaign(visit), status=error.status, error=str(error))
    return visit.redirect(f"{LIST}/{campaign.id}?said={SAID[act]}")


def pace(visit: Visit) -> Answer:
    """Change how fast it goes, at once."""
    campaign, written = _campaign(visit), visit.text("rate")
    try:
        with visit.session.begin_nested():
            change_rate(visit.session, campaign.name, read_speed(written), at=visit.at)
    except BadInput as wrong:
        return campaign_page(visit, campaign, status=wrong.status, rate=written, rate_error=str(wrong))
    except HeedfulError as error:
        return campaign_page(visit, _campaign(visit), status=error.status, error=str(error))
    return visit.redirect(f"{LIST}/{campaign.id}?said=paced")


def delete(visit: Visit) -> Answer:
    """Delete a draft that nothing was sent from."""
    campaign = _campaign(visit)
    try:
        delete_draft(visit.session, campaign)
    except HeedfulError as error:
        return campaign_page(visit, campaign, status=error.status, error=str(error))
    return visit.redirect(f"{LIST}?said=deleted")


def _campaign(visit: Visit) -> Campaign:
    return get_campaign(visit.session, int(visit.path["campaign_id"]))


PLACES = (
    Place(PAGE, show_campaign, role=Role.ANALYST),
    Place(f"{PAGE}/live", show_live, role=Role.ANALYST),
    Place(f"{PAGE}/rate", pace, methods=("POST",), role=Role.EDITOR),
    Place(f"{PAGE}/delete", delete, methods=("POST",), role=Role.EDITOR),
    *(Place(f"{PAGE}/{act}", control, methods=("POST",), role=Role.EDITOR) for act in SAID),
)
