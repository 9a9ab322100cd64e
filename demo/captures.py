"""The captured mail as its recipients see it, read from the .eml files alone."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

from contacts.domain.addresses import read_address
from demo.scratch import DemoFailed

_HREF = re.compile(r'<a\b[^>]*?\bhref="([^"]+)"', re.IGNORECASE)
_ONE_CLICK = re.compile(r"<(https?://[^>]+)>")


def canonical(address: str) -> str:
    """One spelling for one address, so that lists can be compared."""
    return read_address(address).canonical


@dataclass(frozen=True)
class Capture:
    """One delivered mail."""

    to: str
    subject: str
    html: str
    text: str
    one_click: str

    @property
    def links(self) -> list[str]:
        """The web links of the HTML part, in order."""
        found = [unescape(link) for link in _HREF.findall(self.html)]
        return [link for link in found if link.startswith(("http://", "https://"))]

    def links_to(self, beginning: str) -> list[str]:
        """Those links whose path begins so, such as `/c/`."""
        return [link for link in self.links if urlsplit(link).path.startswith(beginning)]


def read_mailbox(folder: Path) -> list[Capture]:
    """Read every mail in the folder and below it."""
    return [_read(path) for path in sorted(folder.rglob("*.eml"))]


def count_mails(folder: Path) -> int:
    """How many mails have arrived."""
    return sum(1 for _ in folder.rglob("*.eml"))


def _read(path: Path) -> Capture:
    mail = message_from_bytes(path.read_bytes(), policy=default)
    link = _ONE_CLICK.search(str(mail["List-Unsubscribe"] or ""))
    return Capture(
        to=_address(mail),
        subject=str(mail["Subject"]),
        html=_part(mail, "html"),
        text=_part(mail, "plain"),
        one_click=link[1] if link else "",
    )


def _address(mail: EmailMessage) -> str:
    """The envelope's recipient, which is the one To address (G4), in one spelling."""
    (only,) = mail["To"].addresses
    delivered, named = _utf8(str(mail["Delivered-To"])), _utf8(str(only.addr_spec))
    if canonical(delivered) != canonical(named):
        raise DemoFailed("A mail was delivered to another address than it names.")
    return canonical(delivered)


def _utf8(header: str) -> str:
    """A header that was written in UTF-8 (RFC 6532)."""
    return header.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _part(mail: EmailMessage, subtype: str) -> str:
    part = mail.get_body(preferencelist=(subtype,))
    return str(part.get_content()) if part is not None else ""
