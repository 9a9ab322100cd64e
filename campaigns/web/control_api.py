"""The API's routes by which a campaign is paused, resumed and cancelled, and the variant chosen that the rest gets."""

from pydantic import Field

from campaigns.services.control import cancel, pause, resume
from campaigns.services.decide_winner import choose
from campaigns.storage.campaigns import get_campaign
from campaigns.web.report_api import LARGEST_NUMBER
from core.operators import Role
from core.web.calls import ApiAnswer, ApiPlace, Call, Given, Line, Told


class CampaignGiven(Given):
    """Which campaign."""

    campaign: int = Field(ge=1, le=LARGEST_NUMBER)


class CampaignStands(Told):
    """How a campaign stands after the call."""

    campaign: int
    name: str
    state: str


class CampaignEnded(CampaignStands):
    """How many of its messages were still to go, and never will."""

    not_sent: int


class ChoiceGiven(CampaignGiven):
    """Which variant those get who wait."""

    variant: Line = Field(min_length=1, description="Its letter; A is the campaign's own words.", examples=["B"])


class ChoiceTold(CampaignStands):
    """The variant that was chosen, and how many people get it."""

    chosen: str
    waiting: int


def pause_campaign(call: Call, given: CampaignGiven) -> ApiAnswer:
    """Begin nothing more of a campaign; what is being handed over at this moment ends by itself."""
    campaign = pause(call.session, _name(call, given), at=call.at)
    return CampaignStands(campaign=campaign.id, name=campaign.name, state=campaign.state)


def resume_campaign(call: Call, given: CampaignGiven) -> ApiAnswer:
    """Go on where a campaign was paused; nobody gets a mail twice."""
    campaign = resume(call.session, _name(call, given), at=call.at)
    return CampaignStands(campaign=campaign.id, name=campaign.name, state=campaign.state)


def cancel_campaign(call: Call, given: CampaignGiven) -> ApiAnswer:
    """End a campaign for good."""
    not_sent = cancel(call.session, _name(call, given), at=call.at)
    campaign = get_campaign(call.session, given.campaign)
    return CampaignEnded(campaign=campaign.id, name=campaign.name, state=campaign.state, not_sent=not_sent)


def choose_variant(call: Call, given: ChoiceGiven) -> ApiAnswer:
    """Let those of the audience who wait get this variant, whatever the figures are."""
    campaign, letter = get_campaign(call.session, given.campaign), given.variant.upper()
    stood = choose(call.session, campaign, letter, at=call.at, by=call.mark)
    told = {"campaign": campaign.id, "name": campaign.name, "state": campaign.state}
    return ChoiceTold(**told, chosen=letter, waiting=stood.waiting)


def _name(call: Call, given: CampaignGiven) -> str:
    return get_campaign(call.session, given.campaign).name


API_PLACES = (
    ApiPlace("/campaigns/pause", pause_campaign, CampaignStands, Role.EDITOR, also=(404, 409)),
    ApiPlace("/campaigns/resume", resume_campaign, CampaignStands, Role.EDITOR, also=(404, 409)),
    ApiPlace("/campaigns/cancel", cancel_campaign, CampaignEnded, Role.EDITOR, also=(404, 409)),
    ApiPlace("/campaigns/choose", choose_variant, ChoiceTold, Role.EDITOR, also=(404, 409)),
)
