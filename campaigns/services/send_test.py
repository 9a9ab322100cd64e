"""A test send: the campaign as it is, to a few contacts of the team, through the same gate and sender (G3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.domain.checks import Clearance
from campaigns.domain.message_urls import NOBODY, message_urls, personal_link
from campaigns.mail.contexts import letterhead
from campaigns.mail.shipped import Sources
from campaigns.mail.specimens import destinations
from campaigns.storage.audiences import freeze_named
from campaigns.storage.campaigns import Campaign
from campaigns.storage.links import store_links
from campaigns.storage.mailings import Mailing, MailingKind, begin_mailing, plan_mailing
from contacts.domain.addresses import PepperRing, read_address
from contacts.domain.verdicts import SENTENCES, Reason
from contacts.storage.contacts import Contact, contacts_by_keys
from contacts.storage.gate import verdicts
from contacts.storage.peppers import resolve
from core.errors import BadInput, Conflict
from core.language import gettext as _
from core.settings import Settings
from core.tokens import Keyring

MOST = 20


@dataclass(frozen=True)
class TestSend:
    """A test under way: its mailing, and to how many contacts."""

    __test__ = False  # not one of pytest's

    mailing: Mailing
    number: int


def send_test(
    session: Session,
    campaign: Campaign,
    cleared: Clearance | None,
    addresses: Sequence[str],
    settings: Settings,
    keyring: Keyring,
    *,
    at: datetime,
) -> TestSend:
    """Plan a mailing of kind test to these addresses; the sender takes it first.

    A test is mail like any other: each address must be a contact that may be written to on the campaign's topic.
    One that may not stops the whole test, so that nobody takes silence for success.

    Raises:
        Conflict: the campaign has not passed its checks, or was changed after them.
        BadInput: naming the address (by its place) that gets no test, and why.
    """
    if cleared is None:
        raise Conflict(
            _("The campaign “{name}” has not passed its checks.").format(name=campaign.name),
            remedy=_("A test is a real mail, so it must pass them too (`heedful campaign check`)."),
        )
    people = _people(session, campaign, addresses, PepperRing.of(settings), at)
    mailing = plan_mailing(session, campaign, cleared, kind=MailingKind.TEST, due_at=at, at=at)
    begun = begin_mailing(session, mailing.id, at)
    assert begun is not None, "a mailing planned in this transaction is nobody else's"
    number = freeze_named(session, begun, [contact.id for contact in people], at=at)
    if begun.tracking:
        sources = Sources(begun.subject_template, begun.html, begun.text)
        personal = personal_link(begun.personal_path, begun.personal_kind)
        urls = message_urls(keyring, settings.base_url, NOBODY, topic_id=0, mailing_id=begun.id, personal=personal)
        found = destinations(begun, sources, people, letterhead(settings), urls, at=at)
        store_links(session, campaign.id, found)
    return TestSend(begun, number)


def _people(
    session: Session, campaign: Campaign, addresses: Sequence[str], ring: PepperRing, at: datetime
) -> list[Contact]:
    keys = _keys(session, addresses, ring)
    contacts = contacts_by_keys(session, keys)
    said = verdicts(session, campaign.topic, keys, at=at)
    for place, key in enumerate(keys, 1):
        if key not in contacts:
            raise BadInput(
                _("Address {place} is not among the contacts.").format(place=place),
                field="to",
                remedy=_("Import the team's own addresses first, with their consent to this topic."),
            )
        reason = said.get(key, Reason.NO_PERMISSION)
        if reason is not None:
            raise BadInput(
                _("Address {place} gets no test: this contact {reason}.").format(place=place, reason=SENTENCES[reason]),
                field="to",
            )
    return list(contacts.values())


def _keys(session: Session, addresses: Sequence[str], ring: PepperRing) -> list[bytes]:
    written = [each.strip() for each in addresses if each.strip()]
    if not 0 < len(written) <= MOST:
        raise BadInput(_("A test goes to 1 to {most} addresses.").format(most=MOST), field="to")
    return list(dict.fromkeys(keys.own for keys in resolve(session, ring, [read_address(each) for each in written])))
