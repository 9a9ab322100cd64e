"""Sabotage, for negative controls: a process of the house whose protocol lacks one of its parts, or whose clock is off.

Only here does the judge's side reach into the product. Each act replaces a function wherever it was imported to.
"""

import asyncio
import ctypes
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

OFFSET = Path("clock-offset")
"""A file in the house's folder: by how many seconds the clock of a `clock` process is off."""
OTHER_OFFSET = Path("other-clock-offset")
HOSTS, NO_SERVER = Path("hosts"), Path("resolv.conf")
CLONE_NEWNS, MS_BIND, MS_REC, MS_PRIVATE = 0x00020000, 4096, 16384, 1 << 18
LOCKS = ("lock_families", "lock_for_permits")
A_BLINK = 0.05
SLOWLY, VERY_SLOWLY = 0.15, 0.4


Setter = Callable[[Any, str, Any], None]


def spoil(name: str) -> None:
    """Do one of the acts below to this process."""
    ACTS[name]()


def clock() -> None:
    """A clock that is off by what a file says, and can be stepped while the process runs."""
    import core.clock

    right = core.clock.now

    def off() -> Any:
        return right() + timedelta(seconds=float(OFFSET.read_text()) if OFFSET.exists() else 0)

    everywhere(core.clock, "now", off)


def another_clock() -> None:
    """The clock of another machine, for everything in this process; it is stepped while the process runs."""
    import time_machine

    def follow() -> None:
        off = 0.0
        while True:
            new = float(OTHER_OFFSET.read_text()) if OTHER_OFFSET.exists() else 0.0
            if new != off:
                traveller.shift(new - off)
                off = new
            time.sleep(A_BLINK)

    traveller = time_machine.travel(datetime.now(UTC), tick=True).start()
    threading.Thread(target=follow, daemon=True).start()
    time.sleep(2 * A_BLINK)


def own_names() -> None:
    """Names are looked up in a file of the house's folder and nowhere else: /etc/hosts of a mount namespace.

    Raises:
        OSError: this needs root.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) or libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None):
        raise OSError(ctypes.get_errno(), "no mount namespace")
    for ours, theirs in ((HOSTS, "/etc/hosts"), (NO_SERVER, "/etc/resolv.conf")):
        if libc.mount(str(ours.absolute()).encode(), theirs.encode(), None, MS_BIND, None):
            raise OSError(ctypes.get_errno(), f"{theirs} cannot be bound")


def slow() -> None:
    """A database that is slow between the verdict and the commit: harmless with the lock, fatal without it."""
    from sqlalchemy.orm import Session

    from contacts.storage import gate

    right = gate.judge

    def judge(session: Session, *given: Any, **more: Any) -> Any:
        found = right(session, *given, **more)
        time.sleep(SLOWLY)
        return found

    everywhere(gate, "judge", judge)


def no_lock() -> None:
    """The verdict is read without the person's lock."""
    from contacts.storage import locks

    for name in LOCKS:
        everywhere(locks, name, lambda *_, **__: None)


def no_wait() -> None:
    """An opt-out says done at once, whoever is just being written to."""
    from contacts.storage import permits

    everywhere(permits, "wait_for_handovers", lambda *_, **__: True)


def permit_before_body() -> None:
    """Check, then send: the answer is got before the message goes out."""
    from campaigns.mail.smtp import Relay

    right = Relay.carry

    async def carry(relay: Any, *given: Any, permit: Any = None, **more: Any) -> Any:
        if permit is None:
            return await right(relay, *given, **more)
        granted = await permit()
        await asyncio.sleep(VERY_SLOWLY)

        async def answer() -> bool:
            return bool(granted)

        return await right(relay, *given, permit=answer, **more)

    setattr(Relay, "carry", carry)  # noqa: B010 - the sabotage itself


def late_dot() -> None:
    """A sender that is slow between permit and dot: harmless as long as whoever leaves waits for it."""
    from campaigns.mail.smtp import Relay

    right = Relay.carry

    async def carry(relay: Any, *given: Any, permit: Any = None, **more: Any) -> Any:
        async def slowly() -> bool:
            granted = await permit()
            await asyncio.sleep(VERY_SLOWLY)
            return bool(granted)

        return await right(relay, *given, permit=slowly if permit else None, **more)

    setattr(Relay, "carry", carry)  # noqa: B010 - the sabotage itself


def dot_before_permit() -> None:
    """The message goes out whole; whether it might is asked afterwards."""
    from campaigns.mail.smtp import Relay

    right = Relay.carry

    async def carry(relay: Any, *given: Any, permit: Any = None, **more: Any) -> Any:
        done = await right(relay, *given, permit=None if permit is None else _yes, **more)
        if permit is not None:
            await permit()
        return done

    setattr(Relay, "carry", carry)  # noqa: B010 - the sabotage itself


async def _yes() -> bool:
    await asyncio.sleep(0)
    return True


def everywhere(home: ModuleType, name: str, new: Callable[..., Any], change: Setter = setattr) -> None:
    """Replace a function of a module wherever it was imported to."""
    old = getattr(home, name)
    for module in list(sys.modules.values()):
        if getattr(module, "__dict__", {}).get(name) is old:
            change(module, name, new)


ACTS: dict[str, Callable[[], None]] = {
    each.__name__.replace("_", "-"): each
    for each in (
        clock,
        another_clock,
        own_names,
        slow,
        no_lock,
        no_wait,
        permit_before_body,
        late_dot,
        dot_before_permit,
    )
}
