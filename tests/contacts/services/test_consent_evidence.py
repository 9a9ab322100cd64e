"""Every consent names its version of the policy, its source, evidence, time, and where it came from: by every door."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from contacts.services.prefer import prefer, sheet_of
from contacts.storage.ledger import Event
from contacts.storage.signup_forms import wording_of
from tests.conftest import NOON
from tests.contacts.people import add_contact


def consents(session, own):
    return session.scalars(select(Event).where(Event.address_key == own, Event.kind == "consent")).all()


def test_a_consent_from_a_file_names_file_line_source_and_evidence(database, bring, key):
    bring("email,topics\nann@example.org,updates\n")
    with database.reading() as session:
        [said] = consents(session, key("ann@example.org").own)
        assert (said.source, said.evidence, said.policy_version) == ("registration", "sign-up form", "2026-01")
        assert (said.details, said.at) == ({"import": 1, "line": 2}, NOON - timedelta(days=90))


@pytest.mark.parametrize(("language", "title"), [("en", "Software updates"), ("de", "Software-Updates")])
def test_a_consent_from_the_persons_own_page_names_what_they_read(database, pepper, language, title):
    with database.writing() as session:
        ann = add_contact(session, pepper, "ann@example.org", at=NOON)
        seen = sheet_of(session, ann, at=NOON).seen
        prefer(session, ann, ["updates", "tracking"], seen=seen, at=NOON, language=language)
        said = consents(session, ann.own)
        assert {each.scope for each in said} == {"updates", "tracking"}
        assert all(each.confirmed and each.policy_version == "2026-01" and each.evidence for each in said)
        [digest] = {each.details["wording_hash"] for each in said}
        read = wording_of(session, digest)
        assert {line.scope: line.title for line in read.lines}["updates"] == title
        assert set(read.scopes) == {"updates", "tracking"}
