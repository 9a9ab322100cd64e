"""Every kind of question in a real browser, narrow and wide, with and without scripts, before axe; keyboard only."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from core.database import Database
from core.tokens import ANSWER_MAC, TokenKind, pack
from surveys.domain.cells import Answers
from surveys.domain.definitions import Survey
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
