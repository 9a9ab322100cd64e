"""Rows of responses and answers written many at once, each table in one statement: the part that thousands wait for.

PostgreSQL gets arrays and unnests them: a message of the protocol for each cell cost it more than storing the cells.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import BindParameter, String, Table, bindparam, delete, tuple_, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from core.bulk import insert_many
from core.kept import ask_postgresql, tell_postgresql
from surveys.storage.responses import Answer, Response

KEPT = ("state", "page", "completed_at", "seed", "language", "ending", "quota", "signs", "shown", "pace")
"""Columns of a response that a press can change."""
BEGUN = ("survey_id", "version", "invitation_id", "started_at")
CELL = ("response_id", "question", "row", "value", "number", "text")
JSON = frozenset({"shown", "pace"})
_TYPES = {
    "id": "bigint", "survey_id": "bigint", "version": "int", "invitation_id": "bigint", "started_at": "timestamptz",
    "completed_at": "timestamptz", "seed": "int", "response_id": "bigint", "number": "float8",
}  # fmt: skip
_RESPONSE = cast(Table, Response.__table__)
_ANSWER = cast(Table, Answer.__table__)

Row = Mapping[str, Any]


def _unnest(names: Sequence[str]) -> str:
    arrays = ", ".join(f"%({name})s::{_TYPES.get(name, 'text')}[]" for name in names)
    return f"unnest({arrays}) AS given({', '.join(_quoted(names))})"


def _quoted(names: Sequence[str]) -> list[str]:
    return [f'"{name}"' for name in names]


def _values(names: Sequence[str]) -> str:
    return ", ".join(f'given."{name}"::jsonb' if name in JSON else f'given."{name}"' for name in names)


_ALL = (*BEGUN, *KEPT)
_BEGIN = (
    f"INSERT INTO response ({', '.join(_quoted(_ALL))}) SELECT {_values(_ALL)} FROM {_unnest(_ALL)} "  # noqa: S608 - names of columns
    "ORDER BY given.invitation_id ON CONFLICT (invitation_id) DO NOTHING RETURNING id, invitation_id"
)
_CHANGE = (
    f"UPDATE response SET ({', '.join(_quoted(KEPT))}) = ROW({_values(KEPT)}) FROM {_unnest(('id', *KEPT))} "  # noqa: S608 - names of columns
    "WHERE response.id = given.id"
)
_ADD = f"INSERT INTO answer ({', '.join(_quoted(CELL))}) SELECT {_values(CELL)} FROM {_unnest(CELL)}"  # noqa: S608 - names of columns


def begin_rows(session: Session, rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Begin responses, but where an invitation has one: the number of each new one, and its invitation."""
    if not rows:
        return []
    if _is_postgresql(session):
        return [tuple(each) for each in ask_postgresql(session, _BEGIN, **_columns(rows, _ALL))]
    inserted = sqlite.insert(_RESPONSE).values(_bound(_ALL)).on_conflict_do_nothing()
    statement = inserted.returning(_RESPONSE.c.id, _RESPONSE.c.invitation_id)
    connection = session.connection()
    begun = [connection.execute(statement, _given(row, _ALL)).one_or_none() for row in rows]
    return [(each[0], each[1]) for each in begun if each is not None]


def change_rows(session: Session, rows: Sequence[tuple[int, Row]]) -> None:
    """Write the changeable columns of responses."""
    if not rows:
        return
    if _is_postgresql(session):
        tell_postgresql(session, _CHANGE, id=[number for number, _ in rows], **_columns([row for _, row in rows], KEPT))
        return
    statement = update(_RESPONSE).where(_RESPONSE.c.id == bindparam("of")).values(_bound(KEPT))
    session.connection().execute(statement, [{"of": number, **_given(row, KEPT)} for number, row in rows])


def _bound(names: Sequence[str]) -> dict[str, BindParameter[Any]]:
    return {
        name: bindparam(f"new_{name}", type_=String() if name in JSON else _RESPONSE.c[name].type) for name in names
    }


def _given(row: Row, names: Sequence[str]) -> dict[str, Any]:
    spelt = _spelt(row)
    return {f"new_{name}": spelt[name] for name in names}


def drop_cells(session: Session, questions: Sequence[tuple[int, str]]) -> None:
    """Delete the answers to these questions, each with the number of its response."""
    if questions:
        own = tuple_(_ANSWER.c.response_id, _ANSWER.c.question).in_(list(questions))
        session.connection().execute(delete(_ANSWER).where(own))


def add_cells(session: Session, cells: Sequence[Sequence[Any]]) -> None:
    """Insert cells of answers, each as in `CELL`."""
    if not cells:
        return
    if _is_postgresql(session):
        tell_postgresql(
            session, _ADD, **{name: list(values) for name, values in zip(CELL, zip(*cells, strict=True), strict=True)}
        )
        return
    insert_many(session, Answer, [dict(zip(CELL, cell, strict=True)) for cell in cells])


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _columns(rows: Sequence[Row], names: Sequence[str]) -> dict[str, list[Any]]:
    spelt = [_spelt(row) for row in rows]
    return {name: [row[name] for row in spelt] for name in names}


def _spelt(row: Row) -> dict[str, Any]:
    """JSON as text, for what is not there NULL: SQLAlchemy would write the word null."""
    texts = {name: None if row[name] is None else json.dumps(row[name], ensure_ascii=False) for name in JSON}
    return {**row, **texts}
