"""Small worlds for the tests of campaigns: contacts with a history, campaigns that are ready, mailings under way."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from campaigns.domain.campaign_files import CampaignDraft, DraftSender
from campaigns.domain.checks import Clearance
from campaigns.domain.states import CampaignState
from campaigns.storage.audiences import freeze_audience
from campaigns.storage.campaigns import Campaign, as_variant, fingerprint, move_campaign, put_draft
from campaigns.storage.mailings import Mailing, MailingKind, begin_mailing, plan_mailing
from campaigns.storage.senders import start_sender
from contacts.domain.addresses import Pepper, read_address
from contacts.domain.facts import Door, Fact, Kind
from contacts.storage.contacts import Contact, Person
from contacts.storage.ledger import record
from tests.conftest import NOON, PEPPER

PEOPLE = Pepper(PEPPER)
HTML = (
    '<html><body><p>Hello {{ contact.given_name }}, <a href="https://example.org/new?a=1&amp;b=2">look</a></p>'
    "<p>{{ sender.postal_address }} This is an advertisement. "
    '<a href="{{ unsubscribe_url }}">Unsubscribe</a> <a href="{{ preferences_url }}">Choose</a></p></body></html>'
)
TEXT = (
    "Hello {{ contact.given_name }}, https://example.org/new?a=1&b=2\n\n"
    "{{ sender.postal_address }}\nThis is an advertisement.\n{{ unsubscribe_url }}\n{{ preferences_url }}\n"
)


def add_contact(session: Session, address: str, *, at: datetime = NOON, **columns: Any) -> Contact:
    """A contact who never gave any permission."""
    read = read_address(address)
    keys = PEOPLE.keys(read)
    values = {"source": "purchase", "source_at": at, "created_at": at, "updated_at": at, "given_name": "Ann"} | columns
    contact = Contact(address=read.delivery, address_key=keys.own, family_key=keys.family, **values)
    session.add(contact)
    session.flush()
    return contact


def tell(session: Session, contact: Person, kind: Kind, scopes: Iterable[str], *, at: datetime = NOON) -> None:
    """Record one event a scope about the contact."""
    facts = [
        Fact(
            contact.address_key,
            contact.family_key,
            kind,
            scope,
            Door.IMPORT,
            at,
            source="purchase",
            evidence="a form",
            policy_version="2026-01",
        )
        for scope in scopes
    ]
    record(session, facts, at=at)


def add_reader(session: Session, address: str, *scopes: str, **columns: Any) -> Contact:
    """A contact who said yes to these scopes; to announcements and tracking if none is named."""
    contact = add_contact(session, address, **columns)
    tell(session, contact, Kind.CONSENT, scopes or ("announcements", "tracking"))
    return contact


def add_readers(session: Session, number: int) -> list[Contact]:
    """Several readers."""
    return [add_reader(session, f"reader{each}@example.org") for each in range(number)]


def make_draft(name: str = "spring", **changes: Any) -> CampaignDraft:
    """A campaign that would pass its checks."""
    values: dict[str, Any] = {
        "title": "Spring",
        "topic": "announcements",
        "subject": "New this spring",
        "preheader": "Faster and quieter",
        "html": HTML,
        "text": TEXT,
        "sender": DraftSender(email="news@example.org"),
    }
    return CampaignDraft(name=name, **(values | changes))


def clear(campaign: Campaign) -> Clearance:
    """What the checks say of a campaign that passed them."""
    others = [as_variant(campaign, number) for number in range(2, len(campaign.draft.trial.variants) + 2)]
    variants = tuple((each.subject, each.html, each.text) for each in others)
    return Clearance(fingerprint(campaign), campaign.subject, campaign.html, campaign.text, variants)


def scheduled(session: Session, draft: CampaignDraft | None = None, *, at: datetime = NOON) -> Mailing:
    """A campaign that is due at `at`."""
    campaign = put_draft(session, draft or make_draft(), at)
    mailing = plan_mailing(session, campaign, clear(campaign), kind=MailingKind.FIRST, due_at=at, at=at)
    campaign.scheduled_at = at
    move_campaign(session, campaign, CampaignState.SCHEDULED, at)
    return mailing


def sending(session: Session, draft: CampaignDraft | None = None, *, at: datetime = NOON) -> Mailing:
    """A campaign whose audience is frozen."""
    mailing = begin_mailing(session, scheduled(session, draft, at=at).id, at)
    assert mailing is not None
    freeze_audience(session, mailing, at=at)
    return mailing


def a_sender(session: Session, name: str = "one") -> int:
    """A sending process."""
    return start_sender(session, name, NOON)
