"""How long the system sends again what the mail server does not acknowledge: a late dot must not arrive."""

import asyncio
import os
import socket

SECONDS = 8.0
"""Well below what it takes until others settle the permits of a machine that was cut off (docs/decisions/0025)."""


def give_up_on(transport: asyncio.BaseTransport | None, seconds: float = SECONDS) -> None:
    """Let the system end the line instead of delivering bytes that were not acknowledged for so long (RFC 5482).

    Where the system has no such option, nothing is changed.
    """
    line = transport.get_extra_info("socket") if transport is not None else None
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if line is None or option is None or line.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    with socket.socket(fileno=os.dup(line.fileno())) as same:  # what the loop hands out may refuse to set options
        same.setsockopt(socket.IPPROTO_TCP, option, int(seconds * 1000))
