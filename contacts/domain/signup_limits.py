"""How often anything may be asked of the sign-up forms: one table, and the digests under which it is counted."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network

DAY = timedelta(days=1)
SIGNUP_LASTS = timedelta(days=7)
"""How long a request can be confirmed; then it is forgotten, with its address."""
UNCONFIRMED_MONTH = timedelta(days=30)
MOST_MAILS_A_MONTH = 4
"""Confirmation mails that an address gets in a month, whoever asks for them; the gate allows one a day besides."""
_SITE_BITS = 64  # what one household or one phone has of IPv6


class Counted(StrEnum):
    """What is counted, or only remembered: `browser` is where an under-age answer came from."""

    NETWORK = "network"
    FORM = "form"
    ADDRESS = "address"
    BROWSER = "browser"


@dataclass(frozen=True)
class Limit:
    """The most in one hour of the clock, and in the last 24 of them."""

    an_hour: int
    a_day: int


LIMITS: Mapping[Counted, Limit] = {
    Counted.NETWORK: Limit(30, 100),
    Counted.FORM: Limit(1_000, 10_000),
    Counted.ADDRESS: Limit(5, 10),
}
"""In the order in which they are counted, which no two requests take in another one (locks)."""


class Digests:
    """The keyed names of what is counted; without the secret nobody can tell what was."""

    def __init__(self, secret: str) -> None:
        self._key = hmac.digest(secret.encode(), b"heedful sign-up attempts v1", "sha256")

    def of(self, counted: Counted, *what: str | bytes) -> bytes:
        """The digest of one network, form, address key or browser; the parts cannot run into each other."""
        parts = [each.encode() if isinstance(each, str) else each for each in what]
        text = b"".join(len(each).to_bytes(4, "big") + each for each in parts)
        return hmac.digest(self._key, counted.value.encode() + b"\0" + text, "sha256")


def site_of(network: str) -> str:
    """The part of a visitor's network address that one household shares: all of IPv4, the first half of IPv6."""
    try:
        address = ip_address(network.partition("%")[0])
    except ValueError:
        return network
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ip_network((address, _SITE_BITS), strict=False))
    return str(address)


def hour_of(at: datetime) -> datetime:
    """The beginning of the hour of a moment."""
    return at.replace(minute=0, second=0, microsecond=0)


def seconds_left(at: datetime) -> int:
    """How long the hour still lasts: when to try again."""
    return int((hour_of(at) + timedelta(hours=1) - at).total_seconds()) or 1


def is_too_many(counted: Counted, this_hour: int, last_day: int, *, times: int = 1) -> bool:
    """Whether so many attempts are more than the table allows, or so many `times` of it."""
    limit = LIMITS[counted]
    return this_hour > limit.an_hour * times or last_day > limit.a_day * times
