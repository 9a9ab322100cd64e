"""Reads the form of a page as a browser would send it, for tests that change one field and keep the rest."""

from html.parser import HTMLParser


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.area = self.choice = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "textarea":
            self.area = name
            self.found.setdefault(name, []).append("")
        elif tag == "select":
            self.choice = name
        elif tag == "option" and "selected" in given:
            self._add(self.choice, given)
        elif tag == "input" and (given.get("type") not in {"checkbox", "radio", "file"} or "checked" in given):
            self._add(name, given)

    def _add(self, name: str, given: dict[str, str | None]) -> None:
        if name:
            self.found.setdefault(name, []).append(given.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self.area:
            before = self.found[self.area][-1]
            self.found[self.area][-1] = before + data if before else data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""


def fields(page: str) -> dict[str, list[str]]:
    """Every field of the page with its values."""
    reader = _Reader()
    reader.feed(page)
    return reader.found
