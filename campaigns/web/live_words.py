"""Words for the live piece of a campaign's page: the time left, why it was paused by itself, how often to look."""

from typing import Any

from campaigns.domain.alarms import what_happened, what_to_do
from campaigns.domain.states import CampaignState
from campaigns.services.report import CampaignReport
from core.language import gettext as _

_MINUTE, _HOUR = 60, 3600
_LARGE = 100_000
"""From so many messages on the page looks more seldom: counting them takes its time."""


def live_words(told: CampaignReport) -> dict[str, Any]:
    """What the live piece says beside the figures; `poll`: seconds between two looks, none where nothing changes."""
    return {
        "poll": _poll(told),
        "time_left": None if told.seconds_left is None else duration(told.seconds_left),
        "alarm_words": what_happened(told.alarm) if told.alarm else "",
        "alarm_remedy": what_to_do(told.alarm) if told.alarm else "",
    }


def _poll(told: CampaignReport) -> int | None:
    state = told.campaign.stage
    if state not in {CampaignState.SENDING, CampaignState.PAUSED}:
        return None
    return min((2 if state is CampaignState.SENDING else 5) * (1 + told.audience // _LARGE), 20)


def duration(seconds: float) -> str:
    """Seconds as people say them, to the two largest units."""
    whole = round(seconds)
    if whole < _MINUTE:
        return _("{seconds} s").format(seconds=whole)
    if whole < _HOUR:
        return _("{minutes} min {seconds} s").format(minutes=whole // _MINUTE, seconds=whole % _MINUTE)
    return _("{hours} h {minutes} min").format(hours=whole // _HOUR, minutes=whole % _HOUR // _MINUTE)
