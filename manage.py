"""The terminal's door: the `heedful` command. Subcommands are imported when they are called, so --help is quick."""

import errno
import importlib
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from commands.screened_words import screen
from core.errors import HeedfulError

COMMANDS = {
    "init": ("commands.house", "Write .env and the tables, and add the first operator."),
    "migrate": ("commands.house", "Bring the tables to this version."),
    "doctor": ("commands.doctor", "Check database, mail server, address, secrets and time."),
    "operator": ("commands.house", "Add and list the people of the team."),
    "token": ("commands.tokening", "Make, list and revoke tokens of the API."),
    "run": ("commands.running", "Run everything on this machine: web, clock and sender."),
    "serve": ("commands.running", "Run the web server alone."),
    "scheduler": ("commands.running", "Run the clock alone."),
    "send": ("commands.running", "Run one sending process alone."),
    "import": ("commands.people", "Import contacts from a CSV file."),
    "contacts": ("commands.bulk_editing", "Change or stop many contacts at once."),
    "merge": ("commands.merging", "Merge two contacts of one person into one."),
    "export": ("commands.people", "Write contacts to a CSV file."),
    "opt-out": ("commands.taking_mail", "Opt somebody out, or pipe a mail in."),
    "inbound": ("commands.taking_mail", "Take what comes back to your mail: replies, bounces, complaints."),
    "person": ("commands.persons", "Tell, erase or correct what is held of one person."),
    "case": ("commands.casework", "List, show and settle what people asked of you."),
    "form": ("commands.forming", "Make and list the forms by which people sign up."),
    "dkim": ("commands.keying", "Make and show the keys that sign the mail."),
    "relays": ("commands.relaying", "Tell how each mail server does, and what holds mail back."),
    "explain": ("commands.explaining", "Tell why somebody gets or does not get mail."),
    "pepper": ("commands.peppering", "Look at and rotate the secrets that addresses are keyed with."),
    "verify": ("commands.ledgers", "Recompute the ledger and find any change."),
    "ledger": ("commands.ledgers", "Print the ledger's end to keep elsewhere, and guard it."),
    "database": ("commands.databases", "Print narrow roles for PostgreSQL."),
    "partner": ("commands.partnering", "The partner registry, exports to partners, and opt-out lists."),
    "topic": ("commands.arranging", "What mail may be about, how often and at which hours."),
    "policy": ("commands.publishing", "Publish, show and compare versions of the permission policy."),
    "campaign": ("commands.campaigning", "Plan, check, send and report campaigns."),
    "survey": ("commands.surveying", "Make, open and read surveys."),
    "bench": ("commands.benching", "Measure this program on this machine."),
}


class LazyGroup(click.Group):
    """A group that knows its commands' names and first lines, and imports one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order of a day's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command itself, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, cmd_name.replace("-", "_").replace("import", "import_"))
        screen(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, said) for name, (_, said) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run; what went wrong is one sentence and exit code 1."""
        try:
            return super().invoke(ctx)
        except HeedfulError as error:
            click.echo(f"heedful: {error}", err=True)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # whoever read along has seen enough: click ends quietly
            click.echo(f"heedful: {_told(error)}", err=True)
            _forget_output()
        return ctx.exit(1)


def _told(error: OSError) -> str:
    place = f"{Path(str(error.filename)).name}: " if error.filename else ""
    return f"{place}{error.strerror or error}."


def _forget_output() -> None:
    """Let go of what could not be printed; else the interpreter tries once more at its end, and says so at length."""
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError):  # it is no file
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="heedful")
def main() -> None:
    """Email campaigns and surveys that heed every opt-out."""


if __name__ == "__main__":
    sys.exit(main())
