"""Launching what is due: the audience frozen in one statement, and the links that its mail may lead to stored."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from campaigns.domain.local_times import first_tries
from campaigns.domain.message_urls import NOBODY, message_urls, personal_link
from campaigns.domain.windows import RECIPIENT, kept_window
from campaigns.mail.contexts import letterhead
from campaigns.mail.specimens import destinations
from campaigns.mail.variant_words import sent, spoken
from campaigns.storage.audiences import freeze_audience, sample_contacts
from campaigns.storage.links import store_links
from campaigns.storage.mailings import Mailing, begin_mailing, due_mailings, finish_mailings
from campaigns.storage.messages import Progress, count_states
from campaigns.storage.releases import cancel_leftovers, release_lost
from campaigns.storage.variants import OPEN, deal, trial_of, variants_of
from core.settings import Settings
from core.tokens import Keyring

log = logging.getLogger("heedful.launch")

SAMPLE = 5
Attach = Callable[[Session, int], Any]
"""Called with a freshly frozen mailing's number, in the same transaction, where the mailing has a personal link."""


@dataclass(frozen=True)
class Launched:
    """A mailing that was frozen, and its counts."""

    mailing: Mailing
    progress: Progress


def launch(
    session: Session,
    mailing_id: int,
    settings: Settings,
    keyring: Keyring,
    *,
    at: datetime,
    attach: Attach | None = None,
) -> Launched | None:
    """Freeze the audience of one due mailing; None if another clock did, or it was called off.

    Everybody whom the condition meets gets one message: planned, or excluded with the gate's reason. The caller
    commits; two clocks at once do no harm, as the mailing leaves `planned` by a conditional UPDATE.
    """
    mailing = begin_mailing(session, mailing_id, at)
    if mailing is None:
        return None
    tries = _tries(mailing, settings.time_zone, at) or ({"": OPEN} if trial_of(session, mailing.id) else None)
    freeze_audience(session, mailing, at=at, tries=tries)
    if mailing.personal_path:
        if attach is None:
            raise ValueError("a mailing with a personal link is launched with what attaches its references")
        attach(session, mailing.id)
    deal(session, mailing.id, at=at)
    if mailing.tracking:
        _keep_links(session, mailing, settings, keyring, at)
    finish_mailings(session, at)
    progress = count_states(session, mailing.id)
    log.info("mailing frozen", extra={"mailing": mailing.id, "audience": progress.audience, "to": progress.planned})
    return Launched(mailing, progress)


def _tries(mailing: Mailing, house_zone: str, at: datetime) -> dict[str, datetime] | None:
    """When mail may first go to people of each zone, where that is not one moment for all."""
    window = kept_window(mailing.sending_hours) if mailing.sending_zone == RECIPIENT else None
    wall = datetime.fromisoformat(mailing.local_moment) if mailing.local_moment else None
    if window is None and wall is None:
        return None
    return first_tries(house_zone, window, wall, planned_at=mailing.created_at, at=at)


def due(session: Session, at: datetime) -> list[int]:
    """The mailings to launch now, each in a transaction of its own."""
    return due_mailings(session, at)


def tidy(session: Session, *, at: datetime) -> None:
    """End what was left open: claims of dead senders, leftovers of cancelled mailings, mailings with nothing to do."""
    put_back, unknown = release_lost(session, at)
    if put_back or unknown:
        log.warning("claims of a lost sender ended", extra={"put_back": put_back, "unknown": unknown})
    cancel_leftovers(session)
    for mailing_id in finish_mailings(session, at):
        log.info("mailing finished", extra={"mailing": mailing_id})


def _keep_links(session: Session, mailing: Mailing, settings: Settings, keyring: Keyring, at: datetime) -> None:
    head = letterhead(settings)
    personal = personal_link(mailing.personal_path, mailing.personal_kind)
    urls = message_urls(keyring, settings.base_url, NOBODY, topic_id=0, mailing_id=mailing.id, personal=personal)
    people = sample_contacts(session, mailing.audience, mailing.topic, at=at, most=SAMPLE)
    found = [
        url
        for variant in (None, *variants_of(session, mailing.id))
        for url in destinations(spoken(mailing, variant), sent(variant or mailing), people, head, urls, at=at)
    ]
    store_links(session, mailing.campaign_id, found)
