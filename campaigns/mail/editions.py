"""A mailing ready to be written: what all of its messages share, read once, and one message made from it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from campaigns.domain.message_urls import PersonalLink, click_url, message_urls
from campaigns.mail.composing import OutgoingMail
from campaigns.mail.contexts import Letterhead, Words, variables
from campaigns.mail.letters import letter
from campaigns.mail.rewriting import rewrite_html, rewrite_text
from campaigns.mail.sandbox import CompiledMail, RenderedMail
from contacts.storage.contacts import Contact
from core.tokens import Keyring


@dataclass(frozen=True)
class Edition:
    """What the messages of one mailing share.

    `topic_id`: the topic that the one-click stops, 0 for everything; `links`: destination → number, empty where
    the mailing is not tracked.
    """

    mailing_id: int
    words: Words
    compiled: CompiledMail
    head: Letterhead
    keyring: Keyring
    topic_id: int
    personal: PersonalLink | None
    links: Mapping[str, int]
    feedback_id: str


def write(
    edition: Edition,
    person: Contact,
    message_id: int,
    reference: int | None,
    *,
    tracked: bool,
    at: datetime,
    smtputf8: bool = False,
) -> OutgoingMail:
    """Write one message; where `tracked`, links to stored destinations become click-throughs (P20).

    Raises:
        BadInput: a variable is missing for this contact; names part and line.
    """
    urls = message_urls(
        edition.keyring,
        edition.head.base_url,
        person.address_key,
        topic_id=edition.topic_id,
        mailing_id=edition.mailing_id,
        personal=edition.personal,
        reference=reference,
    )
    mail = edition.compiled.render(variables(person, edition.words, edition.head, urls))
    if tracked and edition.links:
        mail = _clicked_through(edition, mail, message_id)
    return letter(
        edition.words, mail, person, edition.head, urls, at=at, feedback_id=edition.feedback_id, smtputf8=smtputf8
    )


def _clicked_through(edition: Edition, mail: RenderedMail, message_id: int) -> RenderedMail:
    def through(address: str) -> str | None:
        link_id = edition.links.get(address)
        if link_id is None:
            return None
        return click_url(edition.keyring, edition.head.base_url, message_id, link_id)

    return replace(mail, html=rewrite_html(mail.html, through), text=rewrite_text(mail.text, through))
