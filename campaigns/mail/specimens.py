"""Specimens: a campaign's mail as one contact would get it, before anything is sent; for checks, previews and links."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.domain.checks import Specimen
from campaigns.domain.link_checks import is_destination
from campaigns.domain.message_urls import MessageUrls
from campaigns.mail.composing import OutgoingMail
from campaigns.mail.contexts import Letterhead, Words, variables
from campaigns.mail.letters import letter
from campaigns.mail.rewriting import links_in_html, links_in_template, links_in_text
from campaigns.mail.sandbox import CompiledMail, RenderedMail, compile_mail
from campaigns.mail.shipped import Sources
from contacts.storage.contacts import Contact
from core.errors import BadInput

ENOUGH = 2


@dataclass(frozen=True)
class Printed:
    """One message: its parts, and the letter with its headers."""

    mail: RenderedMail
    letter: OutgoingMail


def print_mail(
    compiled: CompiledMail, words: Words, person: Contact, head: Letterhead, urls: MessageUrls, *, at: datetime
) -> Printed:
    """Render the mail for one contact, with its links as they were written.

    Raises:
        BadInput: a variable is missing for this contact; names part and line.
    """
    mail = compiled.render(variables(person, words, head, urls))
    return Printed(mail, letter(words, mail, person, head, urls, at=at))


def as_specimen(mail: RenderedMail, words: Words, person: Contact, urls: MessageUrls) -> Specimen:
    """The rendered mail as the checks look at it."""
    return Specimen(
        subject=mail.subject,
        preheader=words.preheader,
        html=mail.html,
        text=mail.text,
        unsubscribe_url=urls.unsubscribe,
        personal_url=urls.personal,
        text_links=tuple(links_in_text(mail.text)),
        address=person.address,
    )


def destinations(
    words: Words, sources: Sources, people: Iterable[Contact], head: Letterhead, urls: MessageUrls, *, at: datetime
) -> list[str]:
    """Every place the mail may lead to, for the campaign's stored links, in the order they were found.

    Those written out in the templates, those that all of a few rendered mails share, and addresses in the content.
    Never one that differs from person to person (P25), never one of our own or the privacy policy (P20).
    """
    compiled = compile_mail(sources.subject, sources.html, sources.text or None)
    rendered: list[list[str]] = []
    for person in (*people, somebody()):
        try:
            mail = print_mail(compiled, words, person, head, urls, at=at).mail
        except BadInput:  # this person's message will fail, and say why
            continue
        rendered.append([*links_in_html(mail.html), *links_in_text(mail.text)])
    return [url for url in dict.fromkeys([*written_out(words, sources), *shared(rendered)]) if not is_ours(url, head)]


def written_out(words: Words, sources: Sources) -> list[str]:
    """The destinations that stand in the templates and in the content as they are."""
    found = [*links_in_template(sources.html), *links_in_text(sources.text), *_addresses(words.content)]
    return [url for url in dict.fromkeys(found) if is_destination(url)]


def shared(rendered: list[list[str]]) -> list[str]:
    """The destinations that every one of several mails leads to; of one mail alone nobody can tell."""
    if len(rendered) < ENOUGH:
        return []
    others = [set(links) for links in rendered[1:]]
    return [url for url in dict.fromkeys(rendered[0]) if is_destination(url) and all(url in each for each in others)]


def somebody() -> Contact:
    """An invented person whose every value is unlike anybody's."""
    names = {"given_name": "Quillon", "family_name": "Xanthewort", "locale": "en", "time_zone": "UTC"}
    return Contact(address="quillon.xanthewort@example.org", source="purchase", attributes={}, **names)


def is_ours(url: str, head: Letterhead) -> bool:
    """Whether a link must stay as it is: it leads to our own pages or to the privacy policy."""
    return url == head.base_url or url.startswith(head.base_url + "/") or (url == head.privacy_url and url != "")


def _addresses(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (value,) if is_destination(value) else links_in_text(value)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _addresses(each)
    elif isinstance(value, list):
        for each in value:
            yield from _addresses(each)
