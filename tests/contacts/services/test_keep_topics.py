"""Topics come, are renamed, go and come back; none of it makes anybody mailable, and old blocks cover what comes."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.domain.facts import Kind
from contacts.domain.permission import standing, verdict
from contacts.domain.scopes import covering
from contacts.domain.topic_drafts import TopicWords
from contacts.domain.verdicts import BlockReason, Reason
from contacts.services.keep_topics import add_topic, archive_topic, rename_topic, reopen_topic
from contacts.storage.gate import verdicts
from contacts.storage.ledger import history_of, record
from contacts.storage.policies import policy_table
from contacts.storage.topics import all_topic_names, all_topics, open_topics, topic_named
from core.errors import BadInput, Conflict, NotFound
from tests.contacts.people import add_contact, add_permitted, consent, fact

EVENTS = "marketing:events"
NEW = [EVENTS, "research:music"]
OLD_SCOPES = ["everything", "marketing", "research", "announcements", "tracking", "sharing"]
BLOCKS = [Kind.OPT_OUT, Kind.COMPLAINT, Kind.BOUNCE, Kind.CHILD, Kind.ERASURE, Kind.HOLD]
HOUR = timedelta(hours=1)


def words(title: str = "Events", description: str = "Where to meet us") -> TopicWords:
    return TopicWords(title, description)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(BLOCKS), st.sampled_from(OLD_SCOPES)), min_size=1, max_size=4),
    st.sampled_from(NEW),
    st.booleans(),
)
def test_g9_blocks_cover_the_topics_that_are_added_later(database, pepper, noon: datetime, blocks, name, told_as_well):
    with database.writing() as session:
        ann = add_contact(session, pepper, "ann@example.org", at=noon)
        record(session, [fact(ann, kind, scope, at=noon) for kind, scope in blocks], at=noon)
        add_topic(session, name, words(), at=noon + HOUR)
        if told_as_well:  # even a yes that an import brings for the new topic does not get around the old block
            record(session, [consent(ann, name, at=noon + HOUR)], at=noon + HOUR)
        later = noon + 2 * HOUR
        said = verdicts(session, name, [ann.own], at=later)[ann.own]
        stands = standing(history_of(session, ann.own))
        assert said == verdict(stands, name, policy_table(session), at=later)
        above = {scope for scope, reason in stands.blocks if scope in covering(name) or reason is BlockReason.CHILD}
        if above:
            assert said in {
                Reason.CHILD,
                Reason.ERASED,
                Reason.COMPLAINT,
                Reason.BOUNCED,
                Reason.OPTED_OUT,
                Reason.HELD,
            }
        assert (said is None) <= (told_as_well and not above)
        session.rollback()


acts = st.lists(st.tuples(st.sampled_from(["add", "rename", "archive", "reopen"]), st.sampled_from([*NEW, "offers"])))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_g8_nothing_that_is_done_to_topics_makes_anybody_mailable(database, pepper, noon: datetime, acts):
    with database.writing() as session:
        people = {
            add_permitted(session, pepper, f"p{number}@example.org", *topics, at=noon).own: set(topics)
            for number, topics in enumerate([[], ["offers"], ["announcements", "research"], ["updates", "other"]])
        }
        at = noon
        for number, (act, name) in enumerate(acts):
            at += HOUR
            if act == "add" and name not in all_topic_names(session) and name != "offers":
                add_topic(session, name, words(name), at=at)
            elif name in all_topic_names(session):
                if act == "rename":
                    rename_topic(session, name, words(f"Nice things {number}"))
                elif act != "add":
                    {"archive": archive_topic, "reopen": reopen_topic}[act](session, name, at=at)
            for topic in all_topic_names(session):
                said = verdicts(session, topic, list(people), at=at)
                for own, given_ in people.items():
                    assert said[own] is not None or topic in given_
        session.rollback()


def test_a_reopened_topic_reaches_those_who_permitted_it_and_an_archived_one_nobody(database, pepper, noon: datetime):
    with database.writing() as session:
        add_topic(session, EVENTS, words(), at=noon)
        ann = add_permitted(session, pepper, "ann@example.org", EVENTS, at=noon)
        ben = add_permitted(session, pepper, "ben@example.org", "offers", at=noon)
        archive_topic(session, EVENTS, at=noon + HOUR, operator="kim@example.org", why="no events this year")
        said = verdicts(session, EVENTS, [ann.own, ben.own], at=noon + HOUR)
        assert said == {ann.own: Reason.TOPIC_CLOSED, ben.own: Reason.TOPIC_CLOSED}
        assert verdicts(session, EVENTS, [ann.own], at=noon) == {ann.own: None}, "an old verdict stands"
        assert EVENTS not in [topic.name for topic in open_topics(session)]
        assert EVENTS in [topic.name for topic in all_topics(session)]
        reopen_topic(session, EVENTS, at=noon + 2 * HOUR)
        said = verdicts(session, EVENTS, [ann.own, ben.own], at=noon + 2 * HOUR)
        assert said == {ann.own: None, ben.own: Reason.NO_PERMISSION}


def test_archiving_and_reopening_twice_is_the_same_as_once(database, noon: datetime):
    with database.writing() as session:
        for _ in range(2):
            archive_topic(session, "offers", at=noon)
        for _ in range(2):
            reopen_topic(session, "offers", at=noon)
        assert "offers" in [topic.name for topic in open_topics(session)]


@pytest.mark.parametrize(
    "name",
    [
        "events",
        "partner:acme",
        "sharing:acme",
        "tracking",
        "marketing:",
        "marketing:Ä",
        "marketing",
        "offers:x",
        "a:b:c",
    ],
)
def test_a_topic_has_a_name_that_says_where_it_stands(database, noon: datetime, name: str):
    with database.writing() as session, pytest.raises(BadInput, match="cannot be the name"):
        add_topic(session, name, words(), at=noon)


def test_a_name_is_read_kindly_and_given_once(database, noon: datetime):
    with database.writing() as session:
        assert add_topic(session, " Marketing:Events ", words(), at=noon).name == EVENTS
        with pytest.raises(Conflict, match="already"):
            add_topic(session, EVENTS, words("Others"), at=noon)
        with pytest.raises(Conflict, match="has this title"):
            add_topic(session, "marketing:fairs", words("EVENTS"), at=noon)


def test_g9_a_yes_from_before_the_topic_makes_nobody_mailable(database, pepper, noon: datetime):
    with database.writing() as session:
        add_permitted(session, pepper, "ann@example.org", EVENTS, at=noon)
        with pytest.raises(Conflict, match="before there was such a topic"):
            add_topic(session, EVENTS, words(), at=noon)


def test_a_new_name_changes_title_and_description_and_nothing_else(database, pepper, noon: datetime):
    with database.writing() as session:
        add_topic(session, EVENTS, words(), at=noon)
        before = topic_named(session, EVENTS).id
        renamed = rename_topic(session, EVENTS, words("Concerts", "Near you"))
        assert (renamed.id, renamed.name, renamed.title, renamed.description) == (
            before,
            EVENTS,
            "Concerts",
            "Near you",
        )
        assert rename_topic(session, EVENTS, words("Concerts", "Far away")).description == "Far away"
        with pytest.raises(Conflict, match="has this title"):
            rename_topic(session, EVENTS, words("special offers"))
        with pytest.raises(NotFound):
            rename_topic(session, "marketing:nothing", words())
