"""Scheduling a campaign that passed its checks: its mailing is planned for the hour, as it is now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.domain.checks import Clearance
from campaigns.domain.local_times import appoint_locally
from campaigns.domain.schedules import Appointment, appoint
from campaigns.domain.states import CAMPAIGN, CampaignState
from campaigns.domain.windows import RECIPIENT
from campaigns.storage.campaigns import Campaign, move_campaign
from campaigns.storage.mailings import Mailing, MailingKind, plan_mailing
from core.errors import BadInput, Conflict
from core.language import gettext as _


@dataclass(frozen=True)
class Scheduled:
    """A campaign's mailing, and when it is due; the appointment's note says what the clocks do."""

    mailing: Mailing
    appointment: Appointment


def schedule(
    session: Session,
    campaign: Campaign,
    cleared: Clearance | None,
    *,
    when: str,
    zone: str,
    at: datetime,
) -> Scheduled:
    """Plan the campaign's mailing; from now on the campaign is not edited, and the mailing keeps its copy.

    Args:
        session: a writing session.
        campaign: a draft.
        cleared: what the checks gave; without it nothing is scheduled (G20).
        when: a local moment such as "2026-12-01 09:00", or "now"; empty: the one that the campaign names.
        zone: the moment's time zone; empty: the one that the campaign names.
        at: now.

    Raises:
        Conflict: it is no draft, has not passed its checks, or was changed after them.
        BadInput: there is no such moment or zone, or it has passed.
    """
    CAMPAIGN.require(campaign.stage, CampaignState.SCHEDULED, name=campaign.name)
    if cleared is None:
        raise Conflict(
            _("The campaign “{name}” has not passed its checks.").format(name=campaign.name),
            remedy=_("`heedful campaign check {name}` says what is wrong.").format(name=campaign.name),
        )
    written = when or campaign.wished_at
    if not written:
        raise BadInput(_("When should it be sent?"), field="at", remedy=_("Write “now”, or 2026-12-01 09:00."))
    appointment, wall = _appointment(written, zone or campaign.time_zone or "UTC", campaign.timed_for, at)
    campaign.scheduled_at, campaign.time_zone = appointment.at, appointment.zone
    mailing = plan_mailing(session, campaign, cleared, kind=MailingKind.FIRST, due_at=appointment.at, at=at)
    mailing.local_moment = wall.isoformat(" ", "minutes") if wall else None
    session.flush()
    move_campaign(session, campaign, CampaignState.SCHEDULED, at)
    return Scheduled(mailing, appointment)


def _appointment(written: str, zone: str, timed_for: str, at: datetime) -> tuple[Appointment, datetime | None]:
    """When it begins, and the hour on the wall if it is meant where each person lives."""
    return appoint_locally(written, zone, at) if timed_for == RECIPIENT else (appoint(written, zone, at), None)
