"""Pausing, resuming, cancelling, taking back, and deciding about unknown messages; for operators."""

import logging
from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.domain.states import CAMPAIGN, MESSAGE, CampaignState, MailingState, MessageState
from campaigns.storage.campaigns import Campaign, find_campaign, move_campaign
from campaigns.storage.doubts import decide_all_unknown
from campaigns.storage.mailings import Mailing, get_mailing, mailings_of, move_mailings, reopen_mailing, set_rates
from campaigns.storage.messages import CAMPAIGN_CANCELLED, cancel_planned, decide_unknown, get_message
from campaigns.storage.troubles import arm_again
from core.errors import Conflict
from core.language import gettext as _

log = logging.getLogger("heedful.control")


def pause(session: Session, name: str, *, at: datetime) -> Campaign:
    """Stop claiming messages of this campaign; what is being handed over ends by itself.

    Raises:
        Conflict: it is not being sent.
    """
    campaign = find_campaign(session, name)
    move_campaign(session, campaign, CampaignState.PAUSED, at)
    move_mailings(session, campaign.id, MailingState.PAUSED, at=at)
    return campaign


def resume(session: Session, name: str, *, at: datetime) -> Campaign:
    """Go on where the campaign was paused; nobody gets a mail twice.

    Where a tripwire paused it, only what happens from now on is judged: somebody has looked at what was before.

    Raises:
        Conflict: it is not paused.
    """
    campaign = find_campaign(session, name)
    if campaign.stage is not CampaignState.PAUSED:
        raise Conflict(_("The campaign “{name}” is {state}, not paused.").format(name=name, state=campaign.state))
    move_campaign(session, campaign, CampaignState.SENDING, at)
    arm_again(session, mailings_of(session, campaign.id))
    move_mailings(session, campaign.id, MailingState.SENDING, at=at)
    return campaign


def change_rate(session: Session, name: str, rate_per_minute: float | None, *, at: datetime) -> Campaign:
    """Let the campaign go at most so fast from now on, in all its mailings; None: no limit.

    Senders read it anew before they claim, within a second.

    Raises:
        Conflict: it has ended.
    """
    campaign = find_campaign(session, name)
    if CAMPAIGN.is_final(campaign.stage) or campaign.stage is CampaignState.FINISHED:
        raise Conflict(_("The campaign “{name}” is {state}.").format(name=name, state=campaign.state))
    campaign.rate_per_minute, campaign.updated_at = rate_per_minute, at
    session.flush()
    set_rates(session, campaign.id, rate_per_minute)
    return campaign


def cancel(session: Session, name: str, *, at: datetime) -> int:
    """End the campaign for good; returns how many messages will not be sent.

    Raises:
        Conflict: it has finished, or was cancelled before.
    """
    campaign = find_campaign(session, name)
    move_campaign(session, campaign, CampaignState.CANCELLED, at)
    mailings = move_mailings(session, campaign.id, MailingState.CANCELLED, at=at)
    return cancel_planned(session, mailings, CAMPAIGN_CANCELLED)


def take_back(session: Session, name: str, *, at: datetime) -> Campaign:
    """Make a scheduled campaign a draft again, so that it can be changed.

    Raises:
        Conflict: it is not scheduled; what has begun cannot be taken back.
    """
    campaign = find_campaign(session, name)
    move_campaign(session, campaign, CampaignState.DRAFT, at)
    move_mailings(session, campaign.id, MailingState.CANCELLED, at=at)
    campaign.scheduled_at = None
    session.flush()
    return campaign


def decide(session: Session, message_id: int, new: MessageState, *, at: datetime) -> None:
    """Settle a message of unknown outcome: it arrived, it did not, or it is to be sent again (G6).

    Raises:
        Conflict: its outcome is known, or its campaign was cancelled and it is to be sent again.
    """
    message = get_message(session, message_id)
    if message.state != MessageState.UNKNOWN.value:
        raise Conflict(_("The outcome of this message is known: {state}.").format(state=message.state))
    mailing = _require_open(session, message.mailing_id, new)
    if decide_unknown(session, message, new, at) and new is MessageState.PLANNED:
        reopen_mailing(session, mailing, at)


def decide_all(session: Session, mailing_id: int, new: MessageState, *, expected: int, at: datetime) -> int:
    """Settle all messages of unknown outcome of a mailing alike (G6); returns how many those were.

    `expected`: how many the operator was told of.

    Raises:
        Conflict: there are more or fewer by now, or its campaign was cancelled and they are to be sent again.
    """
    mailing = _require_open(session, mailing_id, new)
    decided = decide_all_unknown(session, [mailing_id], new, at)
    if decided != expected:
        raise Conflict(
            _("There are {now} by now, and you were told of {then}. Nothing was changed.").format(
                now=decided, then=expected
            ),
            remedy=_("Look again, then decide."),
        )
    if new is MessageState.PLANNED and decided:
        reopen_mailing(session, mailing, at)
    log.info("unknown messages decided", extra={"mailing": mailing_id, "number": decided, "state": new.value})
    return decided


def _require_open(session: Session, mailing_id: int, new: MessageState) -> Mailing:
    MESSAGE.require(MessageState.UNKNOWN, new)
    mailing = get_mailing(session, mailing_id)
    if new is MessageState.PLANNED and mailing.stage is MailingState.CANCELLED:
        raise Conflict(_("This campaign was cancelled; nothing of it is sent again."))
    return mailing
