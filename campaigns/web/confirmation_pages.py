"""Console page of the confirmations: day by day what became of the mails that asked people whether they meant it."""

from campaigns.domain.states import MessageState
from campaigns.storage.confirmations import house_campaign
from campaigns.storage.mailings import mailings_of
from campaigns.storage.messages import count_states
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit

MOST_DAYS = 31
STATES = (
    (MessageState.SENT, _("sent")),
    (MessageState.PLANNED, _("still planned")),
    (MessageState.CLAIMED, _("being sent")),
    (MessageState.FAILED, _("failed")),
    (MessageState.WITHHELD, _("withheld at the last moment")),
    (MessageState.UNKNOWN, _("outcome unknown")),
    (MessageState.CANCELLED, _("cancelled")),
)


def show_confirmations(visit: Visit) -> Answer:
    """The last month's mailings, each with where its messages ended; the figures of a day add up (G7)."""
    campaign = house_campaign(visit.session)
    mailings = mailings_of(visit.session, campaign.id)[-MOST_DAYS:] if campaign else []
    days = [(each.created_at, count_states(visit.session, each.id)) for each in reversed(mailings)]
    return visit.page("console/confirmations.html", days=days, states=STATES)


PLACES = (Place("/console/confirmations", show_confirmations, role=Role.EDITOR),)
