"""The first page of the console: how things stand over contacts, campaigns and surveys, and what to do next."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from campaigns.domain.states import CampaignState
from campaigns.storage.campaigns import count_campaigns, list_campaigns
from campaigns.web.campaign_pages import campaign_rows
from contacts.storage.listings import count_contacts, count_left
from contacts.storage.partners import reminders
from contacts.storage.reaches import reach_of
from contacts.storage.topics import open_topics
from core.operators import Role
from core.web.visits import Answer, Place, Visit
from surveys.storage.invitations import turnout
from surveys.storage.surveys import Survey, SurveyState, list_surveys

HOME = "/console"
NEXT = 5
COUNTED_AT_ONCE = 20_000
"""With more contacts than this the counts by topic are made when somebody asks for them."""


@dataclass(frozen=True)
class OpenSurvey:
    """A survey that people can answer now, with how many did."""

    title: str
    href: str
    invited: int
    completed: int


def show_overview(visit: Visit) -> Answer:
    """How things stand; the counts that take longer come by themselves."""
    session = visit.session
    counts = count_campaigns(session)
    running = [
        *list_campaigns(session, state=CampaignState.SENDING, limit=NEXT),
        *list_campaigns(session, state=CampaignState.PAUSED, limit=NEXT),
    ]
    upcoming = list_campaigns(session, state=CampaignState.SCHEDULED, limit=NEXT)
    return visit.page(
        "console/overview.html",
        contacts=count_contacts(session),
        counted_at_once=COUNTED_AT_ONCE,
        left_week=count_left(session, visit.at - timedelta(days=7)),
        left_month=count_left(session, visit.at - timedelta(days=30)),
        running=campaign_rows(session, running),
        scheduled=counts[CampaignState.SCHEDULED],
        upcoming=sorted(upcoming, key=lambda campaign: campaign.scheduled_at or visit.at),
        open_surveys=[_open(session, each) for each in list_surveys(session) if each.state == SurveyState.OPEN.value],
        reminders=reminders(session, at=visit.at),
        said=visit.query("said"),
    )


def _open(session: Session, survey: Survey) -> OpenSurvey:
    figures = turnout(session, survey.id)
    return OpenSurvey(survey.title, f"{HOME}/surveys/{survey.id}", figures.invited, figures.completed)


def show_mailable(visit: Visit) -> Answer:
    """A piece of the overview: how many people may be written to now, topic by topic."""
    session = visit.session
    topics = open_topics(session)
    rows = [(topic.title, reach_of(session, {}, topic.name, at=visit.at).permitted) for topic in topics]
    return visit.page("console/mailable.html", rows=rows, whole=count_contacts(session))


PLACES = (
    Place(HOME, show_overview, role=Role.ANALYST),
    Place(f"{HOME}/mailable", show_mailable, role=Role.ANALYST),
)
