"""Windows of a real browser that the application answers within this process; for forms, with and without scripts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, Request, Route, sync_playwright
from starlette.testclient import TestClient

from tests.journeys.offices import CHROMIUM

ORIGIN = "http://127.0.0.1:8025"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, until the block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def window(browser: Browser, client: TestClient, *, scripts: bool, width: int) -> Page:
    """A fresh window of that width whose pages come from the application."""
    context = browser.new_context(java_script_enabled=scripts, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.route("**/*", through(client))
    return page


def through(client: TestClient) -> Callable[[Route, Request], None]:
    """Answer the browser from the application; it gets redirects followed, as its own would."""

    def answer(route: Route, request: Request) -> None:
        kept = {name: value for name, value in request.headers.items() if name in {"content-type", "accept"}}
        path = request.url.removeprefix(ORIGIN)
        got = client.request(request.method, path, content=request.post_data_buffer, headers=kept)
        while got.status_code == 303:
            got = client.get(got.headers["location"])
        headers = {"content-type": got.headers["content-type"]}
        if "content-security-policy" in got.headers:
            headers["content-security-policy"] = got.headers["content-security-policy"]
        route.fulfill(status=got.status_code, headers=headers, body=got.content)

    return answer
