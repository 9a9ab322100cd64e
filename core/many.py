"""Statements spelt by hand for many rows at once, the same for both databases but for how the rows are given."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from core.kept import KEY_BYTES, Rows, end_to_end, sqlite_moment, told

Columns = Mapping[str, Collection[Any]]
"""What is given to many rows, by the names of columns."""
_PLACE = re.compile(r"%\((\w+)\)s")


class Many:
    """One statement, in which `{given}` is a table of that name with these columns, by PostgreSQL's names of types.

    `%(name)s` are values that all rows share. At least one column is no key.
    """

    def __init__(self, sql: str, **columns: str) -> None:
        self._columns = columns
        self._spelt = {
            "postgresql": sql.format(given=_unnested(columns)),
            "sqlite": _PLACE.sub(r":\1", sql.format(given=_unfolded(columns))),
        }

    def tell(self, session: Session, rows: Columns, **shared: Any) -> None:
        """Do it to rows that are given as a list for each column."""
        self._told(session, rows, shared)

    def ask(self, session: Session, rows: Columns, **shared: Any) -> Sequence[Any]:
        """Do it, and give back what it returns."""
        return self._told(session, rows, shared)()

    def _told(self, session: Session, rows: Columns, shared: Mapping[str, Any]) -> Rows:
        dialect = session.get_bind().dialect.name
        lists = {name: list(rows[name]) for name in self._columns}
        given = _folded(self._columns, lists) if dialect == "sqlite" else lists
        return told(session, self._spelt[dialect], {**given, **shared})


def _unnested(columns: Mapping[str, str]) -> str:
    """What PostgreSQL reads rows from: an array for each column."""
    arrays = ", ".join(f"CAST(%({name})s AS {kind}[])" for name, kind in columns.items())
    return f"unnest({arrays}) AS given ({', '.join(columns)})"


def _unfolded(columns: Mapping[str, str]) -> str:
    """What SQLite reads rows from: a member of an array for each row, and the keys beside it."""
    plain = [name for name, kind in columns.items() if kind != "bytea"]
    read = [f"value ->> {place} AS {name}" for place, name in enumerate(plain)]
    read += [
        f"substr(:{name}, 1 + {KEY_BYTES} * key, {KEY_BYTES}) AS {name}"
        for name, kind in columns.items()
        if kind == "bytea"
    ]
    return f"(SELECT {', '.join(read)} FROM json_each(:given)) AS given"  # noqa: S608 - names of columns


def _folded(columns: Mapping[str, str], rows: Mapping[str, list[Any]]) -> dict[str, Any]:
    """Rows for SQLite, from a list for each column."""
    keys = {name: end_to_end(rows[name]) for name, kind in columns.items() if kind == "bytea"}
    plain = [
        [each and sqlite_moment(each) for each in rows[name]] if kind == "timestamptz" else rows[name]
        for name, kind in columns.items()
        if kind != "bytea"
    ]
    return keys | {"given": json.dumps(list(zip(*plain, strict=True)), ensure_ascii=False)}
