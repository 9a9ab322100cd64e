"""The URLs of one message: out, preferences, the personal link, and click-throughs; all signed, none names a person."""

from dataclasses import dataclass

from campaigns.domain.click_tokens import click_token
from contacts.domain.leaving_tokens import preferences_token, unsubscribe_token
from core.tokens import ANSWER_MAC, LINK_MAC, Keyring, TokenKind, pack

STRONG = frozenset({TokenKind.ANSWER, TokenKind.CONFIRM})
"""Tokens that do more than restrict or redirect: their signature is the long one."""

NOBODY = bytes(32)
"""The key of no person, for previews: their links open the pages and change nobody's permission."""


@dataclass(frozen=True)
class PersonalLink:
    """Where the personal link of a mailing leads: its path, such as "/s/", and the kind of its token."""

    path: str
    kind: TokenKind


def personal_link(path: str, kind: int | None) -> PersonalLink | None:
    """The personal link that a campaign or mailing keeps as two columns; None if it has none."""
    return PersonalLink(path, TokenKind(kind)) if kind is not None else None


@dataclass(frozen=True)
class MessageUrls:
    """What a template may link to; `personal` is empty where the mailing has none."""

    unsubscribe: str
    preferences: str
    personal: str = ""


def message_urls(
    keyring: Keyring,
    base_url: str,
    own: bytes,
    *,
    topic_id: int,
    mailing_id: int,
    personal: PersonalLink | None = None,
    reference: int | None = None,
) -> MessageUrls:
    """Sign the URLs of a message.

    Args:
        keyring: signs the tokens.
        base_url: what every URL begins with, without a closing slash.
        own: the person's key, or NOBODY.
        topic_id: the number of the topic that the one-click stops; 0 for everything.
        mailing_id: the mailing; 0 for a preview.
        personal: the mailing's personal link, if it has one.
        reference: the number that the personal link carries.
    """
    leave = f"{base_url}/u/{unsubscribe_token(keyring, own, topic_id, mailing_id)}"
    prefer = f"{base_url}/p/{preferences_token(keyring, own, mailing_id)}"
    if personal is None:
        return MessageUrls(leave, prefer)
    mac = ANSWER_MAC if personal.kind in STRONG else LINK_MAC
    token = keyring.sign(personal.kind, pack(reference or 0), mac)
    return MessageUrls(leave, prefer, f"{base_url}{personal.path}{token}")


def click_url(keyring: Keyring, base_url: str, message_id: int, link_id: int) -> str:
    """The click-through of one link in one message."""
    return f"{base_url}/c/{click_token(keyring, message_id, link_id)}"
