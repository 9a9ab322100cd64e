"""A database of the first release, with everything in it, is brought to this one: nothing is lost, all is guarded."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contacts.domain.facts import GENESIS, Door, Fact, Kind, chained_hash
from contacts.domain.verdicts import Reason
from contacts.services.verify_ledger import verify_ledger
from contacts.storage.gate import verdicts
from core.database import Database
from core.schema import MIGRATIONS, migrate
from tests.conftest import NOON

ANN, BOB = hashlib.sha256(b"ann").digest(), hashlib.sha256(b"bob").digest()
MONTH_AGO = NOON - timedelta(days=30)


def _bring_to(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


@pytest.fixture
def old(tmp_path: Path, request: pytest.FixtureRequest, database_url: str) -> Iterator[Database]:
    """A database of the first release: Ann permits updates and left offers, Bob is a child; one topic is archived."""
    database = Database(f"sqlite:///{tmp_path / 'old.db'}" if database_url.startswith("sqlite") else database_url)
    if database.dialect == "postgresql":
        with database.writing() as session:
            session.execute(text("DROP SCHEMA public CASCADE"))
            session.execute(text("CREATE SCHEMA public"))
    _bring_to(database, "0001")
    with database.writing() as session:
        _fill(session)
    yield database
    database.close()


ROWS = (
    "INSERT INTO ledger_head (id, sequence, hash) VALUES (1, 3, :hash)",
    "INSERT INTO canary (id, value) VALUES (1, 'feather')",
    "INSERT INTO policy (version, preset, wording, published_at) VALUES ('1', 'strict', '', :at)",
    "INSERT INTO policy_rule (version, source, scope, basis) VALUES ('1', 'purchase', 'updates', 'consent')",
    (
        "INSERT INTO consent (address_key, scope, basis, source, policy_version, confirmed, event_sequence, since) "
        "VALUES (:ann, 'updates', 'consent', 'purchase', '1', false, 1, :at)"
    ),
    (
        "INSERT INTO block (address_key, scope, reason, rank, family_key, event_sequence, since) "
        "VALUES (:ann, 'offers', 'opt_out', 4, :ann, 2, :at)"
    ),
    *(
        "INSERT INTO block (address_key, scope, reason, rank, family_key, event_sequence, since) "
        f"VALUES (:bob, '{scope}', 'child', 0, :bob, 3, :at)"
        for scope in ("everything", "tracking", "sharing")
    ),
    (
        "INSERT INTO topic (id, name, parent, title, description, cap_count, cap_days, created_at, archived_at) "
        "VALUES (1, 'updates', 'marketing', 'U', '', NULL, NULL, :at, NULL), "
        "(2, 'offers', 'marketing', 'O', '', NULL, NULL, :at, :at), "
        "(3, 'research', 'everything', 'R', '', 4, 90, :at, NULL)"
    ),
    *(
        "INSERT INTO contact (address, address_key, family_key, given_name, family_name, locale, time_zone, "
        "source, source_at, evidence, attributes, created_at, updated_at) VALUES "
        f"('{name}@example.org', :{name}, :{name}, '', '', '', '', 'purchase', :at, '', {{json}}, :at, :at)"
        for name in ("ann", "bob")
    ),
)
"""What else the first release had written; `{json}` is an empty object as each database spells it."""


def _fill(session) -> None:
    facts = [
        Fact(ANN, ANN, Kind.CONSENT, "updates", Door.IMPORT, MONTH_AGO, source="purchase", policy_version="1"),
        Fact(ANN, ANN, Kind.OPT_OUT, "offers", Door.PAGE, NOON),
        Fact(BOB, BOB, Kind.CHILD, "everything", Door.IMPORT, NOON),
    ]
    digest, json = GENESIS, "CAST('{}' AS jsonb)" if session.get_bind().dialect.name == "postgresql" else "'{}'"
    at = "2026-11-22 12:00:00.000000"
    for number, fact in enumerate(facts, 1):
        digest = chained_hash(digest, number, NOON, fact)
        given: dict[str, object] = {
            "key": fact.own,
            "kind": fact.kind,
            "scope": fact.scope,
            "door": fact.door,
            "source": fact.source,
        }
        given |= {"number": number, "when": f"{fact.at:%Y-%m-%d %H:%M:%S.%f}", "at": at, "hash": digest}
        session.execute(
            text(
                "INSERT INTO event (sequence, address_key, family_key, kind, scope, door, at, recorded_at, source, "
                "evidence, policy_version, confirmed, details, hash) VALUES (:number, :key, :key, :kind, :scope, "
                f":door, :when, :at, :source, '', :version, false, {json}, :hash)"
            ),
            given | {"version": fact.policy_version},
        )
    _fill_the_rest(session, {"at": at, "ann": ANN, "bob": BOB, "hash": digest}, json)


def _fill_the_rest(session, given: dict[str, object], json: str) -> None:
    for row in ROWS:
        session.execute(text(row.replace("{json}", json)), given)


def test_what_was_recorded_means_the_same_after_the_upgrade(old: Database):
    migrate(old)
    with old.reading() as session:
        assert verdicts(session, "updates", [ANN, BOB], at=NOON) == {ANN: None, BOB: Reason.CHILD}
        assert verdicts(session, "offers", [ANN], at=NOON) == {ANN: Reason.TOPIC_CLOSED}
        assert session.execute(text("SELECT generation, value FROM canary")).all() == [(1, "feather")]
        caps = session.execute(text("SELECT scope, cap_count, cap_days FROM frequency ORDER BY scope")).all()
        assert caps == [("partners", 1, 30), ("research", 4, 90)]
        given = session.execute(text("SELECT given_at FROM consent")).scalar()
        assert str(given).startswith(f"{MONTH_AGO:%Y-%m-%d}")
        assert verify_ledger(session).fault is None


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE event SET scope = 'x'",
        "DELETE FROM event",
        "UPDATE block SET scope = 'x'",
        "DELETE FROM block",
        (
            "INSERT INTO event SELECT 9, address_key, family_key, 'gossip', scope, door, at, recorded_at, source, "
            "evidence, policy_version, confirmed, details, hash FROM event"
        ),
        "DELETE FROM policy_rule",
    ],
)
def test_g18_what_was_guarded_is_guarded_after_the_upgrade(old: Database, sql: str):
    migrate(old)
    with pytest.raises(DBAPIError, match=r"refused|CHECK|violates"), old.writing() as session:
        session.execute(text(sql))


def test_new_kinds_of_event_are_taken_after_the_upgrade(old: Database):
    from contacts.storage.ledger import record

    migrate(old)
    with old.writing() as session:
        facts = [Fact(ANN, ANN, Kind.SHARED, "sharing:acme", Door.PARTNER_EXPORT, NOON)]
        assert record(session, facts, at=NOON) == [4]
