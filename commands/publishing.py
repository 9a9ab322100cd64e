"""`heedful policy`: what each source of an address can justify, in versions, each with the text people could read."""

from collections.abc import Mapping
from typing import Any

import click
from sqlalchemy.orm import Session

from commands.given_texts import TextFile
from commands.terminal import json_option, report, terminal
from contacts.domain.policy import NOTHING, PRESETS, SCOPES, Rules, Source
from contacts.domain.policy_drafts import differences, drafted, read_override, write_rule
from contacts.services.publish_version import publish_version
from contacts.storage.policies import Policy, all_policies, policy_named, rules_of, version_before
from core.clock import now

SHORT = 12
"""Characters of a SHA-256 that tell two texts apart on a line."""


@click.group()
def policy() -> None:
    """What each source of an address can justify: versions that never change, each with its privacy policy.

    Example: heedful policy list
    """


@policy.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """List the versions, the one in force first.

    Example: heedful policy list
    """
    with terminal() as opened, opened.database.reading() as session:
        found = all_policies(session)
        facts = {each.version: _facts(each) for each in found}
        lines = {each.version: _line(each, in_force=each is found[0]) for each in found}
    report(facts if as_json else lines, as_json=as_json)


@policy.command()
@click.argument("version", required=False)
@click.option("--text", "whole", is_flag=True, help="Print the text of the privacy policy instead.")
@json_option
def show(version: str | None, *, whole: bool, as_json: bool) -> None:
    """Show a version, the one in force if none is named: its table, and what it changed.

    Example: heedful policy show 2026-12
    """
    with terminal() as opened, opened.database.reading() as session:
        found = policy_named(session, version) if version else all_policies(session)[0]
        if whole:
            click.echo(found.wording)
            return
        rules, changes = rules_of(session, found.version), _changes(session, found)
        facts = _facts(found)
    if as_json:
        cells = {f"{source.value}:{line}": write_rule(rule) for (source, line), rule in sorted(rules.items())}
        report(facts | {"rules": cells, "changes": changes}, as_json=True)
        return
    report(facts, as_json=False)
    _table(rules)
    report(changes, as_json=False, title="\nChanged since the version before:" if changes else "")


@policy.command()
@click.argument("version")
@click.option(
    "--text",
    "text",
    type=TextFile(),
    required=True,
    help="The privacy policy; - for standard input.",
)
@click.option("--preset", type=click.Choice(list(PRESETS)), required=True, help="strict: opt-in; notice: opt-out.")
@click.option(
    "--set", "cells", multiple=True, metavar="SOURCE:LINE=RULE", help="Change a cell of the preset; may be repeated."
)
@json_option
def publish(version: str, text: str, preset: str, cells: tuple[str, ...], *, as_json: bool) -> None:
    """Publish a new version; it holds for what is agreed to from now on, and widens nothing that was agreed before.

    Rules are none, consent, notice, and notice:730 for having been told 730 days ago at most.

    \b
    Example: heedful policy publish 2026-12 --preset strict --text privacy.md
    Example: heedful policy publish 2027-01 --preset notice --text privacy.md --set purchase:offers=consent
    """  # noqa: D301 - \b is click's mark for lines that are kept apart
    rules = drafted(preset, [read_override(cell) for cell in cells])
    with terminal() as opened, opened.database.writing() as session:
        found = publish_version(session, version, preset, rules, wording=text, at=now(), operator="terminal")
        changes = _changes(session, found)
        facts = _facts(found) | {"changes": changes if as_json else f"{len(changes)}; see `heedful policy show`"}
    report(facts, as_json=as_json)


def _facts(found: Policy) -> dict[str, Any]:
    return {
        "version": found.version,
        "published at": f"{found.published_at:%Y-%m-%d %H:%M} UTC",
        "published by": found.published_by,
        "preset": found.preset,
        "sha256 of the text": found.digest,
        "characters": len(found.wording),
    }


def _line(found: Policy, *, in_force: bool) -> str:
    text = f"text {found.digest[:SHORT]}" if found.digest else "no text"
    return f"{found.published_at:%Y-%m-%d}  {found.preset:<7} {text}{'  in force' if in_force else ''}"


def _changes(session: Session, found: Policy) -> dict[str, str]:
    before = version_before(session, found)
    if before is None:
        return {}
    changes = differences(rules_of(session, before.version), rules_of(session, found.version))
    told = {
        f"{each.source.value}:{each.line}": f"{write_rule(each.before)} → {write_rule(each.after)}" for each in changes
    }
    return told | ({"text": "changed"} if before.digest != found.digest else {})


def _table(rules: Rules | Mapping[Any, Any]) -> None:
    width = max(len(line) for line in SCOPES)
    click.echo("\n  " + " " * width + "".join(f"  {source.value:<14}" for source in Source))
    for line in SCOPES:
        cells = "".join(f"  {write_rule(rules.get((source, line), NOTHING)):<14}" for source in Source)
        click.echo(f"  {line:<{width}}{cells}".rstrip())
