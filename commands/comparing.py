"""Variants of a campaign in the terminal: `heedful campaign choose`, and what its other commands tell of them."""

from typing import Any

import click
from sqlalchemy.orm import Session

from campaigns.domain.winners import letter_of
from campaigns.services.decide_winner import choose as choose_variant
from campaigns.services.decide_winner import contest
from campaigns.storage.campaigns import Campaign, as_variant, find_campaign
from commands.terminal import json_option, report, terminal
from core.clock import now
from core.errors import BadInput

TERMINAL = "terminal"
variant_option = click.option(
    "--variant", "letter", default="A", help="The variant's letter; A is the campaign itself."
)


@click.command()
@click.argument("name")
@click.argument("letter")
@json_option
def choose(name: str, letter: str, *, as_json: bool) -> None:
    """Let those of the audience who wait get this variant, whatever the figures are; the clock decides nothing then.

    Example: heedful campaign choose spring B
    """
    with terminal() as opened, opened.database.writing() as session:
        found = find_campaign(session, name)
        stood = choose_variant(session, found, letter, at=now(), by=TERMINAL)
        facts = {"name": found.name, "chosen": letter.upper(), "waiting": stood.waiting}
    report(facts, as_json=as_json)


def variant_asked(campaign: Campaign, letter: str) -> Campaign:
    """The campaign as the variant of that letter says it.

    Raises:
        BadInput: it has no such variant.
    """
    letters = [letter_of(number) for number in range(1, len(campaign.draft.trial.variants) + 2)]
    if letter.upper() not in letters:
        remedy = f"There are: {', '.join(letters)}."
        raise BadInput(f"The campaign has no variant “{letter}”.", field="--variant", remedy=remedy)
    return as_variant(campaign, letters.index(letter.upper()) + 1) if letter.upper() != "A" else campaign


def contest_facts(session: Session, campaign: Campaign) -> dict[str, Any]:
    """How the variants stand, for a report; empty where there are none."""
    found = contest(session, campaign)
    if found is None:
        return {}
    facts: dict[str, Any] = {"variants": found.sentence}
    for each in found.tallies:
        low, high = (f"{bound * 100:.1f} %" for bound in each.interval)
        facts[f"variant {each.letter}"] = f"{each.responses} of {each.delivered} ({low} to {high})"
    if found.trial.winner:
        facts["the rest got"] = letter_of(found.trial.winner)
    elif found.waiting:
        facts["waiting for the choice of a variant"] = found.waiting
    return facts
