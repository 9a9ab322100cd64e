"""HEEDFUL_SMTP_URL read: who takes the mail, over which kind of line, with which name and password."""

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit

from core.errors import Misconfigured
from core.settings import LOOPBACK

_SETTING = "HEEDFUL_SMTP_URL"
_EXAMPLE = "Write smtp+starttls://user:password@mail.example.org:587, or capture: for the built-in mailbox."


class Line(StrEnum):
    """How the line to the server is protected."""

    PLAIN = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"
    CAPTURE = "capture"


_PORTS = {Line.PLAIN: 25, Line.STARTTLS: 587, Line.TLS: 465, Line.CAPTURE: 0}


@dataclass(frozen=True, slots=True)
class RelayUrl:
    """Where mail is handed over.

    `cafile` names the certificate of a private authority; `pipelining` off: one command at a time, whatever it offers.
    """

    line: Line
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    cafile: str = ""
    pipelining: bool = True

    @property
    def shown(self) -> str:
        """The URL without the password, for logs and the doctor."""
        return "capture:" if self.line is Line.CAPTURE else f"{self.line}://{self.host}:{self.port}"


def read_relay_url(url: str) -> RelayUrl:
    """Read the setting; user and password are percent-decoded.

    Raises:
        Misconfigured: not such a URL, or a password that would cross the network unprotected.
    """
    parts = urlsplit(url.strip())
    try:
        line, port = Line(parts.scheme), parts.port
    except ValueError:
        raise Misconfigured(f"{_SETTING} is not the address of a mail server.", remedy=_EXAMPLE) from None
    if line is Line.CAPTURE:
        return RelayUrl(line)
    options = parse_qs(parts.query)
    wrong = set(options) - {"cafile", "pipelining"} or options.get("pipelining", ["on"])[0] not in {"on", "off"}
    if not parts.hostname or parts.path not in {"", "/"} or wrong or parts.fragment:
        raise Misconfigured(f"{_SETTING} is not the address of a mail server.", remedy=_EXAMPLE)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if line is Line.PLAIN and user and parts.hostname not in LOOPBACK:
        raise Misconfigured(
            f"{_SETTING} would send the password over an open line.",
            remedy="Use smtp+starttls:// or smtps://.",
        )
    pipelining = options.get("pipelining", ["on"])[0] == "on"
    cafile = options.get("cafile", [""])[0]
    return RelayUrl(line, parts.hostname, port or _PORTS[line], user, password, cafile, pipelining)
