"""The mail templates in a real browser: they fit every width, have their dark side, and need no media queries."""

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from campaigns.mail.inlining import inline_css
from campaigns.mail.sandbox import compile_mail
from campaigns.mail.shipped import shipped

KINDS = ("announcement", "update", "offer", "survey_invitation", "survey_reminder")
WIDTHS = (320, 375, 480, 600, 680, 1280)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]

CONTENT: dict[str, Any] = {
    "headline": LONG_WORD,
    "intro": "An intro with " + LONG_WORD,
    "body": f"**{LONG_WORD}**\n\n- https://www.example.org/{'a' * 90}\n\n## Second\n\nA [link](https://www.example.org).",
    "button_label": "A button with quite a long label on it",
    "button_url": "https://www.example.org/",
    "price": "€149 instead of €199",
    "code": "ENCORE25",
    "ends": "6 December 2026",
    "version": "Version 6.1",
    "purpose": LONG_WORD,
    "minutes": 5,
    "sections": [{"title": LONG_WORD, "text": LONG_WORD, "link_url": "https://www.example.org/one"}],
}


@pytest.fixture(name="browser", scope="module")
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def _mail(kind: str, language: str = "en") -> str:
    sources = shipped(kind)
    mail = compile_mail(sources.subject, inline_css(sources.html).html, sources.text)
    variables = {
        "contact": {"given_name": "Maya", "source": "registration", "locale": language},
        "campaign": {"subject": "Hello", "preheader": "Just a line"},
        "content": CONTENT,
        "sender": {"name": "Halcyon Audio", "email": "news@example.org", "postal_address": "12 Kestrel Row\nBristol"},
        "unsubscribe_url": "https://m.example.org/u/leave",
        "preferences_url": "https://m.example.org/p/prefer",
        "privacy_url": "https://www.example.org/privacy",
        "personal_url": "https://m.example.org/s/mine",
        "advertisement": True,
        "language": language,
    }
    return mail.render(variables).html


def _show(browser: Browser, html: str, width: int, scheme: Any = "light") -> Page:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.set_content(html)
    return page


def _colour(page: Page, selector: str, name: str) -> str:
    return str(page.eval_on_selector(selector, f"element => getComputedStyle(element).{name}"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_sticks_out_at_any_width(browser: Browser, kind: str, language: str) -> None:
    page = _show(browser, _mail(kind, language), 320)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert page.eval_on_selector(".column", "element => element.offsetWidth") <= 600
    page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_thumb_can_hit_the_button_and_the_links_to_leave(browser: Browser, kind: str) -> None:
    page = _show(browser, _mail(kind), 320)
    assert page.eval_on_selector("a.button", "element => element.offsetHeight") >= 44
    heights = page.eval_on_selector_all(".leave a", "links => links.map(link => link.offsetHeight)")
    assert min(heights) >= 24
    page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_the_dark_side_turns_ground_and_ink(browser: Browser, kind: str) -> None:
    page = _show(browser, _mail(kind), 480, "dark")
    assert _colour(page, ".card", "backgroundColor") == "rgb(24, 29, 28)"
    assert _colour(page, "h1", "color") == "rgb(238, 242, 240)"
    assert _colour(page, "a.button", "backgroundColor") == "rgb(132, 214, 202)"
    page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_client_that_drops_every_style_sheet_still_shows_the_design(browser: Browser, kind: str) -> None:
    page = _show(browser, re.sub(r"<style.*?</style>", "", _mail(kind), flags=re.DOTALL), 400)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert _colour(page, "a.button", "backgroundColor") == "rgb(11, 95, 90)"
    assert not page.is_visible(".preheader")
    page.close()


def test_the_way_out_is_there_without_any_style_at_all(browser: Browser) -> None:
    bare = re.sub(r"<style.*?</style>|\sstyle=\"[^\"]*\"", "", _mail("announcement"), flags=re.DOTALL)
    page = _show(browser, bare, 320)
    assert page.is_visible("text=Unsubscribe")
    page.close()
