"""P8: no text keeps a payment card number, and other numbers stay as they are."""

import random
from collections.abc import Iterable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.cards import is_like_a_card, mask_card_numbers, screened
from tests.patience import comes_to_an_end

# The card schemes' published test numbers.
NUMBERS = [
    "4111111111111111", "4222222222222", "4000000000000000006", "5555555555554444", "5105105105105100",
    "2223003122003222",
    "378282246310005", "371449635398431", "30569309025904", "38520000023237", "36227206271667", "3530111333300000",
    "6011111111111117", "6011000990139424", "6200000000000005", "6759649826438453", "2200000000000004",
    "6304000000000000",
    "5019717010103742", "9792000000000003",
]  # fmt: skip
LAYOUTS = {13: (4, 3, 3, 3), 14: (4, 6, 4), 15: (4, 6, 5), 16: (4, 4, 4, 4), 19: (4, 4, 4, 4, 3)}
DIGITS = ["０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "๐๑๒๓๔๕๖๗๘๙"]
PARTED = [
    " ", "  ", "-", " - ", ".", "_", "\u00a0", "\u2009", "\u202f", "\u3000", "\u2002", "\t", "\n", "\r\n", "\u2028",
    "\u2011", "\u2013",
    "\u2014", "\u2212", "\uff0d", "\uff0e", "\u00b7", "\u2022", "\u200b", "\u200d", "\u2060", "\u00ad", "\ufeff",
    "\u200e",
    "\u2066", "\u202a", "\ufe0f", "-\n", " \u2013 ",
]  # fmt: skip
PARTED_IN_LAYOUT = [
    "/", " / ", "*", " * ", ",", ", ", "+", "|", " | ", "~", "\\", "\uff0f", "\uff0c", "**", "//", "&nbsp;", "<br>",
    "<br/>",
    "\n> ", "\n>",
]  # fmt: skip


def in_groups(number: str, between: str) -> str:
    groups, start = [], 0
    for size in LAYOUTS[len(number)]:
        groups.append(number[start : start + size])
        start += size
    return between.join(groups)


def hidden(written: str, kept: int = 4) -> str:
    """What is to be seen: the last digits, and everything that is none."""
    seen = list(written)
    for at in [at for at, letter in enumerate(written) if letter.isdecimal()][:-kept]:
        seen[at] = "*"
    return "".join(seen)


@pytest.mark.parametrize("number", NUMBERS)
def test_p8_a_card_number_keeps_only_its_last_four_digits(number):
    assert mask_card_numbers(f"paid with {number}, thanks") == (
        f"paid with {'*' * (len(number) - 4)}{number[-4:]}, thanks"
    )


def wrongly_masked(texts: Iterable[str]) -> list[str]:
    """Texts in which more is to be seen than the last digits, or less than everything else."""
    return [text for text in texts if mask_card_numbers(text) != hidden(text)]


@pytest.mark.parametrize("digits", DIGITS)
def test_p8_digits_of_any_script_are_digits(digits):
    written = [number.translate(str.maketrans("0123456789", digits)) for number in NUMBERS]
    assert wrongly_masked(f"x{each}x" for each in written) == []
    assert wrongly_masked(in_groups(each, " ") for each in written) == []


@pytest.mark.parametrize("between", PARTED, ids=ascii)
def test_p8_whatever_stands_between_the_groups(between):
    assert wrongly_masked(f"card: {in_groups(number, between)}." for number in NUMBERS) == []
    assert wrongly_masked(between.join(number) for number in NUMBERS) == []


@pytest.mark.parametrize("between", PARTED_IN_LAYOUT, ids=ascii)
def test_p8_what_lists_have_too_stands_between_the_groups_of_a_card(between):
    assert wrongly_masked(f"card: {in_groups(number, between)}." for number in NUMBERS if len(number) > 13) == []


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("4111 – 1111 – 1111 – 1111", "**** – **** – **** – 1111"),
        ("4111 1111\r\n1111 1111", "**** ****\r\n**** 1111"),
        ("41111111\n11111111", "********\n****1111"),
        ("３７８２ ８２２４６３ １０００５", "**** ****** *０００５"),
        ("41 11 11 11 11 11 11 11", "** ** ** ** ** ** 11 11"),
        ("4111 1111 1111 1111 1227 123", "**** **** **** 1111 1227 123"),
        ("card4111111111111111x", "card************1111x"),
        ("1.4111111111111111", "1.************1111"),
        ("10.4111111111111111", "10.************1111"),
        ("4111 1111 1111 1111 4242 4242 4242 4242", "**** **** **** 1111 **** **** **** 4242"),
        ("4111/1111/1111/1111, 3782/822463/10005", "****/****/****/1111, ****/******/*0005"),
        ("+4111111111111111", "+************1111"),
        ("a 4111 1111 1111 1111@example.org", "a **** **** **** 1111@example.org"),
        ("<ann@example.org> 4111111111111111", "<ann@example.org> ************1111"),
        ("4111111111111111 ann@example.org", "************1111 ann@example.org"),
        ("4111111111111111 @ home", "************1111 @ home"),
        ('{"card": "4111111111111111"}', '{"card": "************1111"}'),
        ("4111111111111111\x00", "************1111\x00"),
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
        "order no. 4111-1111-1111-1112, parcel 00340434161094042557",
        "0.4111111111111111",
        "+49 30 1234567, +49 30 7654321",
        "+4915112345678 and (+4915112345678)",
        "2026-11-22 14:30:12.123456",
        "20261122143012 1700000000000 1763820612345",
        "41111111111111111111111111",
        "9411111111111111119 94111111111111111",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 5",
        "4-1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "4 11 1 1111 111 11 1 11",
        "isbn 978-3-16-148410-0, ean 4006381333931",
        "4,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1",
        "4,111,111,111,111,111 items",
        "4111,1111/1111,1111",
        "4111/1111,1111/1111",
        "12/4111/1111/1111",
        "41111111-1111-1111-1111-111111111111",
        "id=5105105a-1051-0510-0000-510510510510",
        "DE84 5001 0517 5407 0002 31 and GB29NWBK60161331926819",
        "4111111111111111@example.org",
        "<4111111111111111@example.org>, mailto:4111111111111111%40example.org",
        "ann.4111111111111111+x@example.org",
        "ann@4111111111111111.example.org",
        "4111-1111-1111-1111@example.org",
        "4111111111111111＠example.org",
    ],
)
def test_other_numbers_stay(text):
    assert mask_card_numbers(text) == text


def test_a_wrong_iban_hides_no_card():
    assert mask_card_numbers("DE85 5001 0517 5407 0002 31") == "DE85 **** **** **** 0002 31"


@pytest.mark.parametrize(
    ("address", "like"),
    [
        ("4111111111111111@example.org", True), ("x4111111111111111+y@example.org", True), ("ann@example.org", False),
        ("ann@4111111111111111.example.org", True), ("4111111111111112@example.org", False), ("4111", False),
        ("4111.1111.1111.1111@example.org", True), ("4111111111111111", True),
    ],
)  # fmt: skip
def test_p8_who_collects_addresses_can_tell_one_that_must_not_be_kept(address, like):
    assert is_like_a_card(address) is like


def test_p8_texts_within_anything_are_screened():
    card, masked = "4111111111111111", "************1111"
    given = {"a": card, card: [card, 7, None, (card, {"b": {card}})], "n": 4111111111111111, "b": b"4111111111111111"}
    assert screened(given) == {
        "a": masked, masked: [masked, 7, None, (masked, {"b": {masked}})], "n": 4111111111111111,
        "b": b"4111111111111111",
    }  # fmt: skip


def test_p8_numbers_that_share_groups_are_all_hidden():
    # 5555 4111 1111 1114 and 4111 1111 1114 … would both be cards: neither may hide the other's digits.
    text = "4000 0000 0000 0002 0000 0000 0000"
    assert mask_card_numbers(text).startswith("**** **** ****")


FIGURES = st.text(st.sampled_from("0123456789" * 3 + "4455 -/*,.+@\n＠١"), max_size=60)


@given(st.one_of(st.text(), FIGURES))
@example("4111*1111*1111*1111*1111*1111*1111")
@example("4111/1111/1111/1111/1111/1111/1111/1111")
def test_masking_twice_changes_nothing_more(text):
    once = mask_card_numbers(text)
    assert mask_card_numbers(once) == once
    assert len(once) == len(text)


@given(FIGURES)
def test_nothing_but_digits_is_ever_changed_and_only_into_stars(text):
    for before, after in zip(text, mask_card_numbers(text), strict=True):
        assert after == before or (before.isdecimal() and after == "*")


@given(st.sampled_from(NUMBERS), st.text(alphabet="ab,;:!?/ \n"), st.text(alphabet="ab,;:!?/ \n"))
def test_p8_the_words_around_a_card_number_do_not_hide_it(number, before, after):
    assert number not in mask_card_numbers(before + number + after)


@given(st.sampled_from(NUMBERS), st.lists(st.sampled_from(PARTED), min_size=4, max_size=4), FIGURES)
def test_p8_a_card_number_in_groups_is_hidden_whatever_goes_before_the_line(number, between, before):
    groups = [group for group in in_groups(number, "|").split("|") if group]
    written = "".join(group + part for group, part in zip(groups, [*between[: len(groups) - 1], ""], strict=True))
    assert hidden(written) in mask_card_numbers(f"{before}\nx {written} x")


def test_a_long_clean_text_stays_as_it_is():
    chosen = random.Random(1)
    text = "".join(chosen.choice("abc def 12 ") for _ in range(1_000_000))
    with comes_to_an_end():
        assert mask_card_numbers(text) == text


@pytest.mark.parametrize(
    "piece", ["7 ", "7", "4111/", "4111 1111,", "+4", "a4111@", "DE68 5001 ", "4111&nbsp;", "4.@", "4\n> "]
)
def test_very_many_digits_are_read_in_one_pass(piece):
    with comes_to_an_end():
        mask_card_numbers(piece * 40_000)


def test_p8_where_no_address_is_read_any_more_its_digits_are_masked_too():
    assert mask_card_numbers("4111111111111111@example.org", sparing_addresses=False) == "************1111@example.org"
    assert mask_card_numbers("ann@example.org, 4111", sparing_addresses=False) == "ann@example.org, 4111"
