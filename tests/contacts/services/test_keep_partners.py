"""The registry of partners: adding one makes nobody mailable, making one inactive stops everybody (P3, P11)."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.domain.facts import Kind
from contacts.domain.partnerships import Standstill
from contacts.domain.policy import Source
from contacts.domain.scopes import TOPICS
from contacts.domain.verdicts import Reason
from contacts.services.keep_partners import (
    acknowledge_list,
    activate_partner,
    add_partner,
    change_partner,
    deactivate_partner,
)
from contacts.storage.gate import verdicts
from contacts.storage.ledger import record
from contacts.storage.partners import changes_of, is_active, partner_named, standstill, standstill_sentence
from contacts.storage.topics import topic_named
from core.errors import BadInput, Conflict, NotFound
from tests.conftest import NOON
from tests.contacts.partnering import TERMS, acme, sharers
from tests.contacts.people import add_contact, consent, fact

ADDRESSES = ["ann@gmail.com", "a.nn+news@gmail.com", "bob@example.org"]
SCOPES = [*TOPICS, "tracking", "partner:umbrella", "sharing:umbrella", "everything", "marketing", "partners", "sharing"]
acts = st.tuples(
    st.sampled_from(ADDRESSES),
    st.sampled_from([Kind.CONSENT, Kind.NOTICE, Kind.OPT_OUT, Kind.COMPLAINT, Kind.BOUNCE, Kind.CHILD, Kind.HOLD]),
    st.sampled_from(SCOPES),
    st.sampled_from(list(Source)),
    st.booleans(),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(acts, max_size=12), st.lists(acts, max_size=6))
def test_p3_adding_a_partner_makes_nobody_mailable_whatever_was_and_is_recorded(database, pepper, before, after):
    with database.writing() as session:
        keys = {written: add_contact(session, pepper, written, at=NOON) for written in ADDRESSES}

        def tell(story):
            facts = [
                fact(keys[who], kind, scope, at=NOON, source=source, policy_version="2026-01", confirmed=own)
                for who, kind, scope, source, own in story
            ]
            record(session, facts, at=NOON)

        tell(before)
        acme(session)
        for told in (before[:0], after):
            tell(told)
            for scope in ("partner:acme", "sharing:acme"):
                said = verdicts(session, scope, {each.own for each in keys.values()}, at=NOON)
                assert None not in said.values()
        session.rollback()


@pytest.mark.parametrize("scope", ["partners", "everything"])
def test_an_old_block_covers_a_partner_that_is_added_later_and_its_yes(database, pepper, scope):
    with database.writing() as session:
        ann = add_contact(session, pepper, "ann@example.org", at=NOON)
        record(session, [fact(ann, Kind.OPT_OUT, scope, at=NOON)], at=NOON)
        acme(session)
        assert verdicts(session, "partner:acme", [ann.own], at=NOON) == {ann.own: Reason.OPTED_OUT}
        record(session, [consent(ann, "partner:acme", at=NOON)], at=NOON)
        assert verdicts(session, "partner:acme", [ann.own], at=NOON) == {ann.own: Reason.OPTED_OUT}


def test_a_partner_has_a_topic_and_who_permits_it_can_be_mailed(database, pepper):
    with database.writing() as session:
        acme(session)
        (ann,) = sharers(session, pepper, "ann@example.org")
        topic = topic_named(session, "partner:acme")
        assert (topic.parent, topic.title) == ("partners", "Acme Sounds")
        assert verdicts(session, "partner:acme", [ann.own], at=NOON) == {ann.own: None}
        assert verdicts(session, "sharing:acme", [ann.own], at=NOON) == {ann.own: None}


@pytest.mark.parametrize("scope", ["partner:acme", "sharing:acme"])
def test_a_name_that_somebody_said_yes_to_before_is_refused(database, pepper, scope):
    with database.writing() as session:
        ann = add_contact(session, pepper, "ann@example.org", at=NOON)
        record(session, [consent(ann, scope, at=NOON)], at=NOON)
        with pytest.raises(Conflict, match="makes nobody mailable"):
            acme(session)
        session.rollback()


def test_a_partner_is_there_once_for_good(database):
    with database.writing() as session:
        acme(session)
        with pytest.raises(Conflict, match="already"):
            acme(session)
        with pytest.raises(BadInput):
            add_partner(session, "no name", TERMS, at=NOON, operator="kim")


def test_g15_p11_an_inactive_partner_is_at_a_standstill_until_taken_up_again(database, pepper):
    later, last = NOON + timedelta(days=1), NOON + timedelta(days=2)
    with database.writing() as session:
        acme(session)
        (ann,) = sharers(session, pepper, "ann@example.org")
        deactivate_partner(session, "acme", at=later, operator="kim", why="contract ended")
        assert standstill(session, "acme", at=later) is Standstill.INACTIVE
        for scope in ("partner:acme", "sharing:acme"):
            assert verdicts(session, scope, [ann.own], at=later) == {ann.own: Reason.PARTNER_STOPPED}
        activate_partner(session, "acme", at=last)
        assert verdicts(session, "partner:acme", [ann.own], at=last) == {ann.own: None}
        assert [is_active(session, "acme", at=at) for at in (NOON, later, last)] == [True, False, True]


def test_a_partner_that_is_not_in_the_registry_is_at_a_standstill(database):
    with database.writing() as session:
        assert standstill(session, "acme", at=NOON) is Standstill.UNKNOWN
        assert "“acme”" in standstill_sentence(session, "acme", Standstill.UNKNOWN)
        acme(session)
        assert standstill(session, "acme", at=NOON - timedelta(seconds=1)) is Standstill.UNKNOWN
        with pytest.raises(NotFound):
            partner_named(session, "umbrella")


def test_p11_what_was_agreed_stays_readable(database):
    with database.writing() as session:
        acme(session)
        change_partner(session, "acme", {"title": "Acme Audio", "fields": ["address"]}, at=NOON, operator="lee")
        change_partner(session, "acme", {"title": None}, at=NOON, operator="nobody")
        told = [
            (each.operator, each.terms["title"], each.terms["fields"])
            for each in changes_of(session, partner_named(session, "acme"))
        ]
        assert told == [
            ("lee", "Acme Audio", ["address"]),
            ("kim@example.org", "Acme Sounds", ["address", "given_name"]),
        ]
        assert topic_named(session, "partner:acme").title == "Acme Audio"
        assert partner_named(session, "acme").contract_reference == "contract 7 of 2026"


def test_only_a_list_that_was_given_can_be_acknowledged(database):
    with database.writing() as session:
        acme(session)
        with pytest.raises(NotFound):
            acknowledge_list(session, "acme", 1, at=NOON, operator="kim")
        with pytest.raises(BadInput):
            acknowledge_list(session, "acme", 0, at=NOON, operator="kim")
