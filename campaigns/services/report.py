"""What became of a campaign: messages by end and reason, clicks by link, opt-outs; for the report page and the CLI."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.domain.states import MailingState, MessageState
from campaigns.storage.campaigns import Campaign, find_campaign
from campaigns.storage.clicks import LinkClicks, count_by_link, count_readers
from campaigns.storage.deferrals import Waiting, waiting_for_hours
from campaigns.storage.departures import count_departures
from campaigns.storage.mailings import Mailing, MailingKind, mailings_of
from campaigns.storage.messages import Progress, count_reasons, count_states


@dataclass(frozen=True)
class MailingReport:
    """What became of one mailing; `per_second` is its pace from the freeze until now or its end.

    `waiting` are people in quiet hours, who are counted as planned.
    """

    mailing: Mailing
    progress: Progress
    reasons: dict[MessageState, dict[str, int]]
    opt_outs: int
    per_second: float
    waiting: Waiting


@dataclass(frozen=True)
class CampaignReport:
    """What became of a campaign: its mailings (tests left out), and what readers did."""

    campaign: Campaign
    mailings: tuple[MailingReport, ...]
    links: tuple[LinkClicks, ...]
    readers: int

    def of(self, *states: MessageState) -> int:
        """How many messages of all mailings are in one of these states."""
        return sum(each.progress.of(*states) for each in self.mailings)

    @property
    def audience(self) -> int:
        """Everybody the mailings were meant for."""
        return sum(each.progress.audience for each in self.mailings)

    @property
    def planned(self) -> int:
        """All who were to get a mail."""
        return sum(each.progress.planned for each in self.mailings)

    @property
    def opt_outs(self) -> int:
        """How many people left through a mail of this campaign."""
        return sum(each.opt_outs for each in self.mailings)

    @property
    def waiting(self) -> Waiting:
        """Who of all mailings waits for quiet hours to end, and until when."""
        waiting = [each.waiting for each in self.mailings]
        until = max((each.until for each in waiting if each.until), default=None)
        return Waiting(sum(each.number for each in waiting), until)

    @property
    def adds_up(self) -> bool:
        """Whether every message is in exactly one place (G7)."""
        return self.audience == self.of(*MessageState)


def report(session: Session, name: str, *, at: datetime) -> CampaignReport:
    """Report on a campaign; cheap enough to be asked every second while it is sent.

    Raises:
        NotFound: there is no such campaign.
    """
    campaign = find_campaign(session, name)
    mailings = [each for each in mailings_of(session, campaign.id) if _counts(each)]
    numbers = [each.id for each in mailings]
    return CampaignReport(
        campaign,
        tuple(report_mailing(session, each, at=at) for each in mailings),
        tuple(count_by_link(session, numbers)),
        count_readers(session, numbers),
    )


def report_mailing(session: Session, mailing: Mailing, *, at: datetime) -> MailingReport:
    """Report on one mailing, a test too."""
    progress = count_states(session, mailing.id)
    began, ended = mailing.frozen_at, mailing.finished_at or at
    seconds = (ended - began).total_seconds() if began else 0.0
    sent = progress.of(MessageState.SENT)
    return MailingReport(
        mailing,
        progress,
        count_reasons(session, mailing.id),
        count_departures(session, mailing.id, since=began) if began else 0,
        sent / seconds if seconds > 0 else 0.0,
        waiting_for_hours(session, mailing.id, at=at),
    )


def _counts(mailing: Mailing) -> bool:
    taken_back = mailing.stage is MailingState.CANCELLED and mailing.frozen_at is None
    return mailing.kind != MailingKind.TEST.value and not taken_back
