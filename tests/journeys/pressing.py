"""Forms pressed as a browser without scripts does it: what a page's form would send, and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx2


@dataclass
class Form:
    """A form of a page: where it is sent, the fields as the page filled them, and its buttons in their order."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(told.get("action", "")))
            self._open = told.get("method", "get").lower() == "post"
            if not self._open:
                self.found.pop()
        elif self._open and tag == "button":
            self.found[-1].buttons.append((told.get("name", ""), told.get("value", "")))
        elif self._open and tag in {"input", "select", "textarea"} and told.get("name"):
            self._note(told)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False

    def _note(self, told: dict[str, str]) -> None:
        form, kind = self.found[-1], told.get("type", "text")
        if told["name"] not in form.names:
            form.names.append(told["name"])
        if kind == "submit":
            form.buttons.append((told["name"], told.get("value", "")))
        elif kind not in {"radio", "checkbox"} or "checked" in told:
            form.fields.setdefault(told["name"], []).append(told.get("value", ""))


def forms_of(page: str) -> list[Form]:
    """The POST forms of a page, in their order."""
    reader = _Forms()
    reader.feed(page)
    return reader.found


def press(
    web: httpx2.Client, url: str, given: Mapping[str, Any] | None = None, *, form: int = 0, button: int = 0
) -> Any:
    """Open a page and press a button of one of its forms, with these fields filled in; the answer."""
    page = web.get(url)
    assert page.status_code == 200, f"{url}: {page.status_code}"
    found = forms_of(page.text)[form]
    name, value = found.buttons[button]
    pressed = {name: value} if name else {}
    return web.post(found.action or url, data={**found.fields, **(given or {}), **pressed})
