"""Whether the database's tables are those of this program, and how they are brought there."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from core.database import Database
from core.errors import SchemaMismatch

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def newest_revision() -> str:
    """The revision that this program was written for, without importing Alembic (1.1 s)."""
    return (MIGRATIONS / "HEAD").read_text().strip()


def current_revision(connection: Connection) -> str | None:
    """The revision of the database; None where `heedful init` has not been there."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(revision) if revision else None


def require_current_schema(database: Database) -> None:
    """Pass only if the database has exactly the tables of this program.

    Raises:
        SchemaMismatch: telling which command puts it right.
    """
    with database.engine.connect() as connection:
        current = current_revision(connection)
    newest = newest_revision()
    if current == newest:
        return
    if current is None:
        raise SchemaMismatch("This database is empty.", remedy="Run `heedful init` once.")
    known = {path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("*.py")}
    if current in known:
        raise SchemaMismatch(
            f"The database is at revision {current}, this program needs {newest}.",
            remedy="Make a backup, then run `heedful migrate`.",
        )
    raise SchemaMismatch(
        f"The database is at revision {current}, which this program does not know: it is newer.",
        remedy="Install the newer Heedful that made it, or restore the backup from before.",
    )


def belongs_to(dialect: str) -> Callable[..., bool]:
    """Alembic's `include_object`: a constraint that only one database has is no difference on another."""
    return lambda item, *_: dialect == getattr(item, "info", {}).get("dialect", dialect)


def migrate(database: Database) -> None:
    """Bring the tables to the newest revision; nothing happens where they are there already."""
    from alembic import command  # noqa: PLC0415 - 1.1 s to import, only needed here

    with database.engine.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - 1.1 s to import, only needed here

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
