"""Negative controls: where one guard of the product is taken away, the stories notice it before long."""

import importlib
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import null

from contacts.storage import gate
from tests.oracle.acts_of_people import Asked, Confirmed, Left
from tests.oracle.acts_of_the_house import Campaign, PartnerKept, Verified
from tests.oracle.acts_on_own_page import AskedToMove, Paused
from tests.oracle.story_acts import Act, HashesListed, Imported
from tests.oracle.telling import story
from tests.oracle.test_permission_stories import a_house, tell

WITHIN = 20
"""So many stories may pass before one notices."""


def nobody(*_: Any, **__: Any) -> Any:
    """A part of the gate that stops nobody."""
    return null()


def nothing(*_: Any, **__: Any) -> list[Any]:
    """A rule that finds nothing to record."""
    return []


def yes(*_: Any, **__: Any) -> bool:
    """A question that is always answered so."""
    return True


GUARDS: dict[str, tuple[str, str, Callable[..., Any] | property]] = {
    "a stop beats a yes": ("contacts.storage.gate_parts", "_blocked", nobody),
    "a close spelling is held": ("contacts.storage.gate_parts", "_family_held", nobody),
    "a yes needs the policy's leave": ("contacts.storage.gate_parts", "_not_granted", nobody),
    "who left is not taken in again": ("contacts.domain.intake", "Known.left", property(lambda _: False)),
    "two who are one are both stopped": ("contacts.services.merge_contacts", "carried_restrictions", nothing),
    "what lies beside a choice stays stopped": ("contacts.domain.reopening", "_others", nothing),
}
CEM, DOT = "cem@example.com", "dot@example.net"
WELCOME = Imported(CEM, ("updates", "partner:acme", "sharing:acme"))
Guard = tuple[tuple[str, str, Callable[..., Any]], list[Act]]
RARE: dict[str, Guard] = {
    "a partner who is not active gets nothing": (
        ("contacts.storage.house_rules", "is_active", yes),
        [PartnerKept(verb="add"), WELCOME, PartnerKept(verb="deactivate")],
    ),
    "who moves takes their stops along": (
        ("contacts.storage.address_changes", "carried_restrictions", nothing),
        [WELCOME, AskedToMove(CEM, new=DOT), Left(CEM, "operator"), Confirmed(DOT)],
    ),
    "who stands on a hashed list is stopped on arrival": (
        ("contacts.storage.arrivals", "stop_listed", nothing),
        [HashesListed(CEM), WELCOME],
    ),
    "a pause holds": (("contacts.storage.gate_parts", "_paused", nobody), [WELCOME, Paused(CEM, 30)]),
    "a stop ends what was asked before": (
        ("contacts.storage.ledger", "end_requests", nothing),
        [Asked(CEM, ("updates",)), Left(CEM, "operator"), Confirmed(CEM)],
    ),
}
"""Guards that chance seldom leads to; a story that does is told here."""


@pytest.fixture
def without(monkeypatch):
    """Takes a guard away."""

    def take(module: str, name: str, instead: Any) -> None:
        owner: Any = importlib.import_module(module)
        *inner, last = name.split(".")
        for each in inner:
            owner = getattr(owner, each)
        monkeypatch.setattr(owner, last, instead)
        gate._question.cache_clear()

    yield take
    gate._question.cache_clear()


@pytest.fixture
def house(sqlite_template, monkeypatch):
    """A house for each story."""
    return a_house(sqlite_template, monkeypatch)


@pytest.mark.parametrize("guard", GUARDS)
def test_without_a_guard_a_story_fails(guard, house, without):
    without(*GUARDS[guard])
    quick = ([act for act in story(seed) if not isinstance(act, (Campaign, Verified))] for seed in range(1, 1 + WITHIN))
    assert any(tell(house, acts) for acts in quick), f"nothing noticed within {WITHIN} stories"


@pytest.mark.parametrize("guard", RARE)
def test_without_a_rarer_guard_its_story_fails_and_with_it_does_not(guard, house, without):
    patch, acts = RARE[guard]
    assert tell(house, acts) == ""
    without(*patch)
    assert tell(house, acts)
