"""What must be right before a campaign may be scheduled (G20, P16), and what had better be; pure values."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from campaigns.domain.html_reading import Seen, read_html
from campaigns.domain.link_checks import LinkFault, link_fault
from core.language import gettext as _

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
CLIPPED_AT = 102 * 1024
"""Gmail cuts an HTML part off here, in bytes, and the unsubscribe link with it."""

LONG_SUBJECT = 150
ADVERTISING_WORDS = (
    "advertis",
    "werbung",
    "anzeige",
    "publicit",
    "pubblicit",
    "publicid",
    "reclame",
    "reklam",
    "إعلان",
    "広告",
    "광고",
    "广告",
)
_SELLING = re.compile(
    r"\b(?:discount|coupon|voucher|promo(?:tion|\s?code)?|buy\s+now|order\s+now|shop\s+now|sale\b|special\s+offer"
    r"|\d+\s?%\s?off|rabat|gutschein|jetzt\s+kaufen|remise\s+de|code\s+promo|achetez\s+maintenant|soldes\b"
    r"|descuento|cup[oó]n|cupom|desconto|compr[ae]\s+(?:ya|ahora|agora)|rebajas\b|sconto|acquista\s+(?:ora|subito)"
    r"|korting|koop\s+nu|zniżk|promocj|kup\s+teraz|خصم|اشتر\s+الآن)",
    re.IGNORECASE,
)


class Severity(StrEnum):
    """An error forbids scheduling; a warning is the team's to judge."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One thing that is not right: where, what, and what to do about it."""

    severity: Severity
    where: str
    sentence: str
    remedy: str = ""


@dataclass(frozen=True)
class Circumstances:
    """What is the same for every message of a campaign."""

    base_url: str
    postal_address: str
    sender_email: str
    advertises: bool
    researches: bool
    personal: bool = False
    on_behalf_of: str = ""
    """The partner whose products the mail is about; empty for our own."""


@dataclass(frozen=True)
class Specimen:
    """One message as a contact would get it, with its links as they were written; `text_links` are those in `text`."""

    subject: str
    preheader: str
    html: str
    text: str
    unsubscribe_url: str
    personal_url: str = ""
    text_links: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True)
class Clearance:
    """What a campaign that passed its checks may go out as; without one nothing is scheduled (G20).

    `fingerprint` is that of the campaign when it was checked; `subject`, `html` and `text` are the template sources,
    `variants` the same three of each variant from B on.
    """

    fingerprint: str
    subject: str
    html: str
    text: str
    variants: tuple[tuple[str, str, str], ...] = ()


def check(circumstances: Circumstances, specimens: Iterable[Specimen]) -> list[Finding]:
    """Run every check; the same finding is told once, errors first."""
    found = dict.fromkeys(_about_circumstances(circumstances))
    for specimen in specimens:
        found |= dict.fromkeys(_about(specimen, circumstances))
    return sorted(found, key=lambda finding: finding.severity is not Severity.ERROR)


def passes(findings: Iterable[Finding]) -> bool:
    """Say whether nothing found forbids scheduling."""
    return all(finding.severity is not Severity.ERROR for finding in findings)


def error(where: str, sentence: str, remedy: str = "") -> Finding:
    """Something that must be put right."""
    return Finding(Severity.ERROR, where, sentence, remedy)


def warning(where: str, sentence: str, remedy: str = "") -> Finding:
    """Something that had better be put right."""
    return Finding(Severity.WARNING, where, sentence, remedy)


def is_https_or_loopback(url: str) -> bool:
    """Say whether links may begin with this (P16)."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))


def _about_circumstances(told: Circumstances) -> Iterator[Finding]:
    if not is_https_or_loopback(told.base_url):
        yield error(
            "base_url",
            _("Links would not be encrypted: {url} does not begin with https://.").format(url=told.base_url),
            _("Set HEEDFUL_BASE_URL to an https address."),
        )
    if not told.postal_address.strip():
        yield error(
            "postal_address", _("The sender's postal address is not set."), _("Set HEEDFUL_SENDER_POSTAL_ADDRESS.")
        )
    if not told.sender_email.strip():
        yield error(
            "sender",
            _("There is no sender address."),
            _("Set HEEDFUL_SENDER_EMAIL, or the email of the campaign's sender."),
        )


def _about(mail: Specimen, told: Circumstances) -> Iterator[Finding]:
    seen = read_html(mail.html)
    yield from _about_parts(mail, seen)
    yield from _about_duties(mail, seen, told)
    yield from _about_links(mail, seen, told)
    if told.researches and (selling := _SELLING.search(f"{mail.subject} {mail.text} {seen.words}")):
        yield warning(
            "text",
            _("An invitation to a survey sells nothing, but this one says “{words}”.").format(words=selling[0]),
            _("Leave offers out of research mail."),
        )


def _about_parts(mail: Specimen, seen: Seen) -> Iterator[Finding]:
    if not mail.subject.strip():
        yield error("subject", _("The subject is empty."))
    elif len(mail.subject) > LONG_SUBJECT:
        yield warning("subject", _("The subject is longer than {most} characters.").format(most=LONG_SUBJECT))
    if not seen.words:
        yield error("html", _("The HTML part has no words."))
    if not mail.text.strip():
        yield error("text", _("The text part is empty."))
    if not mail.preheader.strip():
        yield warning(
            "preheader",
            _("There is no preheader."),
            _("It is the line that an inbox shows after the subject; write one."),
        )
    if seen.pictures_without_words:
        yield warning(
            "html",
            _("{count} pictures have no alternative text.").format(count=seen.pictures_without_words),
            _('Give each <img> an alt="…"; an empty one where it only decorates.'),
        )
    if seen.blocked:
        yield warning(
            "html",
            _("Mail programs drop or block {elements}.").format(
                elements=", ".join(f"<{name}>" for name in sorted(seen.blocked))
            ),
            _("Leave them out, and link to a page that has them."),
        )
    if len(mail.html.encode()) > CLIPPED_AT:
        yield warning(
            "html",
            _("The HTML part is larger than 102 KB; some mailboxes cut it off, and the unsubscribe link with it."),
            _("Shorten it."),
        )


def _about_duties(mail: Specimen, seen: Seen, told: Circumstances) -> Iterator[Finding]:
    labels = [anchor.label for anchor in seen.anchors if anchor.href == mail.unsubscribe_url]
    if not any(labels):
        yield error(
            "html",
            _("The HTML part has no visible unsubscribe link."),
            _('Add <a href="{{ unsubscribe_url }}">Unsubscribe</a>.'),
        )
    if mail.unsubscribe_url not in mail.text:
        yield error("text", _("The text part has no unsubscribe link."), _("Add {{ unsubscribe_url }}."))
    for where, words in (("html", seen.words), ("text", mail.text)):
        if told.postal_address.strip() and not _says(words, told.postal_address):
            yield error(
                where,
                _("The {part} part does not show the postal address.").format(part=where),
                _("Add {{ sender.postal_address }}."),
            )
        if told.advertises and not any(word in words.casefold() for word in ADVERTISING_WORDS):
            yield error(
                where,
                _("The {part} part does not say that it is advertising.").format(part=where),
                _("Add a line such as “This is an advertisement.”; it is due on this topic."),
            )
        if not _says(words, told.on_behalf_of):
            yield error(
                where,
                _("The {part} part does not name the partner, {partner}.").format(
                    part=where, partner=told.on_behalf_of
                ),
                _("Add {{ partner }}: people must see on whose behalf they get it."),
            )


def _about_links(mail: Specimen, seen: Seen, told: Circumstances) -> Iterator[Finding]:
    if told.personal:
        if not any(anchor.href == mail.personal_url and anchor.label for anchor in seen.anchors):
            yield error("html", _("The HTML part lacks the personal link."), _("Add a link to {{ personal_url }}."))
        if mail.personal_url not in mail.text:
            yield error("text", _("The text part lacks the personal link."), _("Add {{ personal_url }}."))
    ours = (told.base_url + "/", "cid:")
    for where, urls in (
        ("html", [anchor.href for anchor in seen.anchors]),
        ("text", list(mail.text_links)),
    ):
        for url in urls:
            if url.startswith(ours):
                continue
            if mail.address and mail.address.casefold() in unquote(url).casefold():
                yield error(
                    where,
                    _("A link to another site carries the contact's address."),
                    _("Leave {{ contact.address }} out of links."),
                )
            elif fault := link_fault(url):
                yield _finding_about(where, url, fault)


def _finding_about(where: str, url: str, fault: LinkFault) -> Finding:
    sentence = _("The link “{url}” {fault}.").format(url=url, fault=_(fault.value))
    return warning(where, sentence) if fault.is_tolerable else error(where, sentence)


def _says(words: str, wanted: str) -> bool:
    """Look for a postal address or a name, whatever its line breaks and commas became."""
    return _bare(wanted) in _bare(words)


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
