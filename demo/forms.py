"""The forms of a page, as a browser without JavaScript sees them, for the demo's readers."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin


@dataclass
class Control:
    """One input of a form."""

    name: str
    kind: str
    value: str = ""
    checked: bool = False
    required: bool = False
    lowest: str = ""
    highest: str = ""
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form and where it is sent."""

    action: str
    method: str
    controls: list[Control] = field(default_factory=list)

    def named(self, name: str) -> list[Control]:
        """Every control of that name, such as the choices of one question."""
        return [control for control in self.controls if control.name == name]

    def names(self) -> list[str]:
        """The names of the form's controls, each once, in order."""
        return list(dict.fromkeys(control.name for control in self.controls if control.name))


def forms_of(html: str, url: str) -> list[Form]:
    """Read the forms of a page that came from `url`."""
    reader = _Forms(url)
    reader.feed(html)
    reader.close()
    return reader.found


class _Forms(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._form: Form | None = None
        self._select: Control | None = None
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self._url, given.get("action") or self._url)
            self._form = Form(action, given.get("method", "get").lower())
            self.found.append(self._form)
        elif self._form is not None and tag in {"input", "button", "textarea", "select"}:
            self._add(self._form, tag, given)
        elif tag == "option" and self._select is not None:
            self._select.options.append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None

    def _add(self, form: Form, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", "submit" if tag == "button" else "text").lower() if tag in {"input", "button"} else tag
        control = Control(
            given.get("name", ""),
            kind,
            given.get("value", "on" if kind in {"radio", "checkbox"} else ""),
            checked="checked" in given,
            required="required" in given,
            lowest=given.get("min", ""),
            highest=given.get("max", ""),
        )
        form.controls.append(control)
        if tag == "select":
            self._select = control
