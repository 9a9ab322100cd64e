"""What can be wrong with a link in a mail, told from its spelling alone; for the checks and for the links stored."""

import re
from enum import StrEnum
from urllib.parse import quote, urlsplit, urlunsplit

import idna

_PLAIN = ("mailto:", "tel:", "sms:", "#")
_HOST = re.compile(r"[^\s.@/\\]+(?:\.[^\s.@/\\]+)+|localhost|[0-9a-f:]+", re.IGNORECASE)


class LinkFault(StrEnum):
    """What is wrong; the value ends the sentence “The link …”."""

    EMPTY = "is empty"
    VARIABLE = "still holds a template's braces"
    RELATIVE = "is relative; a mail has no page to start from"
    SCHEME = "is of a kind that no mail should carry"
    MALFORMED = "is malformed"
    NOWHERE = "leads nowhere"
    UNENCRYPTED = "is not encrypted; use https:// if the site can"

    @property
    def is_tolerable(self) -> bool:
        """Say whether a mail may go out with it."""
        return self is LinkFault.UNENCRYPTED


def link_fault(url: str) -> LinkFault | None:
    """Find what is wrong with a link, as a reader's click would meet it; None if nothing."""
    tidy = url.strip()
    if not tidy:
        return LinkFault.EMPTY
    if "{{" in tidy or "{%" in tidy or "}}" in tidy:
        return LinkFault.VARIABLE
    if tidy.casefold().startswith(_PLAIN):
        return LinkFault.NOWHERE if tidy.casefold() in _PLAIN else None
    return _fault_of_address(tidy)


def _fault_of_address(url: str) -> LinkFault | None:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return LinkFault.MALFORMED
    if not parts.scheme:
        return LinkFault.RELATIVE
    if parts.scheme not in {"http", "https"}:
        return LinkFault.SCHEME
    if not host or not _HOST.fullmatch(host) or any(char.isspace() for char in url):
        return LinkFault.MALFORMED
    return LinkFault.UNENCRYPTED if parts.scheme == "http" else None


def is_destination(url: str) -> bool:
    """Say whether a redirect may lead there: an http or https address that is whole."""
    fault = link_fault(url)
    return url.strip().casefold().startswith(("http://", "https://")) and (fault is None or fault.is_tolerable)


def as_location(url: str) -> str:
    """Write a destination as a Location header takes it: ASCII, the host as A-labels, the rest percent-encoded."""
    if url.isascii():
        return url
    parts = urlsplit(url)
    host = parts.hostname or ""
    ascii_host = host if host.isascii() else idna.encode(host, uts46=True, transitional=False).decode("ascii")
    netloc = f"{ascii_host}:{parts.port}" if parts.port else ascii_host
    rest = (quote(part, safe="/:@!$&'()*+,;=%?~-._[]") for part in parts[2:])
    return urlunsplit((parts.scheme, netloc, *rest))
