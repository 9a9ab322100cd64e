"""Merging: restrictions of both hold for both, consents stay where they were given, nobody becomes mailable (G8)."""

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.scopes import TOPICS
from contacts.services.merge_contacts import merge_contacts
from contacts.storage.blocks import blocks_of
from contacts.storage.cases import LegalHold
from contacts.storage.contacts import Contact
from contacts.storage.former_keys import former_keys_of
from contacts.storage.gate import verdicts
from contacts.storage.ledger import events_of, record
from contacts.storage.pauses import pauses_of, rhythm_of
from core.errors import Conflict, NotFound
from tests.conftest import NOON
from tests.contacts.people import add_contact, add_permitted, fact, kept
from tests.contacts.services.imported import contact, verdict

NUMBERS = count(1)
LATER = NOON + timedelta(days=30)


@pytest.fixture
def pair(database, pepper):
    with database.writing() as session:
        known = {"given_name": "Ann", "attributes": {"plan": "gold"}}
        ann = add_permitted(session, pepper, "ann@example.org", "updates", at=NOON, **known)
        work = {"given_name": "Anna", "locale": "de", "attributes": {"plan": "free", "seats": 3}}
        other = add_permitted(session, pepper, "ann@work.example", "updates", "research", at=NOON, **work)
    return ann, other


def merged(database, keep, drop, *, at=NOON):
    with database.writing() as session:
        numbers = [kept(session, keys.own).id for keys in (keep, drop)]
        return merge_contacts(session, *numbers, at=at, by="an operator")


def test_the_kept_contact_is_filled_and_never_overwritten_and_the_other_is_gone(database, pair):
    ann, other = pair
    found = merged(database, ann, other)
    kept = contact(database, ann.own)
    assert (kept.given_name, kept.locale, kept.attributes) == ("Ann", "de", {"plan": "gold", "seats": 3})
    assert found.filled == ("locale", "seats")
    assert contact(database, other.own) is None
    with database.reading() as session:
        assert [keys.own for keys in former_keys_of(session, ann.own)] == [other.own]


def test_g8_a_consent_stays_with_the_address_it_was_given_for(database, pair):
    ann, other = pair
    merged(database, ann, other)
    assert verdict(database, ann.own, "research") == "no_permission"
    assert verdict(database, other.own, "research") == "no contact"


@pytest.mark.parametrize("backwards", [False, True])
def test_g13_a_child_is_a_child_at_both_addresses(database, pair, backwards):
    keep, drop = reversed(pair) if backwards else pair
    with database.writing() as session:
        record(session, [fact(pair[1], Kind.CHILD, "everything", at=NOON)], at=NOON)
    merged(database, keep, drop)
    for keys in pair:
        with database.reading() as session:
            assert "child" in {block.reason for block in blocks_of(session, keys.own)}


def test_pauses_rhythm_and_holds_are_united_and_the_longer_one_stays(database, pair):
    ann, other = pair
    ends = {name: (NOON + timedelta(days=days)).isoformat() for name, days in (("short", 30), ("long", 90))}

    def said(keys, kind, details):
        return Fact(keys.own, keys.family, kind, "everything", Door.PREFERENCES, NOON, confirmed=True, details=details)

    with database.writing() as session:
        record(
            session,
            [
                said(ann, Kind.PAUSE, {"until": ends["short"]}),
                said(other, Kind.PAUSE, {"until": ends["long"]}),
                said(other, Kind.RHYTHM, {"days": 30}),
                fact(other, Kind.HOLD, "marketing", at=NOON),
            ],
            at=NOON,
        )
    merged(database, ann, other)
    with database.reading() as session:
        assert pauses_of(session, ann.own, at=NOON) == {"everything": NOON + timedelta(days=90)}
        assert rhythm_of(session, ann.own) == 30
        assert {(block.scope, block.reason) for block in blocks_of(session, ann.own)} == {("marketing", "hold")}


def test_the_dropped_address_keeps_its_blocks_and_gets_those_of_the_kept_one(bring, database, pair):
    ann, other = pair
    with database.writing() as session:
        record(session, [fact(ann, Kind.OPT_OUT, "updates", at=NOON)], at=NOON)
        record(session, [fact(other, Kind.OPT_OUT, "research", at=NOON)], at=NOON)
    merged(database, ann, other)
    for keys in pair:
        with database.reading() as session:
            assert {block.scope for block in blocks_of(session, keys.own)} == {"updates", "research"}
            assert events_of(session, keys.own)[-1].door == "merge"
    bring("email,topics\nann@work.example,updates; research\n", at=LATER)
    assert verdict(database, other.own) == "no contact"


def test_a_contact_is_not_merged_with_itself_nor_with_nobody(database, pair):
    with pytest.raises(Conflict):
        merged(database, pair[0], pair[0])
    with database.writing() as session, pytest.raises(NotFound):
        merge_contacts(session, kept(session, pair[0].own).id, 10**6, at=NOON)


def test_p13_a_contact_whose_data_the_law_keeps_is_not_dropped(database, pair):
    with database.writing() as session:
        session.add(LegalHold(address_key=pair[1].own, basis="a case", placed_at=NOON, placed_by="x"))
    with pytest.raises(Conflict):
        merged(database, *pair)
    merged(database, pair[1], pair[0])


KINDS = [Kind.CONSENT, Kind.OPT_OUT, Kind.COMPLAINT, Kind.CHILD, Kind.ERASURE, Kind.HOLD, Kind.BOUNCE, Kind.RELEASE]
PAST = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "b+tag"]),
        st.sampled_from(KINDS),
        st.sampled_from(["everything", "marketing", "updates", "research", "tracking"]),
        st.booleans(),
    ),
    max_size=6,
)


def _fact(keys, kind, scope, own_word):
    if kind is Kind.RELEASE:
        details = {"reason": "opt_out"}
        return Fact(keys.own, keys.family, kind, scope, Door.DOUBLE_OPT_IN, NOON, confirmed=True, details=details)
    confirmed = own_word and kind is Kind.CONSENT
    door = Door.DOUBLE_OPT_IN if confirmed else Door.OPERATOR
    return Fact(
        keys.own, keys.family, kind, scope, door, NOON,
        source="registration", policy_version="2026-01", confirmed=confirmed,
    )  # fmt: skip


@example(past=[("a", Kind.CONSENT, "updates", True), ("b", Kind.OPT_OUT, "everything", False)], swap=False, tag=True)
@example(past=[("a", Kind.OPT_OUT, "updates", False), ("b", Kind.CONSENT, "updates", True)], swap=False, tag=False)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(past=PAST, swap=st.booleans(), tag=st.booleans())
def test_g8_merging_never_makes_anybody_mailable(database, pepper, past, swap, tag):
    number = next(NUMBERS)
    with database.writing() as session:
        session.execute(delete(Contact))
        people = {
            name: add_contact(session, pepper, f"{name[0]}{number}{name[1:]}@example.org", at=NOON)
            for name in ("a", "b", "b+tag")
        }
        record(session, [_fact(people[who], *rest) for who, *rest in past], at=NOON)
    one, two = people["b" if tag else "a"], people["b+tag" if tag else "b"]
    owns = [keys.own for keys in people.values()]

    def permitted():
        with database.reading() as session:
            said = {topic: verdicts(session, topic, owns, at=NOON) for topic in (*TOPICS, "tracking")}
        return {(own, topic) for topic, each in said.items() for own, reason in each.items() if reason is None}

    before = permitted()
    keep, drop = (two, one) if swap else (one, two)
    merged(database, keep, drop)
    after = permitted()
    assert after <= before
    assert not {own for own, _ in after} & {drop.own}
    with database.reading() as session:
        reasons = {(block.scope, block.reason) for block in blocks_of(session, drop.own) if block.reason != "bounce"}
        kept = {(block.scope, block.reason) for block in blocks_of(session, keep.own)}
    assert {scope for scope, _ in reasons} <= {scope for scope, _ in kept}
