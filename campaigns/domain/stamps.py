"""The URLs of many messages of one mailing, the same that `message_urls` and `click_url` give, signed faster."""

from collections.abc import Iterable

from campaigns.domain.message_urls import STRONG, PersonalLink
from core.tokens import ANSWER_MAC, LINK_MAC, Keyring, TokenKind, pack


class Stamps:
    """What signs the URLs of one mailing; the meaning of the numbers is that of `message_urls`."""

    def __init__(
        self, keyring: Keyring, base_url: str, *, topic_id: int, mailing_id: int, personal: PersonalLink | None
    ) -> None:
        self._leave = keyring.seal(TokenKind.UNSUBSCRIBE)
        self._prefer = keyring.seal(TokenKind.PREFERENCES)
        self._click = keyring.seal(TokenKind.CLICK)
        self._leave_end, self._prefer_end = pack(topic_id, mailing_id), pack(0, mailing_id)
        self._prefer_url = f"{base_url}/p/"
        self._personal_url = f"{base_url}{personal.path}" if personal else ""
        mac = ANSWER_MAC if personal and personal.kind in STRONG else LINK_MAC
        self._personal = keyring.seal(personal.kind, mac) if personal else None

    def leave(self, own: bytes) -> str:
        """The token of the unsubscribe link of the person with this key."""
        return self._leave.sign(own + self._leave_end)

    def preferences(self, own: bytes) -> str:
        """The URL of the person's preferences."""
        return self._prefer_url + self._prefer.sign(own + self._prefer_end)

    def personal(self, reference: int | None) -> str:
        """The personal URL that carries this number; empty where the mailing has none."""
        return self._personal_url + self._personal.sign(pack(reference or 0)) if self._personal else ""

    def clicks(self, message_id: int, link_ids: Iterable[bytes]) -> list[str]:
        """The tokens of click-throughs in one message; the links' numbers are packed already."""
        return self._click.sign_each(pack(message_id), link_ids)
