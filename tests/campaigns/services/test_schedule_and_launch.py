from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import delete, select

from campaigns.domain.states import CampaignState, MailingState, MessageState
from campaigns.domain.wishes import DraftSchedule
from campaigns.services.launch import due, launch, tidy
from campaigns.services.schedule_campaign import schedule
from campaigns.storage.campaigns import get_campaign, put_draft
from campaigns.storage.claims import claim
from campaigns.storage.links import links_of
from campaigns.storage.mailings import get_mailing
from campaigns.storage.messages import Message, count_states
from campaigns.storage.senders import stop_sender
from contacts.domain.facts import Kind
from core.errors import BadInput, Conflict
from tests.campaigns.scenes import a_sender, add_reader, add_readers, clear, make_draft, scheduled, tell
from tests.conftest import NOON

SOON = NOON + timedelta(hours=1)


def test_a_cleared_campaign_is_scheduled_in_its_zone(database):
    with database.writing() as session:
        campaign = put_draft(session, make_draft(), NOON)
        planned = schedule(session, campaign, clear(campaign), when="2026-12-01 09:00", zone="Europe/Berlin", at=NOON)
        assert planned.mailing.due_at.isoformat() == "2026-12-01T08:00:00+00:00"
        assert (campaign.stage, campaign.time_zone) == (CampaignState.SCHEDULED, "Europe/Berlin")
        assert due(session, NOON) == []


def test_the_moment_that_the_campaign_names_is_taken(database):
    with database.writing() as session:
        draft = make_draft(schedule=DraftSchedule("2026-12-01 09:00", "Asia/Tokyo"))
        campaign = put_draft(session, draft, NOON)
        planned = schedule(session, campaign, clear(campaign), when="", zone="", at=NOON)
        assert planned.appointment.at.hour == 0


def test_g20_without_a_clearance_nothing_is_scheduled(database):
    with database.writing() as session:
        campaign = put_draft(session, make_draft(), NOON)
        with pytest.raises(Conflict, match="has not passed its checks"):
            schedule(session, campaign, None, when="now", zone="UTC", at=NOON)
        stale = clear(campaign)
        put_draft(session, make_draft(subject="Other"), NOON)
        with pytest.raises(Conflict, match="changed after it was checked"):
            schedule(session, campaign, stale, when="now", zone="UTC", at=NOON)
        with pytest.raises(BadInput, match="When should it be sent"):
            schedule(session, campaign, clear(campaign), when="", zone="", at=NOON)


def test_a_campaign_is_scheduled_once(database):
    with database.writing() as session:
        campaign = get_campaign(session, scheduled(session).campaign_id)
        with pytest.raises(Conflict, match="is scheduled and cannot become scheduled"):
            schedule(session, campaign, clear(campaign), when="now", zone="UTC", at=NOON)


def test_launching_freezes_everybody_with_a_verdict_and_stores_the_links(database, settings, keyring):
    with database.writing() as session:
        people = add_readers(session, 3)
        tell(session, people[0], Kind.OPT_OUT, ["everything"])
        number = scheduled(session).id
    with database.writing() as session:
        assert due(session, NOON) == [number]
        launched = launch(session, number, settings, keyring, at=NOON)
        assert launched is not None
        assert (launched.progress.audience, launched.progress.planned) == (3, 2)
        assert set(links_of(session, launched.mailing.campaign_id)) == {"https://example.org/new?a=1&b=2"}
    with database.writing() as session:
        assert launch(session, number, settings, keyring, at=NOON) is None
        assert due(session, NOON) == []


def test_g1_who_said_yes_or_left_after_the_freeze_changes_nothing_but_the_handover(database, settings, keyring):
    with database.writing() as session:
        person = add_readers(session, 1)[0]
        number = scheduled(session).id
        launch(session, number, settings, keyring, at=NOON)
        add_reader(session, "late@example.org")
        tell(session, person, Kind.OPT_OUT, ["announcements"])
        assert claim(session, a_sender(session), at=NOON, lease=timedelta(minutes=1), most=9) == []
        assert count_states(session, number).by_state == {MessageState.WITHHELD: 1}


def test_a_personal_mailing_is_attached_in_the_same_transaction(database, settings, keyring):
    attached = []

    def attach(session, mailing_id):
        attached.append((mailing_id, count_states(session, mailing_id).planned))

    with database.writing() as session:
        add_readers(session, 2)
        plain, personal = scheduled(session, make_draft("one")), scheduled(session, make_draft("two"))
        personal.personal_path, personal.personal_kind = "/s/", 4
        for mailing in (plain, personal):
            launch(session, mailing.id, settings, keyring, at=NOON, attach=attach)
    assert attached == [(personal.id, 2)]


def test_a_personal_mailing_is_not_launched_without_its_references(database, settings, keyring):
    with database.writing() as session:
        mailing = scheduled(session)
        mailing.personal_path, mailing.personal_kind = "/s/", 4
        with pytest.raises(ValueError, match="attaches its references"):
            launch(session, mailing.id, settings, keyring, at=NOON)


def test_g6_two_clocks_at_the_same_moment_freeze_an_audience_once(database, settings, keyring):
    with database.writing() as session:
        add_readers(session, 20)
        number = scheduled(session).id
    together = Barrier(4)

    def clock() -> bool:
        together.wait()
        with database.writing() as session:
            return launch(session, number, settings, keyring, at=NOON) is not None

    with ThreadPoolExecutor(4) as clocks:
        launched = [each.result() for each in [clocks.submit(clock) for _ in range(4)]]
    assert sorted(launched) == [False, False, False, True]
    with database.reading() as session:
        assert count_states(session, number).by_state == {MessageState.PLANNED: 20}


def test_without_tracking_no_link_is_stored(database, settings, keyring):
    with database.writing() as session:
        add_readers(session, 1)
        mailing = scheduled(session, make_draft(tracking=False))
        launch(session, mailing.id, settings, keyring, at=NOON)
        assert links_of(session, mailing.campaign_id) == {}


def test_p25_links_that_all_share_are_stored_and_those_of_one_person_or_our_own_are_not(database, settings, keyring):
    with database.writing() as session:
        add_reader(session, "a@example.org", attributes={"page": "https://example.org/a"})
        add_reader(session, "b@example.org", attributes={"page": "https://example.org/b"})
        html = (
            '<a href="https://example.org/static">1</a><a href="{{ contact.attributes.page }}">2</a>'
            '{{ content.body | markdown }}{% for each in content.list %}<a href="{{ each.url }}">6</a>{% endfor %}'
            '<a href="{{ unsubscribe_url }}">3</a><a href="{{ privacy_url }}">4</a>'
            '{% if false %}<a href="https://example.org/branch">5</a>{% endif %}'
        )
        content = {"body": "[x](https://example.org/markdown)", "list": [{"url": "https://example.org/content"}]}
        mailing = scheduled(session, make_draft(html=html, text="", content=content))
        launch(session, mailing.id, settings, keyring, at=NOON)
        paths = {url.removeprefix("https://example.org/") for url in links_of(session, mailing.campaign_id)}
        assert paths == {"static", "markdown", "content", "branch"}  # not "a" or "b", which are one person's each


def test_an_empty_mailing_is_finished_at_once(database, settings, keyring):
    with database.writing() as session:
        number = scheduled(session).id
        launch(session, number, settings, keyring, at=NOON)
        assert get_mailing(session, number).stage is MailingState.FINISHED


def test_tidying_ends_what_dead_senders_left(database, settings, keyring):
    with database.writing() as session:
        add_readers(session, 2)
        number = scheduled(session).id
        launch(session, number, settings, keyring, at=NOON)
        sender = a_sender(session)
        claim(session, sender, at=NOON, lease=timedelta(minutes=1), most=9)
        stop_sender(session, sender, NOON)
        tidy(session, at=SOON)
        assert count_states(session, number).by_state == {MessageState.PLANNED: 2}
        session.execute(delete(Message))
        tidy(session, at=SOON)
        assert get_mailing(session, number).stage is MailingState.FINISHED
        assert session.scalars(select(Message)).all() == []
