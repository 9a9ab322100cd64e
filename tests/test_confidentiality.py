"""Confidentiality (P1, P17 to P19, P25): an address let loose as a canary is found nowhere but in its own mail."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from aiosmtpd.controller import Controller
from pydantic import SecretStr
from starlette.routing import Route
from starlette.testclient import TestClient

from app import Door, create_app
from core.operators import Role
from core.web.security import POLICY
from core.web.visits import Answer, Place, Visit
from tests.conftest import NOON
from tests.journeys.canaries import CANARY, leaks
from tests.journeys.houses import House, free_port, house_of
from tests.journeys.mails import Mail
from tests.journeys.pressing import press
from tests.journeys.test_answer_walk import SURVEY
from tests.journeys.test_link_crawl import BROWSER
from tests.journeys.witnesses import Answers, addresses_in, listening, logged
from tests.web import browser, sign_in

OTHER = "other@example.org"


@pytest.fixture
def house(settings, database, tmp_path: Path, monkeypatch) -> Iterator[House]:
    with time_machine.travel(NOON, tick=False) as time, house_of(settings, database, tmp_path, monkeypatch, time) as it:
        yield it


def run(house: House) -> list[Mail]:
    """Two people come in by an import and get an announcement and an invitation."""
    house.bring([CANARY, OTHER])
    (house.folder / "satisfaction.toml").write_text(SURVEY, encoding="utf-8")
    house.told("survey", "apply", "satisfaction.toml", "--open")
    house.told("survey", "invite", "satisfaction")
    house.apply("spring")
    house.tick()
    mails = house.send()
    house.tick()
    house.later(minutes=5)
    return mails


def live(house: House, mails: list[Mail]) -> None:
    """The canary's owner clicks, answers, chooses, leaves by every door of the web."""
    web, mine = house.web, [mail for mail in mails if mail.to == CANARY]
    spring = next(mail for mail in mine if mail.message["Subject"] == "Spring")
    asked = next(mail for mail in mine if mail is not spring)
    web.get(spring.link("/c/"), headers={"user-agent": BROWSER})
    press(web, asked.link("/s/"), {"product": "keys", "recommend": ""})
    press(web, asked.link("/s/"), {"product": "keys", "recommend": "9"})
    press(web, asked.link("/s/"), {"wish": f"More. Write to {CANARY}!"})
    web.get(asked.link("/s/"))
    saved = press(web, spring.link("/p/"), {"topic": ["offers"]}, form=1)
    web.get(saved.headers["location"])
    press(web, spring.link("/u/"))
    web.post(spring.one_click, data={"List-Unsubscribe": "One-Click"})
    press(web, "/unsubscribe", {"address": CANARY})


def stumble(house: House) -> None:
    """What people and machines get wrong, with the address in it where an address can be."""
    web = house.web
    for path in ("/u", "/p", "/s", "/c", "/nothing", "/console/contacts"):
        web.get(f"{path}/{CANARY}")
        web.post(f"{path}/{CANARY}", data={"address": CANARY})
    web.get("/unsubscribe", params={"address": CANARY})
    web.get("/static/none.css", params={"for": CANARY})
    web.post("/unsubscribe", content=f"{CANARY}\xff".encode(), headers={"content-type": "multipart/form-data"})
    web.request("DELETE", "/unsubscribe", params={"address": CANARY})
    web.post("/console/sign-in", data={"email": CANARY, "password": CANARY, "csrf": ""})


def test_p1_an_address_is_in_no_log_no_url_no_header_and_no_page(house: House):
    with logged() as log, listening(house.web) as answers:
        mails = run(house)
        live(house, mails)
        public = list(answers.all)
        stumble(house)
    assert "mailing frozen" in log.getvalue()
    assert leaks(log.getvalue()) == []
    assert len(public) > 15
    for answer in public:
        assert leaks(str(answer.request.url)) == []
    for answer in answers.all:
        echoed = answer.request.url.path == "/console/sign-in"  # the form shows what was just typed in it
        assert leaks(repr(answer.headers.raw)) == [], answer.request.url
        assert echoed or leaks(answer.content) == [], answer.request.url


def test_p1_an_address_is_in_its_own_mail_only_and_there_in_one_header(house: House):
    mails = run(house)
    assert [mail.to for mail in mails].count(CANARY) == 2
    for mail in mails:
        hidden = mail.raw if mail.to == OTHER else re.sub(rb"(?m)^To: .*(\r\n[ \t].*)*", b"", mail.raw)
        assert leaks(hidden) == []
        assert leaks(mail.html + mail.text + "".join(mail.links)) == []
        assert len(leaks(mail.raw)) == (0 if mail.to == OTHER else 4)
    for path in house.settings.data_dir.rglob("*"):
        assert leaks(path.name) == []


class Refusing:
    """A mail server that knows nobody and says whom."""

    async def handle_RCPT(self, _server, _session, _envelope, address, _options):  # noqa: N802 - aiosmtpd's name
        return f"550 5.1.1 <{address}> is not known here"


def test_p1_a_refusal_that_names_the_address_is_neither_logged_nor_shown_to_an_analyst(house: House):
    port = free_port()
    controller = Controller(Refusing(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        house.change(smtp_url=SecretStr(f"smtp://127.0.0.1:{port}"))
        with logged() as log:
            run(house)
    finally:
        controller.stop()
    assert house.report("spring")["failed"] == 2
    assert leaks(log.getvalue()) == []
    with listening(house.web) as answers:
        walk_console(house, Role.ANALYST)
    for answer in answers.all:
        assert leaks(answer.content) == [], answer.request.url


def test_p1_an_analyst_sees_no_whole_address_and_an_editor_does(house: House):
    run(house)
    with listening(house.web) as answers:
        walk_console(house, Role.ANALYST)
    assert any("q•••@b•••.example" in answer.text.lower() for answer in answers.all)
    for answer in answers.all:
        assert leaks(answer.content) == [], answer.request.url
        assert leaks(str(answer.request.url)) == []
    with browser(house.settings, house.database) as editor:
        sign_in(editor, house.database, Role.EDITOR)
        assert CANARY in editor.get("/console/contacts").text


def test_p17_p25_no_cookie_for_the_public_nothing_from_elsewhere_and_a_policy_on_every_answer(house: House):
    with listening(house.web) as answers:
        live(house, run(house))
        stumble(house)
        for path in ("/static/public.css", "/healthz", "/"):
            house.web.get(path)
        public = len(answers.all)
        walk_console(house, Role.ADMIN)
    assert {answer.status_code for answer in answers.all} >= {200, 302, 303, 400, 404, 405, 422}
    for place, answer in enumerate(answers.all):
        url = answer.request.url
        assert place >= public or "set-cookie" not in answer.headers, url
        assert answer.headers["referrer-policy"] == "no-referrer", url
        assert answer.headers["content-security-policy"] == policy_of(url) or is_sealed(answer), url
        assert answer.headers["x-content-type-options"] == "nosniff", url
        if answer.headers.get("content-type", "").startswith("text/html") and not is_sealed(answer):
            loaded, linked = addresses_in(answer.text)
            assert {each for each in loaded if not is_own(house, each)} == set(), url
            assert {each for each in linked if not is_own(house, each)} <= {house.settings.privacy_url}, url


def is_own(house: House, address: str) -> bool:
    """Whether an address leads to this site."""
    parts = urlsplit(address)
    return (not parts.scheme and not parts.netloc) or address.startswith((house.settings.base_url, "data:"))


def policy_of(url) -> str:
    """The policy of a page: previews of a survey's form and questions alone may stand in a frame of the console."""
    framed = url.path.startswith("/console/surveys/") and url.path.endswith(("/preview/form", "/shown"))
    return POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'") if framed else POLICY


def is_sealed(answer) -> bool:
    """A mail shown in the console: in a sandbox that loads nothing."""
    return str(answer.headers["content-security-policy"]).startswith("sandbox; default-src 'none'")


def fail(_visit: Visit) -> Answer:
    """A page with a fault that knows an address."""
    raise RuntimeError(f"no such thing as {CANARY}")


def test_p1_a_page_that_fails_says_nothing_of_why(house: House):
    app = create_app(house.settings, house.database)
    app.routes.insert(0, Route("/fails", Door(house.settings, house.database).endpoint(Place("/fails", fail))))
    with logged() as log:
        answer = TestClient(app, base_url=house.settings.base_url).get("/fails")
    assert answer.status_code == 500
    assert leaks(answer.content) == leaks(log.getvalue()) == []
    assert "RuntimeError" in log.getvalue()
    assert answer.headers["content-security-policy"] == POLICY
    assert "set-cookie" not in answer.headers


def test_a_canary_is_found_in_every_spelling():
    for written in (
        "x" + CANARY,
        CANARY.upper(),
        CANARY.replace("@", "%40"),
        CANARY.encode().hex(),
        CANARY.split("@")[0],
    ):
        assert leaks(f"before {written} after")
    for before in ("", "a", "ab", "abc"):
        assert leaks(b64(f"{before}{CANARY}{before}"))
        assert leaks(b64(f"{before}{CANARY.lower()}"))
    assert leaks("q•••@b•••.example") == []


def b64(text: str) -> str:
    """As a token would hide it."""
    from base64 import urlsafe_b64encode

    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def walk_console(house: House, role: Role) -> None:
    """Sign in, and open every page that a link leads to."""
    web = house.web
    sign_in(web, house.database, role)  # type: ignore[arg-type]  # a test client
    seen, ahead = set(), ["/console"]
    while ahead:
        path = ahead.pop()
        if path in seen or not path.startswith("/console"):
            continue
        seen.add(path)
        answer = web.get(path)
        assert answer.status_code in {200, 303}, (path, answer.status_code)
        if answer.headers.get("content-type", "").startswith("text/html") and not is_sealed(answer):
            ahead += [
                urljoin(path, each.partition("#")[0]) for each in addresses_in(answer.text)[1] if is_own(house, each)
            ]
    assert len(seen) > 10
    web.cookies.clear()


def test_answers_are_noted(house: House):
    with listening(house.web) as answers:
        house.web.get("/healthz")
    assert isinstance(answers, Answers)
    assert [answer.status_code for answer in answers.all] == [200]
