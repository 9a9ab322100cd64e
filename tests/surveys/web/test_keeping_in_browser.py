"""In a real browser: what is filled in is kept by itself, and all of it is looked at before it is sent."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from core.tokens import ANSWER_MAC, TokenKind, pack
from surveys.storage.responses import answers_of, response_to
from tests.journeys.offices import CHROMIUM, look
from tests.journeys.windows import ORIGIN, chromium, window
from tests.patience import until
from tests.surveys.survey_scenes import counted, invitations, invited, opened, people
from tests.surveys.web.test_form_flow import SURVEY

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]


@pytest.fixture(name="browser", scope="module")
def _browser() -> Iterator[Browser]:
    with chromium() as opened_browser:
        yield opened_browser


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def asked(database, keyring):
    with database.writing() as session:
        survey = opened(session, SURVEY)
        people(session, 1)
        invited(session, survey)
        number = invitations(session)[0].id
    return number, f"{ORIGIN}/s/{keyring.sign(TokenKind.ANSWER, pack(number), ANSWER_MAC)}"


def kept(database, number: int) -> set[str]:
    with database.reading() as session:
        response = response_to(session, number)
        return set(answers_of(session, response.id)) if response else set()


def test_what_is_filled_in_is_kept_then_reviewed_then_sent_and_back_shows_no_form(browser, client, database, asked):
    number, link = asked
    page = window(browser, client, scripts=True, width=360)
    with database.reading() as session:
        before = counted(session)
    page.goto(link)
    page.evaluate("document.querySelector('[value=no]').dispatchEvent(new Event('change', { bubbles: true }))")
    page.get_by_role("button", name="English").click()
    with database.reading() as session:
        assert counted(session) == before
    page.get_by_label("Yes, please").check()
    expect(page.get_by_role("status")).to_contain_text("Kept.")
    until(lambda: kept(database, number) == {"tea"}, "the answer is kept")
    page.goto(link)
    expect(page.get_by_label("Yes, please")).to_be_checked()
    look(page, "tea-first")
    page.get_by_role("button", name="Next").click()
    page.get_by_label("How many cups?").fill("2")
    page.get_by_role("button", name="See all my answers").click()
    expect(page).to_have_title("Your answers, before you send them · Tea · Halcyon Audio")
    look(page, "tea-review")
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_text("Enjoy your 2 cups.")).to_be_visible()
    look(page, "tea-thanks")
    page.get_by_role("link", name="See my answers, to keep them").click()
    expect(page.get_by_text("Yes, please")).to_be_visible()
    look(page, "tea-receipt")
    page.goto(link)
    expect(page.get_by_role("heading", name="You have already answered, thank you")).to_be_visible()
