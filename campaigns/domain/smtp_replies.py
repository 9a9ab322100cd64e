"""What a mail server's answer means: for the message, and for the line, the domain or the relay behind it."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from campaigns.domain.fates import Fate


class Phase(StrEnum):
    """Where in a handover the answer was given, or the line was lost."""

    PREPARE = "prepare"  # nothing was said: the message is none that this server takes
    CONNECT = "connect"  # the line, TLS, the greeting and EHLO
    LOGIN = "login"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"  # up to the last dot, which was not written
    DOT = "dot"  # after it


class Meant(StrEnum):
    """Whom an answer is about: who is left alone for a while, if it was no."""

    MESSAGE = "message"
    DOMAIN = "domain"  # the recipient's
    RELAY = "relay"


class Meaning(NamedTuple):
    """What follows from one answer."""

    fate: Fate
    meant: Meant


LOST = 0
"""The code where there is none: the line was lost, the server fell silent, or said what is no reply."""

_CLOSING = 421
_GO_AHEAD = 354
_RELAYING = re.compile(
    r"relay(?:ing)? (?:access )?(?:is )?(?:denied|not permitted|not allowed|prohibited)|unable to relay", re.IGNORECASE
)
"""How servers say that they do not know us: ours to mend, and said of every recipient."""


@dataclass(frozen=True)
class Row:
    """One line of the table: codes and statuses as patterns in which x stands for any digit and * for anything."""

    phases: str
    codes: str
    statuses: str
    fate: Fate
    meant: Meant
    relaying: bool = False

    def covers(self, phase: Phase, code: int, status: str, *, relaying: bool) -> bool:
        """Whether this line speaks of such an answer."""
        return (
            (self.phases == "*" or phase in self.phases.split())
            and any(_matches(each, f"{code:03}") for each in self.codes.split())
            and any(_matches(each, status or "none") for each in self.statuses.split())
            and (relaying or not self.relaying)
        )


def _matches(pattern: str, value: str) -> bool:
    written = re.escape(pattern).replace("x", "[0-9]").replace(r"\*", ".*")
    return re.fullmatch(written, value) is not None


_ASKING = "mail rcpt data"
_TOLD = "rcpt data dot"  # the server knows the recipient

# fmt: off
TABLE = (
    #   phases           codes                  statuses              fate           whom it is about
    # there is no line: nothing is said of any message
    Row("connect login", "*",                   "*",                  Fate.DEFERRED, Meant.RELAY),
    # we are not signed in, or out of step: ours to mend
    Row("*",             "503 530 534 535 538", "*",                  Fate.DEFERRED, Meant.RELAY),
    Row("*",             "5xx",  "5.7.8 5.7.9 5.7.11 5.7.14 5.7.57",  Fate.DEFERRED, Meant.RELAY),
    Row(_TOLD,           "5xx",                 "*",                  Fate.DEFERRED, Meant.RELAY, relaying=True),
    # until the dot is written nothing is handed over; an answer in the middle of the body is out of turn
    Row("body",          "*",                   "*",                  Fate.DEFERRED, Meant.RELAY),
    Row(_ASKING,         "000",                 "*",                  Fate.DEFERRED, Meant.RELAY),
    # MAIL: the server knows no recipient yet. Later means us; never means this sender, or the message's size or kind
    Row("mail",          "4xx",                 "4.1.x 4.3.4",        Fate.DEFERRED, Meant.MESSAGE),
    Row("mail",          "4xx",                 "*",                  Fate.DEFERRED, Meant.RELAY),
    Row(_ASKING,         "500 502 504",         "none 5.5.x",         Fate.DEFERRED, Meant.RELAY),
    Row("mail",          "5xx",                 "*",                  Fate.FAILED,   Meant.MESSAGE),
    # later, come slower: 4.7.x is said for the recipient's domain, 421 and 454 by the relay of itself
    Row(_TOLD,           "4xx",                 "4.7.*",              Fate.DEFERRED, Meant.DOMAIN),
    Row(_TOLD,           "421 454",             "*",                  Fate.DEFERRED, Meant.RELAY),
    Row(_TOLD,           "4xx",                 "4.3.*",              Fate.DEFERRED, Meant.RELAY),
    Row(_TOLD,           "4xx",                 "4.4.*",              Fate.DEFERRED, Meant.DOMAIN),
    Row(_TOLD,           "4xx",                 "*",                  Fate.DEFERRED, Meant.MESSAGE),
    # never: 5.7.20 to 29 is what the domain thinks of us (RFC 7372), all else is this mailbox or this message
    Row(_TOLD,           "5xx",                 "5.7.2x",             Fate.FAILED,   Meant.DOMAIN),
    Row(_TOLD,           "5xx",                 "*",                  Fate.FAILED,   Meant.MESSAGE),
    # a yes at the wrong place, before the dot
    Row(_ASKING,         "*",                   "*",                  Fate.DEFERRED, Meant.RELAY),
    # after the dot: taken, or nobody knows
    Row("dot",           "2xx",                 "*",                  Fate.SENT,     Meant.MESSAGE),
    Row("dot",           "*",                   "*",                  Fate.UNKNOWN,  Meant.RELAY),
    # we did not even try
    Row("prepare",       "*",                   "*",                  Fate.FAILED,   Meant.MESSAGE),
)
# fmt: on


def meaning(phase: Phase, code: int, status: str, text: str) -> Meaning:
    """What an answer means; the first line of the table that covers it decides.

    `code` is LOST where the line broke; `status` is that of RFC 3463, "" where none was given.
    """
    return _looked_up(phase, code, status, bool(code // 100 == 5 and _RELAYING.search(text)))  # noqa: PLR2004 - RFC 5321


@lru_cache(maxsize=1024)
def _looked_up(phase: Phase, code: int, status: str, relaying: bool) -> Meaning:  # noqa: FBT001 - a key of the cache
    row = next(row for row in TABLE if row.covers(phase, code, status, relaying=relaying))
    return Meaning(row.fate, row.meant)


def goes_on(phase: Phase, code: int) -> bool:
    """Whether the answer to MAIL, RCPT or DATA lets the handover go on."""
    return code == _GO_AHEAD if phase is Phase.DATA else 200 <= code <= 299  # noqa: PLR2004 - RFC 5321 4.2.1


def ends_line(code: int, what: Meaning) -> bool:
    """Whether the line is not worth keeping after such an answer."""
    return code == _CLOSING or what.meant is Meant.RELAY


_STATUS = re.compile(r"([245])\.[0-9]{1,3}\.[0-9]{1,3}(?![0-9.])")


def enhanced_status(code: int, text: str) -> str:
    """The status at the head of an answer (RFC 2034), "" where there is none or it contradicts the code."""
    match = _STATUS.match(text)
    return match.group() if match and int(match.group(1)) == code // 100 else ""
