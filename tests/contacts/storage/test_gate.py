"""The gate: SQL and the pure rule give one answer, whatever was recorded, on both databases."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.domain.addresses import Pepper
from contacts.domain.facts import Kind
from contacts.domain.permission import PAUSE, standing, verdict
from contacts.domain.policy import Source
from contacts.domain.scopes import TOPICS
from contacts.domain.verdicts import BlockReason, Reason
from contacts.storage.closures import close_scope
from contacts.storage.contacts import Contact
from contacts.storage.gate import Wish, ask, may_track, verdicts
from contacts.storage.ledger import history_of, record, relatives_of
from contacts.storage.permits import covered_and_open, settle
from contacts.storage.policies import policy_table
from core.database import Database
from tests.contacts.people import add_contact, add_permitted, consent, fact

SCOPES = [*TOPICS, "tracking", "everything", "marketing", "partners", "sharing"]
ADDRESSES = ["ann@gmail.com", "a.nn+news@gmail.com", "bob@example.org"]

moments = st.tuples(
    st.sampled_from(ADDRESSES),
    st.sampled_from(Kind),
    st.sampled_from(SCOPES),
    st.sampled_from([*Source, None]),
    st.booleans(),
    st.sampled_from([*(each.value for each in BlockReason), PAUSE]),
)


def details_of(kind: Kind, reason: str, at: datetime) -> dict:
    details: dict[Kind, dict] = {
        Kind.RELEASE: {"reason": reason, "operators": [1, 2]},
        Kind.PAUSE: {"until": (at + timedelta(days=len(reason) - 5)).isoformat()},
        Kind.RHYTHM: {"days": 30},
    }
    return details.get(kind, {})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(moments, min_size=1, max_size=4), max_size=6))
def test_sql_and_the_pure_rule_give_one_answer(database: Database, pepper: Pepper, noon: datetime, batches):
    with database.writing() as session:
        keys = {written: add_contact(session, pepper, written, at=noon) for written in ADDRESSES}
        for batch in batches:
            facts = [
                fact(
                    keys[written], kind, scope, at=noon, source=source, policy_version="2026-01",
                    confirmed=confirmed and kind is not Kind.RELEASE, evidence="said so",
                    details=details_of(kind, reason, noon),
                )
                for written, kind, scope, source, confirmed, reason in batch
            ]  # fmt: skip
            record(session, facts, at=noon)
        policy = policy_table(session)
        for scope in [*TOPICS, "tracking"]:
            said = verdicts(session, scope, {each.own for each in keys.values()}, at=noon)
            for each in keys.values():
                relatives = [standing(events) for events in relatives_of(session, each.own, each.family)]
                stands = standing(history_of(session, each.own))
                assert said[each.own] == verdict(stands, scope, policy, relatives, at=noon)
        session.rollback()


def test_nobody_is_permitted_who_never_said_yes(database: Database, pepper: Pepper, noon: datetime):
    with database.writing() as session:
        keys = add_contact(session, pepper, "ann@example.org", at=noon)
        assert verdicts(session, "offers", [keys.own], at=noon) == {keys.own: Reason.NO_PERMISSION}
        record(session, [consent(keys, "offers", at=noon)], at=noon)
        assert verdicts(session, "offers", [keys.own], at=noon) == {keys.own: None}
        assert verdicts(session, "updates", [keys.own], at=noon) == {keys.own: Reason.NO_PERMISSION}


def test_p3_an_unknown_or_archived_topic_permits_nobody(database: Database, pepper: Pepper, noon: datetime):
    with database.writing() as session:
        keys = add_permitted(session, pepper, "ann@example.org", "offers", at=noon)
        assert verdicts(session, "partner:acme", [keys.own], at=noon) == {keys.own: Reason.PARTNER_STOPPED}
        assert verdicts(session, "marketing:unknown", [keys.own], at=noon) == {keys.own: Reason.TOPIC_CLOSED}
        close_scope(session, "offers", at=noon)
        assert verdicts(session, "offers", [keys.own], at=noon) == {keys.own: Reason.TOPIC_CLOSED}


def test_g13_a_child_gets_no_permit_of_any_kind(database: Database, pepper: Pepper, noon: datetime):
    with database.writing() as session:
        keys = add_permitted(session, pepper, "kim@example.org", *TOPICS, "tracking", at=noon)
        record(session, [fact(keys, Kind.CHILD, "everything", at=noon)], at=noon)
        record(session, [consent(keys, topic, at=noon, confirmed=True) for topic in TOPICS], at=noon)
        for topic in TOPICS:
            assert ask(session, [Wish(1, keys.own, keys.family, topic)], sender_id=1, at=noon) == {1: Reason.CHILD}
        assert not may_track(session, keys.own, at=noon)


def test_a_close_spelling_is_held_until_it_confirms_itself(database: Database, pepper: Pepper, noon: datetime):
    with database.writing() as session:
        ann = add_permitted(session, pepper, "ann@gmail.com", "offers", at=noon)
        tagged = add_permitted(session, pepper, "a.n.n+shop@gmail.com", "offers", at=noon)
        record(session, [fact(ann, Kind.OPT_OUT, "marketing", at=noon)], at=noon)
        assert verdicts(session, "offers", [tagged.own], at=noon)[tagged.own] is Reason.FAMILY_HELD
        record(session, [consent(tagged, "offers", at=noon)], at=noon)
        assert verdicts(session, "offers", [tagged.own], at=noon)[tagged.own] is Reason.FAMILY_HELD
        record(session, [consent(tagged, "offers", at=noon, confirmed=True)], at=noon)
        assert verdicts(session, "offers", [tagged.own], at=noon)[tagged.own] is None


def test_p4_the_cap_counts_what_was_or_may_have_been_handed_over(database: Database, pepper: Pepper, noon: datetime):
    with database.writing() as session:
        keys = add_permitted(session, pepper, "ann@example.org", "research", at=noon)
        for message_id in range(6):
            permit = ask(session, [Wish(message_id, keys.own, keys.family, "research")], sender_id=1, at=noon)[
                message_id
            ]
            if message_id == 5:
                assert permit is Reason.CAP_REACHED
            else:
                assert isinstance(permit, int)
                settle(session, {permit: "deferred" if message_id == 0 else "sent"}, at=noon)
        later = noon + timedelta(days=91)
        assert verdicts(session, "research", [keys.own], at=later) == {keys.own: None}


def test_an_open_permit_is_waited_for_and_a_settled_one_is_not(database: Database, pepper: Pepper, noon: datetime):
    with database.writing() as session:
        keys = add_permitted(session, pepper, "ann@example.org", "offers", at=noon)
        permit = ask(session, [Wish(7, keys.own, keys.family, "offers")], sender_id=1, at=noon)[7]
        assert covered_and_open(session, [keys.own], "everything") == 1
        assert covered_and_open(session, [keys.own], "research") == 0
        settle(session, {int(permit): "sent"}, at=noon)
        assert covered_and_open(session, [keys.own], "everything") == 0


@pytest.mark.parametrize("deleted", [True, False])
def test_g9_a_block_outlives_its_contact(database: Database, pepper: Pepper, noon: datetime, deleted):
    with database.writing() as session:
        keys = add_permitted(session, pepper, "ann@example.org", "offers", at=noon)
        record(session, [fact(keys, Kind.OPT_OUT, "everything", at=noon)], at=noon)
        if deleted:
            session.query(Contact).delete()
            assert verdicts(session, "offers", [keys.own], at=noon) == {}
            add_contact(session, pepper, "ANN@example.org", at=noon)
        assert verdicts(session, "offers", [keys.own], at=noon) == {keys.own: Reason.OPTED_OUT}
