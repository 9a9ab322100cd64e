"""What became of a campaign: messages by end and reason, clicks by link, opt-outs; for the report page and the CLI."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from campaigns.domain.alarms import what_happened, what_to_do
from campaigns.domain.forecasts import seconds_left
from campaigns.domain.states import CampaignState, MailingState, MessageState
from campaigns.domain.tripwires import Tripped
from campaigns.domain.windows import kept_window, opens, waits
from campaigns.storage.campaigns import Campaign, find_campaign
from campaigns.storage.clicks import LinkClicks, count_by_link, count_readers
from campaigns.storage.deferrals import Waiting, waiting_for_hours
from campaigns.storage.departures import count_departures
from campaigns.storage.headways import Flow, flow_of
from campaigns.storage.mailings import Mailing, MailingKind, mailings_of
from campaigns.storage.messages import Progress, count_reasons, count_states
from campaigns.storage.troubles import alarm_of

UNDER_WAY = frozenset({CampaignState.SENDING, CampaignState.PAUSED})


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
    """What became of a campaign: its mailings (tests left out), and what readers did.

    `flow`: how it goes while it is under way. `opens_at`: when its hours begin, where it is outside of them now.
    """

    campaign: Campaign
    mailings: tuple[MailingReport, ...]
    links: tuple[LinkClicks, ...]
    readers: int
    flow: Flow | None = None
    opens_at: datetime | None = None

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
    def seconds_left(self) -> float | None:
        """How long what is due takes at the rate now; None where nobody can say, or nothing goes."""
        if self.flow is None or self.campaign.stage is not CampaignState.SENDING or self.opens_at:
            return None
        open_ones = self.flow.due + self.of(MessageState.CLAIMED)
        return seconds_left(open_ones, self.flow.pulse, self.campaign.rate_per_minute)

    @property
    def alarm(self) -> Tripped | None:
        """The wire that paused it, with what it saw."""
        return next((alarm for each in self.mailings if (alarm := alarm_of(each.mailing))), None)

    @property
    def ended(self) -> int:
        """How many of the planned messages have come to their end."""
        return sum(each.progress.ended for each in self.mailings)

    @property
    def adds_up(self) -> bool:
        """Whether every message is in exactly one place (G7)."""
        return self.audience == self.of(*MessageState)


def report(session: Session, name: str, *, at: datetime, house_zone: str = "UTC") -> CampaignReport:
    """Report on a campaign; cheap enough to be asked every second while it is sent.

    `house_zone`: where hours are read that name no zone.

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
        _flow(session, mailings, at) if campaign.stage in UNDER_WAY else None,
        _opens_at(mailings, house_zone, at) if campaign.stage in UNDER_WAY else None,
    )


def progress_facts(told: CampaignReport) -> dict[str, Any]:
    """How it goes, as plain values for programs; nothing but the state where it is not under way."""
    flow, facts = told.flow, {"state": told.campaign.state, "planned": told.planned, "ended": told.ended}
    if flow is None:
        return facts
    alarm = told.alarm
    return facts | {
        "per_second": round(flow.pulse.per_second, 3),
        "rate_per_minute": told.campaign.rate_per_minute,
        "seconds_left": None if told.seconds_left is None else round(told.seconds_left, 1),
        "due": flow.due,
        "later": flow.later,
        "next_at": flow.next_at.isoformat() if flow.next_at else None,
        "opens_at": told.opens_at.isoformat() if told.opens_at else None,
        "deferred": flow.deferred,
        "domains": [{"domain": each.domain, "deferred": each.number, "said": each.said} for each in flow.slow],
        "paused_because": what_happened(alarm) if alarm else None,
        "remedy": what_to_do(alarm) if alarm else None,
    }


def _flow(session: Session, mailings: list[Mailing], at: datetime) -> Flow:
    running = {each.id: each.frozen_at for each in mailings if each.frozen_at and each.finished_at is None}
    return flow_of(session, running, at=at, since=min(running.values())) if running else Flow()


def _opens_at(mailings: list[Mailing], house_zone: str, at: datetime) -> datetime | None:
    """When the first may go on, if all that are under way wait for their hours."""
    closed = [
        (each.sending_hours, each.sending_zone or house_zone)
        if waits(each.sending_hours, each.sending_zone, house_zone, at)
        else None
        for each in mailings
        if each.frozen_at and each.finished_at is None
    ]
    if not closed or None in closed:
        return None
    return min(opens(kept_window(each[0]), each[1], at) for each in closed if each)


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
