"""Click tokens: which message and which stored link a click-through means; they name no person and no address."""

from typing import NamedTuple

from core.errors import BadToken
from core.tokens import Keyring, TokenKind, pack, unpack


class ClickedLink(NamedTuple):
    """What a click-through says."""

    message_id: int
    link_id: int


def click_token(keyring: Keyring, message_id: int, link_id: int) -> str:
    """The token of a click-through: /c/<token>, 20 to 30 characters."""
    return keyring.sign(TokenKind.CLICK, pack(message_id, link_id))


def read_click(keyring: Keyring, token: str) -> ClickedLink:
    """What a click-through says.

    Raises:
        BadToken: not ours, or damaged.
    """
    numbers = unpack(keyring.open(TokenKind.CLICK, token))
    if len(numbers) != len(ClickedLink._fields):
        raise BadToken("This link is not complete.")
    return ClickedLink(*numbers)
