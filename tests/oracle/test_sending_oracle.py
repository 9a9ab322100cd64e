"""The judge of sending: people leave by every door while senders work, and nobody is written to later (G1, G6, G7)."""

import os
import random
from dataclasses import replace

import pytest

from tests.oracle.estates import Estate
from tests.oracle.sending_trials import Plan, tried, tried_in_turn


@pytest.fixture
def seed() -> int:
    chosen = int(os.environ.get("HEEDFUL_TEST_SEED", random.SystemRandom().randrange(10**6)))
    print("seed", chosen)
    return chosen


def test_g1_g6_g7_nobody_is_written_to_after_they_were_told_that_it_is_done(database_url, tmp_path, seed):
    senders = 1 if database_url.startswith("sqlite") else 4
    found = tried(Estate(tmp_path, database_url), Plan(seed, senders=senders, rate=120 / senders))
    print(found.figures)
    assert found.wrong == []
    assert found.counted["confirmed"] + found.counted["late"] == 60


def racing(seed: int, *, people: int, leaving: int, after_step: float) -> Plan:
    """Everybody leaves at a moment of their own letter, which takes its time."""
    plan = Plan(seed, people, leaving, 2, rate=100, moods={"slow-data": 0.8}, slow=0.3)
    return replace(plan, racing=1.0, steps=("rcpt", "body"), by_terminal=0.0, after_step=after_step)


def test_negative_controls_where_nobody_locks_the_judge_finds_mail_after_a_confirmation(postgresql_url, tmp_path, seed):
    plan = racing(seed, people=60, leaving=50, after_step=0.3)
    turns = [["slow"], ["slow", "no-lock"]]
    whole, unlocked = tried_in_turn(Estate(tmp_path, postgresql_url), plan, turns)
    print(whole.figures, unlocked.figures, sep="\n")
    assert whole.wrong == [], "slow, but with the lock: harmless"
    assert unlocked.after


def test_negative_controls_where_the_dot_comes_before_the_permit_the_judge_finds_mail_after_a_confirmation(
    postgresql_url, tmp_path, seed
):
    plan = racing(seed, people=40, leaving=30, after_step=0.02)
    (unasked,) = tried_in_turn(Estate(tmp_path, postgresql_url), plan, [["late-dot", "dot-before-permit"]])
    print(unasked.figures)
    assert unasked.after


def test_negative_controls_where_nobody_waits_for_open_permits_the_judge_finds_mail_after_a_confirmation(
    postgresql_url, tmp_path, seed
):
    plan = racing(seed, people=60, leaving=50, after_step=0.02)
    turns = [["late-dot"], ["permit-before-body"]]
    late, checked_before = tried_in_turn(Estate(tmp_path, postgresql_url), plan, turns, web_sabotage="no-wait")
    print(late.figures, checked_before.figures, sep="\n")
    assert late.after
    assert checked_before.after
