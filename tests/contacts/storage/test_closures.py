"""Closures: a scope is closed from a moment to a moment, once at a time, and its past stays known."""

from datetime import timedelta

from contacts.storage.closures import close_scope, closed_scopes, is_closed, reopen_scope
from core.database import Database


def test_a_scope_is_closed_from_a_moment_until_it_is_reopened(database: Database, noon):
    day = timedelta(days=1)
    with database.writing() as session:
        close_scope(session, "offers", at=noon, operator="ann", why="sold out")
        close_scope(session, "offers", at=noon + day)
        reopen_scope(session, "offers", at=noon + 2 * day)
        reopen_scope(session, "offers", at=noon + 3 * day)
        close_scope(session, "offers", at=noon + 4 * day)
    with database.reading() as session:
        closed = [is_closed(session, "offers", at=noon + day * days) for days in (-1, 0, 1, 2, 3, 4, 99)]
        assert closed == [False, True, True, False, False, True, True]
        assert closed_scopes(session, at=noon + day) == {"offers"}
        assert closed_scopes(session, at=noon + 3 * day) == set()
