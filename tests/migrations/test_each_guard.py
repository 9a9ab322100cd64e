"""Each trigger by itself: what it refuses goes through as soon as it, and it alone, is taken away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from campaigns.domain.campaign_files import CampaignDraft
from campaigns.domain.checks import Clearance
from campaigns.storage.campaigns import fingerprint, put_draft
from campaigns.storage.mailings import MailingKind, plan_mailing
from contacts.domain.addresses import Pepper
from contacts.domain.facts import Kind
from contacts.storage.ledger import record
from contacts.storage.permits import Grant, grant, settle
from contacts.storage.policies import Policy
from core.database import Database
from migrations.standing_guards import guard_faults, postgresql_expected, sqlite_expected
from surveys.domain.anonymity import Anonymity
from surveys.storage.invitations import Invitation
from surveys.storage.pseudonyms import keep_under, moment_kept
from surveys.storage.responses import Response
from surveys.storage.surveys import Survey, SurveyVersion
from tests.contacts.people import add_permitted, fact

EVENT = (
    "address_key, family_key, kind, scope, door, at, recorded_at, source, evidence, policy_version, confirmed, "
    "details, hash"
)
BLOCK = "family_key, event_sequence, since FROM block"
CONSENT = "basis, source, policy_version, confirmed, event_sequence, since, given_at, '2999-01-01' FROM consent"
RULE = "UPDATE policy_rule SET basis = 'notice' WHERE scope = 'offers' AND source = 'purchase'"
EVENT_BY_ROW = (
    f"INSERT OR REPLACE INTO event (rowid, sequence, {EVENT}) SELECT 1, 3, {EVENT} FROM event WHERE sequence = 2"
)
BLOCK_BY_ROW = (
    "INSERT OR REPLACE INTO block (rowid, address_key, scope, reason, rank, family_key, event_sequence, since) "
    f"SELECT rowid, address_key, 'sharing', reason, rank, {BLOCK}"
)
POLICY_AGAIN = (
    "INSERT OR REPLACE INTO policy SELECT version, 'notice', wording, published_at, published_by "
    "FROM policy WHERE version = 'bare'"
)
RULE_AGAIN = "INSERT OR REPLACE INTO policy_rule SELECT version, source, scope, 'notice', expires_days FROM policy_rule"
PERMIT_AGAIN = (
    "INSERT OR REPLACE INTO permit (id, message_id, address_key, scope, sender_id, granted_at, judged_sequence, "
    "settled_at, outcome) SELECT id, message_id, address_key, 'updates', sender_id, granted_at, judged_sequence, "
    "settled_at, outcome FROM permit"
)
SHIFTED = "UPDATE permit SET scope = 'updates' WHERE outcome IS NULL"
WIDENED = "UPDATE block SET family_key = address_key"
INVENTED = "INSERT INTO consent SELECT address_key, 'research', basis, source, policy_version, confirmed, "

UNPUBLISHED = "DELETE FROM survey_version WHERE survey_id = (SELECT id FROM survey WHERE name = 'ears')"
NAMED_BESIDE = (
    "INSERT INTO response (survey_id, version, invitation_id, state, page, started_at) "
    "SELECT survey_id, 1, id, 'open', '', '2026-11-22 00:00:00' FROM invitation WHERE contact_id = 7"
)
TIMED = "UPDATE response SET started_at = '2026-11-22 12:34:56'"
WHOSE = (
    "INSERT INTO identity SELECT p.id, i.id FROM invitation AS p JOIN invitation AS i ON i.survey_id = p.survey_id "
    "WHERE p.contact_id = 0 AND i.contact_id = 7"
)
LOOSENED = "UPDATE survey SET anonymity = 'confidential' WHERE name = 'veiled'"
OPENED = "UPDATE survey SET anonymity = 'identified' WHERE name = 'veiled'"
UNKNOWN_MODE = (
    "INSERT INTO survey (id, name, title, state, version, most_reminders, reminder_days, created_at, updated_at, "
    "anonymity) SELECT 900, 'x', title, state, version, 2, 4, created_at, updated_at, 'secret' FROM survey LIMIT 1"
)
UNVEILED = "UPDATE invitation SET contact_id = 7 WHERE contact_id = 0"

REFUSED: dict[str, dict[str, tuple[str, ...]]] = {
    "sqlite": {
        "event_no_update": ("UPDATE event SET kind = 'hold'",),
        "event_no_delete": ("DELETE FROM event",),
        "event_again": (
            f"INSERT OR REPLACE INTO event SELECT 1, {EVENT} FROM event WHERE sequence = 2",
            "event_no_replace", "event_numbered",
        ),
        "event_no_replace": (EVENT_BY_ROW,),
        "event_numbered": (f"INSERT INTO event SELECT 100, {EVENT} FROM event WHERE sequence = 1",),
        "block_no_update": (WIDENED,),
        "block_no_delete": ("DELETE FROM block",),
        "block_ordered": (f"INSERT INTO block SELECT address_key, scope, 'child', 0, {BLOCK}",),
        "block_again": (f"INSERT OR REPLACE INTO block SELECT address_key, scope, reason, 9, {BLOCK}",),
        "block_no_replace": (BLOCK_BY_ROW,),
        "consent_given": (f"{INVENTED} event_sequence, since, given_at, lapses_at FROM consent",),
        "consent_given_anew": ("UPDATE consent SET confirmed = NOT confirmed",),
        "consent_no_replace": (f"INSERT OR REPLACE INTO consent SELECT address_key, scope, {CONSENT}",),
        "ledger_head_once": ("INSERT OR REPLACE INTO ledger_head SELECT 1, 1, hash FROM event WHERE sequence = 1",),
        "ledger_head_forward": ("UPDATE ledger_head SET sequence = 50",),
        "ledger_head_no_delete": ("DELETE FROM ledger_head",),
        "policy_no_update": ("UPDATE policy SET wording = 'other'",),
        "policy_no_delete": ("DELETE FROM policy WHERE version = 'bare'",),
        "policy_no_replace": (POLICY_AGAIN,),
        "policy_rule_no_update": (RULE,),
        "policy_rule_no_delete": ("DELETE FROM policy_rule",),
        "policy_rule_no_replace": (RULE_AGAIN,),
        "permit_settled_once": ("UPDATE permit SET outcome = 'sent' WHERE outcome = 'failed'",),
        "permit_no_delete": ("DELETE FROM permit",),
        "permit_no_replace": (PERMIT_AGAIN,),
        "survey_version_no_update": ("UPDATE survey_version SET definition = '{}'",),
        "survey_version_no_delete": (UNPUBLISHED,),
        "mailing_no_delete": ("DELETE FROM mailing",),
        "topic_named_once": ("UPDATE topic SET name = 'marketing:other' WHERE name = 'other'",),
        "survey_anonymity_known": (UNKNOWN_MODE,),
        "survey_anonymity_kept": (LOOSENED,),
        "response_apart_insert": (NAMED_BESIDE,),
        "response_apart_update": (TIMED,),
        "identity_confidential_insert": (WHOSE,),
        "identity_confidential_update": ("UPDATE identity SET invitation_id = pseudonym_id",),
        "invitation_nobodys": (UNVEILED,),
    },
    "postgresql": {
        "event_kept": ("DELETE FROM event",),
        "event_whole": ("TRUNCATE event",),
        "event_numbered": (f"INSERT INTO event SELECT 100, {EVENT} FROM event WHERE sequence = 1",),
        "block_tied": (WIDENED,),
        "block_whole": ("TRUNCATE block",),
        "consent_tied": ("UPDATE consent SET confirmed = NOT confirmed",),
        "ledger_head_forward": ("UPDATE ledger_head SET sequence = 50",),
        "ledger_head_whole": ("TRUNCATE ledger_head",),
        "policy_kept": ("UPDATE policy SET wording = 'other'",),
        "policy_whole": ("TRUNCATE policy CASCADE", "policy_rule_whole"),
        "policy_rule_kept": (RULE,),
        "policy_rule_whole": ("TRUNCATE policy_rule",),
        "permit_settled_once": ("UPDATE permit SET outcome = 'sent' WHERE outcome = 'failed'",),
        "permit_kept": ("DELETE FROM permit",),
        "permit_whole": ("TRUNCATE permit",),
        "survey_version_kept": (UNPUBLISHED,),
        "mailing_kept": ("DELETE FROM mailing",),
        "mailing_whole": ("TRUNCATE mailing CASCADE",),
        "topic_named_once": ("UPDATE topic SET name = 'marketing:other' WHERE name = 'other'",),
        "survey_anonymity_known": (UNKNOWN_MODE,),
        "survey_anonymity_kept": (LOOSENED,),
        "response_apart": (NAMED_BESIDE,),
        "identity_confidential": (WHOSE,),
        "invitation_nobodys": (UNVEILED,),
    },
}  # fmt: skip
"""What each trigger refuses; then the other triggers that refuse it as well."""
EITHER = {
    "permit_settled_once": [
        SHIFTED,
        "UPDATE permit SET granted_at = '2026-01-01 00:00:00'",
        "UPDATE permit SET message_id = 9 WHERE outcome IS NULL",
        "UPDATE permit SET address_key = (SELECT family_key FROM contact) WHERE outcome IS NULL",
        "UPDATE permit SET outcome = NULL, settled_at = NULL",
    ],
    "topic_named_once": ["UPDATE topic SET id = 900 WHERE name = 'other'"],
    "survey_anonymity_kept": [OPENED],
    "invitation_nobodys": [
        "UPDATE invitation SET address_key = (SELECT address_key FROM contact) WHERE contact_id = 0"
    ],
}
AS_WELL = {
    "sqlite": EITHER,
    "postgresql": EITHER
    | {
        "survey_version_kept": ["UPDATE survey_version SET definition = '{}'"],
        "event_kept": ["UPDATE event SET kind = 'hold'"],
        "policy_kept": ["DELETE FROM policy WHERE version = 'bare'"],
        "policy_rule_kept": ["DELETE FROM policy_rule"],
        "block_tied": ["DELETE FROM block", f"INSERT INTO block SELECT address_key, scope, 'child', 0, {BLOCK}"],
        "consent_tied": [f"{INVENTED} event_sequence, since, given_at, lapses_at FROM consent"],
        "ledger_head_forward": ["DELETE FROM ledger_head"],
        "response_apart": [TIMED],
        "identity_confidential": ["UPDATE identity SET invitation_id = pseudonym_id"],
    },
}
"""What the same trigger refuses besides, where one stands for several acts or conditions."""


@pytest.fixture
def filled(database: Database, pepper: Pepper, noon: datetime) -> Database:
    """Somebody with a yes, a stop, a settled permit and an open one; a bare policy; a published survey; a mailing."""
    with database.writing() as session:
        keys = add_permitted(session, pepper, "ann@example.org", "offers", at=noon)
        record(session, [fact(keys, Kind.OPT_OUT, "offers", at=noon)], at=noon)
        permits = grant(session, {1: keys.own, 2: keys.own}, Grant("offers", 1, noon, 2))
        settle(session, {permits[1]: "failed"}, at=noon)
        session.add(Policy(version="bare", preset="strict", published_at=noon))
        survey = Survey(name="ears", title="Ears", state="open", version=1, created_at=noon, updated_at=noon)
        session.add(survey)
        session.flush()
        session.add(SurveyVersion(survey_id=survey.id, number=1, definition={"title": "Ears"}, published_at=noon))
        campaign = put_draft(session, CampaignDraft("spring", "Spring", "offers", html="x", text="x"), noon)
        cleared = Clearance(fingerprint(campaign), "s", "h", "t")
        plan_mailing(session, campaign, cleared, kind=MailingKind.FIRST, due_at=noon, at=noon)
        for mode in (Anonymity.ANONYMOUS, Anonymity.CONFIDENTIAL):
            keep_apart(session, mode, noon)
    return database


def keep_apart(session: Session, mode: Anonymity, noon: datetime) -> None:
    """A survey of this mode with somebody invited; the anonymous one was begun, of the other one whose is kept."""
    name = "veiled" if mode is Anonymity.ANONYMOUS else "apart"
    survey = Survey(name=name, title=name, state="draft", anonymity=mode.value, created_at=noon, updated_at=noon)
    session.add(survey)
    session.flush()
    session.add(SurveyVersion(survey_id=survey.id, number=1, definition={"title": name}, published_at=noon))
    contact = 7 if mode is Anonymity.ANONYMOUS else 8
    person = Invitation(survey_id=survey.id, address_key=name.ljust(32).encode(), contact_id=contact, created_at=noon)
    session.add(person)
    session.flush()
    number = keep_under(session, survey, person, at=noon)
    if mode is Anonymity.ANONYMOUS:
        began = moment_kept(survey, noon)
        session.add(Response(survey_id=survey.id, version=1, invitation_id=number, state="open", started_at=began))
        session.flush()


@contextmanager
def tried(database: Database) -> Iterator[Connection]:
    """A transaction that is undone in the end, in a session of any program."""
    with database.engine.connect() as connection:
        if database.dialect == "sqlite":
            connection.exec_driver_sql("PRAGMA recursive_triggers=OFF")
        yield connection
        connection.rollback()


def changes(connection: Connection, statement: str) -> bool:
    """Whether a statement goes through and leaves its table other than it was."""
    table = next(word for word in statement.replace("FROM ", "").split() if word in TABLES)
    look = text(f"SELECT * FROM {table}")
    before = sorted(map(repr, connection.execute(look)))
    try:
        with connection.begin_nested():
            connection.execute(text(statement))
    except DBAPIError as error:
        if "refused" not in str(error):
            raise
        return False
    return sorted(map(repr, connection.execute(look))) != before


TABLES = (
    "event", "block", "consent", "ledger_head", "mailing", "permit", "policy", "policy_rule", "survey_version", "topic",
    "survey", "response", "identity", "invitation",
)  # fmt: skip


def drop(connection: Connection, *names: str) -> None:
    for name in names:
        on = "" if connection.dialect.name == "sqlite" else f" ON {postgresql_expected()[name].table}"
        connection.execute(text(f"DROP TRIGGER {name}{on}"))


def test_g18_each_trigger_refuses_by_itself_what_goes_through_without_it(filled: Database):
    for name, (statement, *others) in REFUSED[filled.dialect].items():
        for each in (statement, *AS_WELL[filled.dialect].get(name, ())):
            with tried(filled) as connection:
                drop(connection, *others)
                assert not changes(connection, each), f"{name} lets pass: {each}"
                drop(connection, name)
                assert changes(connection, each), f"not {name}, but something else refuses: {each}"


def test_g18_each_trigger_that_is_missing_is_named(database: Database):
    for name in REFUSED[database.dialect]:
        with tried(database) as connection:
            drop(connection, name)
            assert guard_faults(connection) == [f"The guard {name} is missing."]


@pytest.mark.parametrize(("dialect", "expected"), [("sqlite", sqlite_expected), ("postgresql", postgresql_expected)])
def test_g18_no_trigger_is_without_such_a_control(dialect: str, expected: Callable[[], dict[str, object]]):
    assert set(REFUSED[dialect]) == set(expected())
