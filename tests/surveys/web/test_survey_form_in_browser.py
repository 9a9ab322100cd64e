"""The survey form in a real browser: with the keyboard alone, without scripts, narrow and wide, and before axe."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.database import Database
from core.tokens import ANSWER_MAC, TokenKind, pack
from surveys.storage.responses import ResponseState, answers_of, response_to
from tests.journeys.offices import CHROMIUM, look, serious
from tests.journeys.windows import ORIGIN, chromium, window
from tests.surveys.survey_scenes import invitations, invited, opened, people

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]

DEMO = Path(__file__).resolve().parents[3] / "demo" / "satisfaction.toml"


@pytest.fixture(name="browser", scope="module")
def _browser() -> Iterator[Browser]:
    with chromium() as opened_browser:
        yield opened_browser


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def links(database, keyring):
    with database.writing() as session:
        survey = opened(session, DEMO.read_text(encoding="utf-8"))
        people(session, 3)
        invited(session, survey)
        return {
            each.id: f"{ORIGIN}/s/{keyring.sign(TokenKind.ANSWER, pack(each.id), ANSWER_MAC)}"
            for each in invitations(session)
        }


def state_of(database: Database, number: int) -> str | None:
    with database.reading() as session:
        response = response_to(session, number)
        return response.state if response else None


def test_the_form_works_on_a_phone_without_scripts(browser, client, database, links):
    number, link = next(iter(links.items()))
    page = window(browser, client, scripts=False, width=360)
    page.goto(link)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("alert")).to_contain_text("Please choose an answer.")
    page.get_by_label("Cadenza").check()
    page.get_by_role("button", name="Next").click()
    expect(page).to_have_title("Page 2 of 3 – How well it works · How is Cadenza working for you? · Halcyon Audio")
    page.get_by_role("group", name="All in all").get_by_label("5").check(force=True)
    page.get_by_role("group", name="Stability").get_by_label("Satisfied", exact=True).check()
    page.get_by_role("group", name="How likely").get_by_label("9").check(force=True)
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_label("Cadenza")).to_be_checked()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert state_of(database, number) == ResponseState.COMPLETE


def test_the_form_works_with_the_keyboard_alone(browser, client, database, links):
    number, link = list(links.items())[1]
    page = window(browser, client, scripts=False, width=1000)
    page.goto(link)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    press_until(page, "input[name=product]", "Space")
    press_until(page, "button[value=next]", "Enter")
    press_until(page, "input[name=satisfied]", "ArrowRight")
    press_until(page, "input[name=recommend]", "ArrowRight")
    press_until(page, "button[value=next]", "Enter")
    expect(page).to_have_title("Page 3 of 3 – What we should do next · How is Cadenza working for you? · Halcyon Audio")
    with database.reading() as session:
        response = response_to(session, number)
        assert response is not None
        assert {"product", "satisfied", "recommend"} <= set(answers_of(session, response.id))


def press_until(page: Page, selector: str, key: str) -> None:
    """Move with the Tab key until the field has the focus, then press."""
    for _ in range(40):
        if page.locator(f"{selector}:focus").count():
            page.keyboard.press(key)
            page.wait_for_load_state()
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with the keyboard")


def test_every_page_looks_right_narrow_and_wide_light_and_dark(browser, client, links):
    link = list(links.values())[2]
    page = window(browser, client, scripts=True, width=1000)
    page.goto(link)
    look(page, "survey-use")
    page.get_by_role("button", name="Next").click()
    assert serious(page) == []
    page.get_by_label("Cadenza").check()
    page.get_by_role("button", name="Next").click()
    look(page, "survey-opinion")
    small = page.locator("main").evaluate(
        "main => [...main.querySelectorAll('a, button, input:not([type=hidden]), label')]"
        ".filter(each => !each.closest('.hush, [aria-hidden=true]'))"
        ".map(each => [each.getBoundingClientRect(), each.outerHTML.slice(0, 80)])"
        ".filter(([box]) => box.width < 24 || box.height < 24).map(([, text]) => text)"
    )
    assert small == []
