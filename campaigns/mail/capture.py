"""The built-in mailbox's server: takes mail by real SMTP on this machine and keeps it as .eml files."""

import asyncio
import logging
import os
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from campaigns.mail.headers import refuse_controls
from core import clock

_log = logging.getLogger("heedful.capture")
LEFT_OVER = timedelta(hours=1)
"""A mail that is unfinished for so long is left over."""
_LARGEST = 64 * 1024 * 1024


class Capture:
    """A mail server on the loopback interface that delivers everything into a folder and nothing to anybody."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keeper = _Keeper(folder)
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen on a free port and tell which."""
        loop = asyncio.get_running_loop()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(self._folder, clock.now() - LEFT_OVER)
        self._server = await loop.create_server(self._protocol, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        """Stop listening; what was taken is kept."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _protocol(self) -> SMTP:
        return SMTP(self._keeper, data_size_limit=_LARGEST, enable_SMTPUTF8=True, ident="Heedful mailbox", timeout=3600)


class _Keeper:
    """Keeps each mail; aiosmtpd calls it. A disk that is full is told once, until it takes mail again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._in_trouble = False

    async def handle_DATA(  # noqa: N802 - aiosmtpd finds the method by this name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Store the mail once for each recipient, as a mailbox does."""
        content = envelope.original_content or b""
        try:
            for recipient in envelope.rcpt_tos:
                store(self._folder, str(recipient), content)
        except OSError as error:
            if not self._in_trouble:
                why = error.strerror or type(error).__name__
                _log.warning("captured mail cannot be stored", extra={"folder": str(self._folder), "why": why})
            self._in_trouble = True
            return "452 4.3.1 The mailbox's disk is full or not writable"
        self._in_trouble = False
        return "250 2.0.0 Kept"


def store(folder: Path, recipient: str, content: bytes) -> str:
    """Keep a mail under a name that sorts by time, whole or not at all; the name."""
    refuse_controls("recipient", recipient)
    now = clock.now()
    day = folder / now.strftime("%Y-%m-%d")
    day.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
    unfinished = day / f".{name}.part"
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(b"Delivered-To: " + recipient.encode() + b"\r\n" + content)
        unfinished.replace(day / f"{name}.eml")
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return name


def _sweep(folder: Path, before: datetime) -> None:
    """Remove what was begun and never finished before that moment: its process died."""
    for unfinished in folder.glob("*/.*.part"):
        with suppress(OSError):  # another sender's sweep was faster, or the folder is not ours
            if unfinished.lstat().st_mtime < before.timestamp():
                unfinished.unlink()
