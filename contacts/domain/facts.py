"""Facts: the kinds of event the ledger records, and the hash that chains each to the one before."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

GENESIS = bytes(32)
_one_form = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode


class Kind(StrEnum):
    """What happened to a person's permission; events are only ever added."""

    CONSENT = "consent"
    NOTICE = "notice"
    OPT_OUT = "opt_out"
    COMPLAINT = "complaint"
    BOUNCE = "bounce"
    CHILD = "child"
    ERASURE = "erasure"
    HOLD = "hold"
    RELEASE = "release"
    PAUSE = "pause"
    RHYTHM = "rhythm"
    SHARED = "shared"
    DISCLOSED = "disclosed"


class Door(StrEnum):
    """Through which door an event came in; all doors are equal (G19)."""

    IMPORT = "import"
    ONE_CLICK = "one_click"
    PAGE = "page"
    OPEN_PAGE = "open_page"
    PREFERENCES = "preferences"
    MAILTO = "mailto"
    REPLY = "reply"
    OPERATOR = "operator"
    TERMINAL = "terminal"
    API = "api"
    SURVEY = "survey"
    FEEDBACK_LOOP = "feedback_loop"
    DELIVERY = "delivery"
    SUPPRESSION_LIST = "suppression_list"
    SIGN_UP = "sign_up"
    DOUBLE_OPT_IN = "double_opt_in"
    CONTACT_FORM = "contact_form"
    MERGE = "merge"
    ADDRESS_CHANGE = "address_change"
    PARTNER_EXPORT = "partner_export"


@dataclass(frozen=True)
class Fact:
    """Something to record about one person; `confirmed` is true only for the person's own act."""

    own: bytes
    family: bytes
    kind: Kind
    scope: str
    door: Door
    at: datetime
    source: str | None = None
    evidence: str = ""
    policy_version: str | None = None
    confirmed: bool = False
    details: dict[str, Any] = field(default_factory=dict)


def chained_hash(previous: bytes, sequence: int, recorded_at: datetime, fact: Fact) -> bytes:
    """SHA-256 over the hash before and every column of the event, in a spelling that has one form only."""
    columns = [
        sequence,
        fact.own.hex(),
        fact.family.hex(),
        fact.kind.value,
        fact.scope,
        fact.door.value,
        _spelt(fact.at),
        _spelt(recorded_at),
        fact.source,
        fact.evidence,
        fact.policy_version,
        fact.confirmed,
        fact.details,
    ]
    return sha256(previous + _one_form(columns).encode("ascii")).digest()


def _spelt(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
