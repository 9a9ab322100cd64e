"""The demo's readers: people who click, answer and leave, over real HTTP and with nothing but their mail."""

import random
from collections.abc import Iterator

from demo.browsing import Browser, Response
from demo.captures import Capture
from demo.forms import Control, Form, forms_of
from demo.scratch import DemoFailed

OK = 200
REDIRECTS = frozenset({301, 302, 303, 307, 308})
UNPROCESSABLE = 422
MOST_TRIES = 40
"""Pages, and answers that a page asks to look at again."""
_BACK = frozenset({"back", "previous"})
_COMMENTS = (
    "The new mixer is a joy.",
    "Please bring back the dark score view.",
    "Mehr Tastenkürzel, bitte!",
    "ページめくりがとても便利です。",
    "Un poco más de velocidad al exportar.",
)


class Reader:
    """Somebody with a browser, a mailbox and a mood; the same seed reads the same way."""

    def __init__(self, base_url: str, chance: random.Random) -> None:
        self._base_url = base_url
        self._chance = chance

    def click(self, mail: Capture) -> int:
        """Open one or two of the mail's links; return how many led on to where the campaign says."""
        links = mail.links_to("/c/")
        chosen = self._chance.sample(links, min(len(links), self._chance.randint(1, 2)))
        with Browser(self._base_url) as browser:
            answers = [browser.get(link) for link in chosen]
        if any(answer.status not in REDIRECTS or browser.is_ours(answer.location) for answer in answers):
            raise DemoFailed(f"A click did not lead on: {[answer.status for answer in answers]}")
        return len(answers)

    def leave_by_header(self, mail: Capture) -> None:
        """Press the mail program's own unsubscribe button: one POST (RFC 8058)."""
        with Browser(self._base_url) as browser:
            _expect(browser.post(mail.one_click, [("List-Unsubscribe", "One-Click")]), "the one-click opt-out")

    def leave_by_page(self, mail: Capture, beginning: str = "/u/") -> None:
        """Open the link in the footer and press the first button there: stop everything."""
        link = mail.links_to(beginning)[0]
        with Browser(self._base_url) as browser:
            form = forms_of(_expect(browser.get(link), "the opt-out page").body, link)[0]
            _expect(browser.submit(form.action, _as_given(form)), "the opt-out")

    def answer(self, mail: Capture) -> int:
        """Fill in the survey page by page to its end; return how many pages it took."""
        link = mail.links_to("/s/")[0]
        with Browser(self._base_url) as browser:
            page = _expect(browser.get(link), "the survey")
            pages = 0
            for _ in range(MOST_TRIES):
                form = next((form for form in forms_of(page.body, page.url) if form.method == "post"), None)
                if form is None:
                    return pages
                page = browser.submit(form.action, list(self._filled(form)))
                pages += page.status == OK
                if page.status not in {OK, UNPROCESSABLE}:
                    break
        raise DemoFailed(f"The survey did not end; the last page was answered with {page.status}.")

    def _filled(self, form: Form) -> Iterator[tuple[str, str]]:
        for name in form.names():
            controls = form.named(name)
            kind = controls[0].kind
            if kind == "hidden":
                yield name, controls[0].value
            elif kind in {"submit", "button"}:
                yield from ((name, each.value) for each in controls[:1] if each.value.casefold() not in _BACK)
            else:
                yield from ((name, value) for value in self._answers(controls))

    def _answers(self, controls: list[Control]) -> list[str]:
        values = [control.value for control in controls]
        match controls[0].kind:
            case "radio":
                return [self._on_a_scale([value for value in values if value])]
            case "checkbox":
                return self._chance.sample(values, self._chance.randint(1, min(3, len(values))))
            case "select":
                return [self._chance.choice([option for option in controls[0].options if option])]
            case "number":
                return [str(self._number(controls[0]))]
            case "textarea":
                return [self._chance.choice(_COMMENTS)] if self._chance.random() < 0.4 else [""]  # noqa: PLR2004
            case _:
                return [""]

    def _on_a_scale(self, values: list[str]) -> str:
        """Choose one; on a scale of figures most people are content, and a few are not."""
        if len(values) < 5 or not all(value.isdigit() for value in values):  # noqa: PLR2004 - no scale is shorter
            return self._chance.choice(values)
        place = self._chance.betavariate(4.5, 1.6) * len(values)
        return values[min(int(place), len(values) - 1)]

    def _number(self, control: Control) -> int:
        lowest = int(float(control.lowest or 0))
        highest = int(float(control.highest or lowest + 40))
        return self._chance.randint(lowest, highest)


def _expect(answer: Response, what: str) -> Response:
    if answer.status != OK:
        raise DemoFailed(f"{what[0].upper()}{what[1:]} was answered with {answer.status} at {answer.url}")
    return answer


def _as_given(form: Form) -> list[tuple[str, str]]:
    """The form as the page filled it in, with its first button pressed."""
    kept = [
        each for each in form.controls if each.kind == "hidden" or (each.kind in {"radio", "checkbox"} and each.checked)
    ]
    buttons = [each for each in form.controls if each.kind == "submit"][:1]
    return [(each.name, each.value) for each in (*kept, *buttons) if each.name]
