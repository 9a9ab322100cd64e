"""Delivered mail as a mail program reads it: parsed by Python's own package, links found by judges of our own."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

IN_TEXT = re.compile(r"https?://[^\s<>\"]+")
IN_HEADER = re.compile(r"<([^<>]+)>")
DELIVERED = b"Delivered-To: "


@dataclass(frozen=True)
class Mail:
    """One file of the mailbox: its name, to whom the envelope went, and the bytes that crossed the wire."""

    name: str
    to: str
    raw: bytes

    @cached_property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        parsed = message_from_bytes(self.raw, policy=default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @cached_property
    def text(self) -> str:
        """The text part."""
        return self._part("plain")

    @cached_property
    def html(self) -> str:
        """The HTML part."""
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body(preferencelist=(kind,))
        assert part is not None, f"there is no {kind} part"
        return str(part.get_content())

    @cached_property
    def links(self) -> list[str]:
        """Every web address of both parts, each once."""
        return list(dict.fromkeys([*html_links(self.html), *text_links(self.text)]))

    def link(self, path: str) -> str:
        """The first link to a page of ours: "/u/", "/p/", "/s/", "/c/"."""
        return next(each for each in self.links if urlsplit(each).path.startswith(path))

    @cached_property
    def ways_out(self) -> list[str]:
        """The addresses of List-Unsubscribe, in their order."""
        return IN_HEADER.findall(str(self.message["List-Unsubscribe"]))

    @property
    def one_click(self) -> str:
        """What a mail program posts to (RFC 8058)."""
        return self.ways_out[0]

    def letter_to_leave(self, sender: str) -> bytes:
        """What a mail program sends to the mailto address of the header, written by `sender`."""
        url = urlsplit(self.ways_out[1])
        assert url.scheme == "mailto"
        letter = EmailMessage()
        letter["From"], letter["To"] = sender, unquote(url.path)
        for name, values in parse_qs(url.query).items():
            if name.lower() != "body":
                letter[name.title()] = values[0]
        letter.set_content(parse_qs(url.query).get("body", [""])[0])
        return letter.as_bytes()


def read_mails(folder: Path) -> list[Mail]:
    """All mail of the built-in mailbox, by the moment it arrived."""
    return [_read(path) for path in sorted(folder.glob("*/*.eml"))]


def _read(path: Path) -> Mail:
    envelope, _, raw = path.read_bytes().partition(b"\r\n")
    assert envelope.startswith(DELIVERED)
    return Mail(path.name, envelope.removeprefix(DELIVERED).decode(), raw)


class _Hrefs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag in {"a", "area"} and name == "href" and value]


def html_links(html: str) -> list[str]:
    """The web addresses of <a> and <area>, in their order."""
    hrefs = _Hrefs()
    hrefs.feed(html)
    return [each for each in hrefs.found if each.startswith(("http://", "https://"))]


def text_links(text: str) -> list[str]:
    """The web addresses in a text; punctuation after one is no part of it."""
    return [each.rstrip(".,;:!?)") for each in IN_TEXT.findall(text)]
