"""The API's routes for contacts: take one in, find one, explain one, and which topics there are."""

from functools import partial
from http import HTTPStatus
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field as Described

from contacts.domain.addresses import PepperRing, read_address
from contacts.domain.headings import Field
from contacts.domain.import_modes import ImportMode
from contacts.domain.rows import Defaults
from contacts.services.explain import explain
from contacts.services.unsubscribe import OptOut, hold_good
from contacts.services.upsert_contact import Said, Terms, Upserted, as_error, spelt, upsert_contact
from contacts.storage.blocks import blocks_of
from contacts.storage.contacts import Contact, contact_by_key
from contacts.storage.peppers import keys_of
from contacts.storage.topics import open_topics
from core.errors import BadInput, NotFound
from core.operators import Role
from core.web.calls import LATE, AddressLine, ApiAnswer, ApiPlace, Call, Given, Line, Problem, Reply, Told
from core.web.rendering import masked

MODES = {mode.value: mode for mode in ImportMode if mode is not ImportMode.RESTRICT}
Names = Annotated[list[Line], Described(max_length=100)]
Attributes = dict[Annotated[str, Described(max_length=64)], Line | bool | int | float]


class ContactGiven(Given):
    """A person, as a row of an import says one: a consent counts only with an address never heard of."""

    address: AddressLine
    mode: Line = Described("fill", description=f"What may become of who is known: {', '.join(MODES)}.")
    given_name: Line | None = None
    family_name: Line | None = None
    language: Line | None = Described(None, examples=["de"])
    time_zone: Line | None = Described(None, examples=["Europe/Berlin"])
    attributes: Attributes | None = None
    source: Line | None = Described(None, description="Where the address came from.", examples=["purchase"])
    source_time: Line | None = Described(None, description="When.", examples=["2026-03-01T10:00:00Z"])
    evidence: Line | None = Described(None, description="How you know.", examples=["order form, box ticked"])
    topics: Names | None = Described(None, description="What they said yes to.", examples=[["updates"]])
    opted_out: Names | None = Described(None, description="What they stopped.", examples=[["offers"], ["everything"]])
    child: bool | None = None
    birth_date: Line | None = Described(None, description="Only judged, never kept.", examples=["1985-12-31"])


_FIELDS = {
    "address": Field.ADDRESS,
    "given_name": Field.GIVEN_NAME,
    "family_name": Field.FAMILY_NAME,
    "language": Field.LOCALE,
    "time_zone": Field.TIME_ZONE,
    "attributes": Field.ATTRIBUTES,
    "source": Field.SOURCE,
    "source_time": Field.SOURCE_TIME,
    "evidence": Field.EVIDENCE,
    "topics": Field.CONSENTS,
    "opted_out": Field.OPT_OUTS,
    "child": Field.CHILD,
    "birth_date": Field.BIRTH_DATE,
}
"""Each field of a call, and the column of an import that it is: a test holds them together."""


class ContactTaken(Told):
    """What became of the person: how many of each; counts that are 0 are left out."""

    counts: dict[str, int]
    said: str


class AddressGiven(Given):
    """Whom it is about; in the body, for URLs are kept in logs."""

    address: AddressLine


class ContactTold(Told):
    """A contact, as far as the token's role may see it."""

    id: int
    address: str
    given_name: str
    family_name: str
    language: str
    time_zone: str
    source: str
    source_time: str
    attributes: dict[str, Any]
    blocks: list[str]


class TopicExplained(Told):
    """Whether mail on a topic is permitted, and why."""

    topic: str
    title: str
    permitted: bool
    reason: str | None
    sentence: str


class Explained(Told):
    """The verdict on every topic, as the gate gives it."""

    known: bool
    topics: list[TopicExplained]


class TopicTold(Told):
    """A topic that mail can be about."""

    name: str
    title: str
    description: str


class TopicsTold(Told):
    """All open topics."""

    topics: list[TopicTold]


def take_contact(call: Call, contact: ContactGiven) -> ApiAnswer:
    """Add somebody who is new, or restrict and complete somebody who is known, as an import does."""
    if contact.mode not in MODES:
        raise BadInput("There is no such mode.", field="mode", remedy=f"Modes are: {', '.join(MODES)}.")
    terms = Terms(
        token_id=call.caller.token_id,
        mode=MODES[contact.mode],
        age_limit=call.settings.child_age,
        defaults=Defaults(zone=ZoneInfo(call.settings.time_zone)),
    )
    ring = PepperRing.of(call.settings)
    return partial(_taken, call, upsert_contact(call.session, ring, _said(contact), terms, at=call.at))


def _said(contact: ContactGiven) -> list[Said]:
    return [
        spelt(name, field, getattr(contact, name))
        for name, field in _FIELDS.items()
        if getattr(contact, name) is not None
    ]


def _taken(call: Call, found: Upserted) -> Reply:
    stopped = [OptOut(fact.own, fact.scope, 0) for fact in found.facts]
    settled = hold_good(call.database, stopped, seconds=call.settings.confirm_seconds)
    if found.rejection is not None:
        error = as_error(found.rejection)
        remedy = f"{error.remedy or ''} What stops the person was recorded.".strip()
        return Reply(Problem(message=error.message, field=error.field, remedy=remedy), HTTPStatus.UNPROCESSABLE_ENTITY)
    body = ContactTaken(counts={name: n for name, n in found.counts.items() if n}, said="done" if settled else LATE)
    return Reply(body, HTTPStatus.OK if settled else HTTPStatus.ACCEPTED)


def find_contact(call: Call, asked: AddressGiven) -> ApiAnswer:
    """Find a contact by its address, in whatever spelling."""
    keys = keys_of(call.session, PepperRing.of(call.settings), read_address(asked.address))
    contact = contact_by_key(call.session, keys.own)
    if contact is None:
        raise NotFound("There is no such contact.")
    return _told(call, contact)


def _told(call: Call, contact: Contact) -> ContactTold:
    blocks = blocks_of(call.session, contact.address_key)
    return ContactTold(
        id=contact.id,
        address=contact.address if call.sees_addresses else masked(contact.address),
        given_name=contact.given_name,
        family_name=contact.family_name,
        language=contact.locale,
        time_zone=contact.time_zone,
        source=contact.source,
        source_time=contact.source_at.isoformat(),
        attributes=contact.attributes,
        blocks=[f"{block.scope} ({block.reason})" for block in blocks],
    )


def explain_address(call: Call, asked: AddressGiven) -> ApiAnswer:
    """Tell why somebody would or would not get mail, topic by topic."""
    keys = keys_of(call.session, PepperRing.of(call.settings), read_address(asked.address))
    found = explain(call.session, keys, at=call.at)
    topics = [
        TopicExplained(
            topic=each.topic,
            title=each.title,
            permitted=each.reason is None,
            reason=each.reason.value if each.reason else None,
            sentence=each.sentence,
        )
        for each in found.topics
    ]
    return Explained(known=found.known, topics=topics)


def list_topics(call: Call) -> ApiAnswer:
    """List the topics that mail can be about."""
    topics = open_topics(call.session)
    return TopicsTold(
        topics=[TopicTold(name=each.name, title=each.title, description=each.description) for each in topics]
    )


API_PLACES = (
    ApiPlace("/contacts", take_contact, ContactTaken, Role.EDITOR, also=(202,)),
    ApiPlace("/contacts/find", find_contact, ContactTold, Role.ANALYST, also=(404,)),
    ApiPlace("/explain", explain_address, Explained, Role.ANALYST),
    ApiPlace("/topics", list_topics, TopicsTold, Role.ANALYST, method="GET"),
)
