"""Campaigns for a partner: only while the partner is active, and people see on whose behalf they get mail (G15)."""

import asyncio
from datetime import timedelta

import pytest

from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.smtp import Patience, Relay
from campaigns.services.check_campaign import check_campaign
from campaigns.services.deliver import Books, Delivery
from campaigns.services.preview import preview
from campaigns.services.schedule_campaign import schedule
from campaigns.storage.campaigns import put_draft
from campaigns.storage.messages import Message, count_states
from campaigns.storage.senders import start_sender
from contacts.domain.facts import Kind
from contacts.services.feed_partner import feed_partner
from contacts.services.keep_partners import deactivate_partner
from core.errors import Conflict
from tests.campaigns.scenes import HTML, TEXT, add_reader, make_draft, sending, tell
from tests.campaigns.scripted import scripted
from tests.conftest import NOON
from tests.contacts.partnering import acme, share

NAMED = {"html": HTML.replace("</p></body>", " {{ partner }}</p></body>"), "text": TEXT + "{{ partner }}\n"}


def sentences(checked) -> str:
    return " ".join(finding.sentence for finding in checked.findings)


def test_g15_a_campaign_for_a_partner_who_is_not_active_cannot_be_scheduled(database, settings, keyring):
    with database.writing() as session:
        acme(session)
        campaign = put_draft(session, make_draft(topic="partner:acme", **NAMED), NOON)
        assert check_campaign(session, campaign, settings, keyring, at=NOON).clearance is not None
        deactivate_partner(session, "acme", at=NOON, operator="kim")
        checked = check_campaign(session, campaign, settings, keyring, at=NOON)
        assert "The partner “Acme Sounds” is not active." in sentences(checked)
        with pytest.raises(Conflict, match="has not passed its checks"):
            schedule(session, campaign, checked.clearance, when="now", zone="", at=NOON)


def test_g15_a_campaign_for_a_partner_who_owes_an_answer_cannot_be_scheduled(database, ring, settings, keyring):
    with database.writing() as session:
        acme(session)
        ann = add_reader(session, "ann@example.org", "partner:acme", "sharing:acme", source="mailing_list")
    share(database, ring)
    with database.writing() as session:
        tell(session, ann, Kind.OPT_OUT, ["everything"])
        campaign = put_draft(session, make_draft(topic="partner:acme", **NAMED), NOON)
        late = NOON + timedelta(days=8)
        checked = check_campaign(session, campaign, settings, keyring, at=late)
        assert "has not been given the opt-out list that is due" in sentences(checked)
        feed_partner(session, "acme", at=late, operator="kim")
        checked = check_campaign(session, campaign, settings, keyring, at=late + timedelta(days=7))
        assert "has not acknowledged our opt-out list in time" in sentences(checked)
        assert checked.clearance is None


def test_p3_mail_for_a_partner_names_them_in_both_parts(database, settings, keyring):
    with database.writing() as session:
        acme(session)
        add_reader(session, "ann@example.org", "partner:acme", source="mailing_list")
        unnamed = put_draft(session, make_draft(topic="partner:acme"), NOON)
        checked = check_campaign(session, unnamed, settings, keyring, at=NOON)
        assert [finding.where for finding in checked.findings if "name the partner" in finding.sentence] == [
            "html",
            "text",
        ]
        assert checked.clearance is None
        words = {"headline": "New sounds", "body": "Listen."}
        shipped = make_draft("shipped", topic="partner:acme", html="", text="", template="announcement", content=words)
        campaign = put_draft(session, shipped, NOON)
        checked = check_campaign(session, campaign, settings, keyring, at=NOON)
        assert checked.clearance is not None, sentences(checked)
        shown = preview(session, campaign, settings, keyring, at=NOON)
        for part in (shown.html, " ".join(shown.text.split())):
            assert "Halcyon Audio sends you this about products of its partner Acme Sounds." in part
        ours = put_draft(session, make_draft("ours", html="", text="", template="announcement", content=words), NOON)
        assert "partner" not in preview(session, ours, settings, keyring, at=NOON).text


def test_g15_a_running_campaign_stops_when_its_partner_becomes_inactive(database, settings):
    """The partner is made inactive while the third message waits for its dot: over real SMTP, one line."""
    with database.writing() as session:
        acme(session)
        for number in range(8):
            add_reader(session, f"reader{number}@example.org", "partner:acme", source="mailing_list")
        mailing_id = sending(session, make_draft(topic="partner:acme", **NAMED)).id
    begun = []

    async def hook(command: str) -> None:
        if command.startswith("DATA"):
            begun.append(command)
            if len(begun) == 3:
                await asyncio.to_thread(stop)

    def stop() -> None:
        with database.writing() as session:
            deactivate_partner(session, "acme", at=NOON, operator="kim")

    async def send() -> list[bytes]:
        async with scripted(None, hook=hook) as server:
            url = RelayUrl(Line.PLAIN, "127.0.0.1", server.port)
            with database.writing() as session:
                sender_id = start_sender(session, "one", NOON)
            books = Books(database, settings, sender_id, lambda: NOON)
            delivery = Delivery(books, lambda: Relay(url, patience=Patience(2, 2, 2)), lines=1)
            await asyncio.wait_for(delivery.run(until_idle=True), 60)
            return server.messages

    received = asyncio.run(send())
    with database.reading() as session:
        states = {str(state): number for state, number in count_states(session, mailing_id).by_state.items()}
        reasons = {each.reason for each in session.query(Message).where(Message.state == "withheld")}
    assert states == {"sent": 2, "withheld": 6}
    assert reasons == {"partner_stopped"}
    assert len(received) == 2
    assert all(b"Acme Sounds" in message for message in received)
