from datetime import timedelta

import pytest

from campaigns.domain.states import CampaignState, MailingState
from campaigns.services.send_test import send_test
from campaigns.storage.campaigns import put_draft
from campaigns.storage.claims import claim
from campaigns.storage.links import links_of
from campaigns.storage.mailings import get_mailing
from contacts.domain.facts import Kind
from core.errors import BadInput, Conflict
from tests.campaigns.scenes import a_sender, add_contact, add_reader, add_readers, clear, make_draft, tell
from tests.conftest import NOON


def test_a_test_goes_to_the_named_contacts_and_leaves_the_campaign_a_draft(database, settings, keyring):
    with database.writing() as session:
        add_readers(session, 3)
        add_reader(session, "team@example.org")
        campaign = put_draft(session, make_draft(), NOON)
        sent = send_test(session, campaign, clear(campaign), [" Team@Example.org "], settings, keyring, at=NOON)
        assert sent.number == 1
        assert campaign.stage is CampaignState.DRAFT
        assert len(links_of(session, campaign.id)) == 1
        taken = claim(session, a_sender(session), at=NOON, lease=timedelta(minutes=1), most=9)
        assert [each.contact.address for each in taken] == ["team@example.org"]
        assert get_mailing(session, sent.mailing.id).stage is MailingState.SENDING


@pytest.mark.parametrize(
    ("addresses", "words"),
    [
        (["team@example.org", "stranger@example.org"], "Address 2 is not among the contacts"),
        (["never-asked@example.org"], "Address 1 gets no test: this contact never gave permission"),
        (["left@example.org"], "Address 1 gets no test: this contact opted out"),
        ([], "A test goes to 1 to 20 addresses"),
        (["x@example.org"] * 21, "A test goes to 1 to 20 addresses"),
        (["nonsense"], "@-sign"),
    ],
)
def test_g3_a_test_passes_the_same_gate_and_one_refusal_stops_it_whole(database, settings, keyring, addresses, words):
    with database.writing() as session:
        add_reader(session, "team@example.org")
        add_contact(session, "never-asked@example.org")
        tell(session, add_reader(session, "left@example.org"), Kind.OPT_OUT, ["everything"])
        campaign = put_draft(session, make_draft(), NOON)
        with pytest.raises(BadInput, match=words) as refused:
            send_test(session, campaign, clear(campaign), addresses, settings, keyring, at=NOON)
        assert "example.org" not in str(refused.value)
        assert claim(session, a_sender(session), at=NOON, lease=timedelta(minutes=1), most=9) == []


def test_g20_a_test_is_real_mail_and_needs_the_checks_too(database, settings, keyring):
    with database.writing() as session:
        add_reader(session, "team@example.org")
        campaign = put_draft(session, make_draft(), NOON)
        with pytest.raises(Conflict, match="has not passed its checks"):
            send_test(session, campaign, None, ["team@example.org"], settings, keyring, at=NOON)
