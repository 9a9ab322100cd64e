"""`heedful campaign`: from a file to delivered mail and its report."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from campaigns.domain.alarms import what_happened, what_to_do
from campaigns.domain.checks import Finding, Severity
from campaigns.domain.states import MessageState
from campaigns.services import control
from campaigns.services.apply_campaign import apply_file, as_file
from campaigns.services.check_campaign import Checked, check_campaign
from campaigns.services.preview import preview as preview_campaign
from campaigns.services.report import CampaignReport, progress_facts
from campaigns.services.report import report as report_campaign
from campaigns.services.schedule_campaign import schedule as schedule_campaign
from campaigns.services.send_test import send_test
from campaigns.storage.campaigns import Campaign, find_campaign, list_campaigns
from commands.comparing import choose, contest_facts, variant_asked, variant_option
from commands.given_texts import text_of
from commands.steering import rate, unknown
from commands.terminal import Terminal, json_option, report, terminal
from commands.watching import watch
from contacts.domain.addresses import read_address
from contacts.domain.verdicts import Reason
from contacts.storage.contacts import Contact, contact_by_key
from contacts.storage.peppers import keys_of
from core.clock import now
from core.errors import Conflict, NotFound


@click.group()
def campaign() -> None:
    """Plan, check, send and report campaigns.

    Example: heedful campaign apply announcement.toml
    """


@campaign.command("apply")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--draft", is_flag=True, help="Leave it a draft, even if the file names a schedule.")
@json_option
def apply(file: Path, *, draft: bool, as_json: bool) -> None:
    """Create or change the campaign of a file; check it, and schedule it if the file says when.

    Example: heedful campaign apply announcement.toml
    """
    with terminal() as opened, opened.database.writing() as session:
        applied = apply_file(session, text_of(file), lambda name: text_of(file.parent / name), at=now())
        session.flush()
        checked = _check(opened, session, applied.campaign)
        facts = _facts(applied.campaign) | {"created": applied.created}
        wanted = bool(applied.campaign.wished_at) and not draft
        if wanted and checked.clearance is not None:
            facts |= _schedule(session, applied.campaign, checked, "", "")
    _tell_findings(checked.findings, facts, as_json=as_json)
    if wanted and checked.clearance is None:
        raise Conflict("It was kept as a draft and not scheduled.", remedy="Mend what is named above.")


@campaign.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """List the campaigns, newest first.

    Example: heedful campaign list
    """
    with terminal() as opened, opened.database.reading() as session:
        found = {each.name: _facts(each) for each in list_campaigns(session)}
    if as_json:
        report(found, as_json=True)
    else:
        report(
            {name: f"{each['state']:<10} {each['topic']:<14} {each['title']}" for name, each in found.items()},
            as_json=False,
        )


@campaign.command()
@click.argument("name")
def show(name: str) -> None:
    """Print the campaign as a file; applying it gives the same campaign.

    Example: heedful campaign show spring > spring.toml
    """
    with terminal() as opened, opened.database.reading() as session:
        told = report_campaign(session, name, at=now())
        for line in (what_happened(told.alarm), what_to_do(told.alarm)) if told.alarm else ():
            click.echo(f"# Paused by itself: {line}")
        click.echo(as_file(told.campaign), nl=False)


@campaign.command()
@click.argument("name")
@json_option
def check(name: str, *, as_json: bool) -> None:
    """Check everything that can be known before sending; exit code 1 if something forbids it.

    Example: heedful campaign check spring
    """
    with terminal() as opened, opened.database.reading() as session:
        found = find_campaign(session, name)
        checked = _check(opened, session, found)
        facts = _facts(found)
    _tell_findings(checked.findings, facts, as_json=as_json)
    if checked.clearance is None:
        raise Conflict("It cannot be scheduled like this.")


@campaign.command()
@click.argument("name")
@click.option("--as", "address", help="The contact to preview it as; else one of the audience.")
@click.option("--part", type=click.Choice(["text", "html", "headers", "eml"]), default="text", show_default=True)
@variant_option
def preview(name: str, address: str | None, part: str, letter: str) -> None:
    """Print what a contact would get; its links speak of nobody.

    Example: heedful campaign preview spring --as ann@example.org --part html > spring.html
    """
    with terminal() as opened, opened.database.reading() as session:
        contact = _contact(opened, session, address) if address else None
        shown = preview_campaign(
            session,
            variant_asked(find_campaign(session, name), letter),
            opened.settings,
            opened.keyring,
            at=now(),
            contact=contact,
        )
    if part == "eml":
        click.echo(shown.raw, nl=False)
    elif part == "headers":
        report(dict(shown.headers), as_json=False)
    else:
        click.echo(shown.html if part == "html" else f"{shown.subject}\n\n{shown.text}")


@campaign.command()
@click.argument("name")
@click.option("--at", "when", default="", help='Local moment such as "2026-12-01 09:00", or "now".')
@click.option("--zone", default="", help="Time zone of the moment, such as Europe/Berlin.")
@json_option
def schedule(name: str, when: str, zone: str, *, as_json: bool) -> None:
    """Check a draft and schedule it.

    Example: heedful campaign schedule spring --at "2026-12-01 09:00" --zone Europe/Berlin
    """
    with terminal() as opened, opened.database.writing() as session:
        found = find_campaign(session, name)
        checked = _check(opened, session, found)
        facts = _facts(found)
        if checked.clearance is not None:
            facts |= _schedule(session, found, checked, when, zone)
    _tell_findings(checked.findings, facts, as_json=as_json)
    if checked.clearance is None:
        raise Conflict("It was not scheduled.", remedy="Mend what is named above.")


@campaign.command("test")
@click.argument("name")
@click.argument("addresses", nargs=-1, required=True)
@variant_option
@json_option
def test(name: str, addresses: tuple[str, ...], letter: str, *, as_json: bool) -> None:
    """Send it now to a few contacts who may be written to on its topic; through the same gate as any mail.

    Example: heedful campaign test spring ann@example.org
    """
    with terminal() as opened, opened.database.writing() as session:
        found = variant_asked(find_campaign(session, name), letter)
        checked = _check(opened, session, found)
        sent = send_test(session, found, checked.clearance, addresses, opened.settings, opened.keyring, at=now())
        facts = {"mailing": sent.mailing.id, "messages": sent.number}
    report(facts, as_json=as_json, title="Planned; the sender takes it first.")


def _control(act: str, said: str) -> click.Command:
    @click.argument("name")
    @json_option
    def run(name: str, *, as_json: bool) -> None:
        with terminal() as opened, opened.database.writing() as session:
            getattr(control, act)(session, name, at=now())
            facts = _facts(find_campaign(session, name))
        report(facts, as_json=as_json)

    run.__doc__ = f"{said}\n\nExample: heedful campaign {act.replace('_', '-')} spring"
    return click.command(act.replace("_", "-"))(run)


campaign.add_command(choose)
campaign.add_command(_control("pause", "Stop sending it; what is being handed over ends by itself."))
campaign.add_command(_control("resume", "Go on where it was paused; nobody gets it twice."))
campaign.add_command(_control("cancel", "End it for good."))
campaign.add_command(_control("take_back", "Make a scheduled campaign a draft again."))
for each in (rate, unknown, watch):
    campaign.add_command(each)


@campaign.command("report")
@click.argument("name")
@json_option
def report_(name: str, *, as_json: bool) -> None:
    """Report what became of every message, and what readers did.

    Example: heedful campaign report spring
    """
    with terminal() as opened, opened.database.reading() as session:
        found = report_campaign(session, name, at=now(), house_zone=opened.settings.time_zone)
        facts = _report(found) | contest_facts(session, found.campaign)
    report(facts, as_json=as_json)


def _report(found: CampaignReport) -> dict[str, Any]:
    facts: dict[str, Any] = _facts(found.campaign) | {"audience": found.audience}
    for state in MessageState:
        facts[state.value] = found.of(state)
        reasons: dict[str, int] = {}
        for each in found.mailings:
            for reason, number in each.reasons.get(state, {}).items():
                if reason == Reason.QUIET_HOURS:
                    continue  # nothing was decided about them: they are told of below
                reasons[reason] = reasons.get(reason, 0) + number
        facts |= {f"{state.value}: {reason}": number for reason, number in reasons.items()}
    if found.waiting.until:
        facts["waiting for quiet hours to end"] = found.waiting.number
        facts["quiet hours last"] = f"until {found.waiting.until:%Y-%m-%d %H:%M} UTC"
    facts |= {name: value for name, value in progress_facts(found).items() if name not in facts and value}
    facts["opt-outs"] = sum(each.opt_outs for each in found.mailings)
    facts["readers who clicked"] = found.readers
    facts |= {f"clicks on {link.url}": link.total for link in found.links}
    return facts


def _check(opened: Terminal, session: Session, found: Campaign) -> Checked:
    return check_campaign(session, found, opened.settings, opened.keyring, at=now())


def _schedule(session: Session, found: Campaign, checked: Checked, when: str, zone: str) -> dict[str, Any]:
    planned = schedule_campaign(session, found, checked.clearance, when=when, zone=zone, at=now())
    told = {"state": found.state, "mailing": planned.mailing.id, "due": planned.appointment.at.isoformat()}
    return told | ({"note": planned.appointment.note} if planned.appointment.note else {})


def _facts(found: Campaign) -> dict[str, Any]:
    return {"name": found.name, "title": found.title, "topic": found.topic, "state": found.state}


def _tell_findings(findings: Iterable[Finding], facts: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        report(facts | {"findings": [asdict(each) for each in findings]}, as_json=True)
        return
    report(facts, as_json=False)
    for each in findings:
        mark = "must be mended" if each.severity is Severity.ERROR else "have a look"
        click.echo(f"  {mark}: {each.where}: {each.sentence} {each.remedy}".rstrip())


def _contact(opened: Terminal, session: Session, address: str) -> Contact:
    contact = contact_by_key(session, keys_of(session, opened.ring, read_address(address)).own)
    if contact is None:
        raise NotFound("There is no contact with this address.")
    return contact
