"""An editor's day in a real browser: sign in, bring people in, write, send, read; and a reader who leaves."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from campaigns.mail.mailbox import list_letters, open_letter
from tests.journeys.offices import ADMIN, CHROMIUM, PASSWORD, Office, look, opened

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]

PEOPLE = "email;vorname;sprache;land;topics;opted_out\n" + "".join(
    f"reader{number}@example.org;Réka {number};en;{'DE' if number % 2 else 'AT'};announcements;"
    f"{'yes' if number == 3 else ''}\n"
    for number in range(1, 13)
)
SLOW = 30_000
LINK = re.compile(r"http://\S+/u/[\w-]+")
OWN_PAGE = re.compile(r"http://\S+/p/[\w-]+")


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


def test_an_editors_day_from_a_file_to_a_report_and_a_reader_who_leaves(browser: Browser, office: Office) -> None:
    page = office.page(browser)
    sign_in(page)
    look(page, "overview-empty")
    bring_people(page)
    narrow_down(page)
    write_campaign(page)
    preview_and_schedule(page)
    watch_it_go(page)
    read_the_mailbox(page)
    leave_without_scripts(browser, office)
    look_back(page)
    visit_the_rest(page)
    assert office.complaints == []


def sign_in(page: Page) -> None:
    page.goto("/console")
    page.get_by_label("Email address").fill(ADMIN)
    page.get_by_label("Password").fill("wrong, wrong, wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "sign-in")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()


def bring_people(page: Page) -> None:
    page.goto("/console/imports")
    look(page, "imports")
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": PEOPLE.encode("utf-16")}
    page.get_by_label("Table of contacts").set_input_files(file)  # type: ignore[arg-type]  # a payload in memory
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_role("button", name="Begin the import").click()
    expect(page.get_by_role("link", name="Say where these addresses came from")).to_be_visible()
    look(page, "import-mapping")
    page.get_by_label("Where the addresses came from").select_option("mailing_list")
    page.get_by_label("When").fill("2026-03-01")
    page.get_by_label("What proves it").fill("the form on our page")
    page.get_by_role("button", name="Begin the import").click()
    expect(page.get_by_text("finished", exact=True)).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("row", name="contacts added")).to_contain_text("12")
    look(page, "import-report")


def narrow_down(page: Page) -> None:
    page.goto("/console/contacts")
    page.get_by_label("Address or name").press_sequentially("reader1")
    expect(page.get_by_role("rowheader", name="reader2@example.org")).to_have_count(0)
    expect(page.get_by_role("rowheader", name="reader12@example.org")).to_be_visible()
    assert "reader1" not in page.url
    look(page, "contacts")
    page.goto("/console/segments/new")
    page.get_by_label("Name", exact=True).fill("Austria")
    rule = page.get_by_role("group", name="Rule 1")
    rule.get_by_label("Field").fill("attributes.land")
    rule.get_by_label("Value").fill("AT")
    expect(page.get_by_text("6 people would get it")).to_be_visible()
    look(page, "segment")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved.")


def write_campaign(page: Page) -> None:
    page.goto("/console/campaigns")
    look(page, "campaigns-empty")
    page.get_by_role("link", name="New campaign").first.click()
    page.get_by_label("Title").fill("Cadenza 6 is here")
    page.get_by_role("button", name="Create the draft").click()
    page.get_by_label("Subject").fill("Cadenza 6 is here")
    page.get_by_label("Preheader").fill("The score that follows you")
    page.get_by_label("Headline").fill("Cadenza 6 is here")
    page.get_by_label("Text", exact=True).first.fill("Today we release **Cadenza 6**.")
    page.get_by_label("Button", exact=True).fill("Discover it")
    page.get_by_label("Button leads to").fill("not an address")
    page.get_by_label("As soon as it is scheduled").check()
    page.get_by_label("Time zone").fill("Mars/Base")
    page.get_by_label("Button leads to").fill("https://www.example.org/six?a=1&b=2")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("link", name="There is no such time zone.")).to_be_visible()
    expect(page.get_by_label("Headline")).to_have_value("Cadenza 6 is here")
    look(page, "campaign-edit")
    page.get_by_label("Time zone").fill("Europe/Vienna")
    expect(page.get_by_text("11 people would get it")).to_be_visible()
    page.get_by_role("button", name="Save and preview").click()


def preview_and_schedule(page: Page) -> None:
    mail = page.frame_locator("iframe")
    expect(mail.get_by_role("heading", name="Cadenza 6 is here")).to_be_visible()
    page.get_by_label("As this contact would get it").fill("reader3@example.org")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("This person would not get it: opted out")).to_be_visible()
    expect(page.get_by_text("Nothing found")).to_be_visible()
    look(page, "campaign-preview")
    page.get_by_role("link", name="Overview").last.click()
    expect(page.get_by_text("11 people would get it")).to_be_visible()
    look(page, "campaign-ready")
    page.get_by_role("button", name="Check and schedule").click()
    expect(page.get_by_role("status")).to_contain_text("Scheduled")


def watch_it_go(page: Page) -> None:
    expect(page.get_by_role("navigation", name="This campaign")).to_be_visible()
    report = page.url.split("?")[0]
    for _ in range(60):
        page.goto(report)
        if page.get_by_text("finished", exact=True).count():
            break
        page.wait_for_timeout(500)
    tiles = page.locator(".tiles")
    expect(tiles).to_contain_text("Sent11")
    expect(tiles).to_contain_text("Left out1")
    expect(page.get_by_role("rowheader", name="https://www.example.org/six?a=1&b=2")).to_be_visible()
    look(page, "campaign-report")


def read_the_mailbox(page: Page) -> None:
    page.goto("/console/mailbox")
    page.get_by_label("Sent to").fill("reader5@")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="reader5@example.org").click()
    mail = page.frame_locator("iframe")
    expect(mail.get_by_role("link", name="Discover it")).to_be_visible()
    look(page, "mailbox")
    page.get_by_role("link", name="Headers").click()
    expect(page.get_by_text("List-Unsubscribe-Post: List-Unsubscribe=One-Click")).to_be_visible()
    look(page, "mailbox-headers")


def leave_without_scripts(browser: Browser, office: Office) -> None:
    page = office.page(browser, scripts=False)
    letter = list_letters(office.mailbox, to="reader5@example.org")[0]
    text = open_letter(office.mailbox, letter.name).text
    link, own_page = LINK.search(text), OWN_PAGE.search(text)
    assert link
    assert own_page
    page.goto(link[0])
    expect(page.get_by_text("r•••@e•••.org")).to_be_visible()
    look(page, "leave", judged=False)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile("Stop")).first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    look(page, "left", judged=False)
    expect(page.get_by_role("link", name="See or change")).to_have_count(0)
    page.goto(own_page[0])
    expect(page.get_by_label("Product announcements")).not_to_be_checked()
    look(page, "preferences", judged=False)
    page.goto("/unsubscribe")
    page.get_by_label("Your email address").fill("nonsense")
    page.get_by_role("button", name="Stop everything").click()
    expect(page.get_by_label("Your email address")).to_have_value("nonsense")
    look(page, "unsubscribe", judged=False)
    page.context.close()
    judge_readers_pages(office.page(browser), link[0])


def judge_readers_pages(page: Page, link: str) -> None:
    """axe needs scripts; the pages are the same without."""
    for path in (link, "/unsubscribe", link.replace("/u/", "/u/x")):
        page.goto(path)
        look(page, "readers-page-judged")
    assert page.context.cookies() == []


def look_back(page: Page) -> None:
    page.goto("/console/contacts")
    page.get_by_label("Address or name").fill("reader5@example.org")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="reader5@example.org").click()
    expect(page.get_by_text("Opted out of:").first).to_be_visible()
    expect(page.get_by_text("Got a mail: Cadenza 6 is here")).to_be_visible()
    look(page, "contact")
    page.goto("/console")
    expect(page.get_by_role("row", name="Product announcements")).to_contain_text("10")
    look(page, "overview")


def visit_the_rest(page: Page) -> None:
    for path in ("segments", "campaigns", "operators", "surveys", "imports", "contacts/999"):
        page.goto(f"/console/{path}")
        look(page, path.replace("/", "-"))
    page.set_viewport_size({"width": 360, "height": 900})
    page.goto("/console")
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Mailbox")).to_be_visible()
    look(page, "menu")
    page.set_viewport_size({"width": 360, "height": 900})
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
