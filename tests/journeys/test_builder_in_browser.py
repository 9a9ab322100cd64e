"""A survey built in a real browser: with scripts and the keyboard, then without scripts, narrow and wide."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys.offices import ADMIN, CHROMIUM, PASSWORD, Office, look, opened, serious

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]


@pytest.fixture(name="browser", scope="module")
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(name="office", scope="module")
def _office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(tmp_path_factory.mktemp("office")) as office:
        yield office


def test_a_survey_is_built_by_keyboard_with_and_without_scripts(browser: Browser, office: Office) -> None:
    page = signed_in(office, browser)
    home = begin(page)
    reorder(page, home)
    edit_with_preview(page, home)
    try_it_out(page, home)
    see_the_rest(page, home)
    without_scripts(signed_in(office, browser, scripts=False), home)
    assert office.complaints == []


def signed_in(office: Office, browser: Browser, *, scripts: bool = True) -> Page:
    page = office.page(browser, scripts=scripts)
    page.set_default_timeout(30_000)
    page.goto("/console/sign-in")
    page.get_by_label("Email").fill(ADMIN)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    return page


def begin(page: Page) -> str:
    page.goto("/console/surveys")
    page.get_by_label("Your experience with our product").check()
    page.get_by_role("button", name="Begin the survey").click()
    expect(page.locator("#q-often")).to_be_visible()
    look(page, "builder-order")
    return page.url.partition("/edit")[0]


def reorder(page: Page, home: str) -> None:
    """One press with the keyboard; the focus stays with what was moved, and what cannot be is said."""
    page.goto(f"{home}/edit")
    page.locator("#up-for_what").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#q-for_what + #q-often")).to_be_visible()
    expect(page.locator("#up-for_what")).to_be_focused()
    page.locator("#q-obstacle").get_by_role("link", name="Edit here").press("Enter")
    page.locator("#w-obstacle").fill("What kept you?")
    page.locator("#quick-obstacle").get_by_role("button", name="Save").press("Enter")
    expect(page.locator("#q-obstacle").get_by_role("link", name="What kept you?").first).to_be_visible()
    page.locator("#page_up-quality").press("Enter")
    page.locator("#page_up-quality").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("is not asked on an earlier page")


def edit_with_preview(page: Page, home: str) -> None:
    """The preview follows what is written, rows move and rules offer the answers of their question."""
    page.goto(f"{home}/edit/for_what")
    page.get_by_label("Wording").fill("What is it good for?")
    expect(page.frame_locator("iframe").locator(".wording")).to_contain_text("What is it good for?")
    page.locator("#down-choices-1").press("Enter")
    expect(page.locator("#row-choices-2 + #row-choices-1")).to_be_visible()
    expect(page.locator("#down-choices-1")).to_be_focused()
    look(page, "builder-question")
    page.get_by_role("button", name="Save the question").last.click()
    expect(page.locator("#q-for_what")).to_contain_text("What is it good for?")
    page.goto(f"{home}/edit/wish")
    page.locator("#f-rule_0").select_option(label="How often do you use it?")
    page.locator("#f-value_0").select_option(label="Every week")
    expect(page.locator("#tried")).to_contain_text("“How often do you use it?” is “Every week”")
    page.get_by_role("button", name="Save the question").last.click()
    expect(page.locator("#q-wish")).to_contain_text("Shown only if “How often do you use it?” is “Every week”")


def try_it_out(page: Page, home: str) -> None:
    page.goto(f"{home}/run")
    page.get_by_role("button", name="Begin the test run").click()
    page.get_by_label("I have not used it yet").check()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("complementary", name="The way so far")).to_contain_text("shown only if")
    assert serious(page) == []


def see_the_rest(page: Page, home: str) -> None:
    """On a phone nothing sticks out or keeps anybody out; the preview is as wide as a desk where it should be."""
    page.set_viewport_size({"width": 360, "height": 900})
    for path in ("head", "pages/quality", "translations?language=ar", "versions"):
        page.goto(f"{home}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert serious(page) == [], path
    page.get_by_role("link", name="Preview").click()
    page.get_by_label("Desktop").check()
    assert page.locator("iframe").evaluate("frame => frame.clientWidth") >= 900
    page.set_viewport_size({"width": 1280, "height": 900})


def without_scripts(page: Page, home: str) -> None:
    """The same acts are plain forms: the focus comes back to the button that was pressed."""
    page.goto(f"{home}/edit")
    page.locator("#down-rating").press("Enter")
    expect(page.locator("#q-agree + #q-rating")).to_be_visible()
    expect(page.locator("#down-rating")).to_be_focused()
    page.goto(f"{home}/edit/for_what")
    page.locator("#up-choices-2").press("Enter")
    expect(page.locator("#up-choices-2")).to_be_focused()
    page.get_by_label("Wording").fill("And without?")
    page.get_by_role("button", name="Show how it looks").click()
    expect(page.frame_locator("iframe").locator(".wording")).to_contain_text("And without?")
    condition_of_a_choice(page, home)
    page.goto(f"{home}/edit/wish")
    page.locator("#f-rule_1").select_option(label="How well does it do what you need?")
    page.get_by_role("button", name="Show the answers to choose from").click()
    page.locator("#f-value_1").fill("3")
    page.get_by_role("button", name="Save the question").last.click()
    expect(page.locator("#q-wish")).to_contain_text("and “How well does it do what you need?”")


def condition_of_a_choice(page: Page, home: str) -> None:
    """A row's own condition opens where it stands, is chosen from menus and told in words."""
    page.goto(f"{home}/edit/obstacle")
    page.locator("#row-choices-1 > details > summary").click()
    page.locator("#rule-choices-1-show_if").press("Enter")
    expect(page.locator("#f-choices-1-show_if-rule_0")).to_be_focused()
    page.locator("#f-choices-1-show_if-rule_0").select_option(label="How often do you use it?")
    page.locator("#row-choices-1").get_by_role("button", name="Show the answers to choose from").click()
    expect(page.locator("#row-choices-1 .condition")).to_contain_text("is “Every day or nearly so”")
