"""How Alembic reaches the tables: it is called by `core.schema` with a connection, never by its own command line."""

import importlib
import pkgutil
from typing import Any

from alembic import context
from sqlalchemy import Connection

import campaigns.storage
import contacts.storage
import core.api_tokens
import core.database
import core.operators
import surveys.storage
from core.database import Base
from core.schema import belongs_to

for floor in (contacts.storage, campaigns.storage, surveys.storage):
    for module in pkgutil.iter_modules(floor.__path__, f"{floor.__name__}."):
        importlib.import_module(module.name)


def render_item(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Our own column types, as a new migration spells them."""
    if kind != "type":
        return False
    for name in ("Json", "Number"):
        if repr(item) == repr(getattr(core.database, name)) and item._variant_mapping:  # noqa: SLF001 - no other way to tell
            return f"core.database.{name}"
    if isinstance(item, core.database.Day):
        return "sa.Date()"
    return "core.database.Moment()" if isinstance(item, core.database.Moment) else False


def upgrade(connection: Connection) -> None:
    """Run the migrations in one transaction where the database can."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_item,
        include_object=belongs_to(connection.dialect.name),
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


upgrade(context.config.attributes["connection"])
