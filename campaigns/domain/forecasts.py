"""Forecasts: how long what is left of a mailing takes, from how fast it goes now."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pulse:
    """How many messages were handed over lately, in how many seconds."""

    messages: int = 0
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """The rate now; 0 where nothing was handed over."""
        return self.messages / self.seconds if self.seconds > 0 else 0.0


def seconds_left(waiting: int, pulse: Pulse, rate_per_minute: float | None) -> float | None:
    """How many seconds the messages that are due take, or None where nobody can say.

    The limit counts where it is below the rate now, which then belongs to the time before it was set.
    """
    if waiting <= 0:
        return 0.0
    rates = [rate for rate in (pulse.per_second, (rate_per_minute or 0) / 60) if rate > 0]
    return waiting / min(rates) if rates else None
