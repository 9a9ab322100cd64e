"""Whole databases compared: every row of every table before and after, whatever the product says about itself."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import MetaData

from core.database import Database

Dump = Mapping[str, Counter[str]]


def dump(database: Database) -> Dump:
    """Every row of every table that the database has, read without the product's mapped classes."""
    tables = MetaData()
    with database.engine.connect() as connection:
        tables.reflect(connection)
        return {
            table.name: Counter(repr(tuple(row)) for row in connection.execute(table.select()))
            for table in tables.sorted_tables
        }


def changed(before: Dump, after: Dump) -> set[str]:
    """The tables that are not as they were."""
    return {name for name in {*before, *after} if before.get(name) != after.get(name)}
