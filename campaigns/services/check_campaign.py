"""Checking a campaign as its contacts would meet it, before it may be scheduled (G20); for console and terminal."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.domain.checks import Circumstances, Clearance, Finding, Specimen, check, error, passes, warning
from campaigns.domain.content_checks import about_content, about_kinds, about_language, fields_read
from campaigns.domain.message_urls import NOBODY, MessageUrls, message_urls, personal_link
from campaigns.domain.relay_checks import about_relay
from campaigns.domain.trial_words import about_trial
from campaigns.domain.windows import RECIPIENT
from campaigns.domain.winners import letter_of
from campaigns.mail.composing import compose
from campaigns.mail.contexts import Letterhead, known_variables, letterhead, sources_of
from campaigns.mail.inlining import inline_css
from campaigns.mail.letters import letter
from campaigns.mail.relay_urls import read_relay_urls
from campaigns.mail.rewriting import links_in_html
from campaigns.mail.sandbox import CompiledMail, RenderedMail, compile_mail
from campaigns.mail.sandbox import check as check_templates
from campaigns.mail.shipped import Sources
from campaigns.mail.specimens import ENOUGH, as_specimen, is_ours, print_mail, shared, written_out
from campaigns.storage.audiences import count_audience, reaches_anybody, sample_contacts
from campaigns.storage.campaigns import Campaign, as_variant, fingerprint
from contacts.domain.leaving_tokens import read_leaving
from contacts.domain.scopes import is_advertising, is_research, partner_of
from contacts.storage.contacts import Contact
from contacts.storage.partners import on_behalf_of, standstill, standstill_sentence
from contacts.storage.topics import open_topics
from core.errors import BadInput, NotFound
from core.language import gettext as _
from core.settings import Settings
from core.tokens import Keyring, TokenKind

SAMPLE = 20
"""How many contacts of the audience the mail is rendered for."""

ONE_CLICK = b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"


@dataclass(frozen=True)
class Checked:
    """What was found; with a clearance if nothing forbids scheduling."""

    findings: tuple[Finding, ...]
    clearance: Clearance | None


@dataclass(frozen=True)
class _House:
    """What the checks of all variants share; `renders`: whether there is an audience to render for."""

    settings: Settings
    keyring: Keyring
    at: datetime
    renders: bool


@dataclass(frozen=True)
class _Desk:
    """What all specimens of one check share."""

    campaign: Campaign
    compiled: CompiledMail
    head: Letterhead
    urls: MessageUrls
    at: datetime


def check_campaign(
    session: Session, campaign: Campaign, settings: Settings, keyring: Keyring, *, at: datetime
) -> Checked:
    """Check everything that can be known before the mail is scheduled; changes nothing.

    The templates are read with every branch, and rendered for a sample of the audience and for a contact of whom
    nothing is known but the address. Each variant of a trial is checked in the same way.
    """
    findings = [*_about_audience(session, campaign, at), *_about_competing(campaign), *_about_way(campaign, settings)]
    house = _House(settings, keyring, at, renders=passes(findings))
    found, sources = _about_mail(session, campaign, house)
    findings += found
    variants: list[Sources | None] = []
    for number in range(2, len(campaign.draft.trial.variants) + 2):
        told, varied = _about_mail(session, as_variant(campaign, number), house)
        findings += [_of_variant(number, each) for each in told if each not in found]
        variants.append(varied)
    findings = sorted(dict.fromkeys(findings), key=lambda finding: passes([finding]))
    whole = [each for each in variants if each is not None]
    if sources is None or len(whole) < len(variants) or not passes(findings):
        return Checked(tuple(findings), None)
    others = tuple((each.subject, each.html, each.text) for each in whole)
    cleared = Clearance(fingerprint(campaign), sources.subject, sources.html, sources.text, others)
    return Checked(tuple(findings), cleared)


def _about_mail(session: Session, campaign: Campaign, house: _House) -> tuple[list[Finding], Sources | None]:
    """What is wrong with the words; with the templates that would be sent, if they could be rendered."""
    findings = list(_about_words(campaign))
    try:
        sources, warned = _sources(campaign)
    except BadInput as wrong:
        return [*findings, error(wrong.field or "html", wrong.message, wrong.remedy or "")], None
    findings += [*warned, *_about_templates(campaign, sources)]
    if not house.renders or not passes(findings):
        return findings, None
    compiled = compile_mail(sources.subject, sources.html, sources.text or None)
    urls = _urls(campaign, house.settings, house.keyring)
    head = letterhead(house.settings, on_behalf_of(session, campaign.topic))
    desk = _Desk(campaign, compiled, head, urls, house.at)
    faults: list[Finding] = []
    specimens = list(_specimens(desk, _sample(session, campaign, house.at), faults))
    findings += [*faults, *_about_headers(desk, house.keyring), *check(_circumstances(desk), specimens)]
    return [*findings, *_about_counting(desk, sources, specimens)], sources


def _about_competing(campaign: Campaign) -> Iterator[Finding]:
    by_local_time, personal = campaign.timed_for == RECIPIENT, bool(campaign.personal_path)
    yield from about_trial(
        campaign.draft.trial, tracking=campaign.tracking, personal=personal, by_local_time=by_local_time
    )


def _about_way(campaign: Campaign, settings: Settings) -> Iterator[Finding]:
    plans = [relay.plan for relay in read_relay_urls(settings.smtp_url.get_secret_value())]
    domain = (campaign.sender_email or settings.sender_email).rpartition("@")[2].lower()
    yield from about_relay(plans, sender_domain=domain, wished=campaign.relay or "")


def _of_variant(number: int, finding: Finding) -> Finding:
    letter = letter_of(number)
    said = _("Variant {letter}: {sentence}").format(letter=letter, sentence=finding.sentence)
    return replace(finding, where=f"{letter}.{finding.where}", sentence=said)


def _about_audience(session: Session, campaign: Campaign, at: datetime) -> Iterator[Finding]:
    partner = partner_of(campaign.topic)
    why = standstill(session, partner, at=at) if partner else None
    if partner and why:
        yield error("topic", _(standstill_sentence(session, partner, why)), _("`heedful partner list` tells more."))
        return
    if campaign.topic not in {topic.name for topic in open_topics(session)}:
        yield error("topic", _("The topic “{topic}” is closed or unknown.").format(topic=campaign.topic))
        return
    try:
        reached = reaches_anybody(session, campaign.audience, campaign.topic, at=at)
    except (BadInput, NotFound) as wrong:
        yield error("audience", wrong.message, wrong.remedy or "")
        return
    if not reached:
        met = count_audience(session, campaign.audience, campaign.topic, at=at).met
        yield warning(
            "audience", _("Of {met} contacts whom the audience means, nobody may be written to now.").format(met=met)
        )


def _about_words(campaign: Campaign) -> Iterator[Finding]:
    if "{{" in campaign.preheader or "{%" in campaign.preheader:
        yield error("preheader", _("The preheader is plain text; variables are not filled in there."))


def _sources(campaign: Campaign) -> tuple[Sources, list[Finding]]:
    sources = sources_of(campaign.template, campaign.subject, campaign.html, campaign.text)
    inlined = inline_css(sources.html)
    warned = [warning("html", inlined.warning)] if inlined.warning else []
    return Sources(sources.subject, inlined.html, sources.text), warned


def _about_templates(campaign: Campaign, sources: Sources) -> Iterator[Finding]:
    known = known_variables(campaign.content if campaign.html else None)
    for problem in check_templates(sources.subject, sources.html, sources.text or None, known):
        yield error(problem.part, problem.message)
    read = fields_read(sources.subject, sources.html, sources.text)
    if not campaign.html:
        yield from about_kinds(campaign.content, read)
    needs_words = not campaign.html and not campaign.personal_path
    yield from about_content(campaign.content, read, needs_words=needs_words)
    yield from about_language(campaign.content)


def _urls(campaign: Campaign, settings: Settings, keyring: Keyring) -> MessageUrls:
    personal = personal_link(campaign.personal_path, campaign.personal_kind)
    return message_urls(keyring, settings.base_url, NOBODY, topic_id=0, mailing_id=0, personal=personal)


def _sample(session: Session, campaign: Campaign, at: datetime) -> list[Contact]:
    return sample_contacts(session, campaign.audience, campaign.topic, at=at, most=SAMPLE)


def _specimens(desk: _Desk, contacts: list[Contact], faults: list[Finding]) -> Iterator[Specimen]:
    for contact in contacts:
        try:
            mail = print_mail(desk.compiled, desk.campaign, contact, desk.head, desk.urls, at=desk.at).mail
        except BadInput as wrong:
            told = _("For contact {number}: {message}").format(number=contact.id, message=wrong.message)
            faults.append(error(wrong.field or "html", told, wrong.remedy or _("Give a default.")))
        else:
            yield as_specimen(mail, desk.campaign, contact, desk.urls)
    bare = _bare()
    try:
        mail = print_mail(desk.compiled, desk.campaign, bare, desk.head, desk.urls, at=desk.at).mail
    except BadInput as wrong:
        told = _("For a contact of whom only the address is known: {message}").format(message=wrong.message)
        faults.append(warning(wrong.field or "html", told, _('Give a default: {{ … | default("…") }}.')))
    else:
        yield as_specimen(mail, desk.campaign, bare, desk.urls)


def _about_counting(desk: _Desk, sources: Sources, specimens: list[Specimen]) -> Iterator[Finding]:
    """A link of one person alone is sent as it is: it is no destination that could be stored (P20, P25)."""
    rendered = [[*links_in_html(each.html), *each.text_links] for each in specimens]
    known = {*written_out(desk.campaign, sources), *shared(rendered)}
    own = {url for links in rendered for url in links if url not in known and not is_ours(url, desk.head)}
    if own and desk.campaign.tracking and len(rendered) >= ENOUGH:
        yield warning("html", _("Links that differ from contact to contact are sent as they are, and not counted."))


def _bare() -> Contact:
    blank = dict.fromkeys(("given_name", "family_name", "locale", "time_zone"), "")
    return Contact(address="somebody@example.org", source="purchase", attributes={}, **blank)


def _circumstances(desk: _Desk) -> Circumstances:
    return Circumstances(
        base_url=desk.head.base_url,
        postal_address=desk.head.postal_address,
        sender_email=desk.campaign.sender_email or desk.head.sender_email,
        advertises=is_advertising(desk.campaign.topic),
        researches=is_research(desk.campaign.topic),
        personal=bool(desk.campaign.personal_path),
        on_behalf_of=desk.head.on_behalf_of,
    )


def _about_headers(desk: _Desk, keyring: Keyring) -> Iterator[Finding]:
    """Write a mail's headers, and open the token of its one-click as the page would (G20)."""
    words = RenderedMail("Subject", "<p>Words</p>", "Words")
    try:
        raw = compose(letter(desk.campaign, words, _bare(), desk.head, desk.urls, at=desk.at))
        opened = read_leaving(keyring, TokenKind.UNSUBSCRIBE, desk.urls.unsubscribe.rpartition("/")[2])
        works = ONE_CLICK in raw and f"<{desk.urls.unsubscribe}>".encode() in raw and opened.own == NOBODY
    except BadInput as wrong:
        yield error(wrong.field or "sender", wrong.message, wrong.remedy or "")
        return
    if not works:
        yield error("one_click", _("The header's one-click opt-out does not work."), _("Run `heedful doctor`."))
