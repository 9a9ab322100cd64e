"""A published version of a survey is frozen by the database itself, whoever writes to it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.database import Database

STATEMENTS = [
    "UPDATE survey_version SET published_at = NULL",
    "UPDATE survey_version SET number = 2",
    "DELETE FROM survey_version",
]


@pytest.mark.parametrize("published", [True, False])
@pytest.mark.parametrize("statement", STATEMENTS)
def test_only_a_draft_can_be_changed_or_removed(database: Database, noon, statement, published):
    with database.writing() as session:
        at = noon.replace(tzinfo=None) if database.dialect == "sqlite" else noon
        session.execute(
            text(
                "INSERT INTO survey"
                " (id, name, title, state, version, most_reminders, reminder_days, created_at, updated_at)"
                " VALUES (1, 's', 'S', 'draft', 0, 2, 3, :at, :at)"
            ),
            {"at": at},
        )
        session.execute(
            text("INSERT INTO survey_version (survey_id, number, definition, published_at) VALUES (1, 1, '{}', :at)"),
            {"at": at if published else None},
        )
    if published:
        with pytest.raises(DBAPIError, match="refused"):
            _run(database, statement)
    else:
        _run(database, statement)


def _run(database: Database, statement: str) -> None:
    with database.writing() as session:
        session.execute(text(statement))
