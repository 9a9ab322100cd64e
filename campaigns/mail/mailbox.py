"""The captured mail as a mail program shows it, for the console and the demo."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import islice
from pathlib import Path

from core.errors import NotFound

_NAME = re.compile(r"(\d{4})(\d{2})(\d{2})T\d{12}-[0-9a-f]{8}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_HEAD = 16_384  # bytes that surely hold the headers of our own mail


@dataclass(frozen=True, slots=True)
class Letter:
    """One line of the mailbox; `name` opens the mail."""

    name: str
    at: datetime
    to: str
    sender: str
    subject: str


@dataclass(frozen=True, slots=True)
class OpenedLetter:
    """One mail, taken apart; `headers` is the text above the body, as it was written."""

    name: str
    at: datetime
    to: str
    sender: str
    subject: str
    headers: str
    text: str
    html: str
    raw: bytes

    @property
    def has_html(self) -> bool:
        """Whether there is an HTML part."""
        return bool(self.html)


def list_letters(folder: Path, *, to: str = "", limit: int = 50, offset: int = 0) -> list[Letter]:
    """List the captured mail, the newest first; `to` keeps those whose address holds this text."""
    wanted = to.strip().casefold()
    letters = (_letter(path) for path in _paths(folder))
    found = (letter for letter in letters if letter is not None and wanted in letter.to.casefold())
    if not wanted:
        found = (letter for path in islice(_paths(folder), offset, None) if (letter := _letter(path)) is not None)
        return list(islice(found, limit))
    return list(islice(found, offset, offset + limit))


def count_letters(folder: Path) -> int:
    """Count the captured mail."""
    return sum(1 for _ in _paths(folder))


def open_letter(folder: Path, name: str) -> OpenedLetter:
    """Read one mail.

    Raises:
        NotFound: there is no mail of that name.
    """
    found = _NAME.fullmatch(name)
    path = folder / f"{found[1]}-{found[2]}-{found[3]}" / f"{name}.eml" if found else None
    try:
        raw = path.read_bytes() if path else None
    except OSError:
        raw = None
    if raw is None:
        raise NotFound("There is no such mail in the mailbox.")
    mail = _parsed(raw)
    head = raw.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").replace("\r\n", "\n")
    return OpenedLetter(
        name=name,
        at=_moment(name),
        to=_said(mail, "Delivered-To"),
        sender=_said(mail, "From"),
        subject=_said(mail, "Subject"),
        headers=head,
        text=_part(mail, "plain"),
        html=_part(mail, "html"),
        raw=raw,
    )


def _paths(folder: Path) -> Iterator[Path]:
    """The files, newest first: folders are named by day and files by time."""
    for day in _names(folder, _DAY):
        for name in _names(folder / day, re.compile(_NAME.pattern + r"\.eml")):
            yield folder / day / name


def _names(folder: Path, pattern: re.Pattern[str]) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted((entry.name for entry in entries if pattern.fullmatch(entry.name)), reverse=True)
    except FileNotFoundError:
        return []


def _letter(path: Path) -> Letter | None:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD).partition(b"\r\n\r\n")[0]
    except OSError:
        return None  # deleted while we looked
    mail = _parsed(head + b"\r\n\r\n")
    name = path.name.removesuffix(".eml")
    return Letter(name, _moment(name), _said(mail, "Delivered-To"), _said(mail, "From"), _said(mail, "Subject"))


def _moment(name: str) -> datetime:
    return datetime.strptime(name.partition("-")[0], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)


def _parsed(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def _said(mail: EmailMessage, header: str) -> str:
    return str(mail.get(header, ""))


def _part(mail: EmailMessage, subtype: str) -> str:
    part = mail.get_body(preferencelist=(subtype,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""
