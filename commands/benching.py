"""`heedful bench`: the benchmarks, each in a process of its own, each one JSON line."""

import json
import subprocess
import sys
from pathlib import Path

import click

FOLDER = Path(__file__).resolve().parent.parent / "bench"
NAMES = sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))


class Benchmarks(click.Group):
    """A command for each benchmark of the folder, beside those that take options here."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in order."""
        return sorted({*super().list_commands(ctx), *NAMES})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of our own, or a benchmark's program."""
        known = super().get_command(ctx, cmd_name)
        if known is not None or cmd_name not in NAMES:
            return known
        said = f"Run bench/bench_{cmd_name}.py.\n\nExample: heedful bench {cmd_name}"
        return click.Command(cmd_name, callback=lambda: _run(cmd_name), help=said)


@click.group(cls=Benchmarks, chain=True, invoke_without_command=True)
@click.pass_context
def bench(context: click.Context) -> None:
    """Measure this program on this machine; all benchmarks, or those named.

    Example: heedful bench contacts
    """
    if context.invoked_subcommand is None:
        for name in NAMES:
            _run(name)


@bench.command("send")
@click.option("--messages", type=click.IntRange(1), default=20_000, show_default=True, help="How many mails.")
@click.option("--database", required=True, help="Address of an empty database, or of an earlier run's.")
@click.option("--smtp", required=True, help="HOST:PORT of a mail server on this machine, such as smtp-sink.")
@click.option("--senders", type=click.IntRange(1, 64), default=1, show_default=True, help="Sender processes.")
@click.option("--links", type=click.IntRange(0, 500), default=10, show_default=True, help="Tracked links a mail.")
@click.option("--bytes", "size", type=click.IntRange(3_000), default=10_240, show_default=True, help="Bytes a mail.")
@click.option("--connections", type=click.IntRange(1, 200), default=20, show_default=True, help="For each sender.")
@click.option("--pipelining", type=click.Choice(["on", "off"]), default="on", show_default=True, help="RFC 2920.")
@click.option("--profile", type=click.Path(dir_okay=False, path_type=Path), help="File for where the time goes.")
@click.option("--json", "_as_json", is_flag=True, help="Print JSON; a benchmark prints nothing else anyway.")
def send(  # noqa: PLR0913, PLR0917 - one parameter an option
    messages: int,
    database: str,
    smtp: str,
    senders: int,
    links: int,
    size: int,
    connections: int,
    pipelining: str,
    profile: Path | None,
    *,
    _as_json: bool,
) -> None:
    """Send a campaign to invented people through the ordinary engine, and print how fast it went.

    People, campaign and senders are made as the product makes them: permits, ledger and tracked links are on. The
    database must be empty, or an earlier run's. Load goes to this machine only.

    Example: heedful bench send --messages 5000 --database sqlite:////tmp/bench.db --smtp 127.0.0.1:2525
    """
    from bench.sending_runs import Order, measure  # noqa: PLC0415 - the other benchmarks need none of it

    place = profile.resolve() if profile else None
    order = Order(messages, database, smtp, senders, connections, links, size, pipelining == "on", place)
    click.echo(json.dumps(measure(order)))


def _run(name: str) -> None:
    done = subprocess.run([sys.executable, str(FOLDER / f"bench_{name}.py")], check=False)  # noqa: S603 - our own
    if done.returncode:
        sys.exit(done.returncode)
