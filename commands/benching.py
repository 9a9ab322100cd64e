"""`heedful bench`: the benchmarks, each in a process of its own, each one JSON line."""

import subprocess
import sys
from pathlib import Path

import click

FOLDER = Path(__file__).resolve().parent.parent / "bench"
NAMES = sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES))
def bench(names: tuple[str, ...]) -> None:
    """Measure this program on this machine; all benchmarks, or those named.

    Example: heedful bench contacts
    """
    for name in names or NAMES:
        done = subprocess.run([sys.executable, str(FOLDER / f"bench_{name}.py")], check=False)  # noqa: S603 - our own
        if done.returncode:
            sys.exit(done.returncode)
