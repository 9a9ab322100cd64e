"""What campaigns know about one contact, for the story on the contact's page: mails and clicks."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from campaigns.domain.rations import HELD_SENTENCES, Held
from campaigns.domain.states import MessageState
from campaigns.storage import letters_kept  # noqa: F401 - so that the web knows what campaigns keep of a person
from campaigns.storage.clicks import clicks_of
from campaigns.storage.mailings import Mailing, get_mailing
from campaigns.storage.messages import Message, messages_to
from contacts.domain.verdicts import SENTENCES, Reason
from contacts.storage.contacts import Contact
from contacts.web.stories import Line, tells
from core.language import gettext as _

MOST = 200
TITLES = {
    MessageState.PLANNED: (_("A mail is planned: {title}"), "live"),
    MessageState.CLAIMED: (_("A mail is being sent: {title}"), "live"),
    MessageState.SENT: (_("Got a mail: {title}"), "live"),
    MessageState.FAILED: (_("A mail failed: {title}"), "bad"),
    MessageState.WITHHELD: (_("A mail was withheld: {title}"), "warn"),
    MessageState.UNKNOWN: (_("It is unknown whether a mail arrived: {title}"), "warn"),
    MessageState.CANCELLED: (_("A mail was cancelled: {title}"), ""),
    MessageState.EXCLUDED: (_("Left out of: {title}"), ""),
}


@tells
def tell_messages(session: Session, contact: Contact) -> Iterable[Line]:
    """Each mail that was meant for the contact, with what became of it."""
    for message in session.scalars(messages_to(contact.address_key).limit(MOST)):
        yield _line(message, get_mailing(session, message.mailing_id), contact)


def _line(message: Message, mailing: Mailing, contact: Contact) -> Line:
    title, tone = TITLES[MessageState(message.state)]
    return Line(
        at=message.handed_over_at or mailing.frozen_at or mailing.due_at,
        title=title.format(title=mailing.title),
        detail=" · ".join(part for part in (because(message.reason), message.reply) if part),
        tone=tone,
        href=f"/console/contacts/{contact.id}/messages/{message.id}",
    )


def because(reason: str | None) -> str:
    """A stored reason as a sentence, where it is one of the gate's or of the limits; else as it was stored."""
    if reason in set(Reason):
        return _(SENTENCES[Reason(reason)])
    if reason in set(Held):
        return _(HELD_SENTENCES[Held(reason)])
    return (reason or "").replace("_", " ")


@tells
def tell_clicks(session: Session, contact: Contact) -> Iterable[Line]:
    """Each click that the contact let us keep."""
    for at, url, topic in session.execute(clicks_of(contact.id).limit(MOST)):
        yield Line(at=at, title=_("Clicked on {url}").format(url=url), detail=topic, tone="good")
