"""Everything that leaves is signed: campaigns with their variants, tests and confirmations, by the one sender."""

import asyncio
from pathlib import Path
from typing import Any

import dkim
import pytest
from sqlalchemy import select

from campaigns.domain.states import MessageState
from campaigns.domain.trials import DraftTrial, DraftVariant
from campaigns.mail.signing_keys import make_key, pem, record_name, record_value
from campaigns.services.launch import launch
from campaigns.services.mail_confirmations import mail_confirmations
from campaigns.services.send_test import send_test
from campaigns.storage.campaigns import get_campaign
from campaigns.storage.messages import Message
from contacts.domain.addresses import Pepper
from core.clock import now
from core.database import Database
from sender import send
from tests.campaigns.scenes import add_readers, clear, make_draft, scheduled
from tests.contacts.storage.test_askers import asks

KEYS = tuple(make_key(kind, "example.org", ed25519=kind == "ed") for kind in ("ed", "rsa"))
RECORDS = {f"{record_name(key)}.".encode(): record_value(key).encode() for key in KEYS}


@pytest.fixture
def house(tmp_path: Path, sqlite_url: str, settings: Any) -> Any:
    """Settings with two keys."""
    for key in KEYS:
        (tmp_path / key.selector).write_bytes(pem(key))
    written = ",".join(f"{key.selector}:{key.domain}:{tmp_path / key.selector}" for key in KEYS)
    return settings.model_copy(update={"dkim_keys": written})


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_campaigns_tests_and_confirmations_leave_with_signatures_that_hold(
    database: Database, house: Any, keyring: Any, pepper: Pepper
):
    at = now()
    with database.writing() as session:
        add_readers(session, 4)
        draft = make_draft(trial=DraftTrial(share=100, variants=(DraftVariant(subject="Übrigens, is it spring?"),)))
        mailing = scheduled(session, draft, at=at)
        launch(session, mailing.id, house, keyring, at=at)
        campaign = get_campaign(session, mailing.campaign_id)
        send_test(session, campaign, clear(campaign), ["reader1@example.org"], house, keyring, at=at)
        asks(session, pepper, "asker@example.org", at=at)
        assert mail_confirmations(session, at=at) == 1
    asyncio.run(send(house, database, until_idle=True))
    with database.reading() as session:
        assert session.scalars(select(Message.state)).all() == [MessageState.SENT] * 6
    mails = [path.read_bytes() for path in house.mailbox_dir.rglob("*.eml")]
    assert len(mails) == 6
    for mail in mails:
        for which in range(2):
            assert dkim.DKIM(mail).verify(which, dnsfunc=lambda name, timeout: RECORDS[name])
