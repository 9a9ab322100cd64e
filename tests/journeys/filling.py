"""Forms filled field by field: every place of a page where words can be typed, all else as the page has it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = {"text", "search", "email", "url", "tel", "date", "time", "datetime-local", "number", "hidden"}


@dataclass
class Sheet:
    """A POST form: where it goes, what the page has in it, which fields take words, and its buttons."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, words: str) -> Iterator[list[tuple[str, str]]]:
        """What is sent when these words are typed into one field, for each field in turn."""
        for name in dict.fromkeys(self.words):
            kept = [(each, f"{value} {words}".strip() if each == name else value) for each, value in self.fields]
            yield kept + self.buttons[:1]


class _Sheets(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Sheet] = []
        self._open: Sheet | None = None
        self._area: str | None = None
        self._choice: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name, value = told.get("name", ""), told.get("value", "")
        if tag == "form" and told.get("method", "get").lower() == "post":
            self._open = Sheet(told.get("action", ""))
            self.found.append(self._open)
        elif self._open is None:
            return
        elif tag == "button" and name:
            self._open.buttons.append((name, value))
        elif tag == "textarea" and name:
            self._area = ""
            self._open.words.append(name)
        elif tag == "select":
            self._choice = name
        elif tag == "option" and self._choice and ("selected" in told or self._choice not in dict(self._open.fields)):
            self._open.fields = [each for each in self._open.fields if each[0] != self._choice]
            self._open.fields.append((self._choice, value))
        elif tag == "input" and name:
            self._note(self._open, name, value, told)

    def _note(self, sheet: Sheet, name: str, value: str, told: dict[str, str]) -> None:
        kind = told.get("type", "text")
        if kind in {"radio", "checkbox"}:
            if "checked" in told or (kind == "radio" and name not in dict(sheet.fields)):
                sheet.fields.append((name, value or "on"))
        elif kind != "file":
            sheet.fields.append((name, value))
            if kind in TYPED and name != "csrf":
                sheet.words.append(name)

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None and self._open:
            self._open.fields.append((self._open.words[-1], self._area.removeprefix("\n")))
            self._area = None
        elif tag == "select":
            self._choice = None
        elif tag == "form":
            self._open = None


def sheets_of(page: str) -> list[Sheet]:
    """The POST forms of a page, in their order."""
    reader = _Sheets()
    reader.feed(page)
    return reader.found
