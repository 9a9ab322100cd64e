"""Opening the house: settings, logs, and a database whose tables and pepper are right; every door begins with it."""

import logging
import time
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.exc import OperationalError

from contacts.domain.addresses import PepperRing
from contacts.storage.peppers import generations
from core.clock import elapsed
from core.database import Database
from core.logs import set_up_logs
from core.schema import require_current_schema
from core.settings import Settings, load_settings
from core.tokens import Keyring

log = logging.getLogger("heedful")

PATIENCE = 300.0
"""For how many seconds a process that works all day waits for its database when it starts."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0


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


def open_house(*, patience: float = 0.0) -> House:
    """Read the settings, begin the logs, and let nobody work on tables or without a pepper that are not this program's.

    `patience`: for how many seconds a server that does not answer is asked again; SQLite is no server.

    Raises:
        Misconfigured: a setting is wrong; or a pepper is missing, without which opt-outs would not be found.
        SchemaMismatch: the tables are older or newer; tells which command to run.
        OperationalError: the database does not answer.
    """
    settings = load_settings()
    set_up_logs(level=settings.log_level, form=settings.log_format)
    house = House(settings, Database(settings.database_url))
    try:
        _look_when_it_answers(house, elapsed() + (patience if house.database.dialect == "postgresql" else 0))
    except BaseException:
        house.database.close()
        raise
    return house


def _look_when_it_answers(house: House, until: float) -> None:
    pause = FIRST_PAUSE
    while True:
        try:
            require_current_schema(house.database)
            with house.database.reading() as session:
                generations(session, house.ring)
        except OperationalError as error:
            if elapsed() + pause > until:
                raise
            reason = str(error.orig).splitlines()[0]
            log.warning("the database does not answer; it is asked again", extra={"seconds": pause, "reason": reason})
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            return
