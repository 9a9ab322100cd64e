"""HEEDFUL_SMTP_URL read: who takes the mail, over which kind of line, with which name, password and share."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import parse_qsl, unquote, urlsplit

from campaigns.domain.providers import PROVIDERS, provider_of
from campaigns.domain.relays import RelayPlan
from campaigns.domain.warm_up import WarmUp, read_warm_up
from core.errors import BadInput, Misconfigured
from core.settings import LOOPBACK

_SETTING = "HEEDFUL_SMTP_URL"
_EXAMPLE = "Write smtp+starttls://user:password@mail.example.org:587, or capture: for the built-in mailbox."
_BETWEEN = re.compile(r"[\s,]+(?=(?:smtps?|smtp\+starttls)://|capture:)|\s+")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,59}")
_WARM_UP_FOR = "warmup-"
MOST_CONNECTIONS = 200


class Line(StrEnum):
    """How the line to the server is protected."""

    PLAIN = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"
    CAPTURE = "capture"


_PORTS = {Line.PLAIN: 25, Line.STARTTLS: 587, Line.TLS: 465, Line.CAPTURE: 0}


@dataclass(frozen=True, slots=True)
class RelayUrl:
    """Where mail is handed over; `cafile` names the certificate of a private authority.

    connections: lines of each sender to this server, 0 for HEEDFUL_SENDER_CONNECTIONS. pipelining: use it where the
    server offers it. plan: its name, share and limits, without anything secret.
    """

    line: Line
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    cafile: str = ""
    connections: int = 0
    pipelining: bool = True
    plan: RelayPlan = field(default=RelayPlan("relay"), compare=False)

    @property
    def shown(self) -> str:
        """The URL without the password, for logs and the doctor."""
        return "capture:" if self.line is Line.CAPTURE else f"{self.line}://{self.host}:{self.port}"


def read_relay_urls(setting: str) -> tuple[RelayUrl, ...]:
    """Read the setting: one server or several, parted by white space or commas, each with a name of its own.

    Raises:
        Misconfigured: one of them cannot be read, two have the same name, or the built-in mailbox is not alone.
    """
    relays = tuple(read_relay_url(each) for each in _BETWEEN.split(setting.strip()))
    if len(relays) > 1 and any(each.line is Line.CAPTURE for each in relays):
        raise Misconfigured(f"{_SETTING}: capture: stands alone.", remedy="Name servers, or the built-in mailbox.")
    twice = [name for name, times in Counter(each.plan.name for each in relays).items() if times > 1]
    if twice:
        raise Misconfigured(
            f"{_SETTING} names {', '.join(twice)} twice.", remedy="Give each server a name: smtp://…?name=mx1"
        )
    return relays


def read_relay_url(url: str) -> RelayUrl:
    """Read one server; user and password are percent-decoded.

    Raises:
        Misconfigured: not such a URL, or a password that would cross the network unprotected.
    """
    try:
        parts = urlsplit(url.strip())
        line, port = Line(parts.scheme), parts.port
    except ValueError:
        raise Misconfigured(f"{_SETTING} is not the address of a mail server.", remedy=_EXAMPLE) from None
    if (line is not Line.CAPTURE and not parts.hostname) or parts.path not in {"", "/"} or parts.fragment:
        raise Misconfigured(f"{_SETTING} is not the address of a mail server.", remedy=_EXAMPLE)
    user, password, host = unquote(parts.username or ""), unquote(parts.password or ""), parts.hostname or ""
    if line is Line.PLAIN and user and host not in LOOPBACK:
        raise Misconfigured(
            f"{_SETTING} would send the password over an open line.",
            remedy="Use smtp+starttls:// or smtps://.",
        )
    plain = RelayUrl(line, host, port or _PORTS[line], user, password, plan=RelayPlan(host or str(line)))
    return _with_options(plain, parts.query)


def _with_options(relay: RelayUrl, query: str) -> RelayUrl:
    # a + is a plus: names of users and zones have them, and nobody writes blanks here
    given = parse_qsl(query.replace("+", "%2B"), keep_blank_values=True)
    if twice := [key for key, times in Counter(key for key, _value in given).items() if times > 1]:
        raise _refused(relay, f"{', '.join(twice)} is given twice")
    url: dict[str, object] = {}
    plan: dict[str, object] = {}
    warm_ups: dict[str, WarmUp] = {}
    for key, value in given:
        try:
            if key.startswith(_WARM_UP_FOR) and len(key) > len(_WARM_UP_FOR):
                warm_ups[_provider(relay, key, warm_ups)] = read_warm_up(value)
            elif key in _OF_THE_LINE:
                url[key] = _OF_THE_LINE[key](value)
            else:
                name, read = _OF_THE_PLAN[key]
                plan[name] = read(value)
        except KeyError:
            raise _refused(relay, f"{key} is no option") from None
        except BadInput as error:
            raise _refused(relay, f"{key}: {error.plainly}") from None
        except ValueError:
            raise _refused(relay, f"{key} cannot be “{value}”, but {_ALLOWED[key]}") from None
    if url.get("cafile") and relay.line not in {Line.TLS, Line.STARTTLS}:
        raise _refused(relay, "cafile means nothing on a line without TLS; use smtp+starttls:// or smtps://")
    return replace(relay, **url, plan=replace(relay.plan, **plan, warm_ups=warm_ups))  # type: ignore[arg-type]  # by name


def _provider(relay: RelayUrl, key: str, others: Mapping[str, WarmUp]) -> str:
    """The provider that a warm-up is for; a domain stands for who takes its mail."""
    provider = provider_of(key.removeprefix(_WARM_UP_FOR))
    if provider not in PROVIDERS and "." not in provider:
        raise _refused(relay, f"{key}: there is no such provider; write {', '.join(PROVIDERS)}, or a domain")
    if provider in others:
        raise _refused(relay, f"{key}: {provider} has a warm-up already")
    return provider


def _refused(relay: RelayUrl, why: str) -> Misconfigured:
    known = ", ".join((*_OF_THE_LINE, *_OF_THE_PLAN, f"{_WARM_UP_FOR}<provider>"))
    return Misconfigured(f"{_SETTING}, {relay.shown}: {why.rstrip('.')}.", remedy=f"Options are {known}.")


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError
    return text


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError
    return number


def _connections(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_CONNECTIONS:
        raise ValueError
    return number


def _file(text: str) -> str:
    if not text:
        raise ValueError
    return text


def _switch(text: str) -> bool:
    if text not in {"on", "off"}:
        raise ValueError
    return text == "on"


def _domains(text: str) -> frozenset[str]:
    domains = frozenset(each.strip().lower() for each in text.split(",") if each.strip())
    if not domains or any("@" in each for each in domains):
        raise ValueError
    return domains


_OF_THE_LINE: Mapping[str, Callable[[str], object]] = {
    "cafile": _file, "connections": _connections, "pipelining": _switch,
}  # fmt: skip
_OF_THE_PLAN: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "name": ("name", _name),
    "weight": ("weight", _positive),
    "rate": ("rate", _positive),
    "from": ("senders", _domains),
    "warmup": ("warm_up", read_warm_up),
}
_ALLOWED: Mapping[str, str] = {
    "cafile": "the name of a file",
    "connections": f"a whole number from 1 to {MOST_CONNECTIONS}",
    "pipelining": "on or off",
    "name": "1 to 60 letters, digits, dots, colons and hyphens",
    "weight": "a number above 0, such as 2.5",
    "rate": "messages a second above 0, such as 50",
    "from": "domains parted by commas, such as example.org",
}
