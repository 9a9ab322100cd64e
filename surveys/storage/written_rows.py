"""Rows of responses and answers written many at once, each table in one statement: the part that thousands wait for.

PostgreSQL gets arrays and unnests them: a message of the protocol for each cell cost it more than storing the cells.
What is kept under a pseudonym gets numbers drawn by lot, apart from the row of numbers that everybody else gets (G14).
"""

import json
from collections.abc import Mapping, Sequence
from itertools import count
from secrets import randbits
from typing import Any, cast

from sqlalchemy import BindParameter, String, Table, bindparam, delete, func, select, tuple_, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

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


DRAWN = 1 << 52
"""From here to below twice as many, numbers of responses are drawn by lot; even floats tell all of them apart."""
_PLACE_BITS = 62
_ALL = (*BEGUN, *KEPT)
_NEXT = "nextval(pg_get_serial_sequence('response', 'id'))"
_BEGIN = (
    f"INSERT INTO response (id, {', '.join(_quoted(_ALL))}) "  # noqa: S608 - names of columns
    f"SELECT coalesce(given.id, {_NEXT}), {_values(_ALL)} FROM {_unnest(('id', *_ALL))} "
    "ORDER BY given.invitation_id ON CONFLICT DO NOTHING RETURNING id, invitation_id"
)
_LAST = select(_RESPONSE.c.id).where(_RESPONSE.c.id < DRAWN).order_by(_RESPONSE.c.id.desc()).limit(1)
_CHANGE = (
    f"UPDATE response SET ({', '.join(_quoted(KEPT))}) = ROW({_values(KEPT)}) FROM {_unnest(('id', *KEPT))} "  # noqa: S608 - names of columns
    "WHERE response.id = given.id"
)
_ADD = f"INSERT INTO answer ({', '.join(_quoted(CELL))}) SELECT {_values(CELL)} FROM {_unnest(CELL)}"  # noqa: S608 - names of columns
_ADD_PLACED = f"INSERT INTO answer (rowid, {', '.join(_quoted(CELL))}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - names of columns


def begin_rows(session: Session, rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Begin responses, but where an invitation has one: the number of each new one, and its invitation."""
    if not rows:
        return []
    drawn = [DRAWN + randbits(DRAWN.bit_length() - 1) if row["invitation_id"] < 0 else None for row in rows]
    if _is_postgresql(session):
        return [tuple(each) for each in ask_postgresql(session, _BEGIN, id=drawn, **_columns(rows, _ALL))]
    number = func.coalesce(bindparam("drawn", type_=_RESPONSE.c.id.type), _LAST.scalar_subquery() + 1, 1)
    inserted = sqlite.insert(_RESPONSE).values({"id": number, **_bound(_ALL)}).on_conflict_do_nothing()
    statement = inserted.returning(_RESPONSE.c.id, _RESPONSE.c.invitation_id)
    connection = session.connection()
    given = [{"drawn": lot, **_given(row, _ALL)} for lot, row in zip(drawn, rows, strict=True)]
    begun = [connection.execute(statement, each).one_or_none() for each in given]
    return [(each[0], each[1]) for each in begun if each is not None]


def next_number(session: Session) -> int | None:
    """The number of the next response in the row, where SQLite would count on from those drawn by lot; else None."""
    return None if _is_postgresql(session) else (session.scalar(_LAST) or 0) + 1


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
    connection = session.connection()
    last = connection.exec_driver_sql("SELECT max(rowid) FROM answer").scalar_one() or 0
    following = count(max(last, 0) + 1)
    places = (-1 - randbits(_PLACE_BITS) if cell[0] >= DRAWN else next(following) for cell in cells)
    connection.exec_driver_sql(_ADD_PLACED, [(place, *cell) for place, cell in zip(places, cells, strict=True)])


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _columns(rows: Sequence[Row], names: Sequence[str]) -> dict[str, list[Any]]:
    spelt = [_spelt(row) for row in rows]
    return {name: [row[name] for row in spelt] for name in names}


def _spelt(row: Row) -> dict[str, Any]:
    """JSON as text, for what is not there NULL: SQLAlchemy would write the word null."""
    texts = {name: None if row[name] is None else json.dumps(row[name], ensure_ascii=False) for name in JSON}
    return {**row, **texts}
