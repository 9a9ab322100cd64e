"""Machines of a small network on this one: network namespaces joined by a switch, whose cables can be pulled."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CLONE_NEWNET = 0x40000000
NET = "10.77.0."
NAMES = Path("/var/run/netns")


def enter(machine: str) -> None:
    """Let this thread, and what it starts, live on that machine.

    Raises:
        OSError: it may not, or there is none.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    with (NAMES / machine).open("rb") as namespace:
        if libc.setns(namespace.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"{machine} cannot be entered")


def why_not() -> str:
    """Why there can be no machines here; "" where there can."""
    if os.getuid() != 0:
        return "network namespaces need root"
    if shutil.which("ip") is None:
        return "there is no `ip` command (iproute2)"
    name = f"heedful-try-{os.getpid()}"
    try:
        _ip("netns", "add", name)
        _ip("-n", name, "link", "add", "cable", "type", "bridge")
    except OSError as error:
        return f"network namespaces are not permitted here: {error}"
    finally:
        subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
    return ""


@dataclass(frozen=True)
class Network:
    """Machines by name; the first has address 10.77.0.1."""

    prefix: str
    machines: Sequence[str]

    def machine(self, name: str) -> str:
        """Its namespace."""
        return f"{self.prefix}-{name}"

    def address(self, name: str) -> str:
        """Its address."""
        return f"{NET}{self.machines.index(name) + 1}"

    def cable(self, name: str, *, plugged: bool) -> None:
        """Pull a machine's cable out of the switch, or plug it in again."""
        _ip("-n", f"{self.prefix}-switch", "link", "set", f"to-{name}", "up" if plugged else "down")

    def route(self, name: str, to: str, *, open_: bool) -> None:
        """Let what a machine sends to another one fall into a hole, or reach it again."""
        _ip("-n", self.machine(name), "route", "del" if open_ else "add", "blackhole", f"{self.address(to)}/32")


@contextmanager
def network(*machines: str) -> Iterator[Network]:
    """Machines joined by a switch; they are gone at the end."""
    made = Network(f"heedful-{os.getpid()}", machines)
    switch = f"{made.prefix}-switch"
    try:
        _ip("netns", "add", switch)
        _ip("-n", switch, "link", "add", "switch", "type", "bridge")
        _ip("-n", switch, "link", "set", "switch", "up")
        for name in machines:
            _join(made, switch, name)
        yield made
    finally:
        for name in ("switch", *machines):
            subprocess.run(["ip", "netns", "del", made.machine(name)], check=False, capture_output=True)


def _join(made: Network, switch: str, name: str) -> None:
    machine = made.machine(name)
    _ip("netns", "add", machine)
    _ip("-n", switch, "link", "add", f"to-{name}", "type", "veth", "peer", "name", "eth0", "netns", machine)
    _ip("-n", switch, "link", "set", f"to-{name}", "master", "switch", "up")
    _ip("-n", machine, "addr", "add", f"{made.address(name)}/24", "dev", "eth0")
    for each in ("eth0", "lo"):
        _ip("-n", machine, "link", "set", each, "up")


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], check=False, capture_output=True, text=True)
    if done.returncode:
        raise OSError(f"ip {' '.join(words)}: {done.stderr.strip()}")
