"""The sending process's door: takes planned messages and hands them to SMTP until it is told to end."""

import asyncio
import gc
import logging
import signal
import socket
import sys
from dataclasses import replace
from os import getpid

import uvloop
from sqlalchemy.exc import OperationalError

from campaigns.mail.assurances import read_fleet
from campaigns.mail.capture import Capture
from campaigns.mail.relay_urls import Line
from campaigns.mail.signing_keys import signer_of
from campaigns.sending.fleets import traffic_of, ways_of
from campaigns.services.deliver import Books, Delivery, name_of
from campaigns.storage.hastenings import hasten
from campaigns.storage.senders import start_sender, stop_sender
from contacts.services.open_house import PATIENCE, open_house
from core.clock import now
from core.database import Database
from core.errors import HeedfulError, Unavailable
from core.holding import Holding
from core.settings import Settings

log = logging.getLogger("heedful.sender")

COLLECT_EVERY = 20_000
"""New objects until cycles among the young ones are looked for: messages leave none, and looking cost 3 % of it all."""
SWITCH_SECONDS = 0.001
"""How soon a thread whose database answered gets its turn while the lines are busy; Python's own 5 ms add up."""


async def send(settings: Settings, database: Database, *, until_idle: bool = False) -> None:
    """Send until SIGTERM or SIGINT, which let what is begun end; with `until_idle` until nothing is due.

    The process is registered under a number whose name it holds as long as it lives, so that others can tell a dead
    sender from a slow one.
    """
    signer_of(settings.dkim_keys)  # a key that cannot be used is told before anything is begun
    relays = read_fleet(settings.smtp_url.get_secret_value())
    traffic = traffic_of(settings, relays)
    capture = Capture(settings.mailbox_dir) if relays[0].line is Line.CAPTURE else None
    if capture is not None:
        inside = replace(relays[0], line=Line.PLAIN, host="127.0.0.1", port=await capture.start())
        relays = (inside,)
    with database.writing() as session:
        sender_id = start_sender(session, f"{socket.gethostname()}:{getpid()}", now())
        holding = Holding(database, name_of(sender_id))
        hasten(session, at=now(), zone=settings.time_zone)
        holding.take()  # before the commit: nobody sees a sender that does not hold its name yet
    books = Books(database, settings, sender_id, now, holding, traffic)
    delivery = Delivery(books, ways_of(settings, relays), rate=settings.sender_rate)
    delivery.vigil.bury_the_dead()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, delivery.stop)
    try:
        await delivery.run(until_idle=until_idle)
    finally:
        log.info("the sender goes", extra=delivery.desk.told())
        if capture is not None:
            await capture.stop()
        with database.writing() as session:
            stop_sender(session, sender_id, now())
        holding.give_back()


def main() -> int:
    """`heedful send`: read the settings, check the house, send until told to end."""
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        house = open_house(patience=PATIENCE)
        gc.freeze()  # what is there now stays
        gc.set_threshold(COLLECT_EVERY)
        uvloop.run(send(house.settings, house.database, until_idle="--until-idle" in sys.argv[1:]))
        house.database.close()
    except OperationalError:
        return _say(Unavailable("The database does not answer.", remedy="Nothing was lost; start the sender again."))
    except HeedfulError as error:
        return _say(error)
    return 0


def _say(error: HeedfulError) -> int:
    print(f"heedful: {error}", file=sys.stderr)  # noqa: T201 - the terminal's one sentence
    return 1


if __name__ == "__main__":
    sys.exit(main())
