"""The API's routes for campaigns: what became of one and of its variants, how it goes, and how fast it may."""

from typing import Annotated

from fastapi import Path
from pydantic import Field

from campaigns.domain.speeds import FASTEST
from campaigns.domain.states import MessageState
from campaigns.domain.winners import Tally, letter_of
from campaigns.services.control import change_rate
from campaigns.services.decide_winner import Contest, contest
from campaigns.services.report import CampaignReport, progress_facts, report
from campaigns.storage.campaigns import get_campaign
from core.operators import Role
from core.web.calls import ApiAnswer, ApiPlace, Call, Given, Told

LARGEST_NUMBER = 2**31 - 1


class SlowDomain(Told):
    """A domain whose servers put mail off, how many messages, and what they say most often."""

    domain: str
    deferred: int
    said: str


class CampaignProgress(Told):
    """How a campaign under way goes; rates are of the last seconds, moments in UTC.

    `due` messages could go now, `later` ones wait for an hour or for a server that put them off (`deferred`).
    """

    planned: int
    ended: int
    per_second: float
    rate_per_minute: float | None
    seconds_left: float | None
    due: int
    later: int
    next_at: str | None
    opens_at: str | None
    deferred: int
    domains: list[SlowDomain]
    paused_because: str | None
    remedy: str | None


class VariantFigures(Told):
    """What came of one variant: mails delivered, those with a click or an answer, and the share with its 95 % interval.

    Shares are from 0 to 1.
    """

    letter: str
    delivered: int
    responses: int
    share: float
    low: float
    high: float


class VariantsStand(Told):
    """How the variants of a campaign compete, or what the decision saw; `chosen` is what the rest got, or gets.

    `criterion`: clicks or answers; `standing`: clear, close or too_few. `asked`: somebody is to choose. Moments in UTC.
    """

    criterion: str
    standing: str
    confidence: float
    said: str
    waiting: int
    asked: bool
    decide_at: str | None
    decided_at: str | None
    chosen: str | None
    by_hand: bool
    variants: list[VariantFigures]


class CampaignCounts(Told):
    """Counts of a campaign's mailings, tests left out; `messages` add up to `audience`.

    `progress` is told while the campaign is under way; its `domains` to editors alone. `trial` where variants compete.
    """

    campaign: int
    name: str
    title: str
    state: str
    audience: int
    messages: dict[str, int]
    readers: int
    clicks: int
    opt_outs: int
    progress: CampaignProgress | None
    trial: VariantsStand | None


class RateGiven(Given):
    """How fast a campaign may go."""

    campaign: int = Field(ge=1, le=LARGEST_NUMBER)
    rate_per_minute: float | None = Field(
        gt=0, le=FASTEST, description="Most messages a minute, all senders together; null for no limit."
    )


class RateTold(Told):
    """How fast a campaign may go from now on."""

    campaign: int
    state: str
    rate_per_minute: float | None


def set_rate(call: Call, given: RateGiven) -> ApiAnswer:
    """Change how fast a campaign goes, at once, also while it is sent."""
    campaign = get_campaign(call.session, given.campaign)
    change_rate(call.session, campaign.name, given.rate_per_minute, at=call.at)
    return RateTold(campaign=campaign.id, state=campaign.state, rate_per_minute=given.rate_per_minute)


def report_campaign(call: Call, campaign_id: Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]) -> ApiAnswer:
    """Tell what became of a campaign: messages by state, readers who clicked, people who left through it."""
    campaign = get_campaign(call.session, campaign_id)
    found = report(call.session, campaign.name, at=call.at, house_zone=call.settings.time_zone)
    stood = contest(call.session, campaign)
    return _counts(found, _standing(stood) if stood else None, sees_domains=call.sees_addresses)


def _standing(found: Contest) -> VariantsStand:
    trial = found.trial
    return VariantsStand(
        criterion=trial.criterion,
        standing=found.judgement.standing.value,
        confidence=round(found.judgement.confidence, 6),
        said=found.sentence,
        waiting=found.waiting,
        asked=trial.asked_at is not None and trial.winner is None,
        decide_at=trial.decide_at.isoformat() if trial.decide_at else None,
        decided_at=trial.decided_at.isoformat() if trial.decided_at else None,
        chosen=letter_of(trial.winner) if trial.winner else None,
        by_hand=bool(trial.decided_by),
        variants=list(map(_figures, found.tallies)),
    )


def _figures(each: Tally) -> VariantFigures:
    low, high = (round(bound, 6) for bound in each.interval)
    told = {"delivered": each.delivered, "responses": each.responses, "share": round(each.rate, 6)}
    return VariantFigures(letter=each.letter, **told, low=low, high=high)


def _counts(found: CampaignReport, trial: VariantsStand | None, *, sees_domains: bool) -> CampaignCounts:
    facts = progress_facts(found) | ({} if sees_domains else {"domains": []})
    facts.pop("state")
    return CampaignCounts(
        campaign=found.campaign.id,
        name=found.campaign.name,
        title=found.campaign.title,
        state=found.campaign.state,
        audience=found.audience,
        messages={state.value: found.of(state) for state in MessageState},
        readers=found.readers,
        clicks=sum(each.total for each in found.links),
        opt_outs=found.opt_outs,
        progress=CampaignProgress(**facts) if found.flow else None,
        trial=trial,
    )


API_PLACES = (
    ApiPlace(
        "/campaigns/{campaign_id}/report", report_campaign, CampaignCounts, Role.ANALYST, method="GET", also=(404,)
    ),
    ApiPlace("/campaigns/rate", set_rate, RateTold, Role.EDITOR, also=(404, 409)),
)
