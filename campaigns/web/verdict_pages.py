"""Console page of one message to one contact: what the gate said, why, and the same judged again (G17)."""

from campaigns.domain.states import MessageState
from campaigns.services.explain_message import explain_message
from campaigns.storage.mailings import get_mailing
from campaigns.storage.messages import Message
from campaigns.web.letters_told import TITLES, because
from contacts.storage.contacts import contact_numbered
from contacts.storage.ledger import events_numbered
from contacts.storage.topics import all_topics
from contacts.web.stories import event_lines, scope_titles
from core.errors import NotFound
from core.operators import Role
from core.web.visits import Answer, Place, Visit


def show_verdict(visit: Visit) -> Answer:
    """Why one message was or was not sent to one contact."""
    session = visit.session
    contact = contact_numbered(session, int(visit.path["contact_id"]))
    message = session.get(Message, int(visit.path["message_id"]))
    if message is None or bytes(message.address_key) != bytes(contact.address_key):
        raise NotFound("There is no such message to this contact.")
    found = explain_message(session, message, contact.keys)
    titles = scope_titles(all_topics(session))
    mailing = get_mailing(session, message.mailing_id)
    title, tone = TITLES[MessageState(message.state)]
    return visit.page(
        "console/verdict.html",
        contact=contact,
        message=message,
        mailing=mailing,
        headline=title.format(title=mailing.title),
        tone=tone,
        because=because(message.reason),
        found=found,
        events=event_lines(events_numbered(session, found.ground.events), titles) if found else (),
    )


PLACES = (Place("/console/contacts/{contact_id:int}/messages/{message_id:int}", show_verdict, role=Role.ANALYST),)
