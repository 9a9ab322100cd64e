"""Stamps sign what message_urls and click_url sign, to the letter."""

from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.message_urls import PersonalLink, click_url, message_urls
from campaigns.domain.stamps import Stamps
from core.tokens import Keyring, TokenKind, pack

KEYRING = Keyring(["one secret for the tests of stamps", "another one"])
BASE = "https://mail.example.org"
NUMBERS = st.integers(0, 2**62)


@given(st.binary(min_size=32, max_size=32), NUMBERS, NUMBERS, NUMBERS, st.sampled_from([None, *TokenKind]))
def test_every_url_is_the_same(own, topic_id, mailing_id, reference, kind):
    personal = PersonalLink("/s/", kind) if kind else None
    stamps = Stamps(KEYRING, BASE, topic_id=topic_id, mailing_id=mailing_id, personal=personal)
    urls = message_urls(
        KEYRING, BASE, own, topic_id=topic_id, mailing_id=mailing_id, personal=personal, reference=reference
    )
    assert f"{BASE}/u/{stamps.leave(own)}" == urls.unsubscribe
    assert stamps.preferences(own) == urls.preferences
    assert stamps.personal(reference) == urls.personal


@given(NUMBERS, st.lists(NUMBERS, max_size=30))
def test_click_throughs_are_the_same_however_many_are_signed_at_once(message_id, link_ids):
    stamps = Stamps(KEYRING, BASE, topic_id=0, mailing_id=1, personal=None)
    tokens = stamps.clicks(message_id, map(pack, link_ids))
    assert [f"{BASE}/c/{token}" for token in tokens] == [
        click_url(KEYRING, BASE, message_id, each) for each in link_ids
    ]
