"""Opening the house: settings, logs, and a database whose tables and pepper are right; every door begins with it."""

from dataclasses import dataclass
from functools import cached_property

from contacts.domain.addresses import Pepper
from contacts.storage.peppers import require_same_pepper
from core.database import Database
from core.logs import set_up_logs
from core.schema import require_current_schema
from core.settings import Settings, load_settings
from core.tokens import Keyring


@dataclass
class House:
    """An open house: who opens it closes its database."""

    settings: Settings
    database: Database

    @cached_property
    def pepper(self) -> Pepper:
        """The pepper, known to be the database's own."""
        return Pepper.of(self.settings)

    @cached_property
    def keyring(self) -> Keyring:
        """The ring that signs links."""
        return Keyring(self.settings.secret_key.get_secret_value().split(","))


def open_house() -> House:
    """Read the settings, begin the logs, and let nobody work on tables or under a pepper that are not this program's.

    Raises:
        Misconfigured: a setting is wrong; or the pepper is another one, under which every opt-out would be lost.
        SchemaMismatch: the tables are older or newer; tells which command to run.
        OperationalError: the database does not answer.
    """
    settings = load_settings()
    set_up_logs(level=settings.log_level, form=settings.log_format)
    house = House(settings, Database(settings.database_url))
    try:
        require_current_schema(house.database)
        with house.database.reading() as session:
            require_same_pepper(session, house.pepper)
    except BaseException:
        house.database.close()
        raise
    return house
