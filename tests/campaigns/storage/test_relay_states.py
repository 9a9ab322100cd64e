"""What all senders know of servers and providers together."""

from datetime import timedelta

import pytest

from campaigns.storage.relay_states import (
    LONGEST_SAID,
    Noted,
    back_offs,
    end_rest,
    forget_back_offs,
    note_providers,
    note_relays,
    relay_states,
    resting_providers,
)
from tests.conftest import NOON

SOON = NOON + timedelta(seconds=30)


def relays(database, *noted, at=NOON):
    with database.writing() as session:
        note_relays(session, noted, at=at)
    with database.reading() as session:
        return {each.name: (each.misses, each.paused_until) for each in relay_states(session)}


def providers(database, *noted, at=NOON):
    with database.writing() as session:
        note_providers(session, noted, at=at)
    with database.reading() as session:
        return {each.provider: (each.misses, each.paused_until) for each in back_offs(session)}


def test_what_several_senders_saw_adds_up_and_fades(database):
    relays(database, Noted("one", good=3))
    relays(database, Noted("one", bad=4, misses=1, paused_until=SOON, said="x" * 600))
    with database.reading() as session:
        state = relay_states(session)[0]
        assert state.health(NOON).score == pytest.approx(4 / 8)
        assert state.health(NOON + timedelta(hours=2)).score > 0.99
        assert len(state.said) == LONGEST_SAID


def test_the_longest_rest_counts_and_a_success_forgives(database):
    assert relays(database, Noted("one", misses=3, paused_until=SOON)) == {"one": (3, SOON)}
    assert relays(database, Noted("one", misses=1, paused_until=NOON)) == {"one": (3, SOON)}
    assert relays(database, Noted("one", good=1, misses=1)) == {"one": (1, SOON)}


def test_a_rest_from_before_the_clock_was_set_back_holds_nobody_up(database):
    relays(database, Noted("one", misses=3, paused_until=SOON))
    earlier = NOON - timedelta(hours=2)
    until = earlier + timedelta(seconds=4)
    assert relays(database, Noted("one", misses=4, paused_until=until), at=earlier) == {"one": (4, until)}


def test_only_providers_that_push_back_have_a_row_and_lose_it_once_they_are_well(database):
    assert providers(database, Noted("gmail", good=9, misses=0)) == {}
    assert providers(database, Noted("gmail", misses=2, paused_until=SOON)) == {"gmail": (2, SOON)}
    with database.reading() as session:
        assert [each.provider for each in resting_providers(session, NOON)] == ["gmail"]
        assert resting_providers(session, SOON) == []
    assert providers(database, Noted("gmail", good=1, misses=1)) == {"gmail": (1, SOON)}
    assert providers(database, Noted("gmail", good=1, misses=0)) == {}


def test_an_operator_ends_a_rest(database):
    relays(database, Noted("one", misses=3, paused_until=SOON))
    providers(database, Noted("gmail", misses=2, paused_until=SOON))
    with database.writing() as session:
        assert end_rest(session, relay="one", at=NOON)
        assert end_rest(session, provider="gmail", at=NOON)
        assert not end_rest(session, relay="two", at=NOON)
    assert relays(database) == {"one": (0, None)}
    assert providers(database) == {}


def test_providers_nobody_wrote_to_for_long_are_forgotten(database):
    providers(database, Noted("gmail", misses=2, paused_until=SOON))
    with database.writing() as session:
        forget_back_offs(session, SOON)
    assert providers(database) == {}
