"""Addresses: spellings of one person share a key, other people never do."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from contacts.domain.addresses import Pepper, PepperRing, read_address, read_address_to_keep
from core.errors import BadInput
from core.settings import Settings
from tests.contacts.domain.other_spellings import CANONICAL, DELIVERED, OTHERS, REFUSED, STRANGERS
from tests.contacts.domain.spellings import FAMILIES, SAME
from tests.patience import comes_to_an_end

PEPPER = Pepper("a pepper of the tests, long enough")


def pairs(spellings: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(one, other) for one, others in spellings.items() for other in others]


def keys(written: str):
    return PEPPER.keys(read_address(written))


def test_there_are_enough_pairs_and_none_twice():
    for spellings, least in ((SAME, 200), (OTHERS, 100)):
        every = pairs(spellings)
        assert len(set(every)) == len(every) >= least


@pytest.mark.parametrize("one", SAME, ids=ascii)
def test_spellings_of_one_person_share_both_keys(one):
    assert [other for other in SAME[one] if keys(other) != keys(one)] == []


@pytest.mark.parametrize("one", OTHERS, ids=ascii)
def test_other_people_have_other_keys(one):
    assert [other for other in OTHERS[one] if keys(other).own == keys(one).own] == []


@pytest.mark.parametrize(("one", "other"), pairs(FAMILIES), ids=ascii)
def test_close_spellings_are_one_family_and_two_people(one, other):
    assert keys(one).family == keys(other).family
    assert keys(one).own != keys(other).own


@pytest.mark.parametrize(("one", "other"), pairs(STRANGERS), ids=ascii)
def test_other_families_have_other_keys(one, other):
    assert keys(one).family != keys(other).family


@pytest.mark.parametrize(("written", "canonical"), CANONICAL.items(), ids=ascii)
def test_g9_what_a_key_is_made_of_never_changes(written, canonical):
    assert read_address(written).canonical == canonical


@pytest.mark.parametrize("written", [one for spellings in (SAME, OTHERS, FAMILIES) for one in spellings], ids=ascii)
def test_the_address_that_is_kept_leads_to_the_same_keys(written):
    kept = read_address(written)
    assert read_address(kept.delivery) == kept
    assert read_address(kept.canonical).canonical == kept.canonical
    assert read_address(kept.family).family == kept.family


@pytest.mark.parametrize("written", REFUSED, ids=lambda written: ascii(written)[:40])
def test_what_no_mail_can_reach_is_refused_without_repeating_it(written):
    with comes_to_an_end(), pytest.raises(BadInput) as refused:
        read_address(written)
    assert "example.org" not in str(refused.value)


@pytest.mark.parametrize(("written", "delivered"), DELIVERED.items(), ids=ascii)
def test_mail_is_delivered_to_the_address_as_written(written, delivered):
    assert read_address(written).delivery == delivered


def test_the_case_of_no_letter_makes_another_person():
    letters = [chr(number) for number in range(0x250) if chr(number).isalpha()]
    own = {each: keys(f"{each}@example.org").own for each in letters}
    assert [each for each in letters if keys(f"{each.lower()}@example.org").own != own[each]] == []
    del own["ı"]  # its capital is an I, which is the i's
    assert [each for each in own if keys(f"{each.upper()}@example.org").own != own[each]] == []


def test_a_letter_that_unicode_does_not_know_yet_is_refused_for_its_key_might_change():
    unknown = next(chr(number) for number in range(0x378, 0x3000) if unicodedata.category(chr(number)) == "Cn")
    with pytest.raises(BadInput):
        read_address(f"{unknown}@example.org")
    assert sys.maxunicode == 0x10FFFF


@given(st.text(max_size=40), st.sampled_from(["", "@example.org", "@m\u00fcller.test", "@gmail.com"]))
def test_whatever_is_read_keeps_its_keys_when_it_is_read_again(written, domain):
    try:
        read = read_address(written + domain)
    except BadInput:
        return
    assert read_address(read.delivery) == read
    assert read_address(f"  {read.delivery}.\u200b") == read
    assert read_address(f'"N. N." <{read.delivery}>') == read


@given(st.text("ab.+\"\\@ ()<>,'", min_size=1, max_size=12))
def test_a_local_part_in_quotation_marks_is_read_as_it_says(said):
    written = '"' + said.replace("\\", "\\\\").replace('"', '\\"') + '"@example.org'
    read = read_address(written)
    assert read_address(f"Ann <{written}>") == read
    assert read_address(read.delivery) == read
    assert read_address("mailto:" + written.replace("%", "%25").replace("?", "%3F")).canonical == read.canonical


def test_without_the_pepper_no_key_can_be_told():
    assert Pepper("another pepper of the tests").keys(read_address("a@example.org")) != keys("a@example.org")
    assert Pepper("x" * 32).canary != PEPPER.canary


def test_the_ring_comes_from_the_settings():
    settings = Settings(_env_file=None, secret_key=SecretStr("p" * 40), pepper=SecretStr(f"{'n' * 40}, {'p' * 40}"))
    newest, oldest = PepperRing.of(settings).peppers
    assert (newest.canary, oldest.canary) == (Pepper("n" * 40).canary, Pepper("p" * 40).canary)


@pytest.mark.parametrize("written", ["4111111111111111@example.org", "Ann <ann@4111-1111-1111-1111.test>"])
def test_p8_an_address_with_a_card_number_can_leave_but_is_not_kept(written):
    assert keys(written) == keys(written.upper())
    with pytest.raises(BadInput, match="card number"):
        read_address_to_keep(written)
    assert read_address_to_keep("ann@example.org") == read_address("ann@example.org")
