"""Every kind of question in a real browser, narrow and wide, with and without scripts, before axe; keyboard only."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from core.database import Database
from core.tokens import ANSWER_MAC, TokenKind, pack
from surveys.domain.cells import Answers, Cell
from surveys.domain.definitions import Survey
from surveys.domain.survey_files import survey_of
from surveys.services.apply_survey import apply_survey
from surveys.storage.responses import answers_of, response_to
from surveys.storage.surveys import open_survey
from tests.conftest import NOON
from tests.journeys.offices import ARTIFACTS, CHROMIUM, serious
from tests.journeys.windows import ORIGIN, chromium, window
from tests.surveys.domain.every_kind import PAGES, answer_to, every_kind
from tests.surveys.survey_scenes import invitations, invited, people

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]


@pytest.fixture(name="browser", scope="module")
def _browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


def link_to(database: Database, keyring, survey: Survey) -> tuple[int, str]:
    """The number and the link of an invitation to this survey, open."""
    with database.writing() as session:
        stored = apply_survey(session, survey, at=NOON).survey
        open_survey(session, stored, NOON)
        people(session, 1)
        invited(session, stored)
        (each,) = invitations(session)
        return each.id, f"{ORIGIN}/s/{keyring.sign(TokenKind.ANSWER, pack(each.id), ANSWER_MAC)}"


def stored_answers(database: Database, number: int) -> Answers:
    with database.reading() as session:
        response = response_to(session, number)
        assert response is not None
        return answers_of(session, response.id)


def fill(page: Page, name: str, values: list[str]) -> None:
    """Write, tick or choose whatever the form has under this name."""
    found = page.locator(f"[name='{name}']")
    kind = found.first.evaluate("field => field.type || field.tagName")
    for value in values:
        if kind in {"radio", "checkbox"}:
            page.locator(f"[name='{name}'][value='{value}']").check(force=True)
        elif kind == "select-one":
            found.select_option(value)
        elif kind != "hidden":
            found.fill(value)


def judged(page: Page, name: str) -> None:
    """Nothing sticks out, everything to press is large enough, and axe finds nothing serious."""
    ARTIFACTS.mkdir(exist_ok=True)
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(path=ARTIFACTS / f"kind-{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
    assert page.evaluate(SMALL) == [], (name, width)
    assert serious(page) == [], (name, width)


SMALL = """[...document.querySelectorAll('main :is(a, button, input:not([type=hidden]), select, textarea, label)')]
  .filter(each => each.checkVisibility() && !each.closest('.hush') && !(each.matches('label[for]')))
  .map(each => [each.getBoundingClientRect(), each.outerHTML.slice(0, 90)])
  .filter(([box]) => box.width < 24 || box.height < 24).map(([, text]) => text)"""


@pytest.mark.parametrize(("scripts", "width"), [(False, 360), (True, 1280)])
def test_every_kind_can_be_answered(browser, client, database, keyring, scripts, width):
    survey = every_kind()
    number, link = link_to(database, keyring, survey)
    page = window(browser, client, scripts=scripts, width=width)
    beside = page if scripts else window(browser, client, scripts=True, width=width)
    page.goto(f"{link}?hidden=fair-2026")
    for name, questions in PAGES.items():
        expect(page.locator("input[name=_page]")).to_have_value(name)
        if not scripts:
            beside.goto(f"{link}?page={name}")  # axe is a script itself
        judged(beside, name)
        for field, values in [each for question in questions for each in answer_to(question).items()]:
            fill(page, field, values)
        page.locator(".steps button[value=next]").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    stored = stored_answers(database, number)
    for question in survey.questions():
        expected = question.read(answer_to(question.name)).cells
        assert set(stored.get(question.name, ())) == set(expected), question.name


NIGHT = {
    "paper": "#111716", "panel": "#18201f", "ink": "#e8eeed", "soft": "#adbbb8", "line": "#34423f", "edge": "#82948f",
    "accent": "#6ccabd", "on_accent": "#05211e", "wash": "#17342f", "bad": "#f3a29c", "focus": "#8db8ff",
}  # fmt: skip


def test_every_fault_leads_to_its_field_from_right_to_left_and_in_colours_of_the_surveys_own(
    browser, client, database, keyring
):
    _number, link = link_to(database, keyring, every_kind(language="ar", theme=NIGHT))
    page = window(browser, client, scripts=True, width=360)
    page.goto(link)
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 23, 22)"
    for name, questions in PAGES.items():
        page.locator(".steps button[value=next]").click()
        expect(page.get_by_role("alert")).to_be_focused()
        told = page.locator("#faults a").evaluate_all(
            "links => links.map(link => document.querySelector(link.hash)?.matches('input,select,textarea,fieldset'))"
        )
        assert told, name
        assert all(told), name
        described = page.evaluate(UNSAID)
        assert described == [], name
        judged(page, f"{name}-faults")
        for field, values in [each for question in questions for each in answer_to(question).items()]:
            fill(page, field, values)
        page.locator(".steps button[value=next]").click()


UNSAID = """[...document.querySelectorAll('[aria-describedby]')]
  .flatMap(each => each.getAttribute('aria-describedby').split(' ')).filter(id => !document.getElementById(id))"""


KEYS = {"date": ["11232026"], "time": ["0230PM"], "datetime": ["11232026", "0230PM"]}
"""How somebody types into the browser's own fields for moments."""


def test_every_kind_can_be_answered_with_the_keyboard_alone(browser, client, database, keyring):
    survey = every_kind()
    number, link = link_to(database, keyring, survey)
    page = window(browser, client, scripts=True, width=1280)
    page.goto(f"{link}?hidden=fair-2026")
    for name, questions in PAGES.items():
        expect(page.locator("input[name=_page]")).to_have_value(name)
        for field, values in [each for question in questions for each in answer_to(question).items()]:
            for value in values:
                by_keyboard(page, field, value)
        reach(page, ".steps button[value=next]")
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    stored = stored_answers(database, number)
    for question in survey.questions():
        assert set(stored.get(question.name, ())) == set(question.read(answer_to(question.name)).cells), question.name


def reach(page: Page, selector: str) -> None:
    """Move with the Tab key until the field has the focus."""
    for _each in range(80):
        if page.locator(f"{selector}:focus").count():
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with the keyboard")


def by_keyboard(page: Page, name: str, value: str) -> None:
    """Answer one field with the keys that it is made for."""
    fields = page.locator(f"[name='{name}']")
    kind = fields.first.evaluate("field => field.type")
    if kind == "hidden":
        return
    reach(page, f"[name='{name}']" + (f"[value='{value}']" if kind == "checkbox" else ""))
    focused = page.locator(":focus")
    if kind == "checkbox":
        if not focused.is_checked():
            page.keyboard.press("Space")
    elif kind == "radio":
        page.keyboard.press("Space")
        until_value(page, "ArrowDown", value)
    elif kind == "select-one":
        until_value(page, "ArrowDown", value)
    elif kind == "range":
        until_value(page, "ArrowRight", value)
    else:
        for at, part in enumerate(KEYS.get(name, [value])):
            if at:
                page.keyboard.press("ArrowRight")
            page.keyboard.type(part)


def until_value(page: Page, key: str, value: str) -> None:
    """Press an arrow until the field says this."""
    for _each in range(60):
        if page.locator(":focus").evaluate("field => field.value") == value:
            return
        page.keyboard.press(key)
    raise AssertionError(f"no key leads to {value}")


def test_a_ranking_is_put_in_order_by_buttons_where_scripts_run(browser, client, database, keyring):
    choices = [{"name": each.lower(), "label": each} for each in ("Undo", "Export", "Search", "Print")]
    asked = {"name": "order", "kind": "ranking", "text": "What first?", "choices": choices, "most": 3}
    order = {"name": "order", "title": "In order", "page": [{"name": "first", "question": [asked]}]}
    number, link = link_to(database, keyring, survey_of(order))
    plain = window(browser, client, scripts=False, width=360)
    plain.goto(link)
    expect(plain.locator("select").first).to_be_visible()
    assert plain.locator("[data-move]:visible").count() == 0
    page = window(browser, client, scripts=True, width=360)
    page.goto(link)
    judged(page, "ranking-buttons")
    for words, said in (
        ("Move up: Search", "Search: place 1 of 3"),
        ("Move down: Print", "Print: no place"),
        ("Move up: Undo", "Undo: place 2 of 3"),
        ("Move up: Print", "Print: place 3 of 3"),
        ("Move up: Export", "Export: place 3 of 3"),
        ("Move up: Export", "Export: place 2 of 3"),
        ("Move down: Undo", "Undo: no place"),
        ("Move up: Print", "Print: place 3 of 3"),
        ("Move down: Search", "Search: place 2 of 3"),
    ):
        reach(page, f"button[data-move]:has-text('{words}')")
        page.keyboard.press("Enter")
        expect(page.locator("[aria-live=polite]#o-order")).to_have_text(said)
    page.locator(".steps button[value=next]").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    places = {"export": 1.0, "search": 2.0, "print": 3.0}
    assert {cell.row: cell.number for cell in stored_answers(database, number)["order"]} == places


def test_two_hundred_questions_on_twenty_pages_are_answered_to_the_end(browser, client, database, keyring):
    number, link = link_to(database, keyring, long_survey())
    page = window(browser, client, scripts=False, width=360)
    page.goto(link)
    for at in range(20):
        expect(page).to_have_title(re.compile(f"^Page {at + 1} of 20 "))
        for question in range(10):
            fill(page, f"q{at}_{question}", ["4"] if question % 2 else [f"answer {question}"])
        page.locator(".steps button[value=next]").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    stored = stored_answers(database, number)
    assert len(stored) == 200
    assert stored["q19_9"] == (Cell(number=4.0),)


def long_survey() -> Survey:
    """Ten questions on each of twenty pages."""
    kinds = ("text", "rating")
    pages = [
        {
            "name": f"page_{at}",
            "question": [
                {"name": f"q{at}_{each}", "kind": kinds[each % 2], "text": f"Question {each}", "required": True}
                for each in range(10)
            ],
        }
        for at in range(20)
    ]
    return survey_of({"name": "long", "title": "A long survey", "page": pages})
