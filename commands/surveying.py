"""`heedful survey`: from a file to answers and figures."""

from pathlib import Path
from typing import Any

import click

from campaigns.services.check_campaign import check_campaign
from campaigns.services.schedule_campaign import schedule as schedule_campaign
from commands.analysing import analyse as analyse_file
from commands.bringing_answers import import_answers
from commands.bringing_surveys import import_survey
from commands.exporting import codebook, export
from commands.given_texts import text_of
from commands.promising import promise, unlink
from commands.telling_results import crosstab, response_rates, results
from commands.terminal import json_option, report, terminal
from commands.weighing import weights
from core.clock import now
from core.errors import Conflict
from surveys.domain.definitions import Survey as Definition
from surveys.domain.survey_checks import require_publishable
from surveys.domain.survey_documents import read_document, write_json
from surveys.domain.survey_files import write_survey
from surveys.domain.translations import languages_of
from surveys.services.apply_survey import apply_survey
from surveys.services.invite import Wish, draft_invitation, draft_reminder
from surveys.storage.invitations import Whom
from surveys.storage.surveys import Survey, close_survey, drafted, find_survey, list_surveys, open_survey

WHOM = [each.value.replace("_", "-") for each in Whom]
TOLD = "Of those who have neither finished nor declined, only these."


@click.group()
def survey() -> None:
    """Make, open and read surveys.

    Example: heedful survey apply satisfaction.toml --open
    """


@survey.command("apply")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--open", "at_once", is_flag=True, help="Let it be answered at once.")
@json_option
def apply(file: Path, *, at_once: bool, as_json: bool) -> None:
    """Create the survey of a file, or make its next version.

    Example: heedful survey apply satisfaction.toml
    """
    definition = require_publishable(read_document(text_of(file)))
    with terminal() as opened, opened.database.writing() as session:
        applied = apply_survey(session, definition, at=now())
        if at_once:
            open_survey(session, applied.survey, now())
        facts = _facts(applied.survey) | {"created": applied.created, "changed": applied.changed}
    report(facts, as_json=as_json)


@survey.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """List the surveys, newest first.

    Example: heedful survey list
    """
    with terminal() as opened, opened.database.reading() as session:
        facts = {each.name: f"{each.state:<8} {each.title}" for each in list_surveys(session)}
    report(facts, as_json=as_json)


@survey.command()
@click.argument("name")
@json_option
def show(name: str, *, as_json: bool) -> None:
    """Print the survey as a file; applying it gives the same survey.

    Example: heedful survey show satisfaction > satisfaction.toml
    """
    with terminal() as opened, opened.database.reading() as session:
        definition = drafted(session, find_survey(session, name))
        click.echo(write_json(definition) if as_json else write_survey(definition), nl=False)


@survey.command("open")
@click.argument("name")
@json_option
def open_(name: str, *, as_json: bool) -> None:
    """Let a survey be answered.

    Example: heedful survey open satisfaction
    """
    with terminal() as opened, opened.database.writing() as session:
        found = find_survey(session, name)
        open_survey(session, found, now())
        facts = _facts(found)
    report(facts, as_json=as_json)


@survey.command()
@click.argument("name")
@json_option
def close(name: str, *, as_json: bool) -> None:
    """Let a survey be answered no more; what was completed stays.

    Example: heedful survey close satisfaction
    """
    with terminal() as opened, opened.database.writing() as session:
        found = find_survey(session, name)
        close_survey(session, found, now())
        facts = _facts(found)
    report(facts, as_json=as_json)


def _in_one_language(definition: Definition) -> dict[str, str]:
    """A word to who asks everybody in one language, where the survey has more."""
    own, *others = languages_of(definition)
    told = f"Everybody gets this mail in {own}; to write in {', '.join(others)} as well, ask with --language each."
    return {"note": told} if others else {}


def _asking(word: str, said: str) -> click.Command:
    @click.argument("name")
    @click.option("--at", "when", default="now", show_default=True, help='Local moment such as "2026-12-01 09:00".')
    @click.option("--zone", default="", help="Time zone of the moment; yours if left out.")
    @click.option("--segment", default="", help="Only this saved segment; everybody who may be asked if left out.")
    @click.option("--subject", default="", help="The mail's subject; the survey's title if left out.")
    @click.option("--topic", default="", help="A topic below research, such as research:music; research if left out.")
    @click.option("--language", default="", help="Only people of this language, in its words (one of the survey's).")
    @json_option
    def ask(name: str, when: str, zone: str, segment: str, *, as_json: bool, whom: str = WHOM[0], **texts: str) -> None:
        with terminal() as opened, opened.database.writing() as session:
            at, settings = now(), opened.settings
            draft = draft_invitation if word == "invite" else draft_reminder
            audience = {"segment": segment} if segment else {}
            place = zone or settings.time_zone
            narrowed = Whom(whom.replace("-", "_"))
            words, topic, language = (texts[each] for each in ("subject", "topic", "language"))
            wish = Wish(audience, when, place, words, topic=topic, language=language, whom=narrowed)
            found = find_survey(session, name)
            campaign = draft(session, found, wish, at=at)
            checked = check_campaign(session, campaign, settings, opened.keyring, at=at)
            if checked.clearance is None:
                faults = " ".join(f"{each.where}: {each.sentence}" for each in checked.findings)
                raise Conflict(f"The mail cannot be sent like this. {faults}")
            planned = schedule_campaign(session, campaign, checked.clearance, when=when, zone=wish.zone, at=at)
            facts = {
                "campaign": campaign.name,
                "mailing": planned.mailing.id,
                "due": planned.appointment.at.isoformat(),
            }
            facts |= {} if language else _in_one_language(drafted(session, found))
        report(facts, as_json=as_json)

    ask.__doc__ = f"{said}\n\nExample: heedful survey {word} satisfaction"
    if word == "remind":
        ask = click.option("--whom", type=click.Choice(WHOM), default=WHOM[0], show_default=True, help=TOLD)(ask)
    return click.command(word)(ask)


survey.add_command(_asking("invite", "Invite everybody who may be asked, by a mail with a personal link."))
survey.add_command(_asking("remind", "Remind those who were invited and have not answered."))


survey.add_command(promise)
survey.add_command(unlink)
survey.add_command(export)
survey.add_command(codebook)
for command in (results, crosstab, response_rates, weights):
    survey.add_command(command)
survey.add_command(analyse_file)
survey.add_command(import_answers)
survey.add_command(import_survey)


def _facts(found: Survey) -> dict[str, Any]:
    return {"name": found.name, "title": found.title, "state": found.state, "version": found.version}
