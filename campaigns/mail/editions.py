"""A mailing ready to be written: what all of its messages share, read once, and one message made from it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from campaigns.domain.message_urls import PersonalLink, click_url, message_urls
from campaigns.mail.composing import compose
from campaigns.mail.contexts import Letterhead, Words, variables
from campaigns.mail.letters import letter
from campaigns.mail.rewriting import rewrite_html, rewrite_text
from campaigns.mail.sandbox import CompiledMail, RenderedMail, compile_mail
from campaigns.mail.shipped import Sources
from contacts.storage.contacts import Contact
from core.tokens import Keyring


@dataclass(frozen=True, slots=True)
class Written:
    """One message ready for the mail server; `message_id` is the header's, without the angle brackets."""

    message: bytes
    sender_email: str
    to_email: str
    message_id: str


@dataclass(frozen=True)
class Edition:
    """What the messages of one mailing share, or those of one variant of it.

    `topic_id`: the topic that the one-click stops, 0 for everything; `links`: destination → number, empty where
    the mailing is not tracked.
    """

    mailing_id: int
    words: Words
    templates: Sources
    head: Letterhead
    keyring: Keyring
    topic_id: int
    personal: PersonalLink | None
    links: Mapping[str, int]
    feedback_id: str

    @cached_property
    def compiled(self) -> CompiledMail:
        """The templates, read; an empty text is retold from the HTML."""
        return compile_mail(self.templates.subject, self.templates.html, self.templates.text or None)

    def write(
        self,
        person: Contact,
        number: int,
        reference: int | None,
        *,
        tracked: bool,
        at: datetime,
        smtputf8: bool = False,
    ) -> Written:
        """Write message `number`; where `tracked`, links to stored destinations become click-throughs (P20).

        Raises:
            BadInput: a template is not valid, a variable is missing for this contact, or a value cannot be written;
                names the part and line.
        """
        urls = message_urls(
            self.keyring,
            self.head.base_url,
            person.address_key,
            topic_id=self.topic_id,
            mailing_id=self.mailing_id,
            personal=self.personal,
            reference=reference,
        )
        mail = self.compiled.render(variables(person, self.words, self.head, urls))
        if tracked and self.links:
            mail = _clicked_through(self, mail, number)
        said = letter(self.words, mail, person, self.head, urls, at=at, feedback_id=self.feedback_id, smtputf8=smtputf8)
        return Written(compose(said), said.sender_email, said.to_email, said.message_id)


def _clicked_through(edition: Edition, mail: RenderedMail, message_id: int) -> RenderedMail:
    def through(address: str) -> str | None:
        link_id = edition.links.get(address)
        if link_id is None:
            return None
        return click_url(edition.keyring, edition.head.base_url, message_id, link_id)

    return replace(mail, html=rewrite_html(mail.html, through), text=rewrite_text(mail.text, through))
