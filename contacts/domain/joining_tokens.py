"""Joining tokens: each names exactly one request to sign up, so that what it asks for cannot be changed behind it."""

from core.errors import BadToken
from core.tokens import ANSWER_MAC, Keyring, TokenKind, pack, unpack

CONFIRM_PATH = "/join/confirm/"


def joining_token(keyring: Keyring, signup_id: int) -> str:
    """The token of a confirmation mail's link; it permits, so its signature is the long one."""
    return keyring.sign(TokenKind.CONFIRM, pack(signup_id), ANSWER_MAC)


def read_joining(keyring: Keyring, token: str) -> int:
    """The number of the request that a link speaks of.

    Raises:
        BadToken: not ours, or damaged.
    """
    numbers = unpack(keyring.open(TokenKind.CONFIRM, token, ANSWER_MAC))
    if len(numbers) != 1:
        raise BadToken("This link is not complete.")
    return numbers[0]
