"""Link tokens: compact, one form only, and worthless when changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.domain.leaving_tokens import preferences_token, read_leaving, unsubscribe_token
from core.errors import BadToken, Misconfigured
from core.tokens import ANSWER_MAC, Keyring, TokenKind, pack, unpack

RING = Keyring(["one secret of the tests, long enough"])
numbers = st.lists(st.integers(0, 2**62), max_size=5)


@given(numbers)
def test_packed_numbers_come_back(given_numbers):
    assert unpack(pack(*given_numbers)) == tuple(given_numbers)


@given(st.binary(max_size=60), st.sampled_from(TokenKind))
def test_a_signed_payload_comes_back(payload, kind):
    assert RING.open(kind, RING.sign(kind, payload)) == payload


@given(st.binary(min_size=1, max_size=40), st.data())
def test_a_token_with_one_other_character_opens_nothing(payload, data):
    token = RING.sign(TokenKind.CLICK, payload)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("ABCabc019-_"))
    changed = token[:place] + other + token[place + 1 :]
    if changed != token:
        with pytest.raises(BadToken):
            RING.open(TokenKind.CLICK, changed)


@given(st.text(max_size=90))
def test_any_text_is_refused_without_another_error(text):
    with pytest.raises(BadToken):
        RING.open(TokenKind.ANSWER, text, ANSWER_MAC)


def test_a_token_of_one_kind_opens_no_other():
    with pytest.raises(BadToken):
        RING.open(TokenKind.UNSUBSCRIBE, RING.sign(TokenKind.CLICK, b"x"))


def test_tokens_of_an_older_key_stay_valid_after_rotation():
    token = RING.sign(TokenKind.CLICK, b"x")
    rotated = Keyring(["a newer secret that signs from now on", "one secret of the tests, long enough"])
    assert rotated.open(TokenKind.CLICK, token) == b"x"
    with pytest.raises(BadToken):
        Keyring(["a newer secret that signs from now on"]).open(TokenKind.CLICK, token)


def test_a_ring_without_keys_is_refused():
    with pytest.raises(Misconfigured):
        Keyring([" "])


def test_numbers_that_end_early_or_never_are_refused():
    for packed in (b"\x80", b"\xff" * 12):
        with pytest.raises(BadToken):
            unpack(packed)
    with pytest.raises(ValueError, match="non-negative"):
        pack(-1)


@given(st.binary(min_size=32, max_size=32), st.integers(0, 10**6), st.integers(0, 10**9))
def test_g10_a_leaving_token_carries_the_key_and_stays_short(own, topic, mailing):
    token = unsubscribe_token(RING, own, topic, mailing)
    read = read_leaving(RING, TokenKind.UNSUBSCRIBE, token)
    assert (read.own, read.topic_id, read.mailing_id) == (own, topic, mailing)
    assert len("/u/" + token) < 78
    assert read_leaving(RING, TokenKind.PREFERENCES, preferences_token(RING, own, mailing)).own == own


def test_a_signed_token_without_a_whole_key_is_refused():
    for payload in (b"short", bytes(32), bytes(32) + pack(1)):
        with pytest.raises(BadToken):
            read_leaving(RING, TokenKind.UNSUBSCRIBE, RING.sign(TokenKind.UNSUBSCRIBE, payload))
