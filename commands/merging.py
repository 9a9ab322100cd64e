"""`heedful merge`: two contacts of one person become one, as strict as both together."""

import click
from sqlalchemy.orm import Session

from commands.terminal import Terminal, json_option, report, terminal
from contacts.domain.addresses import read_address
from contacts.services.merge_contacts import merge_contacts
from contacts.services.unsubscribe import OptOut, hold_good
from contacts.storage.contacts import contact_by_key
from contacts.storage.peppers import keys_of
from core.clock import now
from core.errors import NotFound


@click.command()
@click.argument("keep")
@click.argument("drop")
@json_option
def merge(keep: str, drop: str, *, as_json: bool) -> None:
    """Keep the contact of one address and drop the other's; it can only restrict.

    Every opt-out, complaint, child flag, hold and pause of either holds for both addresses from now on. A permission
    stays with the address it was given for. Empty profile fields of the kept contact are filled.

    Example: heedful merge ann@example.org ann.smith@example.com
    """
    with terminal() as opened:
        with opened.database.writing() as session:
            numbers = [_number(session, opened, written, name) for written, name in ((keep, "KEEP"), (drop, "DROP"))]
            found = merge_contacts(session, *numbers, at=now(), by="terminal")
        stopped = [OptOut(fact.own, fact.scope, 0) for fact in found.facts]
        settled = hold_good(opened.database, stopped, seconds=opened.settings.confirm_seconds)
    late = {} if settled else {"note": "one message that was being handed over may still arrive"}
    facts = {"kept": found.kept, "filled": ", ".join(found.filled) or "nothing", "restrictions": len(found.facts)}
    report(facts | late, as_json=as_json)


def _number(session: Session, opened: Terminal, written: str, name: str) -> int:
    contact = contact_by_key(session, keys_of(session, opened.ring, read_address(written)).own)
    if contact is None:
        raise NotFound(f"There is no contact with the address that was given as {name}.")
    return contact.id
