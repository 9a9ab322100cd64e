"""A campaign as one contact would get it: parts and headers, with links that lead nowhere for anybody."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.domain.content_checks import about_kinds, fields_read
from campaigns.domain.message_urls import NOBODY, message_urls, personal_link
from campaigns.mail.composing import compose
from campaigns.mail.contexts import letterhead, sources_of
from campaigns.mail.inlining import inline_css
from campaigns.mail.sandbox import compile_mail
from campaigns.mail.shipped import Sources
from campaigns.mail.specimens import print_mail
from campaigns.storage.audiences import sample_contacts
from campaigns.storage.campaigns import Campaign
from contacts.domain.verdicts import Reason
from contacts.storage.contacts import Contact
from contacts.storage.gate import verdicts
from contacts.storage.partners import on_behalf_of
from core.errors import BadInput
from core.settings import Settings
from core.tokens import Keyring


@dataclass(frozen=True)
class Preview:
    """What the contact would get; `verdict` says why they would not get it, None if they would."""

    contact_id: int | None
    verdict: Reason | None
    subject: str
    html: str
    text: str
    headers: tuple[tuple[str, str], ...]
    raw: bytes


def preview(
    session: Session,
    campaign: Campaign,
    settings: Settings,
    keyring: Keyring,
    *,
    at: datetime,
    contact: Contact | None = None,
) -> Preview:
    """Render the campaign for this contact, or for one of its audience, or for an invented one if there is none.

    Its links open the same pages as in a real mail, but speak of nobody.

    Raises:
        BadInput: the template cannot be rendered for this contact, names part and line; or content is of a wrong kind.
    """
    shown = contact or _somebody(session, campaign, at)
    sources = sources_of(campaign.template, campaign.subject, campaign.html, campaign.text)
    _require_writable(campaign, sources)
    compiled = compile_mail(sources.subject, inline_css(sources.html).html, sources.text or None)
    personal = personal_link(campaign.personal_path, campaign.personal_kind)
    urls = message_urls(keyring, settings.base_url, NOBODY, topic_id=0, mailing_id=0, personal=personal)
    printed = print_mail(
        compiled, campaign, shown, letterhead(settings, on_behalf_of(session, campaign.topic)), urls, at=at
    )
    raw = compose(printed.letter)
    verdict = None
    if shown.address_key is not None:
        said = verdicts(session, campaign.topic, [shown.address_key], at=at)
        verdict = said.get(shown.address_key, Reason.NO_PERMISSION)
    mail = printed.mail
    return Preview(shown.id, verdict, mail.subject, mail.html, mail.text, _headers(raw), raw)


def _require_writable(campaign: Campaign, sources: Sources) -> None:
    """Refuse content of a wrong kind by its own name; no line of a template that ships says what is wrong with it."""
    if campaign.html:
        return
    for fault in about_kinds(campaign.content, fields_read(sources.subject, sources.html, sources.text)):
        raise BadInput(fault.sentence, field=fault.where, remedy=fault.remedy)


def _somebody(session: Session, campaign: Campaign, at: datetime) -> Contact:
    found = sample_contacts(session, campaign.audience, campaign.topic, at=at, most=1)
    if found:
        return found[0]
    names = {"given_name": "Alex", "family_name": "Example", "locale": "en", "time_zone": "UTC"}
    return Contact(address="alex@example.org", source="purchase", attributes={}, **names)


def _headers(raw: bytes) -> tuple[tuple[str, str], ...]:
    """The headers as they are written, folded lines joined."""
    head = raw.split(b"\r\n\r\n", 1)[0].replace(b"\r\n ", b" ").decode("utf-8")
    pairs = (line.partition(": ") for line in head.split("\r\n"))
    return tuple((name, value) for name, _, value in pairs)
