"""Opening the house: settings, logs, and a database whose tables and pepper are right; every door begins with it."""

from dataclasses import dataclass
from functools import cached_property

from contacts.domain.addresses import PepperRing
from contacts.storage.peppers import generations
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
    def ring(self) -> PepperRing:
        """The pepper's generations, among them all that the database knows."""
        return PepperRing.of(self.settings)

    @cached_property
    def keyring(self) -> Keyring:
        """The ring that signs links."""
        return Keyring(self.settings.secret_key.get_secret_value().split(","))


def open_house() -> House:
    """Read the settings, begin the logs, and let nobody work on tables or without a pepper that are not this program's.

    Raises:
        Misconfigured: a setting is wrong; or a pepper is missing, without which opt-outs would not be found.
        SchemaMismatch: the tables are older or newer; tells which command to run.
        OperationalError: the database does not answer.
    """
    settings = load_settings()
    set_up_logs(level=settings.log_level, form=settings.log_format)
    house = House(settings, Database(settings.database_url))
    try:
        require_current_schema(house.database)
        with house.database.reading() as session:
            generations(session, house.ring)
    except BaseException:
        house.database.close()
        raise
    return house
