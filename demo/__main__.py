"""`python -m demo [--once]`: runs the main job on invented people and prints the figures; `make demo` calls it."""

import argparse
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from demo import acts
from demo.figures import heading, remark
from demo.scratch import DemoFailed, Scratch

PASSWORD = "a calm and quiet mailbox"  # noqa: S105 - printed on purpose: the scratch console is on loopback and forgotten


def main() -> int:
    """Run the demo; 0 only if everything was as promised."""
    once = _arguments().once
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="heedful-demo-"))
    try:
        _play(Scratch(folder), stay=not once)
    except DemoFailed as failure:
        print(f"\nThe demo failed. {failure}\nIts folder was kept: {folder}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nEnded.")
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo", description="Run Heedful's main job on invented people.")
    parser.add_argument("--once", action="store_true", help="end after the figures")
    return parser.parse_args()


def _play(scratch: Scratch, *, stay: bool) -> None:
    began = time.monotonic()
    print("Heedful: the main job, with real SMTP, a real database and real HTTP")
    acts.prepare(scratch, PASSWORD)
    acts.plan(scratch)
    with scratch.running() as product:
        acts.deliver(scratch, product, acts.ANNOUNCEMENT, "announcement")
        acts.deliver(scratch, product, acts.INVITATION, "invitation")
        audience = acts.Audience(scratch)
        audience.be_scanned()
        audience.answer()
        audience.click()
        audience.leave()
        acts.second_campaign(scratch, product, audience.left)
        acts.verify(scratch)
        acts.sum_up(scratch)
        remark(f"All of it took {time.monotonic() - began:.0f} seconds.")
        if stay:
            _stay(scratch)
            if product.wait():
                raise DemoFailed("heedful run ended by itself.")


def _stay(scratch: Scratch) -> None:
    heading("The console stays open until Ctrl+C")
    remark(f"address    {scratch.base_url}/console")
    remark(f"sign in    {acts.EMAIL}")
    remark(f"password   {PASSWORD}")


if __name__ == "__main__":
    sys.exit(main())
