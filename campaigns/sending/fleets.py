"""Fleets: the mail servers of the settings as the ways and the traffic of one sender."""

from collections.abc import Sequence

from campaigns.domain.providers import read_rates
from campaigns.mail.relay_urls import RelayUrl
from campaigns.mail.smtp import Relay
from campaigns.sending.crews import Way
from campaigns.storage.routes import Traffic
from core.settings import Settings


def traffic_of(settings: Settings, relays: Sequence[RelayUrl]) -> Traffic:
    """What directs the mail between these servers.

    Raises:
        Misconfigured: HEEDFUL_PROVIDER_RATES cannot be read.
    """
    return Traffic(
        [relay.plan for relay in relays],
        provider_rates=read_rates(settings.provider_rates),
        zone=settings.time_zone,
        house_sender=settings.sender_email,
        shared_clock=True,
    )


def ways_of(settings: Settings, relays: Sequence[RelayUrl]) -> list[Way]:
    """How lines to these servers are opened, and how many there are to each."""
    return [_way(relay, relay.connections or settings.sender_connections) for relay in relays]


def _way(relay: RelayUrl, lines: int) -> Way:
    return Way(relay.plan.name, lambda: Relay(relay), lines)
