"""Editions kept: what the messages of a mailing share, read once; the longest unused is forgotten first."""

from collections import OrderedDict

from sqlalchemy.orm import Session

from campaigns.domain.message_urls import personal_link
from campaigns.mail.contexts import letterhead
from campaigns.mail.editions import Edition
from campaigns.mail.letters import feedback_id
from campaigns.mail.shipped import Sources
from campaigns.storage.links import links_of
from campaigns.storage.mailings import get_mailing
from contacts.storage.partners import on_behalf_of
from contacts.storage.topics import topic_number
from core.errors import BadInput
from core.settings import OneClick, Settings
from core.tokens import Keyring

MOST = 64
"""Mailings whose editions are kept: a sender's memory does not grow with the number of campaigns."""


class EditionsKept:
    """The editions of one sender."""

    def __init__(self, settings: Settings, *, most: int = MOST) -> None:
        self._settings = settings
        self._keyring = Keyring(settings.secret_key.get_secret_value().split(","))
        self._most = most
        self._kept: OrderedDict[int, Edition] = OrderedDict()

    def edition(self, session: Session, mailing_id: int) -> Edition | BadInput:
        """The mailing's edition, or why it cannot be written at all."""
        found = self._kept.get(mailing_id)
        if found is not None:
            self._kept.move_to_end(mailing_id)
            return found
        try:
            found = self._kept[mailing_id] = self._read(session, mailing_id)
        except BadInput as error:
            return error
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return found

    def __len__(self) -> int:
        return len(self._kept)

    def _read(self, session: Session, mailing_id: int) -> Edition:
        settings, mailing = self._settings, get_mailing(session, mailing_id)
        return Edition(
            mailing_id=mailing_id,
            words=mailing,
            templates=Sources(mailing.subject_template, mailing.html, mailing.text),
            head=letterhead(settings, on_behalf_of(session, mailing.topic)),
            keyring=self._keyring,
            topic_id=topic_number(session, mailing.topic) if settings.one_click_scope is OneClick.TOPIC else 0,
            personal=personal_link(mailing.personal_path, mailing.personal_kind),
            links=links_of(session, mailing.campaign_id) if mailing.tracking else {},
            feedback_id=feedback_id(mailing.campaign_id, mailing_id, mailing.topic),
        )
