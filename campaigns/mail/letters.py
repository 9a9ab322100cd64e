"""One message as a letter: the rendered words with sender, receiver and the headers that its topic asks for."""

from datetime import datetime
from urllib.parse import urlsplit

from campaigns.domain.message_urls import MessageUrls
from campaigns.mail.composing import OutgoingMail, new_message_id
from campaigns.mail.contexts import Letterhead, Words, language_of
from campaigns.mail.sandbox import RenderedMail
from contacts.domain.scopes import CONFIRMATION
from contacts.storage.contacts import Person


def letter(
    words: Words,
    mail: RenderedMail,
    person: Person,
    head: Letterhead,
    urls: MessageUrls,
    *,
    at: datetime,
    feedback_id: str = "",
    smtputf8: bool = False,
) -> OutgoingMail:
    """Address the mail to one person, with its ways out (G4, G20).

    The List-Id says the scope that the one-click stops: the topic, or everything.
    """
    host = urlsplit(head.base_url).hostname or "localhost"
    confirms = words.topic == CONFIRMATION
    scope = words.topic.replace(":", "-") if head.one_click_topic and not confirms else "everything"
    return OutgoingMail(
        sender_name=words.sender_name or head.sender_name,
        sender_email=words.sender_email or head.sender_email,
        to_name=person.name,
        to_email=person.address,
        reply_to=words.reply_to or head.reply_to,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        at=at,
        message_id=new_message_id(host),
        unsubscribe_url=urls.unsubscribe,
        unsubscribe_mailto=_mailto(head.unsubscribe_mailto, urls.unsubscribe),
        list_id=f"{scope}.{host}",
        list_name=words.sender_name or head.sender_name,
        feedback_id=feedback_id or None,
        auto_submitted=confirms,
        language=language_of(words, head),
        smtputf8=smtputf8,
    )


def feedback_id(campaign_id: int, mailing_id: int, topic: str) -> str:
    """What a mailbox provider groups its complaint figures by: campaign, mailing, topic, and who sends."""
    return f"c{campaign_id}:m{mailing_id}:{topic.replace(':', '-')}:heedful"


def _mailto(address: str, unsubscribe_url: str) -> str | None:
    """The way out by mail: its subject carries the token, for a reader may write from another address than ours."""
    return f"mailto:{address}?subject=unsubscribe%20{unsubscribe_url.rpartition('/')[2]}" if address else None
