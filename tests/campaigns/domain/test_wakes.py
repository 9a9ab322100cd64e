"""A sender is dead when its name is free and it gives no more signs, however often one has to look."""

from datetime import UTC, datetime, timedelta

from campaigns.domain.wakes import Wake

AT = datetime(2026, 11, 22, tzinfo=UTC)


def test_where_a_free_name_is_proof_one_look_is_enough():
    assert Wake(0).is_dead(1, AT)


def test_elsewhere_it_must_be_silent_for_some_looks():
    wake = Wake(2)
    assert not wake.goes_on
    assert [wake.is_dead(1, AT) for _ in range(2)] == [False, False]
    assert wake.goes_on
    assert wake.is_dead(1, AT)
    assert not wake.goes_on


def test_who_says_goodbye_is_suspected_no_longer():
    wake = Wake(2)
    wake.is_dead(1, AT)
    wake.is_dead(2, AT)
    wake.only({2})
    assert wake.goes_on
    wake.only(())
    assert not wake.goes_on


def test_each_sign_of_life_begins_the_count_anew():
    wake = Wake(2)
    assert not any(wake.is_dead(1, AT + timedelta(seconds=each)) for each in range(9))
    assert [wake.is_dead(2, AT), wake.is_dead(2, AT)] == [False, False]
    wake.holds_again(2)
    wake.holds_again(3)
    assert not wake.is_dead(2, AT)
