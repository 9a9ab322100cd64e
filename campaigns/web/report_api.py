"""The API's routes for campaigns: what became of one, how it goes, and how fast it may."""

from typing import Annotated

from fastapi import Path
from pydantic import Field

from campaigns.domain.speeds import FASTEST
from campaigns.domain.states import MessageState
from campaigns.services.control import change_rate
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


class CampaignCounts(Told):
    """Counts of a campaign's mailings, tests left out; `messages` add up to `audience`.

    `progress` is told while the campaign is under way; its `domains` to editors alone.
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
    return _counts(found, sees_domains=call.sees_addresses)


def _counts(found: CampaignReport, *, sees_domains: bool) -> CampaignCounts:
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
    )


API_PLACES = (
    ApiPlace(
        "/campaigns/{campaign_id}/report", report_campaign, CampaignCounts, Role.ANALYST, method="GET", also=(404,)
    ),
    ApiPlace("/campaigns/rate", set_rate, RateTold, Role.EDITOR, also=(404, 409)),
)
