"""Rehearsals: a database of invented people who said yes, and one campaign to send them, as the product makes both."""

import io
import secrets
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, inspect, or_, select

from campaigns.domain.campaign_files import CampaignDraft, DraftSender
from campaigns.services.apply_campaign import apply_draft
from campaigns.services.check_campaign import check_campaign
from campaigns.services.launch import launch
from campaigns.services.preview import preview
from campaigns.services.schedule_campaign import schedule
from campaigns.storage.campaigns import Campaign
from contacts.domain.addresses import PepperRing
from contacts.domain.policy import Source
from contacts.domain.rows import Defaults
from contacts.services.import_contacts import ImportOptions, import_contacts
from contacts.storage.contacts import Contact
from contacts.storage.ledger import Event, begin_ledger
from contacts.storage.peppers import remember_pepper
from contacts.storage.policies import has_policy, publish_policy
from contacts.storage.topics import add_standard_topics
from core.clock import now
from core.database import Database
from core.errors import BadInput, Conflict
from core.operators import Operator
from core.schema import migrate, require_current_schema
from core.settings import Settings
from core.tokens import Keyring

EVIDENCE = "invented for heedful bench send"
TOPIC = "announcements"
SECRETS = {
    "secret_key": "a-benchmark-signs-with-a-key-that-is-no-secret",
    "pepper": "the-pepper-of-a-benchmark-is-no-secret",
}
GIVEN = ("Ada", "Björn", "Chloé", "Dmitri", "太郎")
FAMILIES = ("Byron", "Müller", "Đorđević", "O'Neill", "山田")
SAID_AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
WORDS = "Listen to what is new: faster, quieter, and with everything in its place. "
FOOT = "You get this because you asked for news about announcements. This is an advertisement."


def settings_for(url: str, **more: Any) -> Settings:
    """The settings of a rehearsal; its secrets are no secrets, so that a later run knows its people again."""
    said = {
        "database_url": url,
        "sender_name": "Example Audio",
        "sender_email": "news@example.org",
        "sender_postal_address": "Example Audio, 1 Example Street, Exampletown",
        "privacy_url": "https://example.org/privacy",
        **SECRETS,
    }
    return Settings(_env_file=None, **(said | more))


def house_of(settings: Settings, people: int) -> tuple[Database, dict[str, Any]]:
    """The database with so many people; who is missing is brought in. Tells how long that took.

    Raises:
        Conflict: it holds something that no rehearsal made.
    """
    database = Database(settings.database_url)
    began = time.perf_counter()
    if _is_empty(database):
        migrate(database)
    else:
        require_current_schema(database)
        _require_ours(database)
    ring = PepperRing.of(settings)
    with database.writing() as session:
        begin_ledger(session)
        add_standard_topics(session, at=SAID_AT)
        remember_pepper(session, ring)
        if not has_policy(session):
            publish_policy(session, "2026-01", "strict", at=SAID_AT)
    missing = people - _people(database)
    if missing < 0:
        raise Conflict("The database holds more people of an earlier run.", remedy="Name another database.")
    if missing:
        _bring(database, ring, range(people - missing, people))
    return database, {"people_built": missing, "building_seconds": round(time.perf_counter() - began, 1)}


def _is_empty(database: Database) -> bool:
    """Whether there is not one table: nothing is brought to this version here that somebody else keeps."""
    return not inspect(database.engine).get_table_names()


def _require_ours(database: Database) -> None:
    with database.reading() as session:
        others = session.scalar(select(func.count()).select_from(Contact).where(Contact.evidence != EVIDENCE))
        teams = session.scalar(select(func.count()).select_from(Operator))
        foreign = session.scalar(select(func.count()).select_from(Campaign).where(~Campaign.name.like("bench-%")))
        unknown = session.scalar(
            select(func.count()).select_from(Event).where(or_(Event.kind != "consent", Event.door != "import"))
        )
    if others or teams or foreign or unknown or not _people(database):
        raise Conflict(
            "This database holds what no benchmark put there.", remedy="Name an empty one; it is filled by the run."
        )


def _people(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Contact)) or 0


def _bring(database: Database, ring: PepperRing, numbers: range) -> None:
    """Import them as a team does, each with the word they gave."""
    options = ImportOptions(
        file_name="invented.csv",
        defaults=Defaults(source=Source.MAILING_LIST, source_at=SAID_AT, evidence=EVIDENCE),
        rejects_folder=Path(tempfile.gettempdir()) / f"heedful-bench-{secrets.token_hex(4)}",
    )
    report = import_contacts(database, io.BytesIO(b"".join(_rows(numbers))), options, ring=ring, at=now())
    if report.counts.get("added") != len(numbers):
        raise Conflict(f"Of {len(numbers)} invented people {report.counts.get('added', 0)} were taken in.")
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _rows(numbers: range) -> Iterator[bytes]:
    yield b"email,given name,family name,topics,instrument\n"
    for each in numbers:
        given, family = GIVEN[each % len(GIVEN)], FAMILIES[each // 7 % len(FAMILIES)]
        yield f"reader{each}@{each % 50}.example.org,{given},{family},{TOPIC},instrument {each % 97}\n".encode()


def launched(database: Database, settings: Settings, *, links: int, size: int) -> tuple[int, dict[str, Any]]:
    """A campaign of that many tracked links and about that many bytes a mail, frozen; its mailing's number."""
    keyring = Keyring(settings.secret_key.get_secret_value().split(","))
    name, at = f"bench-{secrets.token_hex(5)}", now()
    with database.writing() as session:
        padding, measured = size // 2, 0
        for _ in range(4):  # quoted-printable and headers add their share: write, weigh, write again
            campaign = apply_draft(session, draft(name, links, padding), at=at).campaign
            measured = len(preview(session, campaign, settings, keyring, at=at).raw)
            padding = max(padding + size - measured, 0)
    began = time.perf_counter()
    with database.writing() as session:
        campaign = session.scalars(select(Campaign).where(Campaign.name == name)).one()
        checked = check_campaign(session, campaign, settings, keyring, at=at)
        if checked.clearance is None:
            raise BadInput("; ".join(each.sentence for each in checked.findings))
        mailing_id = schedule(session, campaign, checked.clearance, when="now", zone="UTC", at=at).mailing.id
    with database.writing() as session:
        frozen = launch(session, mailing_id, settings, keyring, at=now())
    assert frozen is not None
    told = {"message_bytes": measured, "audience": frozen.progress.planned}
    return mailing_id, told | {"launch_seconds": round(time.perf_counter() - began, 2)}


def draft(name: str, links: int, padding: int) -> CampaignDraft:
    """A mail in HTML and text with holes for the person; two thirds of the padding in HTML, the rest in text."""
    urls = [f"https://www.example.org/products/number-{number}?from=mail" for number in range(links)]
    html = "".join(f'<p style="color:#333">{WORDS}<a href="{url}">Number {url[-11]}</a></p>' for url in urls)
    text = "\n".join(f"{url}" for url in urls)
    return CampaignDraft(
        name=name,
        title="Rehearsal",
        topic=TOPIC,
        subject="News for {{ contact.given_name }}",
        preheader="Faster and quieter",
        html=(
            "<html><body><h1>Hello {{ contact.given_name }} {{ contact.family_name }}</h1>"
            "<p>For your {{ contact.attributes.instrument | default('instrument') }}.</p>"
            f"{html}<p>{_filler(padding * 2 // 3)}</p><p>{{{{ sender.postal_address }}}} {FOOT} "
            '<a href="{{ unsubscribe_url }}">Unsubscribe</a> <a href="{{ preferences_url }}">Choose</a></p>'
            "</body></html>"
        ),
        text=(
            "Hello {{ contact.given_name }} {{ contact.family_name }},\n\n"
            f"{text}\n\n{_filler(padding // 3)}\n\n{{{{ sender.postal_address }}}}\n{FOOT}\n"
            "{{ unsubscribe_url }}\n{{ preferences_url }}\n"
        ),
        sender=DraftSender(email="news@example.org"),
    )


def _filler(length: int) -> str:
    return (WORDS * (length // len(WORDS) + 1))[: max(length, 0)]
