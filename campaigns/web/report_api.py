"""The API's route for reports: what became of a campaign, as counts."""

from typing import Annotated

from fastapi import Path

from campaigns.domain.states import MessageState
from campaigns.services.report import CampaignReport, report
from campaigns.storage.campaigns import get_campaign
from core.operators import Role
from core.web.calls import ApiAnswer, ApiPlace, Call, Told

LARGEST_NUMBER = 2**31 - 1


class CampaignCounts(Told):
    """Counts of a campaign's mailings, tests left out; `messages` add up to `audience`."""

    campaign: int
    name: str
    title: str
    state: str
    audience: int
    messages: dict[str, int]
    readers: int
    clicks: int
    opt_outs: int


def report_campaign(call: Call, campaign_id: Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]) -> ApiAnswer:
    """Tell what became of a campaign: messages by state, readers who clicked, people who left through it."""
    campaign = get_campaign(call.session, campaign_id)
    return _counts(report(call.session, campaign.name, at=call.at))


def _counts(found: CampaignReport) -> CampaignCounts:
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
    )


API_PLACES = (
    ApiPlace(
        "/campaigns/{campaign_id}/report", report_campaign, CampaignCounts, Role.ANALYST, method="GET", also=(404,)
    ),
)
