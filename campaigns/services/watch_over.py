"""Watching over mailings under way: too large a share that goes wrong pauses the campaign, with the reason kept."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.domain.states import CampaignState, MailingState
from campaigns.domain.tripwires import Tripped, Wire, judge
from campaigns.storage.campaigns import get_campaign, move_campaign
from campaigns.storage.mailings import Mailing, get_mailing, move_mailings
from campaigns.storage.troubles import WHOLE, count_ended, count_troubles, keep_alarm, watched_mailings
from core.settings import Settings

log = logging.getLogger("heedful.watch")


def shares_of(settings: Settings) -> dict[Wire, float]:
    """The share at which each wire pauses, the most telling first."""
    return {
        Wire.NOT_WRITTEN: settings.pause_at_not_written,
        Wire.COMPLAINTS: settings.pause_at_complaints,
        Wire.BOUNCES: settings.pause_at_bounces,
        Wire.FAILURES: settings.pause_at_failures,
        Wire.UNANSWERED: settings.pause_at_failures,
    }


@dataclass
class Watch:
    """What one clock remembers between two looks: how many messages had ended when they were counted last.

    That number only grows, and a share only falls by it. So it is counted anew only where the last one would trip a
    wire: not at all where little goes wrong, and ever more seldom where some does.

    `least` has the fewest troubles seen since a mailing, of which so many had ended, was armed: once an operator has
    decided about unanswered messages, others count from there.
    """

    shares: Mapping[Wire, float]
    ended: dict[int, int] = field(default_factory=dict)
    least: dict[tuple[int, int], dict[Wire, int]] = field(default_factory=dict)

    def look(self, session: Session) -> list[tuple[int, Tripped]]:
        """The mailings of which too much goes wrong, and what."""
        mailings = watched_mailings(session)
        under_way = {each.id for each in mailings}
        self.ended = {number: seen for number, seen in self.ended.items() if number in under_way}
        self.least = {key: seen for key, seen in self.least.items() if key[0] in under_way}
        judged = [(each.id, self._judge(session, each)) for each in mailings]
        return [(number, tripped) for number, tripped in judged if tripped is not None]

    def _judge(self, session: Session, mailing: Mailing) -> Tripped | None:
        armed = mailing.armed_from or {}
        counted = count_troubles(session, mailing)
        before = armed.get(WHOLE, 0)
        known = self.least.get((mailing.id, before)) or {wire: armed.get(wire.value, 0) for wire in counted}
        least = {wire: min(number, known[wire]) for wire, number in counted.items()}
        self.least[mailing.id, before] = least
        parts = {wire: number - least[wire] for wire, number in counted.items()}
        if judge(parts, max(self.ended.get(mailing.id, 0) - before, *parts.values()), self.shares) is None:
            return None
        self.ended[mailing.id] = count_ended(session, mailing.id)
        return judge(parts, self.ended[mailing.id] - before, self.shares)


def halt(session: Session, mailing_id: int, tripped: Tripped, *, at: datetime) -> bool:
    """Pause the campaign of a mailing, with the reason; False if it is not being sent any more."""
    mailing = get_mailing(session, mailing_id)
    campaign = get_campaign(session, mailing.campaign_id, locked=True)
    session.refresh(mailing)
    if mailing.stage is not MailingState.SENDING or campaign.stage is not CampaignState.SENDING:
        return False
    move_campaign(session, campaign, CampaignState.PAUSED, at)
    move_mailings(session, campaign.id, MailingState.PAUSED, at=at)
    keep_alarm(session, mailing_id, tripped, at)
    facts = {"mailing": mailing_id, "wire": tripped.wire.value, "part": tripped.part, "whole": tripped.whole}
    log.warning("a mailing was paused: too much of it goes wrong", extra=facts)
    return True
