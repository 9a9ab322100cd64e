"""Applying a draft: a campaign created or changed from a file or a form; nothing is scheduled by it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.domain.campaign_files import CampaignDraft, check_draft, read_campaign, with_files, write_campaign
from campaigns.domain.local_times import appoint_locally
from campaigns.domain.schedules import NOW, appoint, read_moment
from campaigns.mail.shipped import kinds
from campaigns.storage.campaigns import Campaign, campaign_named, condition_of, put_draft
from contacts.domain.addresses import read_address
from contacts.storage.segments import meets
from contacts.storage.topics import open_topics
from core.errors import BadInput
from core.language import gettext as _


@dataclass(frozen=True)
class Applied:
    """What applying a draft did: the campaign, and whether it is new."""

    campaign: Campaign
    created: bool


def apply_file(session: Session, text: str, read: Callable[[str], str], *, at: datetime) -> Applied:
    """Create or change the campaign that a TOML file describes.

    Args:
        session: a writing session.
        text: the file.
        read: gives the text of a file that the campaign names, its path as written there; raises BadInput.
        at: now.

    Raises:
        BadInput: with line and key.
        Conflict: the campaign is no draft any more.
    """
    return apply_draft(session, with_files(read_campaign(text), read), at=at)


def apply_draft(session: Session, draft: CampaignDraft, *, at: datetime) -> Applied:
    """Create the campaign, or change it while it is a draft. Idempotent.

    Raises:
        BadInput: naming the field that cannot be used.
        Conflict: the campaign is no draft any more.
    """
    check_draft(draft)
    _check_against(session, draft, at)
    known = campaign_named(session, draft.name)
    return Applied(put_draft(session, draft, at), known is None)


def as_file(campaign: Campaign) -> str:
    """The campaign as a file; applying it gives the same campaign."""
    return write_campaign(campaign.draft)


def _check_against(session: Session, draft: CampaignDraft, at: datetime) -> None:
    topics = [topic.name for topic in open_topics(session)]
    if draft.topic not in topics:
        raise BadInput(
            _("There is no open topic “{topic}”.").format(topic=draft.topic),
            field="topic",
            remedy=_("Topics are: {topics}.").format(topics=", ".join(topics)),
        )
    if draft.template and draft.template not in kinds():
        raise BadInput(
            _("There is no template “{name}”.").format(name=draft.template),
            field="template",
            remedy=_("Templates are: {names}.").format(names=", ".join(kinds())),
        )
    for field in ("email", "reply_to"):
        written = getattr(draft.sender, field)
        if written:
            try:
                read_address(written)
            except BadInput as wrong:
                raise BadInput(wrong.message, field=f"sender.{field}", remedy=wrong.remedy) from None
    meets(condition_of(session, draft.audience), at=at)
    if draft.schedule.at and draft.schedule.timed_for:
        appoint_locally(draft.schedule.at, draft.schedule.zone or "UTC", at)
    elif draft.schedule.at and draft.schedule.zone:
        appoint(draft.schedule.at, draft.schedule.zone, at)
    elif draft.schedule.at and draft.schedule.at.strip().casefold() != NOW:
        read_moment(draft.schedule.at)
