"""`heedful topic`: what mail may be about, and how often and at which hours it may come."""

from typing import Any

import click
from sqlalchemy.orm import Session

from commands.terminal import json_option, report, terminal
from contacts.domain.limit_words import read_cap, read_quiet, tell_cap, tell_quiet
from contacts.domain.topic_drafts import TopicWords
from contacts.services.keep_topics import add_topic, archive_topic, rename_topic, reopen_topic
from contacts.services.limit_scope import limit_scope
from contacts.storage.lattices import Shelf, shelf_of, shelves
from contacts.storage.topics import topic_named
from core.clock import now
from core.errors import BadInput

TERMINAL = "terminal"


@click.group()
def topic() -> None:
    """What mail may be about: add, rename, archive and limit topics. None of it makes anybody mailable.

    Example: heedful topic list --count
    """


@topic.command("list")
@click.option("--count", "counted", is_flag=True, help="Count the contacts that once said yes to each.")
@json_option
def list_(*, counted: bool, as_json: bool) -> None:
    """List the topics and their groups, each below what covers it, with their limits.

    Example: heedful topic list --count
    """
    with terminal() as opened, opened.database.reading() as session:
        found = shelves(session, at=now(), counted=counted)
        facts = {shelf.scope: _facts(shelf) for shelf in found}
        lines = {"  " * shelf.depth + shelf.scope: _line(shelf) for shelf in found}
    report(facts if as_json else lines, as_json=as_json)


@topic.command()
@click.argument("name")
@click.option("--title", required=True, help="What people read.")
@click.option("--description", default="", help="A sentence below the title on people's own pages.")
@json_option
def add(name: str, title: str, description: str, *, as_json: bool) -> None:
    """Add a topic: marketing:<short name>, or research:<short name> for surveys. Nobody permits it yet.

    Example: heedful topic add marketing:events --title Events --description "Where to meet us"
    """
    with terminal() as opened, opened.database.writing() as session:
        added = add_topic(session, name, TopicWords.read(title, description), at=now())
        facts = _told(session, added.name)
    report(facts, as_json=as_json)


@topic.command()
@click.argument("name")
@click.option("--title", help="What people read.")
@click.option("--description", help="The sentence below.")
@json_option
def rename(name: str, title: str | None, description: str | None, *, as_json: bool) -> None:
    """Give a topic another title or description. Its name stays: it is what people said yes and no to.

    Example: heedful topic rename marketing:events --title "Fairs and concerts"
    """
    if title is None and description is None:
        raise BadInput("Give a --title or a --description.")
    with terminal() as opened, opened.database.writing() as session:
        known = topic_named(session, name)
        words = TopicWords.read(
            known.title if title is None else title, known.description if description is None else description
        )
        rename_topic(session, name, words)
        facts = _told(session, name)
    report(facts, as_json=as_json)


@topic.command()
@click.argument("name")
@click.option("--why", default="", help="Kept with the record.")
@json_option
def archive(name: str, why: str, *, as_json: bool) -> None:
    """Close a topic: from now on nobody gets mail on it, a campaign under way included. Nothing is forgotten.

    Example: heedful topic archive marketing:events --why "no events this year"
    """
    with terminal() as opened, opened.database.writing() as session:
        archive_topic(session, name, at=now(), operator=TERMINAL, why=why)
        facts = _told(session, name)
    report(facts, as_json=as_json)


@topic.command()
@click.argument("name")
@json_option
def reopen(name: str, *, as_json: bool) -> None:
    """Open an archived topic again, for those who permit it and nobody else.

    Example: heedful topic reopen marketing:events
    """
    with terminal() as opened, opened.database.writing() as session:
        reopen_topic(session, name, at=now())
        facts = _told(session, name)
    report(facts, as_json=as_json)


@topic.command()
@click.argument("scope")
@click.option("--cap", help="At most messages/days a person, such as 4/30; none for no cap.")
@click.option("--quiet", help="Hours without mail where the person lives, such as 21:00-08:00; none for none.")
@json_option
def limit(scope: str, cap: str | None, quiet: str | None, *, as_json: bool) -> None:
    """Set how often mail may come and at which hours not, for a topic, a group of topics, or everything.

    What is not named stays. Caps above a topic hold as well; over a cap mail is withheld, in quiet hours it waits.

    \b
    Example: heedful topic limit offers --cap 4/30
    Example: heedful topic limit everything --quiet 21:00-08:00
    """  # noqa: D301 - \b is click's mark for lines that are kept apart
    if cap is None and quiet is None:
        raise BadInput("Give a --cap or --quiet.")
    with terminal() as opened, opened.database.writing() as session:
        before = shelf_of(session, scope, at=now())
        limit_scope(
            session,
            scope,
            cap=before.cap if cap is None else read_cap(cap),
            quiet=before.quiet if quiet is None else read_quiet(quiet),
            at=now(),
            operator=TERMINAL,
        )
        facts = _told(session, scope)
    report(facts, as_json=as_json)


def _told(session: Session, scope: str) -> dict[str, Any]:
    return _facts(shelf_of(session, scope, at=now()))


def _facts(shelf: Shelf) -> dict[str, Any]:
    facts = {
        "name": shelf.scope,
        "title": shelf.title,
        "description": shelf.description,
        "state": _state(shelf),
        "cap": tell_cap(shelf.cap),
        "quiet hours": tell_quiet(shelf.quiet),
    }
    return facts | ({} if shelf.agreed is None else {"once said yes": shelf.agreed})


def _state(shelf: Shelf) -> str:
    if shelf.topic is None:
        return "group"
    return "archived" if shelf.archived else "open"


def _line(shelf: Shelf) -> str:
    parts = [
        shelf.title,
        "archived" if shelf.archived else "",
        f"at most {tell_cap(shelf.cap)} days" if shelf.cap else "",
        f"quiet {tell_quiet(shelf.quiet)}" if shelf.quiet else "",
        f"{shelf.agreed} once said yes" if shelf.agreed is not None else "",
    ]
    return " · ".join(part for part in parts if part)
