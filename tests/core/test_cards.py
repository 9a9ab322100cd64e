"""P8: no text keeps a payment card number, and other numbers stay as they are."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cards import mask_card_numbers
from tests.patience import comes_to_an_end

# The card schemes' published test numbers.
NUMBERS = [
    "4111111111111111",
    "4222222222222",
    "4000000000000000006",
    "5555555555554444",
    "2223003122003222",
    "378282246310005",
    "30569309025904",
    "36227206271667",
    "3530111333300000",
    "6011111111111117",
    "6200000000000005",
    "6759649826438453",
    "2200000000000004",
]


@pytest.mark.parametrize("number", NUMBERS)
def test_p8_a_card_number_keeps_only_its_last_four_digits(number):
    assert mask_card_numbers(f"paid with {number}, thanks") == (
        f"paid with {'*' * (len(number) - 4)}{number[-4:]}, thanks"
    )


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("4111 1111 1111 1111", "**** **** **** 1111"),
        ("4111-1111-1111-1111", "****-****-****-1111"),
        ("4111.1111.1111.1111", "****.****.****.1111"),
        ("4111\u00a01111\u00a01111\u00a01111", "****\u00a0****\u00a0****\u00a01111"),
        ("4111 – 1111 – 1111 – 1111", "**** – **** – **** – 1111"),
        ("4111 1111\r\n1111 1111", "**** ****\r\n**** 1111"),
        ("4111\u200b1111\u200b1111\u200b1111", "****\u200b****\u200b****\u200b1111"),
        ("３７８２ ８２２４６３ １０００５", "**** ****** *０００５"),
        ("٤١١١١١١١١١١١١١١١", "************١١١١"),
        ("3782 822463 10005", "**** ****** *0005"),
        ("41 11 11 11 11 11 11 11", "** ** ** ** ** ** 11 11"),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "* * * * * * * * * * * * 1 1 1 1"),
        ("4111 1111 1111 1111 1227 123", "**** **** **** 1111 1227 123"),
        ("card4111111111111111x", "card************1111x"),
        ("1.4111111111111111", "1.************1111"),
        ("10.4111111111111111", "10.************1111"),
    ],
)
def test_p8_a_card_number_is_found_however_it_is_written(text, masked):
    assert mask_card_numbers(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no figures at all, but long enough to be looked at",
        "4111111111111112",
        "order 1234567890123452",
        "0.4111111111111111",
        "+49 30 1234567, +49 30 7654321",
        "2026-11-22 14:30:12.123456",
        "41111111111111111111111111",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 5",
        "4-1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "4 11 1 1111 111 11 1 11",
        "isbn 978-3-16-148410-0",
    ],
)
def test_other_numbers_stay(text):
    assert mask_card_numbers(text) == text


def test_p8_numbers_that_share_groups_are_all_hidden():
    # 5555 4111 1111 1114 and 4111 1111 1114 … would both be cards: neither may hide the other's digits.
    text = "4000 0000 0000 0002 0000 0000 0000"
    assert mask_card_numbers(text).startswith("**** **** ****")


@given(st.text())
def test_masking_twice_changes_nothing_more(text):
    once = mask_card_numbers(text)
    assert mask_card_numbers(once) == once
    assert len(once) == len(text)


@given(st.sampled_from(NUMBERS), st.text(alphabet="ab,;:!?/ \n"), st.text(alphabet="ab,;:!?/ \n"))
def test_p8_the_words_around_a_card_number_do_not_hide_it(number, before, after):
    assert number not in mask_card_numbers(before + number + after)


def test_a_long_clean_text_stays_as_it_is():
    chosen = random.Random(1)
    text = "".join(chosen.choice("abc def 12 ") for _ in range(1_000_000))
    with comes_to_an_end():
        assert mask_card_numbers(text) == text


def test_very_many_digits_are_read_in_one_pass():
    with comes_to_an_end():
        mask_card_numbers("7 " * 50_000)
        mask_card_numbers("7" * 1_000_000)
