"""Leaving tokens: they carry the person's key itself, so they work when every table is gone (G10).

Payload: the 32-byte key, then varints: the topic's number (0: everything) and the mailing's number (0: none).
"""

from dataclasses import dataclass

from core.errors import BadToken
from core.tokens import Keyring, TokenKind, pack, unpack

KEY_BYTES = 32


@dataclass(frozen=True)
class Leaving:
    """What an unsubscribe or preference link says: who, from which topic (0: everything), by which mailing."""

    own: bytes
    topic_id: int
    mailing_id: int


def unsubscribe_token(keyring: Keyring, own: bytes, topic_id: int, mailing_id: int) -> str:
    """The token of a message's unsubscribe link: /u/<token>, 65 characters or a few more."""
    return keyring.sign(TokenKind.UNSUBSCRIBE, own + pack(topic_id, mailing_id))


def preferences_token(keyring: Keyring, own: bytes, mailing_id: int) -> str:
    """The token of a message's preference link: /p/<token>."""
    return keyring.sign(TokenKind.PREFERENCES, own + pack(0, mailing_id))


def read_leaving(keyring: Keyring, kind: TokenKind, token: str) -> Leaving:
    """What a link says.

    Raises:
        BadToken: not ours, or damaged.
    """
    payload = keyring.open(kind, token)
    numbers = unpack(payload[KEY_BYTES:])
    if len(payload) <= KEY_BYTES or len(numbers) != 2:  # noqa: PLR2004 - topic and mailing
        raise BadToken("This link is not complete.")
    return Leaving(payload[:KEY_BYTES], *numbers)
