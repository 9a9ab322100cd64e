"""Does a hit on a link look like a machine rather than a reader? For judging clicks (P21, G16)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

SCAN_WINDOW = timedelta(seconds=5)
"""Nobody opens a mail and follows a link this soon after the server accepted it; link scanners do."""

BURST_WINDOW = timedelta(seconds=10)
BURST_LINKS = 3
"""A reader follows one link; this many other links of one message within BURST_WINDOW is a scanner."""


class MachineSign(StrEnum):
    """Why a hit counts as a machine's."""

    METHOD = "method"
    PREFETCH = "prefetch"
    NO_AGENT = "no_agent"
    AGENT = "agent"
    NOT_HANDED_OVER = "not_handed_over"
    TOO_SOON = "too_soon"
    BURST = "burst"


_PREFETCH_HEADERS = ("purpose", "sec-purpose", "x-purpose", "x-moz")
_PREFETCH_WORDS = re.compile(r"prefetch|preview|prerender", re.IGNORECASE)
_AGENTS = re.compile(
    r"""
    (?<!cu)bot\b|crawl|spider|slurp|scan(?:ner|ning)?\b|link\s?check|link\s?expan|preview|prefetch|monitor|validator
    |headless|phantomjs|puppeteer|playwright|selenium|lighthouse
    |^(?:curl|wget|python|go-http-client|java|okhttp|axios|node|ruby|perl|libwww|apache-httpclient|aiohttp|httpx|php)
    |facebookexternalhit|whatsapp|telegram|slack|discord|skypeuri|teams|embedly|iframely
    |proofpoint|mimecast|barracuda|safelinks|trendmicro|symantec|messagelabs|fireeye|trellix|sophos|forcepoint|ironport
    |zscaler|mcafee|kaspersky|bitdefender|cloudmark|urlscan|virustotal|phishtank|safebrowsing|googleimageproxy
    """,
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True)
class Hit:
    """What is known about one request for a link. Header names in lower case."""

    method: str
    at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)


def machine_sign_of_request(hit: Hit) -> MachineSign | None:
    """Judge by the request alone, so that it can be done while the database is away."""
    if hit.method != "GET":
        return MachineSign.METHOD
    if any(_PREFETCH_WORDS.search(hit.headers.get(name, "")) for name in _PREFETCH_HEADERS):
        return MachineSign.PREFETCH
    agent = hit.headers.get("user-agent", "").strip()
    if not agent:
        return MachineSign.NO_AGENT
    if _AGENTS.search(agent):
        return MachineSign.AGENT
    return None


def machine_sign_of_timing(at: datetime, handed_over_at: datetime | None, other_links: int) -> MachineSign | None:
    """Judge by when the hit came and what else of the same message was followed.

    Args:
        at: when the link was requested.
        handed_over_at: when the server accepted the message; None if it never did.
        other_links: how many other links of the message were followed within BURST_WINDOW of the hit.
    """
    if handed_over_at is None:
        return MachineSign.NOT_HANDED_OVER
    if at < handed_over_at + SCAN_WINDOW:
        return MachineSign.TOO_SOON
    if other_links >= BURST_LINKS:
        return MachineSign.BURST
    return None
