"""Witnesses for stories: every answer that the web gave, and every line that was logged as the product logs."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx2

from core.logs import ForPeople, JsonLines

LOADS = {
    "img": ("src", "srcset"), "script": ("src",), "link": ("href",), "iframe": ("src", "srcdoc"), "form": ("action",),
    "source": ("src", "srcset"), "object": ("data",), "embed": ("src",), "video": ("src", "poster"), "audio": ("src",),
    "use": ("href",), "image": ("href",), "input": ("src", "formaction"), "button": ("formaction",), "base": ("href",),
}  # fmt: skip


@dataclass
class Answers:
    """What the web answered."""

    all: list[httpx2.Response] = field(default_factory=list)

    def note(self, answer: httpx2.Response) -> None:
        """An event hook of a client."""
        answer.read()
        self.all.append(answer)


@contextmanager
def listening(web: httpx2.Client) -> Iterator[Answers]:
    """Note every answer that this client gets."""
    answers = Answers()
    web.event_hooks["response"].append(answers.note)
    hooks = web.event_hooks
    web.event_hooks = hooks  # the client copies what it is given
    try:
        yield answers
    finally:
        hooks["response"].remove(answers.note)
        web.event_hooks = hooks


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """What the product logs at its most talkative, in both forms; other packages from warnings on, as it sets them."""
    said = io.StringIO()
    root, own = logging.getLogger(), logging.getLogger("heedful")
    before = root.level, own.level
    handlers = [logging.StreamHandler(said), logging.StreamHandler(said)]
    for handler, form in zip(handlers, (JsonLines(), ForPeople()), strict=True):
        handler.setFormatter(form)
        root.addHandler(handler)
    root.setLevel(logging.WARNING)
    own.setLevel(logging.DEBUG)
    try:
        yield said
    finally:
        for handler in handlers:
            root.removeHandler(handler)
        root.setLevel(before[0])
        own.setLevel(before[1])


class _Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.linked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in LOADS.get(tag, ()) or name in {"hx-get", "hx-post"}:
                self.loaded.append(value or "")
            if (tag, name) in {("a", "href"), ("area", "href"), ("iframe", "src")} or name == "hx-get":
                self.linked.append(value or "")


def addresses_in(page: str) -> tuple[list[str], list[str]]:
    """What a page loads, or sends at a press; and what can be opened from it."""
    found = _Addresses()
    found.feed(page)
    return found.loaded, found.linked
