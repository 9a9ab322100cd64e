"""Stopping: the one fact that every door makes of a wish to stop, whoever brings it and however (G19)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.scopes import EVERYTHING, parent_of

_KIND_OF = {Door.FEEDBACK_LOOP: Kind.COMPLAINT, Door.DELIVERY: Kind.BOUNCE}
"""What a door tells besides the wish: the provider that a mail was called spam, the server that nobody is there."""


def stop_fact(
    keys: AddressKeys,
    door: Door,
    *,
    at: datetime,
    scope: str = EVERYTHING,
    evidence: str = "",
    details: Mapping[str, Any] | None = None,
) -> Fact:
    """What is recorded when somebody is to get no more mail of this scope; the door alone decides the kind.

    A complaint and a bounce speak of everything, whatever scope is given.

    Raises:
        BadInput: no such scope.
    """
    parent_of(scope)
    kind = _KIND_OF.get(door, Kind.OPT_OUT)
    where = scope if kind is Kind.OPT_OUT else EVERYTHING
    return Fact(keys.own, keys.family, kind, where, door, at, evidence=evidence, details=dict(details or {}))
