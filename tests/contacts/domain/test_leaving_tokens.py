"""Tokens of leaving: they hold the person's key, the topic and the mailing, and each opens its own door alone."""

import pytest

from contacts.domain.leaving_tokens import Leaving, preferences_token, read_leaving, unsubscribe_token
from core.errors import BadToken
from core.tokens import Keyring, TokenKind, pack

RING = Keyring(["one secret of the tests, long enough"])
OWN = bytes(range(32))


def test_g10_a_token_says_who_what_and_by_which_mailing():
    assert read_leaving(RING, TokenKind.UNSUBSCRIBE, unsubscribe_token(RING, OWN, 7, 300)) == Leaving(OWN, 7, 300)
    assert read_leaving(RING, TokenKind.PREFERENCES, preferences_token(RING, OWN, 300)) == Leaving(OWN, 0, 300)
    assert read_leaving(RING, TokenKind.UNSUBSCRIBE, unsubscribe_token(RING, OWN, 0, 0)) == Leaving(OWN, 0, 0)


def test_a_token_opens_no_other_door():
    for kind, token in (
        (TokenKind.PREFERENCES, unsubscribe_token(RING, OWN, 0, 1)),
        (TokenKind.UNSUBSCRIBE, preferences_token(RING, OWN, 1)),
    ):
        with pytest.raises(BadToken):
            read_leaving(RING, kind, token)


@pytest.mark.parametrize("payload", [OWN, OWN + pack(1), OWN + pack(1, 2, 3), OWN[:31], b"", OWN[:30] + pack(1, 2)])
def test_what_is_signed_but_not_whole_is_refused(payload):
    with pytest.raises(BadToken, match=r"not complete|damaged|valid"):
        read_leaving(RING, TokenKind.UNSUBSCRIBE, RING.sign(TokenKind.UNSUBSCRIBE, payload))
