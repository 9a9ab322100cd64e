"""Faults of a chain to the letter: each column that can be put back, and chains so short that nothing stands behind."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contacts.domain.chain_faults import Link
from tests.contacts.domain.test_chain_faults import NOON, chain, judged, put

KEY = b"k" * 32


def recorded(number: int, **facts: Any) -> list[Link]:
    """A chain of five of which one was recorded otherwise than the rest."""
    links = chain(5)
    own = {name: facts.pop(name) for name in ("recorded_at",) if name in facts}
    links[number - 1] = replace(links[number - 1], fact=replace(links[number - 1].fact, **facts), **own)
    for place in range(number - 1, 5):
        links[place] = replace(links[place], hash=links[place].digest(links[place - 1].hash))
    return links


@pytest.mark.parametrize(
    ("was", "became", "said"),
    [
        ({"details": {"reason": "hold"}}, {"details": {}}, "its details, which was {'reason': 'hold'}"),
        ({"policy_version": None}, {"policy_version": "2026-01"}, "its policy_version, which was None"),
        ({"evidence": ""}, {"evidence": "order 3"}, "its evidence, which was "),
        ({"source": None}, {"source": "purchase"}, "its source, which was None"),
        ({"family": chain(5)[3].fact.family}, {"family": KEY}, "its family_key"),
        ({"own": chain(5)[3].fact.own}, {"own": KEY}, "its address_key"),
        (
            {"recorded_at": chain(5)[2].fact.at},
            {"recorded_at": NOON},
            f"its recorded_at, which was {chain(5)[2].fact.at.isoformat()}",
        ),
        (
            {"recorded_at": chain(5)[3].recorded_at},
            {"recorded_at": NOON},
            f"its recorded_at, which was {chain(5)[3].recorded_at.isoformat()}",
        ),
        ({"at": chain(5)[3].fact.at}, {"at": NOON}, f"its at, which was {chain(5)[3].fact.at.isoformat()}"),
        (
            {"at": chain(5)[3].recorded_at},
            {"at": NOON},
            f"its at, which was {chain(5)[3].recorded_at.isoformat()}",
        ),
    ],
    ids=lambda each: str(each)[:40],
)
def test_what_may_have_stood_there_is_put_back(was: dict[str, Any], became: dict[str, Any], said: str):
    links = recorded(3, **was)
    assert judged(links) == "nothing"
    assert judged(put(links, 3, **became)) == f"Event 3 was changed: {said}."


def test_of_the_last_but_one_the_event_behind_it_tells_what_it_was():
    links = chain(3)
    spoilt = put(links, 2, scope="research")
    assert judged(spoilt, head=bytes(32)) == "Event 2 was changed: its scope, which was offers."
    assert judged(put(links, 2, hash=bytes(32)), head=bytes(32)) == "Event 2 was changed: its hash, and nothing else."


def test_the_first_event_twice_was_not_put_in_before_it():
    links = chain(3)
    assert judged([links[0], *links]) == "Event 1 stands more than once."
    assert judged([replace(links[0], sequence=0), *links]) == "Event 0 was put in: numbers begin at 1."


def test_a_moment_that_nobody_near_has_is_not_guessed():
    spoilt = put(chain(5), 3, at=NOON + timedelta(days=9))
    assert judged(spoilt).startswith("Event 3 was changed: evidence, details or several columns; or the event before")
