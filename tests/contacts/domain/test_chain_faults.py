"""Where a chain of hashes breaks, and what was done to it there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contacts.domain.chain_faults import NEIGHBOURS, Link, what_happened
from contacts.domain.facts import GENESIS, Door, Fact, Kind

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def chain(length: int) -> list[Link]:
    """Events of invented people, each a minute after the other."""
    made, digest = [], GENESIS
    for number in range(1, length + 1):
        at = NOON + timedelta(minutes=number)
        fact = Fact(
            own=bytes([number % 250]) * 32, family=bytes([number % 250]) * 32, kind=Kind.CONSENT, scope="offers",
            door=Door.IMPORT, at=at, source="purchase", evidence=f"order {number}", policy_version="2026-01",
        )  # fmt: skip
        link = Link(number, at + timedelta(seconds=1), fact, b"")
        digest = link.digest(digest)
        made.append(replace(link, hash=digest))
    return made


def judged(links: list[Link], head: bytes | None = None) -> str:
    """What is said at the first place where the chain breaks."""
    before, expected = GENESIS, 1
    for place, link in enumerate(links):
        if link.sequence != expected or not link.follows(before):
            return what_happened(before, expected, links[place:], links[-1].hash if head is None else head)
        before, expected = link.hash, expected + 1
    return "nothing"


def put(links: list[Link], number: int, **changes: object) -> list[Link]:
    """The chain with one event changed, its hash left as it was."""
    link = links[number - 1]
    own = {name: value for name, value in changes.items() if name in {"sequence", "recorded_at", "hash"}}
    fact = replace(link.fact, **{name: value for name, value in changes.items() if name not in own})  # type: ignore[arg-type]  # test values
    return [*links[: number - 1], replace(link, fact=fact, **own), *links[number:]]  # type: ignore[arg-type]  # test values


def renumbered(links: list[Link], by: int) -> list[Link]:
    return [replace(link, sequence=link.sequence + by) for link in links]


def test_a_chain_as_it_was_recorded_breaks_nowhere():
    assert judged(chain(5)) == "nothing"


CHANGES = [
    ({"kind": Kind.NOTICE}, "its kind, which was consent"),
    ({"door": Door.API}, "its door, which was import"),
    ({"scope": "research"}, "its scope, which was offers"),
    ({"source": "survey"}, "its source, which was purchase"),
    ({"confirmed": True}, "its confirmed, which was False"),
    ({"details": {"reason": "x"}}, "its details, which was {}"),
    ({"recorded_at": NOON}, "evidence, details or several columns; or the event before it was rewritten"),
    ({"at": NOON}, "evidence, details or several columns; or"),
    ({"evidence": "on the telephone"}, "evidence, details or several columns; or"),
    ({"hash": bytes(range(32))}, "its hash, and nothing else"),
    ({"own": bytes(32)}, "evidence, details or several columns; or"),
]


@pytest.mark.parametrize(("change", "said"), CHANGES, ids=lambda each: str(each)[:30])
@pytest.mark.parametrize("number", [2, 5])
def test_the_column_that_was_changed_is_told_where_it_can_be(number, change, said):
    links = chain(5)
    spoilt = put(links, number, **change)
    assert judged(spoilt, head=links[-1].hash).startswith(f"Event {number} was changed: {said}")


def test_a_key_that_a_neighbour_has_is_found_and_never_shown():
    links = chain(5)
    same = put(links, 3, own=links[3].fact.own, family=links[3].fact.family)
    digest = same[1].hash
    for place in range(2, 5):
        same[place] = replace(same[place], hash=same[place].digest(digest))
        digest = same[place].hash
    assert judged(put(same, 3, own=bytes(32))) == "Event 3 was changed: its address_key."


def test_a_version_of_the_policy_that_a_neighbour_names_is_put_back():
    spoilt = put(chain(5), 2, policy_version="2020")
    assert judged(spoilt) == "Event 2 was changed: its policy_version, which was 2026-01."


def test_a_moment_that_stands_beside_it_is_put_back():
    links = chain(3)
    at = links[1].fact.at
    together = [links[0], replace(links[1], recorded_at=at, hash=b"")]
    together[1] = replace(together[1], hash=together[1].digest(links[0].hash))
    spoilt = put(together, 2, at=NOON)
    assert judged(spoilt) == f"Event 2 was changed: its at, which was {at.isoformat()}."


def test_of_the_first_event_nothing_before_it_is_blamed():
    assert judged(put(chain(3), 1, evidence="x")) == "Event 1 was changed: evidence, details or several columns."


def test_more_than_one_event_rewritten_is_said_so():
    links = put(put(chain(5), 2, evidence="x"), 2, hash=bytes(32))
    assert judged(links) == "Event 2 was changed, and its hash or the event after it as well."


def test_missing_events_are_counted():
    links = chain(9)
    assert judged([*links[:3], *links[4:]]) == "Event 4 is missing."
    assert judged(links[3:]) == "Events 1 to 3 are missing."


@pytest.mark.parametrize(("count", "said"), [(1, "Event 4 is missing"), (3, "3 events from 4 on are missing")])
def test_missing_events_are_found_though_the_rest_was_numbered_anew(count, said):
    links = chain(12)
    assert (
        judged([*links[:3], *renumbered(links[3 + count :], -count)]) == f"{said}, and those after were numbered anew."
    )


@pytest.mark.parametrize(("count", "said"), [(1, "event 4 was put in."), (2, "2 events were put in before it.")])
def test_events_that_were_put_in_are_told_from_those_that_were_moved(count, said):
    links = chain(8)
    foreign = [replace(links[0], sequence=4 + place) for place in range(count)]
    found = judged([*links[:3], *foreign, *renumbered(links[3:], count)])
    assert found == f"What was recorded as event 4 stands as event {4 + count}: {said}"


def test_two_that_changed_places_are_a_change_of_order():
    links = chain(6)
    swapped = [*links[:2], replace(links[3], sequence=3), replace(links[2], sequence=4), *links[4:]]
    assert judged(swapped) == "What was recorded as event 3 stands as event 4: the order was changed."


def test_the_last_moved_to_the_front_is_a_change_of_order():
    links = chain(3)
    moved = [links[0], replace(links[2], sequence=2), replace(links[1], sequence=3)]
    assert judged(moved) == "What was recorded as event 2 stands as event 3: the order was changed."


def test_an_event_that_got_another_number_is_found_however_far_away_it_stands():
    links = chain(NEIGHBOURS + 20)
    far = replace(links[2], sequence=9_999)
    assert "event 3 stands as event 9999: it was numbered anew" in judged([*links[:2], *links[3:], far])


def test_numbers_below_the_first_and_numbers_given_twice_are_named():
    links = chain(4)
    assert judged([replace(links[0], sequence=-2), *links]) == "Event -2 was put in: numbers begin at 1."
    assert judged([*links[:3], links[2], links[3]]) == "Event 3 stands more than once."
