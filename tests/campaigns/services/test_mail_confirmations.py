"""Planning confirmations: once each, whoever plans; in the house's own mailing of the day; withheld with a reason."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from campaigns.domain.states import CampaignState, MailingState, MessageState
from campaigns.services.mail_confirmations import anybody_asks, mail_confirmations
from campaigns.storage.campaigns import HOUSE, campaign_named, count_campaigns, find_campaign, list_campaigns
from campaigns.storage.claims import claim
from campaigns.storage.confirmations import house_campaign
from campaigns.storage.mailings import Mailing, finish_mailings
from campaigns.storage.messages import Message
from contacts.domain.addresses import AddressKeys, Pepper
from contacts.domain.facts import Kind
from contacts.storage import askers
from contacts.storage.ledger import record
from core.database import Database
from core.errors import NotFound
from tests.campaigns.scenes import a_sender
from tests.contacts.people import fact
from tests.contacts.storage.test_askers import asks

LEASE = timedelta(minutes=5)


def test_two_clocks_at_once_plan_one_mail(database: Database, pepper: Pepper, noon: datetime):
    with database.writing() as session:
        asks(session, pepper, "first@example.org", at=noon)
        mail_confirmations(session, at=noon)
        for each in range(5):
            asks(session, pepper, f"a{each}@example.org", at=noon)

    def plan(_: int) -> int:
        with database.writing() as session:
            return mail_confirmations(session, at=noon)

    with ThreadPoolExecutor(2) as clocks:
        assert sum(clocks.map(plan, range(2))) == 5
    with database.reading() as session:
        assert len(session.scalars(select(Message)).all()) == 6
        assert not anybody_asks(session, at=noon)


def test_the_days_mailing_is_opened_again_and_the_next_day_has_its_own(
    database: Database, pepper: Pepper, noon: datetime
):
    with database.writing() as session:
        asks(session, pepper, "ann@example.org", at=noon)
        assert mail_confirmations(session, at=noon) == 1
        for message in session.scalars(select(Message)):
            message.state, message.handed_over_at = MessageState.SENT.value, noon
        session.flush()
        finish_mailings(session, noon)
        asks(session, pepper, "bob@example.org", at=noon)
        assert mail_confirmations(session, at=noon + timedelta(hours=1)) == 1
        asks(session, pepper, "cem@example.org", at=noon)
        assert mail_confirmations(session, at=noon + timedelta(hours=12)) == 1
        session.expire_all()
        states = session.scalars(select(Mailing.state).order_by(Mailing.id)).all()
        assert states == [MailingState.SENDING.value] * 2
        campaign = house_campaign(session)
        assert campaign is not None
        assert campaign.stage is CampaignState.SENDING


def test_the_houses_own_campaign_is_in_no_list_and_nobody_names_it(database: Database, pepper: Pepper, noon: datetime):
    with database.writing() as session:
        asks(session, pepper, "ann@example.org", at=noon)
        mail_confirmations(session, at=noon)
        assert list_campaigns(session) == []
        assert sum(count_campaigns(session).values()) == 0
        assert campaign_named(session, HOUSE) is None
        with pytest.raises(NotFound):
            find_campaign(session, HOUSE)


@pytest.mark.parametrize("kind", [Kind.CHILD, Kind.OPT_OUT])
def test_g7_g13_what_may_not_go_any_more_ends_with_its_reason(
    database: Database, pepper: Pepper, noon: datetime, kind: Kind
):
    with database.writing() as session:
        ann = asks(session, pepper, "ann@example.org", at=noon)
        keys = AddressKeys(ann.address_key, ann.family_key)
        mail_confirmations(session, at=noon)
        record(session, [fact(keys, kind, "everything", at=noon)], at=noon)
        assert claim(session, a_sender(session), at=noon, lease=LEASE, most=10) == []
        session.expire_all()
        message = session.scalars(select(Message)).one()
        assert (message.state, message.reason) == ("cancelled", "contact_gone")


def test_g13_a_request_that_outlived_a_child_flag_is_withheld_by_the_gate(
    database: Database, pepper: Pepper, noon: datetime
):
    with database.writing() as session:
        signup = asks(session, pepper, "ann@example.org", at=noon)
        keys = AddressKeys(signup.address_key, signup.family_key)
        mail_confirmations(session, at=noon)
        record(session, [fact(keys, Kind.CHILD, "everything", at=noon)], at=noon)
        again = asks(session, pepper, "ann@example.org", at=noon)
        session.scalars(select(Message)).one().reference = again.id
        assert claim(session, a_sender(session), at=noon, lease=LEASE, most=10) == []
        session.expire_all()
        message = session.scalars(select(Message)).one()
        assert (message.state, message.reason) == ("withheld", "child")


def test_a_confirmation_is_claimed_before_a_campaign(database: Database, pepper: Pepper, noon: datetime):
    with database.writing() as session:
        asks(session, pepper, "Ann@example.org", at=noon)
        mail_confirmations(session, at=noon)
        (taken,) = claim(session, a_sender(session), at=noon, lease=LEASE, most=10)
        assert (taken.contact.address, taken.contact.source) == ("Ann@example.org", "confirmation")
        assert taken.reference is not None


def test_control_without_the_daily_limits_the_same_posts_bring_more_mail(
    database: Database, pepper: Pepper, noon: datetime, monkeypatch: pytest.MonkeyPatch
):
    with database.writing() as session:
        asks(session, pepper, "ann@example.org", at=noon)
        assert mail_confirmations(session, at=noon) == 1
        asks(session, pepper, "ann@example.org", at=noon)
        assert not anybody_asks(session, at=noon + timedelta(hours=1))
        monkeypatch.setattr(askers, "DAY", timedelta(0))
        assert anybody_asks(session, at=noon + timedelta(hours=1))


def test_a_confirmation_is_in_the_language_of_the_form_that_was_filled_in(
    database: Database, pepper: Pepper, noon: datetime
):
    with database.writing() as session:
        for name, locale in {"ann": "", "bea": "de", "cem": "de", "dag": "tlh"}.items():
            asks(session, pepper, f"{name}@example.org", at=noon).locale = locale
        session.flush()
        assert mail_confirmations(session, at=noon) == 4
        asks(session, pepper, "eva@example.org", at=noon).locale = "de"
        session.flush()
        assert mail_confirmations(session, at=noon + timedelta(minutes=1)) == 1
        sizes = {
            mailing.content.get("language", ""): session.scalars(
                select(Message.id).where(Message.mailing_id == mailing.id)
            ).all()
            for mailing in session.scalars(select(Mailing))
        }
    assert {language: len(messages) for language, messages in sizes.items()} == {"": 2, "de": 3}
