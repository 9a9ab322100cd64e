"""Invitations and reminders are mailings; who is asked is decided when they are due."""

from datetime import timedelta

import pytest

from campaigns.services.check_campaign import check_campaign
from campaigns.storage.campaigns import find_campaign
from contacts.domain.facts import Kind
from core.errors import Conflict
from surveys.services.invite import Wish, attach_invitations, draft_invitation, draft_reminder
from surveys.storage.invitations import turnout
from surveys.storage.survey_mailings import survey_campaigns
from surveys.storage.surveys import close_survey
from tests.campaigns.scenes import add_contact, add_reader, sending, tell
from tests.conftest import NOON
from tests.surveys.domain.sample_surveys import BRANCHING
from tests.surveys.pressing import decline
from tests.surveys.survey_scenes import (
    answer,
    hand_over,
    invitations,
    invited,
    launched,
    messages_of,
    opened,
    people,
)

LATER = NOON + timedelta(days=5)
GERMANS = {"match": "all", "rules": [{"field": "locale", "op": "is", "value": "de"}]}
FRENCH = {"match": "all", "rules": [{"field": "locale", "op": "is", "value": "fr"}]}


def test_an_invitation_is_a_research_campaign_that_tracks_nothing_and_carries_the_link(database):
    with database.writing() as session:
        campaign = draft_invitation(session, opened(session), Wish(GERMANS, "now", "UTC"), at=NOON)
        assert (campaign.name, campaign.topic, campaign.template) == (
            "trip-invitation",
            "research",
            "survey_invitation",
        )
        assert (campaign.personal_path, campaign.personal_kind, campaign.tracking) == ("/s/", 4, False)
        assert campaign.audience == GERMANS
        again = draft_invitation(session, opened(session), Wish(), at=NOON)
        assert again.id == campaign.id


def test_every_planned_message_gets_its_invitation_and_nobody_else(database):
    with database.writing() as session:
        survey = opened(session)
        asked = people(session, 3)
        add_contact(session, "never-asked@example.org")
        tell(session, asked[1], Kind.OPT_OUT, ["research"])
        mailing = launched(session, draft_invitation(session, survey, Wish(), at=NOON))
        found = {each.contact_id: each for each in invitations(session)}
        assert set(found) == {asked[0].id, asked[2].id}
        assert found[asked[0].id].language == "de"
        assert messages_of(session, mailing) == [
            ("planned", None, found[asked[0].id].id),
            ("excluded", "opted_out", None),
            ("planned", None, found[asked[2].id].id),
            ("excluded", "no_permission", None),
        ]


def test_g13_a_child_is_never_invited(database):
    with database.writing() as session:
        survey = opened(session)
        tell(session, people(session, 1)[0], Kind.CHILD, ["everything"])
        mailing = launched(session, draft_invitation(session, survey, Wish(), at=NOON))
        assert messages_of(session, mailing) == [("excluded", "child", None)]
        assert invitations(session) == []


def test_other_mailings_are_left_alone(database):
    with database.writing() as session:
        opened(session)
        add_reader(session, "a@example.org")
        mailing = sending(session)
        assert attach_invitations(session, mailing.id, at=NOON) is None
        assert messages_of(session, mailing) == [("planned", None, None)]


def test_a_second_wave_asks_nobody_twice(database):
    with database.writing() as session:
        survey = opened(session)
        people(session, 2)
        invited(session, survey)
        answer(session, invitations(session)[0])
        add_reader(session, "late@example.org", "research")
        second = draft_invitation(session, survey, Wish(), at=LATER)
        assert second.name == "trip-invitation-2"
        mailing = launched(session, second, LATER)
        assert messages_of(session, mailing) == [
            ("excluded", "answered", None),
            ("excluded", "invited", None),
            ("planned", None, invitations(session)[2].id),
        ]


def test_a_reminder_goes_to_those_who_neither_answered_nor_declined(database):
    with database.writing() as session:
        survey = opened(session)
        people(session, 4)
        invited(session, survey)
        add_reader(session, "late@example.org", "research")
        first, second, third, fourth = invitations(session)
        answer(session, first)
        decline(session, second.id, at=NOON)
        answer(session, third, ("start", {"went": ["yes"]}))
        campaign = draft_reminder(session, survey, Wish(when="now", zone="UTC"), at=LATER)
        assert (campaign.template, campaign.subject) == ("survey_reminder", "A reminder: Your trip")
        mailing = launched(session, campaign, LATER)
        assert messages_of(session, mailing) == [
            ("excluded", "answered", None),
            ("excluded", "declined", None),
            ("planned", None, third.id),
            ("planned", None, fourth.id),
            ("excluded", "not_invited", None),
        ]
        session.refresh(third)
        assert (third.reminders, third.reminded_at) == (1, LATER)


def test_reminders_are_few_and_apart(database):
    with database.writing() as session:
        survey = opened(session)
        people(session, 1)
        invited(session, survey)
        found = []
        for day in (1, 4, 6, 8, 20):
            at = NOON + timedelta(days=day)
            mailing = launched(session, draft_reminder(session, survey, Wish(), at=at), at)
            found.append(messages_of(session, mailing)[0][:2])
            hand_over(session, mailing, at)
        assert found == [
            ("excluded", "reminded_recently"),
            ("planned", None),
            ("excluded", "reminded_recently"),
            ("planned", None),
            ("excluded", "reminded_enough"),
        ]


def test_a_reminder_never_comes_before_the_invitation(database):
    with database.writing() as session:
        survey = opened(session)
        people(session, 1)
        with pytest.raises(Conflict, match="Nobody was invited"):
            draft_reminder(session, survey, Wish(), at=NOON)
        launched(session, draft_invitation(session, survey, Wish(), at=NOON))
        mailing = launched(session, draft_reminder(session, survey, Wish(), at=LATER), LATER)
        assert messages_of(session, mailing) == [("excluded", "not_invited", None)]


def test_answering_calls_off_what_was_still_planned(database):
    with database.writing() as session:
        survey = opened(session)
        people(session, 2)
        invited(session, survey)
        mailing = launched(session, draft_reminder(session, survey, Wish(), at=LATER), LATER)
        first, second = invitations(session)
        answer(session, first, at=LATER)
        decline(session, second.id, at=LATER)
        assert [each[:2] for each in messages_of(session, mailing)] == [
            ("cancelled", "answered"),
            ("cancelled", "declined"),
        ]


def test_nobody_is_asked_once_the_survey_is_closed(database):
    with database.writing() as session:
        survey = opened(session)
        people(session, 1)
        campaign = draft_invitation(session, survey, Wish(), at=NOON)
        close_survey(session, survey, NOON)
        mailing = launched(session, campaign)
        assert messages_of(session, mailing) == [("excluded", "survey_closed", None)]
        with pytest.raises(Conflict, match="is closed"):
            draft_invitation(session, survey, Wish(), at=NOON)


def test_a_reminder_goes_to_the_audiences_of_all_invitations(database):
    with database.writing() as session:
        survey = opened(session)
        for audience in (GERMANS, FRENCH):
            launched(session, draft_invitation(session, survey, Wish(audience), at=NOON))
        reminder = draft_reminder(session, survey, Wish(), at=LATER)
        assert reminder.audience == {"match": "any", "rules": [GERMANS, FRENCH]}
        launched(session, draft_invitation(session, survey, Wish(), at=NOON))
        assert draft_reminder(session, survey, Wish(), at=LATER).audience == {}
        assert draft_reminder(session, survey, Wish(FRENCH), at=LATER).audience == FRENCH
        assert {each.purpose for each in survey_campaigns(session, survey)} == {"invite", "remind"}


def test_turnout_counts_people_not_mails(database):
    with database.writing() as session:
        survey = opened(session)
        people(session, 4)
        invited(session, survey)
        hand_over(session, launched(session, draft_reminder(session, survey, Wish(), at=LATER), LATER), LATER)
        first, second, third, _fourth = invitations(session)
        answer(session, first)
        answer(session, second, ("start", {"went": ["yes"]}))
        decline(session, third.id, at=NOON)
        figures = turnout(session, survey.id)
        assert (figures.invited, figures.delivered, figures.begun, figures.completed, figures.declined) == (
            4,
            4,
            2,
            1,
            1,
        )
        assert figures.rate == 0.25
        assert turnout(session, 0).rate is None


def test_g14_a_mailing_on_another_topic_asks_nobody(database):
    with database.writing() as session:
        survey = opened(session)
        add_reader(session, "a@example.org", "offers", "research")
        campaign = draft_invitation(session, survey, Wish(), at=NOON)
        campaign.topic = "offers"
        assert messages_of(session, launched(session, campaign)) == [("excluded", "not_research", None)]


def test_an_invitation_says_who_asks_what_for_and_until_when_and_passes_the_checks(database, settings, keyring):
    told = 'sponsor = "Halcyon"\npurpose = "To improve"\nminutes = 3\n\n[[page]]\nname = "start"'
    with database.writing() as session:
        survey = opened(session, BRANCHING.replace('[[page]]\nname = "start"', told))
        survey.closes_at = LATER.replace(hour=0)
        people(session, 2)
        campaign = draft_invitation(session, survey, Wish(zone="UTC"), at=NOON)
        assert campaign.content == {
            "headline": "Your trip",
            "language": "en",
            "sponsor": "Halcyon",
            "purpose": "To improve",
            "minutes": "3",
            "ends": "November 26, 2026",
            "keeping": "Kept with your invitation, so that your link leads back to them",
        }
        for drafted in (campaign, draft_reminder(session, survey, Wish(), at=NOON)):
            checked = check_campaign(session, drafted, settings, keyring, at=NOON)
            assert checked.clearance is not None, checked.findings
            assert not checked.findings


def test_an_audience_may_be_named(database):
    with database.writing() as session:
        draft_invitation(session, opened(session), Wish({"segment": "germans"}), at=NOON)
        assert find_campaign(session, "trip-invitation").audience == {"segment": "germans"}
