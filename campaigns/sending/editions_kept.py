"""Editions kept: what the messages of a mailing share, read once; the longest unused is forgotten first."""

from collections import OrderedDict

from sqlalchemy.orm import Session

from campaigns.domain.message_urls import personal_link
from campaigns.mail.contexts import letterhead
from campaigns.mail.editions import Edition
from campaigns.mail.letters import feedback_id
from campaigns.mail.variant_words import sent, spoken
from campaigns.storage.links import links_of
from campaigns.storage.mailings import get_mailing
from campaigns.storage.variants import variant_numbered
from contacts.storage.partners import on_behalf_of
from contacts.storage.topics import topic_number
from core.errors import BadInput
from core.settings import OneClick, Settings
from core.tokens import Keyring

MOST = 64
"""Editions that are kept, one a mailing or variant: a sender's memory does not grow with the number of campaigns."""


class EditionsKept:
    """The editions of one sender."""

    def __init__(self, settings: Settings, *, most: int = MOST) -> None:
        self._settings = settings
        self._keyring = Keyring(settings.secret_key.get_secret_value().split(","))
        self._most = most
        self._kept: OrderedDict[tuple[int, int], Edition] = OrderedDict()

    def edition(self, session: Session, mailing_id: int, variant: int | None = None) -> Edition | BadInput:
        """The edition of the mailing or of a variant of it, or why it cannot be written at all."""
        key = (mailing_id, variant or 1)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            found.expect()
            return found
        try:
            found = self._kept[key] = self._read(session, *key)
        except BadInput as error:
            return error
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        found.expect()
        return found

    def __len__(self) -> int:
        return len(self._kept)

    def _read(self, session: Session, mailing_id: int, number: int) -> Edition:
        settings, mailing = self._settings, get_mailing(session, mailing_id)
        variant = variant_numbered(session, mailing_id, number)
        edition = Edition(
            mailing_id=mailing_id,
            words=spoken(mailing, variant),
            templates=sent(variant or mailing),
            head=letterhead(settings, on_behalf_of(session, mailing.topic)),
            keyring=self._keyring,
            topic_id=topic_number(session, mailing.topic) if settings.one_click_scope is OneClick.TOPIC else 0,
            personal=personal_link(mailing.personal_path, mailing.personal_kind),
            links=links_of(session, mailing.campaign_id) if mailing.tracking else {},
            feedback_id=feedback_id(mailing.campaign_id, mailing_id, mailing.topic),
        )
        session.expunge(mailing)  # kept beyond this transaction: were it rolled back, nobody could read its words again
        return edition
