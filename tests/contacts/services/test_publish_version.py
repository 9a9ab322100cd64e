"""New versions of the policy change nothing for who said yes, or was told, before (P27)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from contacts.domain.facts import Kind
from contacts.domain.permission import standing, verdict
from contacts.domain.policy import SCOPES, Basis, Rule, Source, strict_rules
from contacts.domain.policy_drafts import ALWAYS_ASKED, drafted
from contacts.domain.scopes import TOPICS
from contacts.domain.verdicts import Reason
from contacts.services.publish_version import LONGEST_TEXT, publish_version
from contacts.storage.gate import verdicts
from contacts.storage.ledger import history_of, record
from contacts.storage.policies import all_policies, current_policy, policy_named, policy_table, rules_of, version_before
from core.errors import BadInput, Conflict
from tests.contacts.people import add_contact, consent, fact

DAY = timedelta(days=1)
ASKED = [*TOPICS, "tracking", "marketing:events", "partner:acme", "sharing:acme"]

cells = st.tuples(st.sampled_from(Source), st.sampled_from(SCOPES))
notices = st.integers(1, 400).map(lambda days: Rule(Basis.NOTICE, days))
rules = st.one_of(st.sampled_from([Rule(Basis.NONE), Rule(Basis.CONSENT), Rule(Basis.NOTICE)]), notices)
overrides = st.dictionaries(cells, rules, max_size=20).map(
    lambda found: {cell: rule for cell, rule in found.items() if cell[1] not in ALWAYS_ASKED}
)
policies = st.tuples(st.sampled_from(["strict", "notice"]), overrides)
givings = st.tuples(
    st.integers(0, 2), st.sampled_from([Kind.CONSENT, Kind.NOTICE]), st.sampled_from(ASKED), st.sampled_from(Source),
    st.integers(0, 500), st.booleans(),
)  # fmt: skip


def publish(session, version: str, policy, at: datetime):
    preset, changed = policy
    wording = f"We write to you ({version})."
    return publish_version(
        session, version, preset, drafted(preset, changed.items()), wording=wording, at=at, operator="kim@example.org"
    )


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(policies, st.lists(givings, max_size=8), st.lists(policies, min_size=1, max_size=3))
def test_p27_a_new_version_widens_and_narrows_no_existing_permission(
    database, pepper, noon: datetime, first, said, versions
):
    with database.writing() as session:
        publish(session, "first", first, noon + DAY)
        at = noon + 2 * DAY
        people = [add_contact(session, pepper, f"p{number}@example.org", at=at) for number in range(3)]
        facts = [
            fact(
                people[who], kind, scope, at=at - ago * DAY, source=source.value, policy_version="first",
                confirmed=own_word and kind is Kind.CONSENT, evidence="a form",
            )
            for who, kind, scope, source, ago, own_word in said
        ]  # fmt: skip
        record(session, facts, at=at)
        keys = [each.own for each in people]

        def permitted() -> set[tuple[bytes, str]]:
            judged = {scope: verdicts(session, scope, keys, at=at) for scope in ASKED}
            return {
                (own, scope) for scope, by_key in judged.items() for own, reason in by_key.items() if reason is None
            }

        before, grants = permitted(), [standing(history_of(session, own)) for own in keys]
        rule = {
            (own, s): verdict(g, s, policy_table(session), at=at)
            for own, g in zip(keys, grants, strict=True)
            for s in ASKED
        }
        for number, policy in enumerate(versions):
            publish(session, f"later-{number}", policy, at + timedelta(minutes=number))
            assert permitted() == before
            table = policy_table(session)
            assert rule == {
                (own, s): verdict(g, s, table, at=at) for own, g in zip(keys, grants, strict=True) for s in ASKED
            }
        session.rollback()


def test_a_permission_that_was_implied_ends_and_one_that_was_said_does_not(database, pepper, noon: datetime):
    with database.writing() as session:
        publish(session, "told", ("notice", {}), noon + DAY)
        ann = add_contact(session, pepper, "ann@example.org", at=noon)
        given_ = {"source": "purchase", "policy_version": "told"}
        record(
            session,
            [
                fact(ann, Kind.NOTICE, "offers", at=noon, **given_),
                fact(ann, Kind.CONSENT, "updates", at=noon, **given_),
            ],
            at=noon + DAY,
        )
        last, over = noon + 730 * DAY - timedelta(seconds=1), noon + 730 * DAY
        assert verdicts(session, "offers", [ann.own], at=last) == {ann.own: None}
        assert verdicts(session, "offers", [ann.own], at=over) == {ann.own: Reason.PERMISSION_LAPSED}
        assert verdicts(session, "updates", [ann.own], at=over + 3000 * DAY) == {ann.own: None}
        record(session, [consent(ann, "offers", at=over, confirmed=True)], at=over)
        assert verdicts(session, "offers", [ann.own], at=over) == {ann.own: None}


def test_versions_are_kept_with_their_text_and_known_by_its_hash(database, noon: datetime):
    with database.writing() as session:
        published = publish(session, "2026-12", ("strict", {}), noon + DAY)
        assert (published.published_by, len(published.digest)) == ("kim@example.org", 64)
        assert current_policy(session) == "2026-12"
        assert [each.version for each in all_policies(session)] == ["2026-12", "2026-01"]
        before = version_before(session, published)
        assert before is not None
        assert before.version == "2026-01"
        assert version_before(session, policy_named(session, "2026-01")) is None
        assert rules_of(session, "2026-12") == strict_rules()
        assert policy_named(session, "2026-01").digest == "", "it was begun without a text"


@pytest.mark.parametrize(
    ("version", "wording", "wrong"),
    [
        ("2026-01", "Text", Conflict), ("a b", "Text", BadInput), ("2026-12", " ", BadInput),
        ("2026-12", "x" * (LONGEST_TEXT + 1), BadInput), ("2026-12", "a\0b", BadInput),
    ],
)  # fmt: skip
def test_what_cannot_be_published_changes_nothing(database, noon: datetime, version, wording, wrong):
    with database.writing() as session:
        with pytest.raises(wrong):
            publish_version(
                session, version, "strict", strict_rules(), wording=wording, at=noon + DAY, operator="kim@example.org"
            )
        assert current_policy(session) == "2026-01"


def test_a_clock_that_runs_behind_publishes_nothing(database, noon: datetime):
    with database.writing() as session, pytest.raises(Conflict, match="later than now"):
        publish(session, "2026-12", ("strict", {}), noon - DAY)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE policy SET wording = 'We may do anything.'", "DELETE FROM policy_rule",
        "UPDATE policy_rule SET basis = 'notice'", "UPDATE policy SET published_by = ''",
    ],
)  # fmt: skip
def test_p27_a_published_version_never_changes(database, change: str):
    with database.writing() as session:
        with pytest.raises(DatabaseError, match="refused"):
            session.execute(text(change))
        session.rollback()
