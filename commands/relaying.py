"""`heedful relays`: the mail servers, how they do, and what holds mail back."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click

from campaigns.mail.assurances import read_fleet
from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.smtp import Patience, Relay
from campaigns.services.watch_sending import DayNow, RelayNow, SendingNow, sending_now
from campaigns.storage.relay_states import end_rest
from commands.terminal import json_option, report, terminal
from core.clock import now
from core.errors import Conflict, NotFound

PATIENT = Patience(connect=20)


@click.command()
@click.option("--check", is_flag=True, help="Call each server, with TLS and signing in; exit code 1 where one fails.")
@click.option("--retry", metavar="NAME", help="Try a resting server or provider again now.")
@json_option
def relays(*, check: bool, retry: str | None, as_json: bool) -> None:
    """Tell how each mail server does, what today's plan and the rates still allow, and which providers push back.

    Example: heedful relays --check
    """
    with terminal() as opened:
        fleet = read_fleet(opened.settings.smtp_url.get_secret_value())
        if retry:
            with opened.database.writing() as session:
                if not (end_rest(session, relay=retry, at=now()) or end_rest(session, provider=retry, at=now())):
                    raise NotFound(f"Nothing is known of “{retry}”.", remedy="`heedful relays` shows all names.")
        with opened.database.reading() as session:
            plans = [(relay.plan, relay.shown) for relay in fleet]
            found = sending_now(session, plans, zone=opened.settings.time_zone, at=now())
    troubles = troubles_of(fleet) if check else {}
    report(_facts(found) if as_json else dict(_lines(found, troubles)), as_json=as_json)
    if troubles:
        told = "; ".join(f"{name}: {said}" for name, said in troubles.items())
        raise Conflict(f"Not every server answers: {told}", remedy="Check HEEDFUL_SMTP_URL and the network.")


def troubles_of(fleet: Sequence[RelayUrl]) -> dict[str, str]:
    """Call each server at the same time; why those that fail do, by name."""
    called = [relay for relay in fleet if relay.line is not Line.CAPTURE]
    said = asyncio.run(_troubles(called))
    return {relay.plan.name: trouble for relay, trouble in zip(called, said, strict=True) if trouble}


async def _troubles(fleet: Sequence[RelayUrl]) -> list[str]:
    return await asyncio.gather(*(_trouble(Relay(relay, patience=PATIENT)) for relay in fleet))


async def _trouble(relay: Relay) -> str:
    trouble = await relay.trouble()
    await relay.close()
    return trouble


def _facts(found: SendingNow) -> dict[str, Any]:
    return {
        "relays": [asdict(relay) | {"state": relay.state} for relay in found.relays],
        "rates": [asdict(rate) for rate in found.rates],
        "back_offs": [asdict(each) for each in found.back_offs],
        "back_offs_in_all": found.back_offs_in_all,
        "waiting": {why.value: number for why, number in found.waiting.items()},
    }


def _lines(found: SendingNow, troubles: dict[str, str]) -> list[tuple[str, str]]:
    lines = [(relay.name, _told(relay, troubles.get(relay.name, ""))) for relay in found.relays]
    lines += [(f"{rate.kind} {rate.name}", f"{rate.rate:g} a second, {rate.left} may go now") for rate in found.rates]
    lines += [
        (each.provider, f"pushes back, left alone until {each.resting_until:%H:%M:%S} UTC: {each.said}")
        for each in found.back_offs
        if each.resting_until
    ]
    return lines + [(f"waiting: {why.value}", str(number)) for why, number in found.waiting.items()]


def _told(relay: RelayNow, trouble: str) -> str:
    told = [relay.shown, f"{relay.state}, {relay.score:.0%}"]
    if relay.resting_until:
        told.append(f"left alone until {relay.resting_until:%H:%M:%S} UTC: {relay.said}")
    told += [f"today {day.taken} of {_allowed(day)} {day.provider}".strip() for day in relay.days]
    return "; ".join([*told, trouble] if trouble else told)


def _allowed(day: DayNow) -> str:
    return "any number" if day.allowed is None else str(day.allowed)
