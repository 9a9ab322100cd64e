"""An attacker who has the whole database, hidden columns included, and looks for the way from an answer to a person."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Inspector, inspect, text
from sqlalchemy.orm import Session

HUBS = frozenset({"survey", "survey_version", "survey_campaign", "campaign", "mailing", "alembic_version"})
"""What everybody hangs on alike, which tells nobody from another."""
LONG_ENOUGH = 12
"""Values of so many characters or bytes are shared by chance by nobody."""


@dataclass(frozen=True)
class Row:
    """A row as it lies there; `hidden` is where it lies and which transaction wrote it."""

    table: str
    values: tuple[tuple[str, Any], ...]
    hidden: tuple[tuple[str, Any], ...]

    def get(self, column: str) -> Any:
        return dict(self.values).get(column)

    def holds(self, words: str) -> bool:
        return any(words in str(value) for _, value in self.values)


def dump(session: Session) -> list[Row]:
    """Every row of every table."""
    postgresql = session.get_bind().dialect.name == "postgresql"
    found = []
    for table in inspect(session.connection()).get_table_names():
        hidden = "xmin::text AS hidden_xmin, ctid::text AS hidden_ctid" if postgresql else _place(session, table)
        for row in session.execute(text(f'SELECT *, {hidden} FROM "{table}"')).mappings():
            values = tuple((name, _plain(value)) for name, value in row.items() if not name.startswith("hidden_"))
            found.append(Row(table, values, tuple((n, v) for n, v in row.items() if n.startswith("hidden_"))))
    return found


def _plain(value: Any) -> Any:
    return repr(value) if isinstance(value, dict | list) else value


def _place(session: Session, table: str) -> str:
    """SQLite's own number of a row, where it has one."""
    sql = session.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}).scalar_one()
    return "NULL AS hidden_rowid" if "WITHOUT ROWID" in sql else "rowid AS hidden_rowid"


class Spy:
    """One look at the whole database, and what hangs together in it: by references, rare values and transactions."""

    def __init__(self, session: Session) -> None:
        self.rows = dump(session)
        schema = inspect(session.connection())
        self.keys = {row: set(_keys(schema, row)) for row in self.rows if row.table not in HUBS}
        self.holders: dict[object, set[Row]] = defaultdict(set)
        for row, keys in self.keys.items():
            for key in keys:
                self.holders[key].add(row)

    def suspects(self, words: str) -> set[int]:
        """Whom these words can be traced to."""
        edge = [row for row in self.keys if row.holds(words)]
        assert edge, "the words are there"
        known = set(edge)
        used: set[object] = set()
        while edge:
            for key in self.keys[edge.pop()] - used:
                used.add(key)
                fresh = self.holders[key] - known
                known |= fresh
                edge += fresh
        return people_in(known)


def _keys(schema: Inspector, row: Row) -> Iterable[object]:
    for column, value in row.values:
        if isinstance(value, bytes | str) and len(value) >= LONG_ENOUGH and column != "shown":
            yield value
    for refers in schema.get_foreign_keys(row.table):
        if refers["referred_table"] not in HUBS:
            yield refers["referred_table"], tuple(row.get(each) for each in refers["constrained_columns"])
    primary = schema.get_pk_constraint(row.table)["constrained_columns"]
    yield row.table, tuple(row.get(each) for each in primary)
    if row.table in {"message", "invitation"}:  # no foreign keys, and yet they name each other
        yield "invitation", (row.get("reference") if row.table == "message" else row.get("id"),)
        yield "contact", (row.get("contact_id"),)
    yield from ((name, value) for name, value in row.hidden if name == "hidden_xmin")


def people_in(rows: Iterable[Row]) -> set[int]:
    """Whose rows these are: the numbers of contacts, and of invitations that belong to somebody."""
    found = {row.get("id") for row in rows if row.table == "contact"}
    return found | {row.get("contact_id") for row in rows if row.table in {"invitation", "message"}} - {0}


def changed(before: list[Row], after: list[Row]) -> set[Row]:
    """The rows that came, went, or were written anew, even with the same values."""
    return set(before) ^ set(after)


def numbered(rows: Iterable[Row], table: str) -> dict[int, Row]:
    """The rows of a table by the numbers that they got when they were written, as far as they have any."""
    found = {}
    for row in rows:
        number = dict(row.hidden).get("hidden_rowid") or row.get("id")
        if row.table == table and number is not None:
            found[int(number)] = row
    return found
