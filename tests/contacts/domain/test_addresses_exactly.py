"""Addresses to the letter: where lengths end, what is said of what is no address, and what the keys are made of."""

import hashlib
import hmac

import pytest

from contacts.domain.addresses import LONGEST, LONGEST_WRITTEN, Pepper, read_address
from core.errors import BadInput

SECRET = "a pepper of the tests, long enough"
KABUSHIKI = "\u337f."
"""One letter and a stop, which as ASCII are 19."""


def refusal(written: str) -> str:
    with pytest.raises(BadInput) as refused:
        read_address(written)
    assert refused.value.field == "address"
    return refused.value.message


@pytest.mark.parametrize("written", ["", "  ", "\u200b"])
def test_what_is_empty_is_said_to_be_empty(written: str):
    assert refusal(written) == "The address is empty."


def test_an_address_is_at_most_so_long_and_so_is_what_stands_around_it():
    longest = "a" * (LONGEST - len("@example.org")) + "@example.org"
    assert "too long before the @-sign" in refusal(longest)
    assert refusal(f"a{longest}") == "The address is longer than 320 characters."
    written = "ann@example.org".rjust(LONGEST_WRITTEN)
    assert read_address(written).delivery == "ann@example.org"
    assert refusal(f" {written}") == "The address is longer than 320 characters."


def test_254_characters_are_the_most_that_mail_can_be_delivered_to_in_every_spelling():
    domain = ".".join(["d" * 63, "d" * 63, "d" * 57, "org"])
    assert len(read_address(f"{'a' * 64}@{domain}").delivery) == 254
    assert "too long" in refusal(f"{'a' * 64}@{domain}s")
    assert len(read_address(f"{'a' * 16}@{KABUSHIKI * 13}com").delivery) == 254
    assert "too long" in refusal(f"{'a' * 17}@{KABUSHIKI * 13}com")


def test_the_offices_of_a_domain_are_written_small():
    assert read_address("PostMaster@Example.org").delivery == "postmaster@example.org"
    assert read_address("PostMistress@Example.org").delivery == "PostMistress@example.org"


@pytest.mark.parametrize("written", ["q@have", "have@xyz", "q@the", "the@xyz", "@-s"])
def test_p1_a_sentence_that_has_what_was_written_in_it_is_not_said(written: str):
    """The library says "should have a period" of these, or "before the @-sign"."""
    assert refusal(written) == "This is not an address that mail can be delivered to."


@pytest.mark.parametrize("written", ["ann@xyz", "q@is", "is@xyz"])
def test_another_sentence_helps_and_stands(written: str):
    assert refusal(written) == "The part after the @-sign is not valid. It should have a period."


def test_g9_what_the_keys_are_digests_of_never_changes():
    def digest(text: str) -> bytes:
        return hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest()

    pepper, keys = Pepper(SECRET), Pepper(SECRET).keys(read_address("Ann+shop@Example.org"))
    assert keys.own == digest("own\0ann+shop@example.org")
    assert keys.family == digest("family\0ann@example.org")
    assert pepper.canary == digest("canary\0heedful").hex()
    assert pepper.partner_key(b"salt of acme") == digest("partner\0salt of acme")
