"""Over real SMTP: who sleeps gets it in their own morning, who had enough does not, and the report says which."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from campaigns.domain.states import MailingState, MessageState
from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.smtp import Patience, Relay
from campaigns.services.deliver import Books, Delivery
from campaigns.services.report import report
from campaigns.storage.deferrals import Waiting
from campaigns.storage.mailings import get_mailing
from campaigns.storage.messages import count_reasons, count_states
from campaigns.storage.senders import start_sender
from contacts.domain.quiet_hours import QuietHours
from contacts.storage.frequencies import set_frequency
from core.operators import Role
from tests.campaigns.scenes import add_reader, make_draft, sending
from tests.campaigns.scripted import scripted
from tests.conftest import NOON
from tests.web import sign_in

NIGHT = QuietHours(21 * 60, 8 * 60)
MORNING = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
"""Eight o'clock of the 23rd in Tokyo."""
TO = re.compile(r"^To: .*?([a-z]+@example\.org)", re.MULTILINE)
QUICK = Patience(connect=2, command=2, body=2)


@pytest.fixture
def send(database, settings):
    """What is due at a moment is sent to a server; who got it."""

    def run(at: datetime) -> list[str]:
        async def hand_over() -> list[str]:
            async with scripted() as server:
                with database.writing() as session:
                    sender_id = start_sender(session, f"at {at}", at)
                books = Books(database, settings, sender_id, lambda: at)
                line = RelayUrl(Line.PLAIN, "127.0.0.1", server.port)
                delivery = Delivery(books, lambda: Relay(line, patience=QUICK), lines=2)
                await asyncio.wait_for(delivery.run(until_idle=True), 60)
                return sorted(TO.findall(b"".join(server.messages).decode()))

        return asyncio.run(hand_over())

    return run


@pytest.fixture
def night_in_tokyo(database) -> int:
    with database.writing() as session:
        set_frequency(session, "everything", quiet=NIGHT, at=NOON)
        for name, zone in (("ann", "Asia/Tokyo"), ("ben", "Europe/Berlin"), ("cat", "")):
            add_reader(session, f"{name}@example.org", time_zone=zone)
        return sending(session).id


def test_who_sleeps_gets_it_in_the_morning_and_then_the_mailing_ends(database, send, night_in_tokyo):
    assert send(NOON) == ["ben@example.org", "cat@example.org"]
    with database.reading() as session:
        assert get_mailing(session, night_in_tokyo).stage is MailingState.SENDING
        told = report(session, "spring", at=NOON)
        assert told.waiting == Waiting(1, MORNING)
        assert told.adds_up
    assert send(MORNING - timedelta(minutes=1)) == []
    assert send(MORNING) == ["ann@example.org"]
    with database.reading() as session:
        assert get_mailing(session, night_in_tokyo).stage is MailingState.FINISHED
        assert count_states(session, night_in_tokyo).by_state == {MessageState.SENT: 3}
        assert report(session, "spring", at=MORNING).waiting == Waiting()


def test_the_report_page_says_who_waits_and_until_when(database, send, night_in_tokyo, client):
    send(NOON)
    with database.reading() as session:
        assert count_reasons(session, night_in_tokyo) == {MessageState.PLANNED: {"quiet_hours": 1}}
    with time_machine.travel(NOON, tick=False):
        sign_in(client, database, Role.ANALYST)
        page = client.get("/console/campaigns/1").text
    assert "1 person is in quiet hours, until 22 Nov 2026, 23:00 (UTC), and gets it then." in page
    assert "Why people got nothing" not in page, "they wait, and get it"
    assert "do not add up" not in page


def test_p4_who_had_enough_is_withheld_with_the_reason(database, send):
    with database.writing() as session:
        set_frequency(session, "marketing", cap=(1, 7), at=NOON)
        add_reader(session, "ann@example.org")
        first, second = sending(session), sending(session, make_draft("summer"))
    assert send(NOON) == ["ann@example.org"]
    with database.reading() as session:
        ended = [count_reasons(session, each.id) for each in (first, second)]
        assert sorted(map(bool, ended)) == [False, True]
        assert {MessageState.WITHHELD: {"cap_reached": 1}} in ended
        assert {get_mailing(session, each.id).stage for each in (first, second)} == {MailingState.FINISHED}
