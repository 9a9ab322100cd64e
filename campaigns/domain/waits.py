"""Waits: until when a message may wait at the latest, by why it does; longer only by a clock that was ahead."""

from datetime import datetime, timedelta

from campaigns.domain.allowances import HORIZON
from campaigns.domain.fates import longest_pause
from campaigns.domain.rations import Held
from campaigns.domain.rests import OF_PROVIDERS, OF_RELAYS, longest_rest
from campaigns.domain.warm_up import next_day

PAUSES = 9
"""After so many tries the pauses grow no longer."""
MORNING = timedelta(minutes=10)
"""Over how long those who waited for the next day come."""
NOWHERE_SECONDS = 60.0
"""Until a message asks again whose server is not in the settings."""
_MANY = 99


def latest_by_limit(at: datetime, zone: str) -> dict[Held, datetime]:
    """Until when a message that was due may wait for each kind of limit; `zone`: where the house's days are told."""
    return {
        Held.RATE: at + HORIZON,
        Held.PROVIDER: at + longest_rest(_MANY, OF_PROVIDERS) * 1.25,
        Held.RELAY: at + max(longest_rest(_MANY, OF_RELAYS) * 1.25, timedelta(seconds=2 * NOWHERE_SECONDS)),
        Held.WARM_UP: next_day(zone, at) + MORNING,
    }


def latest_by_tries(at: datetime) -> dict[int, datetime]:
    """Until when a message waits after so many tries, up to those after which it is always as long."""
    return {tries: at + longest_pause(tries) for tries in range(1, PAUSES + 1)}
