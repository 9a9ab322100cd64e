"""Console page for messages whose outcome is unknown: an operator says what happened; nothing else does (G6)."""

from campaigns.domain.states import MailingState, MessageState
from campaigns.services.control import decide
from campaigns.storage.campaigns import get_campaign
from campaigns.storage.mailings import mailings_of
from campaigns.storage.messages import Message, get_message, list_messages
from contacts.storage.contacts import contacts_by_keys
from core.errors import BadInput, NotFound
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit

PAGE = "/console/campaigns/{campaign_id:int}/unknown"
OUTCOMES = frozenset({MessageState.SENT.value, MessageState.FAILED.value, MessageState.PLANNED.value})


def show_unknown(visit: Visit) -> Answer:
    """The messages that wait for a decision, up to a hundred of each mailing."""
    campaign = get_campaign(visit.session, int(visit.path["campaign_id"]))
    waiting: list[Message] = []
    for mailing in mailings_of(visit.session, campaign.id):
        if mailing.stage is not MailingState.PLANNED:
            waiting += list_messages(visit.session, mailing.id, state=MessageState.UNKNOWN)
    people = contacts_by_keys(visit.session, [message.address_key for message in waiting])
    rows = [(message, people.get(bytes(message.address_key))) for message in waiting]
    return visit.page("console/campaign_unknown.html", campaign=campaign, rows=rows, said=visit.query("said"))


def settle_unknown(visit: Visit) -> Answer:
    """Settle one message as the operator says."""
    campaign = get_campaign(visit.session, int(visit.path["campaign_id"]))
    message = get_message(visit.session, int(visit.path["message_id"]))
    if message.mailing_id not in {mailing.id for mailing in mailings_of(visit.session, campaign.id)}:
        raise NotFound(_("There is no such message in this campaign."))
    if visit.text("outcome") not in OUTCOMES:
        raise BadInput(_("Say whether it arrived, did not, or is to be sent again."), field="outcome")
    decide(visit.session, message.id, MessageState(visit.text("outcome")), at=visit.at)
    return visit.redirect(f"/console/campaigns/{campaign.id}/unknown?said=changed")


PLACES = (
    Place(PAGE, show_unknown, role=Role.ANALYST),
    Place(PAGE + "/{message_id:int}", settle_unknown, methods=("POST",), role=Role.EDITOR),
)
