"""A condition means the same people as SQL, on both databases, as it does as a rule."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from contacts.domain.conditions import read_condition
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.matching import Person, matches
from contacts.storage.consents import Consent
from contacts.storage.contacts import Contact
from contacts.storage.ledger import record
from contacts.storage.segments import (
    all_segments,
    change_segment,
    count_meeting,
    meets,
    save_segment,
    segment_named,
    segment_numbered,
)
from core.errors import BadInput, Conflict, NotFound

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
TEXTS = [
    "",
    "Ada",
    "ADA",
    "ada b",
    "Ünal",
    "ünal",
    "山田",
    "😀",
    "a%b",
    "a_b",
    'q"t',
    "4",
    "true",
    "2026-05-01",
    "20260-5-01x",
]
VALUES = [
    *TEXTS[1:],
    "2026-05-01T10:00:00Z",
    "1999-12-31 was",
    True,
    False,
    0,
    1,
    4,
    -3,
    2.5,
    0.1,
    123456789012345,
    None,
]
KEYS = ["country", "größe", "国", "n"]
TOPICS = ["updates", "offers"]


def people():
    """Invented contacts whose fields differ in every way that matters."""
    for number in range(60):
        yield {
            "address": f"p{number}@example.org",
            "address_key": number.to_bytes(32, "big"),
            "family_key": number.to_bytes(32, "big"),
            "given_name": TEXTS[number % len(TEXTS)],
            "family_name": TEXTS[number // 3 % len(TEXTS)],
            "locale": ["", "de", "de-AT", "pt-BR", "ja"][number % 5],
            "time_zone": ["", "Europe/Berlin"][number % 2],
            "source": ["purchase", "download", "survey"][number % 3],
            "source_at": AT - timedelta(days=number),
            "evidence": "",
            "attributes": {
                key: VALUES[(number * 7 + place * 5) % len(VALUES)]
                for place, key in enumerate(KEYS)
                if number % 4 != place
            },
            "created_at": AT - timedelta(hours=8 * number),
            "updated_at": AT,
        }


@pytest.fixture
def filled(database):
    with database.writing() as session:
        session.execute(insert(Contact), list(people()))
        said_yes = [
            Fact(key, key, Kind.CONSENT, topic, Door.IMPORT, AT, source="purchase", policy_version="2026-01")
            for key in (number.to_bytes(32, "big") for number in range(60))
            for place, topic in enumerate(TOPICS)
            if key[-1] % (place + 2) == 0
        ]
        record(session, said_yes, at=AT)
    return database


def as_person(contact, topics):
    return Person(
        given_name=contact.given_name,
        family_name=contact.family_name,
        locale=contact.locale,
        time_zone=contact.time_zone,
        source=contact.source,
        source_at=contact.source_at,
        created_at=contact.created_at,
        attributes=contact.attributes,
        topics=topics.get(contact.address_key, frozenset()),
    )


def rules_of(fields, ops, values):
    return st.builds(lambda field, op, value: {"field": field, "op": op, "value": value}, fields, ops, values)


WORDS = st.sampled_from([*TEXTS[1:], "a", "e", "A", "2.5", "TRUE", "de", "%", "nothing"])
PLAIN = WORDS | st.sampled_from([True, False, 0, 1, 4, -3, 2.5, 0.1, 123456789012345])
BORDERS = st.sampled_from(["2026-05-01", "2026-11-20", "2026-11-20T04:00:00Z", "1999-12-31"]) | st.builds(
    lambda days: {"days_ago": days}, st.integers(0, 60)
)
NAMED = st.sampled_from(["given_name", "family_name", "name", "locale", "time_zone"])
ATTRIBUTES = st.sampled_from([f"attributes.{key}" for key in [*KEYS, "absent"]])
RULES = st.one_of(
    rules_of(NAMED | ATTRIBUTES, st.sampled_from(["is", "is_not"]), PLAIN),
    rules_of(NAMED | ATTRIBUTES, st.sampled_from(["contains", "starts_with"]), WORDS),
    rules_of(NAMED | ATTRIBUTES, st.just("is_one_of"), st.lists(PLAIN, min_size=1, max_size=3)),
    rules_of(NAMED | ATTRIBUTES, st.sampled_from(["is_set", "is_not_set"]), st.none()),
    rules_of(ATTRIBUTES, st.sampled_from(["greater", "less"]), st.sampled_from([0, 1, "2.5", -3, 4.5])),
    rules_of(ATTRIBUTES | st.just("created_at"), st.sampled_from(["before", "after"]), BORDERS),
    rules_of(st.just("source_at"), st.sampled_from(["before", "after"]), BORDERS),
    rules_of(st.just("source"), st.sampled_from(["is", "is_not"]), st.sampled_from(["purchase", "survey"])),
    rules_of(st.just("topics"), st.sampled_from(["has", "has_not"]), st.sampled_from([*TOPICS, "research"])),
)
CONDITIONS = st.recursive(
    RULES,
    lambda inner: st.builds(
        lambda match, rules: {"match": match, "rules": rules},
        st.sampled_from(["all", "any"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rule=CONDITIONS)
def test_a_condition_means_the_same_people_in_the_database_and_as_a_rule(filled, rule):
    condition = {"rules": [rule]}
    with filled.reading() as session:
        topics: dict[bytes, frozenset[str]] = {}
        for key, scope in session.execute(select(Consent.address_key, Consent.scope)):
            topics[key] = topics.get(key, frozenset()) | {scope}
        persons = {contact.id: as_person(contact, topics) for contact in session.scalars(select(Contact))}
        found = set(session.scalars(select(Contact.id).where(meets(condition, at=AT))))
        assert count_meeting(session, condition, at=AT) == len(found)
    asked = read_condition(condition)
    assert found == {number for number, person in persons.items() if matches(asked, person, AT)}


def test_an_empty_condition_is_met_by_everybody(filled):
    with filled.reading() as session:
        assert count_meeting(session, {}, at=AT) == 60


def test_a_segment_is_kept_under_its_name(database, noon):
    condition = {"rules": [{"field": "locale", "op": "is", "value": "de"}]}
    with database.writing() as session:
        segment = save_segment(session, "  Speaks   German ", condition, at=noon)
        assert segment_named(session, "Speaks German").id == segment.id
        change_segment(session, segment.id, {})
    with database.reading() as session:
        assert [(each.name, each.condition) for each in all_segments(session)] == [("Speaks German", {})]
        assert segment_numbered(session, 1).created_at == noon


def test_a_segment_that_cannot_be_used_is_not_kept(database, noon):
    with database.writing() as session:
        save_segment(session, "One", {}, at=noon)
        with pytest.raises(Conflict):
            save_segment(session, "One", {}, at=noon)
        with pytest.raises(BadInput):
            save_segment(session, "Two", {"rules": [{"field": "answers"}]}, at=noon)
        with pytest.raises(BadInput):
            save_segment(session, " ", {}, at=noon)
        with pytest.raises(NotFound):
            change_segment(session, 99, {})
        with pytest.raises(NotFound):
            segment_named(session, "Two")
