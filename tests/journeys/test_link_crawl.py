"""G11: a crawler opens every link of every mail, as browsers and scanners do, and nothing is changed by it."""

import re

import pytest
from sqlalchemy import text

from campaigns.web.click_keeping import close_keeper
from tests.journeys.dumps import Dump, changed, dump
from tests.journeys.houses import House
from tests.journeys.mails import Mail
from tests.journeys.pressing import press
from tests.journeys.test_answer_walk import SURVEY

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SCANNER = "Mozilla/5.0 (compatible; ExampleMailScanner/2.0; link scanner)"
HREF = re.compile(r'<a\b[^>]*href="([^"]+)"')
AGENTS = (BROWSER, SCANNER, "")
CLICKS = {"click"}
PEOPLE = ["ann@example.org", "ben@example.org"]


@pytest.fixture
def mails(house: House) -> list[Mail]:
    """A small run: an announcement, an offer and a survey, each to two people."""
    house.bring(PEOPLE)
    (house.folder / "satisfaction.toml").write_text(SURVEY, encoding="utf-8")
    house.told("survey", "apply", "satisfaction.toml", "--open")
    house.told("survey", "invite", "satisfaction")
    house.apply("spring")
    house.apply("sale", topic="offers")
    house.tick()
    mails = house.send()
    assert len(mails) == 3 * len(PEOPLE)
    house.tick()
    house.later(minutes=1)
    return mails


def addresses(house: House, mails: list[Mail]) -> list[str]:
    """Every address of ours in headers and both parts, and those that the pages behind them lead to."""
    ours = house.settings.base_url
    found = [each for mail in mails for each in (*mail.ways_out, *mail.links) if each.startswith(ours)]
    pages = [house.web.get(each).text for each in dict.fromkeys(found) if "/c/" not in each]
    behind = [href for page in pages for href in HREF.findall(page) if href.startswith(("/", ours))]
    return [*dict.fromkeys([*found, *behind]), "/unsubscribe", "/", "/healthz"]


def crawl(house: House, urls: list[str], *methods: str) -> None:
    """Ask for each address by each method, with each user agent, twice."""
    for agent in AGENTS * 2:
        for url in urls:
            for method in methods:
                answer = house.web.request(method, url, headers={"user-agent": agent})
                assert answer.status_code < 400 or (method == "OPTIONS" and answer.status_code == 405), (method, url)
                assert "set-cookie" not in answer.headers


def test_g11_get_and_head_of_every_link_change_nothing(house: House, mails: list[Mail]):
    urls = addresses(house, mails)
    kinds = {url.removeprefix(house.settings.base_url).split("/")[1] for url in urls}
    assert kinds >= {"c", "u", "p", "s", "unsubscribe"}
    before = dump(house.database)
    crawl(house, urls, "GET", "HEAD")
    settle_clicks(house)
    assert changed(before, dump(house.database)) <= CLICKS


def test_g11_options_changes_nothing_at_all(house: House, mails: list[Mail]):
    before = dump(house.database)
    crawl(house, addresses(house, mails), "OPTIONS")
    settle_clicks(house)
    assert changed(before, dump(house.database)) == set()


def test_g11_a_scanner_leaves_no_click_behind(house: House, mails: list[Mail]):
    before = dump(house.database)
    for agent in (SCANNER, ""):
        for url in addresses(house, mails):
            house.web.get(url, headers={"user-agent": agent})
            house.web.head(url, headers={"user-agent": BROWSER})
    settle_clicks(house)
    assert changed(before, dump(house.database)) == set()


def test_a_press_is_seen_by_the_same_comparison(house: House, mails: list[Mail]):
    by_topic = {mail.message["Subject"]: mail for mail in mails if mail.to == PEOPLE[0]}
    invitation, mail = by_topic["How is it working for you?"], by_topic["Spring"]
    assert {"response", "answer"} <= after_press(house, invitation.link("/s/"), product="keys", recommend="10")
    seen = after_press(house, mail.link("/u/"))
    assert {"event", "block"} <= seen
    assert "click" not in seen


def test_one_reader_who_follows_one_link_is_seen_as_a_click(house: House, mails: list[Mail]):
    mail = next(each for each in mails if each.message["Subject"] == "Spring")
    before = dump(house.database)
    answer = house.web.get(mail.link("/c/"), headers={"user-agent": BROWSER})
    assert answer.headers["location"].startswith("https://www.example.")
    settle_clicks(house)
    assert changed(before, dump(house.database)) == CLICKS


def after_press(house: House, url: str, **given: str) -> set[str]:
    """The tables that a press changes."""
    before: Dump = dump(house.database)
    assert press(house.web, url, given).status_code < 400
    return changed(before, dump(house.database))


def settle_clicks(house: House) -> None:
    """Let what the redirects noted be judged."""
    close_keeper(house.database)


def test_the_dump_sees_a_single_changed_cell(house: House, mails: list[Mail]):
    before = dump(house.database)
    with house.database.engine.begin() as connection:
        connection.execute(text("UPDATE contact SET given_name = 'Zoe' WHERE address = 'ann@example.org'"))
    assert changed(before, dump(house.database)) == {"contact"}
