"""How anonymity is chosen, and what became of those who were asked."""

from itertools import product

import pytest

from surveys.domain.anonymity import Anonymity, day_of, mark_of, may_become, number_from_link, number_in_link
from surveys.domain.outcomes_of_asking import CODES, GROUPS, Disposition, grouped
from tests.conftest import NOON


@pytest.mark.parametrize(("now", "wanted"), list(product(Anonymity, Anonymity)))
def test_g14_anonymity_is_free_before_anybody_is_invited_then_only_stricter_and_then_stays(
    now: Anonymity, wanted: Anonymity
):
    assert may_become(now, wanted, invited=False, answered=False)
    assert may_become(now, wanted, invited=True, answered=False) is (wanted.strength >= now.strength)
    assert may_become(now, wanted, invited=True, answered=True) is (wanted is now)


def test_of_a_moment_the_day_is_kept_and_marks_of_two_invitations_differ():
    assert day_of(NOON).isoformat() == "2026-11-22T00:00:00+00:00"
    assert mark_of(1) != mark_of(256)


def test_every_disposition_has_its_code_and_its_letter_and_the_letters_add_up():
    assert set(CODES) == set(GROUPS) == set(Disposition)
    assert len(set(CODES.values())) == len(CODES)
    letters = grouped(dict.fromkeys(Disposition, 1))
    assert letters == {"I": 1, "P": 1, "R": 3, "NC": 0, "O": 0, "UH": 2, "UO": 1, "NE": 3}


@pytest.mark.parametrize("number", [1, 2**40, -2, -2 - (2**61 - 1)])
def test_g14_links_carry_the_numbers_of_pseudonyms(number: int):
    assert number_in_link(number) > 0
    assert number_from_link(number_in_link(number)) == number
