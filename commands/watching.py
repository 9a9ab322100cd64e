"""`heedful campaign watch`: a campaign as it goes, in the terminal."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

import click
from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from campaigns.domain.alarms import what_happened, what_to_do
from campaigns.domain.states import CampaignState, MessageState
from campaigns.services.report import CampaignReport, progress_facts
from campaigns.services.report import report as report_campaign
from commands.terminal import Terminal, terminal
from core.clock import now

T = TypeVar("T")
GOES_ON = frozenset({CampaignState.SCHEDULED, CampaignState.SENDING, CampaignState.PAUSED})


@click.command()
@click.argument("name")
@click.option("--every", type=click.FloatRange(0.2, 60), default=1.0, show_default=True, help="Seconds between looks.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a look, each on its line.")
def watch(name: str, every: float, *, as_json: bool) -> None:
    """Watch it go: how far, how fast, what is put off, how long it takes. Ends when the campaign ends, or with Ctrl+C.

    Example: heedful campaign watch spring
    """
    with terminal() as opened, suppress(KeyboardInterrupt):
        console = Console()
        if console.is_terminal and not as_json:
            with Live(console=console, auto_refresh=False) as live:
                for picture in looks_at(opened, name, every, drawn):
                    live.update(picture, refresh=True)
        else:
            for line in looks_at(opened, name, every, object_of if as_json else line_of):
                click.echo(line)


def looks_at(opened: Terminal, name: str, every: float, tell: Callable[[CampaignReport], T]) -> Iterator[T]:
    """The campaign as it is now, told one way or another, again and again until it has ended."""
    goes_on = True
    while goes_on:
        with opened.database.reading() as session:
            found = report_campaign(session, name, at=now(), house_zone=opened.settings.time_zone)
            told, goes_on = tell(found), found.campaign.stage in GOES_ON
        yield told
        if goes_on:
            time.sleep(every)


def object_of(told: CampaignReport) -> str:
    """How it goes, for programs."""
    counts = {state.value: told.of(state) for state in MessageState}
    return json.dumps({"at": now().isoformat(), **progress_facts(told), **counts})


def line_of(told: CampaignReport) -> str:
    """How it goes, in one line."""
    counts = [f"{told.of(state)} {state.value}" for state in MessageState if told.of(state)]
    return " · ".join([told.campaign.state, f"{told.ended} of {told.planned}", *counts, *_pace(told)])


def drawn(told: CampaignReport) -> Group:
    """How it goes, as a bar, counts and the domains that put mail off."""
    counts = Table.grid(padding=(0, 2))
    for state in MessageState:
        if told.of(state):
            counts.add_row(state.value, Text(f"{told.of(state):,}", justify="right"))
    parts: list[Text | Table | ProgressBar] = [
        Text(f"{told.campaign.title} ({told.campaign.state})", style="bold"),
        ProgressBar(total=max(told.planned, 1), completed=told.ended, width=60),
        Text("\n" + " · ".join([f"{told.ended:,} of {told.planned:,}", *_pace(told)])),
        counts,
    ]
    if told.alarm:
        parts.append(Text(f"{what_happened(told.alarm)} {what_to_do(told.alarm)}", style="yellow"))
    if told.flow and told.flow.slow:
        parts.append(_domains(told))
    return Group(*parts)


def _domains(told: CampaignReport) -> Table:
    table = Table("put off by", "messages", "what it says", box=None, padding=(0, 2))
    for each in told.flow.slow if told.flow else ():
        table.add_row(each.domain, f"{each.number:,}", each.said)
    return table


def _pace(told: CampaignReport) -> Iterator[str]:
    if told.flow is None:
        return
    yield f"{told.flow.pulse.per_second:.1f} a second"
    if told.campaign.rate_per_minute:
        yield f"at most {told.campaign.rate_per_minute:g} a minute"
    if told.seconds_left is not None:
        yield f"{timedelta(seconds=round(told.seconds_left))} left"
    if told.flow.deferred:
        yield f"{told.flow.deferred} put off by servers"
    if told.flow.later > told.flow.deferred:
        yield f"{told.flow.later - told.flow.deferred} wait for their hour"
    if told.opens_at:
        yield f"its hours begin {told.opens_at:%Y-%m-%d %H:%M} UTC"
