"""`heedful case list | show | close`: what people asked of us, and how it is settled."""

from datetime import datetime
from typing import Any

import click

from commands.terminal import json_option, report, terminal
from contacts.domain.addresses import AddressKeys
from contacts.domain.case_kinds import CaseOutcome
from contacts.domain.facts import Door
from contacts.domain.scopes import EVERYTHING
from contacts.services.flag_child import flag_child
from contacts.services.settle_case import Settlement, settle_case
from contacts.services.unsubscribe import opt_out
from contacts.storage.case_lists import case_numbered, closed_cases, open_cases
from contacts.storage.cases import Case
from contacts.storage.permits import wait_for_handovers
from core.clock import now
from core.web.rendering import masked


@click.group()
def case() -> None:
    """List, show and settle what people asked: to stop, to be deleted, for a copy, a child's address, a question.

    Example: heedful case list
    """


@case.command("list")
@click.option("--closed", is_flag=True, help="Those that are settled, the newest first.")
@click.option("--most", default=50, show_default=True, help="How many.")
@json_option
def list_cases(*, closed: bool, most: int, as_json: bool) -> None:
    """What is open, by the day it is due; addresses are masked.

    Example: heedful case list --json
    """
    with terminal() as opened, opened.database.reading() as session:
        found = closed_cases(session, most=most) if closed else open_cases(session, most=most)
        rows = [_brief(each, now()) for each in found[:most]]
    if as_json:
        report({"cases": rows, "overdue": sum(row["overdue"] for row in rows)}, as_json=True)
        return
    for row in rows:
        late = " OVERDUE" if row["overdue"] else ""
        click.echo(f"{row['number']:>6}  {row['kind']:<10}  due {row['due'][:16]}{late}  {row['address']}")
    if not rows:
        click.echo("Nothing is waiting." if not closed else "Nothing was settled yet.")


@case.command()
@click.argument("number", type=int)
@json_option
def show(number: int, *, as_json: bool) -> None:
    """One request with its words and its address.

    Example: heedful case show 12
    """
    with terminal() as opened, opened.database.reading() as session:
        found = case_numbered(session, number)
        told = _brief(found, now()) | {"address": found.address, "words": found.words, "notes": found.notes}
    report(told, as_json=as_json)


@case.command()
@click.argument("number", type=int)
@click.option("--outcome", type=click.Choice([each.value for each in CaseOutcome]), required=True, help="How it ended.")
@click.option("--note", required=True, help="What was done, and why; kept with the request.")
@json_option
def close(number: int, outcome: str, note: str, *, as_json: bool) -> None:
    """Settle a request; the hold that it put on the address ends with it, an opt-out never does.

    The outcomes opted_out and child also record just that.

    Example: heedful case close 12 --outcome opted_out --note "wrote a letter on 3 March"
    """
    with terminal() as opened:
        with opened.database.writing() as session:
            found = case_numbered(session, number)
            keys = AddressKeys(bytes(found.address_key), bytes(found.family_key))
            own = [keys.own]
            if outcome == CaseOutcome.OPTED_OUT:
                own += opt_out(session, keys, EVERYTHING, Door.TERMINAL, at=now(), evidence=note).later
            if outcome == CaseOutcome.CHILD:
                own = flag_child(session, keys, Door.TERMINAL, at=now(), evidence=note)
            settlement = Settlement(CaseOutcome(outcome), note, "terminal", Door.TERMINAL)
            ended = settle_case(session, found, settlement, at=now())
        seconds = opened.settings.confirm_seconds
        settled = wait_for_handovers(opened.database, own, EVERYTHING, seconds=seconds)
    said = "done" if settled else "recorded; one message that was already being handed over may still arrive"
    report({"number": number, "outcome": outcome, "hold ended": ended, "said": said}, as_json=as_json)


def _brief(found: Case, at: datetime) -> dict[str, Any]:
    return {
        "number": found.id,
        "kind": found.kind,
        "address": masked(found.address) if found.address else "",
        "door": found.door,
        "opened": found.opened_at.isoformat(),
        "due": found.due_at.isoformat(),
        "overdue": found.closed_at is None and found.due_at < at,
        "closed": found.closed_at.isoformat() if found.closed_at else None,
        "outcome": found.outcome,
    }
