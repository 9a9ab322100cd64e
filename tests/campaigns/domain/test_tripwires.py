import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.tripwires import LEAST, LEAST_COMPLAINTS, Tripped, Wire, judge, surely, trips

SHARES = {Wire.NOT_WRITTEN: 0.02, Wire.BOUNCES: 0.05, Wire.COMPLAINTS: 0.003, Wire.FAILURES: 0.1}


def test_a_server_that_refuses_everything_trips_after_a_few():
    assert judge({Wire.FAILURES: LEAST}, LEAST, SHARES) == Tripped(Wire.FAILURES, LEAST, LEAST, 0.1)
    assert judge({Wire.FAILURES: LEAST - 1}, LEAST - 1, SHARES) is None


def test_two_complaints_among_few_are_no_judgement_and_three_are():
    assert not trips(Wire.COMPLAINTS, LEAST_COMPLAINTS - 1, 20, 0.003)
    assert trips(Wire.COMPLAINTS, LEAST_COMPLAINTS, 20, 0.003)


@pytest.mark.parametrize(
    ("part", "whole", "paused"),
    [(10, 100, False), (14, 100, False), (16, 100, True), (105, 1000, False), (120, 1000, True)],
)
def test_a_share_that_few_messages_happen_to_show_does_not_pause_until_it_is_sure(part, whole, paused):
    assert trips(Wire.FAILURES, part, whole, 0.1) is paused


def test_the_first_wire_that_is_touched_is_told():
    parts = {Wire.NOT_WRITTEN: 50, Wire.FAILURES: 50}
    assert judge(parts, 100, SHARES) == Tripped(Wire.NOT_WRITTEN, 50, 100, 0.02)
    assert judge({}, 100, SHARES) is None


def test_a_share_of_nought_judges_nothing():
    assert not trips(Wire.FAILURES, 100, 100, 0)


def test_nothing_of_nothing_shows_no_share():
    assert surely(0, 100) == 0.0
    assert surely(5, 0) == 0.0


@given(st.integers(1, 10_000), st.integers(1, 10_000), st.integers(0, 1000))
def test_what_is_sure_is_less_than_what_is_seen_and_falls_as_more_goes_well(part, more, later):
    whole = part + more
    assert surely(part, whole + later) <= surely(part, whole) < part / whole
