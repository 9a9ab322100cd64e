"""A survey can ask on a topic added below research; those are asked who permit that very topic, and nothing is sold."""

import pytest

from contacts.domain.topic_drafts import TopicWords
from contacts.services.keep_topics import add_topic, archive_topic
from core.errors import BadInput
from surveys.services.invite import Wish, draft_invitation, draft_reminder
from tests.campaigns.scenes import add_reader
from tests.conftest import NOON
from tests.surveys.survey_scenes import hand_over, launched, messages_of, opened

MUSIC = "research:music"


def test_g14_an_added_topic_of_research_invites_those_who_permit_it_and_reminds_on_it(database):
    with database.writing() as session:
        add_topic(session, MUSIC, TopicWords("Music panel"), at=NOON)
        survey = opened(session)
        add_reader(session, "ann@example.org", "research")
        add_reader(session, "ben@example.org", MUSIC)
        mailing = launched(session, draft_invitation(session, survey, Wish(topic=MUSIC), at=NOON))
        assert [row[:2] for row in messages_of(session, mailing)] == [("excluded", "no_permission"), ("planned", None)]
        hand_over(session, mailing)
        assert draft_reminder(session, survey, Wish(), at=NOON).topic == MUSIC


@pytest.mark.parametrize("topic", ["offers", "research:unknown", "marketing:events", "everything", "tracking"])
def test_g14_no_other_topic_asks_anybody(database, topic):
    with database.writing() as session, pytest.raises(BadInput, match="no open topic of research"):
        draft_invitation(session, opened(session), Wish(topic=topic), at=NOON)


def test_an_archived_topic_asks_nobody(database):
    with database.writing() as session:
        add_topic(session, MUSIC, TopicWords("Music panel"), at=NOON)
        archive_topic(session, MUSIC, at=NOON)
        with pytest.raises(BadInput, match="no open topic of research"):
            draft_invitation(session, opened(session), Wish(topic=MUSIC), at=NOON)
