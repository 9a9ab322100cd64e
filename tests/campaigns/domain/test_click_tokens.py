import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.click_tokens import ClickedLink, click_token, read_click
from campaigns.domain.message_urls import NOBODY, PersonalLink, click_url, message_urls, personal_link
from contacts.domain.leaving_tokens import read_leaving
from core.errors import BadToken
from core.tokens import ANSWER_MAC, Keyring, TokenKind, pack, unpack

RING = Keyring(["a-secret-of-the-tests-that-is-long-enough"])
NUMBERS = st.integers(0, 2**40)


@given(NUMBERS, NUMBERS)
def test_a_click_token_says_what_was_put_into_it(message_id, link_id):
    assert read_click(RING, click_token(RING, message_id, link_id)) == ClickedLink(message_id, link_id)


@pytest.mark.parametrize(
    "token",
    ["", "x", "AAAA", RING.sign(TokenKind.UNSUBSCRIBE, pack(1, 2)), RING.sign(TokenKind.CLICK, pack(1, 2, 3))],
)
def test_what_is_no_click_token_is_refused(token):
    with pytest.raises(BadToken):
        read_click(RING, token)


def test_g10_no_link_of_a_message_is_longer_than_a_line_or_names_a_person():
    urls = message_urls(RING, "https://m.example.org", b"k" * 32, topic_id=99, mailing_id=10**6)
    for url in (urls.unsubscribe, urls.preferences, click_url(RING, "https://m.example.org", 2**40, 2**31)):
        assert len(url) - len("https://m.example.org") < 78
    assert urls.personal == ""
    opened = read_leaving(RING, TokenKind.UNSUBSCRIBE, urls.unsubscribe.rpartition("/")[2])
    assert (opened.own, opened.topic_id, opened.mailing_id) == (b"k" * 32, 99, 10**6)


@pytest.mark.parametrize(("kind", "mac"), [(TokenKind.ANSWER, ANSWER_MAC), (TokenKind.FORM, 10)])
def test_a_personal_link_carries_its_reference(kind, mac):
    link = personal_link("/s/", int(kind))
    assert link == PersonalLink("/s/", kind)
    urls = message_urls(RING, "https://m.example.org", NOBODY, topic_id=0, mailing_id=1, personal=link, reference=42)
    assert urls.personal.startswith("https://m.example.org/s/")
    assert unpack(RING.open(kind, urls.personal.rpartition("/")[2], mac)) == (42,)


def test_a_mailing_without_a_personal_link_has_none():
    assert personal_link("", None) is None
