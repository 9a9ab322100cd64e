"""What a template is given: the sources that a campaign's words stand for, and the variables of one message."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from campaigns.domain.content_checks import LANGUAGE
from campaigns.domain.message_urls import MessageUrls
from campaigns.mail.shipped import Sources, shipped
from contacts.domain.scopes import is_advertising
from contacts.storage.contacts import Person
from core.settings import OneClick, Settings

CONTACT = ("address", "given_name", "family_name", "name", "locale", "time_zone", "source", "attributes")
_TEMPLATED = re.compile(r"\{\{|\{%")


class Words(Protocol):
    """What a campaign or a mailing says; `subject` is the team's own, which a shipped template may build on."""

    title: Any
    topic: Any
    subject: Any
    preheader: Any
    content: Any
    sender_name: Any
    sender_email: Any
    reply_to: Any


@dataclass(frozen=True)
class Letterhead:
    """What is the same in all mail of this company; `one_click_topic`: the one-click stops the topic alone.

    `on_behalf_of` is the partner whose topic the mail is on.
    """

    base_url: str
    sender_name: str
    sender_email: str
    reply_to: str
    postal_address: str
    privacy_url: str
    unsubscribe_mailto: str
    one_click_topic: bool
    language: str
    on_behalf_of: str = ""


def letterhead(settings: Settings, on_behalf_of: str = "") -> Letterhead:
    """The letterhead that the settings say."""
    return Letterhead(
        base_url=settings.base_url,
        sender_name=settings.sender_name,
        sender_email=settings.sender_email,
        reply_to=settings.reply_to,
        postal_address=settings.sender_postal_address,
        privacy_url=settings.privacy_url,
        unsubscribe_mailto=settings.unsubscribe_mailto,
        one_click_topic=settings.one_click_scope is OneClick.TOPIC,
        language=settings.language,
        on_behalf_of=on_behalf_of,
    )


def sources_of(template: str, subject: str, html: str, text: str) -> Sources:
    """The un-rendered templates that a campaign's words stand for.

    Words of its own come before those of the shipped template it names. A subject without variables is given to
    the shipped subject as `campaign.subject`. An empty text means: retell the HTML.

    Raises:
        BadInput: there is no such shipped template.
    """
    if not template:
        return Sources(subject, html, text)
    base = shipped(template)
    own_subject = subject if _TEMPLATED.search(subject) else base.subject
    return Sources(own_subject, html or base.html, text or ("" if html else base.text))


def language_of(words: Words, head: Letterhead) -> str:
    """What a mail is written in: what its content says of itself, else the house's language."""
    own = (words.content or {}).get(LANGUAGE)
    return own if isinstance(own, str) and own else head.language


def variables(person: Person, words: Words, head: Letterhead, urls: MessageUrls) -> dict[str, Any]:
    """What the templates of one message may use."""
    return {
        **own_variables(person),
        **shared_variables(words, head),
        "unsubscribe_url": urls.unsubscribe,
        "preferences_url": urls.preferences,
        "personal_url": urls.personal,
    }


def own_variables(person: Person) -> dict[str, Any]:
    """Those that say who the contact is."""
    return {"contact": contact_fields(person, CONTACT)}


def contact_fields(person: Person, names: Iterable[str]) -> dict[str, Any]:
    """These fields of a contact, None for one that is empty."""
    fields = {name: getattr(person, name) or None for name in names}
    if "attributes" in fields:
        fields["attributes"] = dict(person.attributes)
    return fields


def shared_variables(words: Words, head: Letterhead) -> dict[str, Any]:
    """Those that are the same in every message of a mailing."""
    sender_email = words.sender_email or head.sender_email
    return {
        "campaign": {
            "name": words.title,
            "title": words.title,
            "subject": "" if _TEMPLATED.search(words.subject) else words.subject,
            "preheader": words.preheader,
        },
        "content": dict(words.content),
        "sender": {
            "name": words.sender_name or head.sender_name or sender_email.rpartition("@")[2],
            "email": sender_email,
            "postal_address": head.postal_address,
        },
        "privacy_url": head.privacy_url,
        "advertisement": is_advertising(words.topic),
        "language": language_of(words, head),
        "partner": head.on_behalf_of,
    }


def known_variables(content: Mapping[str, Any] | None) -> dict[str, list[str] | None]:
    """The names of all variables, and of the fields of each group; None where any field may exist.

    `content` None: a shipped template, which asks for nothing without asking first whether it is there.
    """
    return {
        "contact": list(CONTACT),
        "campaign": ["name", "title", "subject", "preheader"],
        "content": None if content is None else list(content),
        "sender": ["name", "email", "postal_address"],
        "unsubscribe_url": None,
        "preferences_url": None,
        "privacy_url": None,
        "personal_url": None,
        "advertisement": None,
        "language": None,
        "partner": None,
    }
