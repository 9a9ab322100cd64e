"""What the messages of one mailing share, or those of one variant of it, before the first of them is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from campaigns.domain.message_urls import MessageUrls, PersonalLink, message_urls
from campaigns.mail.contexts import Letterhead, Words
from campaigns.mail.sandbox import CompiledMail, compile_mail
from campaigns.mail.shipped import Sources
from core.tokens import Keyring


@dataclass(frozen=True)
class Imprint:
    """The words, the templates and what signs the links.

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

    def urls(self, own: bytes, reference: int | None) -> MessageUrls:
        """The signed URLs of a message to the person with this key."""
        return message_urls(
            self.keyring,
            self.head.base_url,
            own,
            topic_id=self.topic_id,
            mailing_id=self.mailing_id,
            personal=self.personal,
            reference=reference,
        )
