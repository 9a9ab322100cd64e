"""Topics: the lattice in the database is the lattice of the rules, and a name is for good."""

from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from contacts.domain.scopes import parent_of
from contacts.domain.topic_drafts import TopicWords
from contacts.services.keep_topics import add_topic
from contacts.storage.topics import LATTICE, Topic, all_topics
from core.database import Database
from migrations import topic_guards

ADDABLE = ["marketing:events", "research:music", "partner:acme"]
WRONG_PARENTS = ["everything", "marketing", "partners", "research", "sharing", "tracking", "offers", ""]


def test_every_topic_stands_where_the_rules_say(database: Database, noon: datetime):
    with database.writing() as session:
        for name in ADDABLE[:2]:
            add_topic(session, name, TopicWords(name), at=noon)
        session.add(Topic(name="partner:acme", parent="partners", title="Acme", description="", created_at=noon))
        session.flush()
        assert {topic.name: topic.parent for topic in all_topics(session)} == {
            topic.name: parent_of(topic.name) for topic in all_topics(session)
        }


@pytest.mark.parametrize("name", [*ADDABLE, "offers", "sharing:acme", "tracking", "Marketing:events", "anything"])
@pytest.mark.parametrize("parent", WRONG_PARENTS)
def test_the_database_refuses_a_topic_anywhere_else(sqlite_url: str, noon: datetime, name: str, parent: str):
    database = Database(sqlite_url)
    try:
        right = parent_of(name) == parent if name in [*ADDABLE, "offers"] else False
    except Exception:  # noqa: BLE001 - the rules know no such scope
        right = False
    with database.writing() as session:
        session.execute(text("DELETE FROM topic WHERE name = :name"), {"name": name})
        add = text("INSERT INTO topic (name, parent, title, description, created_at) VALUES (:n, :p, 'x', '', :at)")
        if right:
            session.execute(add, {"n": name, "p": parent, "at": str(noon)})
        else:
            with pytest.raises(DatabaseError, match="lattice"):
                session.execute(add, {"n": name, "p": parent, "at": str(noon)})
        session.rollback()
    database.close()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE topic SET name = 'marketing:spam' WHERE name = 'offers'",
        "UPDATE topic SET parent = 'everything' WHERE name = 'offers'",
        "UPDATE topic SET id = 99 WHERE name = 'offers'",
        "UPDATE topic SET name = 'research:music', parent = 'research' WHERE name = 'research'",
    ],
)
def test_g9_a_topic_is_never_turned_into_another(database: Database, change: str):
    with database.writing() as session:
        with pytest.raises(DatabaseError, match=r"refused|lattice"):
            session.execute(text(change))
        session.rollback()


def test_without_the_guard_it_would_be(database: Database):
    with database.writing() as session:
        where = "" if database.dialect == "sqlite" else " ON topic"
        session.execute(text(f"DROP TRIGGER topic_named_once{where}"))
        session.execute(text("UPDATE topic SET name = 'marketing:spam' WHERE name = 'offers'"))
        assert "marketing:spam" in {topic.name for topic in all_topics(session)}
        session.rollback()


def test_title_and_description_may_change(database: Database):
    with database.writing() as session:
        session.execute(text("UPDATE topic SET title = 'Bargains', description = 'x' WHERE name = 'offers'"))


def test_the_class_and_the_migration_have_one_lattice():
    assert LATTICE == topic_guards.LATTICE
