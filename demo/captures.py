"""The captured mail as its recipients see it, read from the .eml files alone."""

import re
from dataclasses import dataclass
from email import message_from_string
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
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


def mail_files(folder: Path) -> list[Path]:
    """Every mail that has arrived, oldest first."""
    return sorted(folder.rglob("*.eml"))


def read_mail(path: Path) -> Capture:
    """Read one mail with the standard library, which shares no code with the program that wrote it."""
    mail = message_from_string(path.read_text(encoding="utf-8"))  # headers may be UTF-8 (RFC 6532)
    link = _ONE_CLICK.search(mail.get("List-Unsubscribe", ""))
    return Capture(
        to=_recipient(mail),
        subject=str(make_header(decode_header(mail.get("Subject", "")))),
        html=_part(mail, "text/html"),
        text=_part(mail, "text/plain"),
        one_click=link[1] if link else "",
    )


def _recipient(mail: Message) -> str:
    """The envelope's recipient, which is the one To address (G4), in one spelling."""
    ((_, named),) = getaddresses(mail.get_all("To", []))
    delivered = canonical(mail.get("Delivered-To", ""))
    if delivered != canonical(named):
        raise DemoFailed("A mail was delivered to another address than it names.")
    return delivered


def _part(mail: Message, kind: str) -> str:
    for part in mail.walk():
        if part.get_content_type() == kind:
            content = part.get_payload(decode=True)
            return content.decode("utf-8") if isinstance(content, bytes) else ""
    return ""
