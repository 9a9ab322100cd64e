from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from campaigns.domain.campaign_files import DraftSender
from campaigns.domain.states import CampaignState
from campaigns.domain.wishes import DraftSchedule
from campaigns.storage.campaigns import (
    Campaign,
    campaign_named,
    count_campaigns,
    delete_draft,
    find_campaign,
    fingerprint,
    get_campaign,
    list_campaigns,
    move_campaign,
    put_draft,
)
from core.errors import Conflict, NotFound
from tests.campaigns.scenes import make_draft, scheduled
from tests.conftest import NOON


def test_a_draft_comes_back_as_it_was_put(database):
    draft = make_draft(
        content={"list": [{"a": 1}], "text": "ü"},
        tracking=False,
        sender=DraftSender("Ann", "ann@example.org", "reply@example.org"),
        schedule=DraftSchedule("2026-12-01 09:00", "Europe/Berlin"),
    )
    with database.writing() as session:
        put_draft(session, draft, NOON)
    with database.reading() as session:
        assert find_campaign(session, "spring").draft == draft


def test_putting_a_draft_again_changes_it_and_its_fingerprint(database):
    with database.writing() as session:
        before = fingerprint(put_draft(session, make_draft(), NOON))
        again = put_draft(session, make_draft(), NOON + timedelta(hours=1))
        assert fingerprint(again) == before
        changed = put_draft(session, make_draft(subject="Other"), NOON)
        assert changed.id == again.id
        assert fingerprint(changed) != before


def test_a_campaign_that_is_scheduled_cannot_be_changed(database):
    with database.writing() as session:
        scheduled(session)
        with pytest.raises(Conflict, match="only a draft can be changed"):
            put_draft(session, make_draft(subject="Other"), NOON)


def test_what_is_not_there_is_not_found(database):
    with database.reading() as session:
        with pytest.raises(NotFound, match="“winter”"):
            find_campaign(session, "winter")
        with pytest.raises(NotFound, match="campaign 9"):
            get_campaign(session, 9)
        assert campaign_named(session, "winter") is None


def test_a_move_is_refused_by_what_the_database_holds_not_by_what_this_process_saw(database):
    with database.writing() as session:
        put_draft(session, make_draft(), NOON)
    with database.reading() as session:
        stale = find_campaign(session, "spring")
    with database.writing() as session:
        move_campaign(session, find_campaign(session, "spring"), CampaignState.CANCELLED, NOON)
    with database.writing() as session:
        stale = session.merge(stale, load=False)
        stale.scheduled_at = NOON
        with pytest.raises(Conflict, match="is cancelled and cannot become scheduled"):
            move_campaign(session, stale, CampaignState.SCHEDULED, NOON)


def test_campaigns_are_listed_newest_first_and_counted_by_state(database):
    with database.writing() as session:
        put_draft(session, make_draft("one"), NOON)
        put_draft(session, make_draft("two"), NOON)
        scheduled(session, make_draft("three"))
    with database.reading() as session:
        assert [campaign.name for campaign in list_campaigns(session)] == ["three", "two", "one"]
        assert [campaign.name for campaign in list_campaigns(session, limit=1, offset=1)] == ["two"]
        assert [c.name for c in list_campaigns(session, state=CampaignState.SCHEDULED)] == ["three"]
        counted = count_campaigns(session)
    assert (counted[CampaignState.DRAFT], counted[CampaignState.SCHEDULED]) == (2, 1)
    assert counted[CampaignState.FINISHED] == 0


def test_only_a_draft_is_deleted(database):
    with database.writing() as session:
        delete_draft(session, put_draft(session, make_draft("one"), NOON))
        assert campaign_named(session, "one") is None
        scheduled(session)
        with pytest.raises(Conflict, match="Only a draft"):
            delete_draft(session, find_campaign(session, "spring"))


def test_g9_a_draft_that_had_a_mailing_is_kept(database):
    with database.writing() as session:
        campaign = get_campaign(session, scheduled(session).campaign_id)
        move_campaign(session, campaign, CampaignState.DRAFT, NOON)
        with pytest.raises(Conflict, match="planned already"):
            delete_draft(session, campaign)
        assert find_campaign(session, "spring").id == campaign.id


@pytest.mark.parametrize(
    ("column", "value"), [("state", "asleep"), ("state", "scheduled"), ("personal_path", "/s/"), ("name", "spring")]
)
def test_the_database_refuses_a_campaign_that_cannot_be(database, column, value):
    with database.writing() as session:
        put_draft(session, make_draft(), NOON)
    second = {"name": "other", "state": "draft", "title": "x", "topic": "updates", column: value}
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(Campaign(**second, created_at=NOON, updated_at=NOON))
