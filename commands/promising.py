"""`heedful survey promise` and `unlink`: how far answers are kept from people, and who reaches the form."""

from typing import Any

import click

from commands.terminal import json_option, report, terminal
from core.clock import now
from surveys.domain.anonymity import Access, Anonymity
from surveys.services.choose_anonymity import choose_access, choose_anonymity
from surveys.services.unlink_answers import unlink as unlink_survey
from surveys.storage.surveys import Survey, find_survey


@click.command()
@click.argument("name")
@click.option(
    "--anonymity", type=click.Choice([each.value for each in Anonymity]), help="Chosen before the first invitation."
)
@click.option("--unlink-days", type=int, help="Confidential: forget who answered what so many days after it closed.")
@click.option("--access", type=click.Choice([each.value for each in Access]), help="Who reaches the form.")
@json_option
def promise(name: str, anonymity: str | None, unlink_days: int | None, access: str | None, *, as_json: bool) -> None:
    """Set, or without options tell, what the people who are asked are promised.

    Example: heedful survey promise satisfaction --anonymity anonymous
    """
    with terminal() as opened, opened.database.writing() as session:
        found = find_survey(session, name)
        if anonymity or unlink_days is not None:
            days = found.unlink_days if unlink_days is None else unlink_days
            choose_anonymity(session, found, Anonymity(anonymity or found.anonymity), days, at=now())
        if access:
            choose_access(session, found, Access(access), at=now())
        facts = _facts(found)
    report(facts, as_json=as_json)


@click.command()
@click.argument("name")
@json_option
def unlink(name: str, *, as_json: bool) -> None:
    """Forget, for good, who gave which answers to a confidential survey that is closed.

    Example: heedful survey unlink satisfaction
    """
    with terminal() as opened, opened.database.writing() as session:
        found = find_survey(session, name)
        forgotten = unlink_survey(session, found, at=now())
        facts = _facts(found) | {"forgotten": forgotten}
    report(facts, as_json=as_json)


def _facts(found: Survey) -> dict[str, Any]:
    since = found.unlinked_at.isoformat() if found.unlinked_at else None
    return {
        "name": found.name,
        "anonymity": found.anonymity,
        "unlink_days": found.unlink_days,
        "unlinked_at": since,
        "access": found.access,
    }
