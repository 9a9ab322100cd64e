"""How fast the console's pages are over 100,000 contacts on SQLite: the median of each, in milliseconds, one JSON line.

The database is filled by the product's own commands; only what the world does (deliveries, clicks, answers) is written
in bulk. Then the real server is asked for every kind of page that a link of the console leads to.
"""

import argparse
import http.client
import json
import os
import random
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from html import unescape
from pathlib import Path
from statistics import median
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from sqlalchemy import CursorResult, Table, insert, select, update
from sqlalchemy.orm import Session

from campaigns.domain.states import MessageState
from campaigns.mail.capture import store
from campaigns.storage.clicks import Click
from campaigns.storage.links import Link
from campaigns.storage.mailings import Mailing, finish_mailings
from campaigns.storage.messages import Message
from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Door
from contacts.services.unsubscribe import opt_out
from contacts.storage.segments import save_segment
from core.clock import now
from core.database import Base, Database
from core.settings import load_settings
from scheduler import Clock
from surveys.storage.invitations import Invitation
from surveys.storage.responses import Answer, Response

PROJECT = Path(__file__).resolve().parent.parent
WORD = "a long enough password"
TARGET = 300
"""Milliseconds that a page may take."""

OK = 200
MOST_KINDS = 200
SEARCHES = (
    {"q": "p4711@example.org"}, {"q": "müller"}, {"q": "zzzz"},
    {"standing": "child"}, {"standing": "left"}, {"standing": "partly"}, {"standing": "free"}, {"source": "purchase"},
)  # fmt: skip
HREF = re.compile(r'(?:<a\b[^>]*?\shref|\shx-get|<iframe\b[^>]*?\ssrc)="([^"#]+)')
CHANCE = random.Random(20261122)
CAMPAIGN = """
name = "{name}"
title = "{title}"
topic = "announcements"
template = "announcement"
subject = "{title}"
[content]
headline = "{title}"
button_label = "Read on"
button_url = "https://www.example.org/{name}"
[[content.sections]]
title = "One"
link_label = "More"
link_url = "https://www.example.org/one"
[[content.sections]]
title = "Two"
link_label = "Still more"
link_url = "https://www.example.org/two"
"""


def people(number: int) -> str:
    """A file of invented people, some opted out, some children, some never asked."""
    lines = ["email,given_name,family_name,country,topics,opted_out,child"]
    for each in range(number):
        topics = "announcements;updates;offers;research;tracking" if each % 10 else ""
        left, child = "yes" if each % 23 == 0 else "", "yes" if each % 97 == 0 else ""
        given, family = CHANCE.choice(("Ada", "Björn", "Chloé", "太郎")), CHANCE.choice(("Byron", "Müller", "山田"))
        address = f"p{each}@example.{CHANCE.choice(('org', 'com', 'net'))}"
        lines.append(f"{address},{given},{family},{CHANCE.choice(('DE', 'JP', 'US'))},{topics},{left},{child}")
    return "\n".join(lines) + "\n"


def heedful(*arguments: str, given: str = "") -> str:
    """Run a command of the product in the working folder."""
    command = [sys.executable, "-m", "manage", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"heedful {' '.join(arguments)}: {done.stdout}{done.stderr}")
    return done.stdout


def fill(folder: Path, number: int) -> Database:
    """A team's database after its first year: people, two campaigns, a survey, a mailbox."""
    heedful("init", "--email", "kim@example.org", "--password-file", "-", given=WORD)
    (folder / "people.csv").write_text(people(number), encoding="utf-8")
    told = ("--source", "mailing_list", "--source-time", "2026-03-01", "--evidence", "a form")
    heedful("import", "people.csv", *told)
    for name, schedule in (("spring", '[schedule]\nat = "now"\nzone = "UTC"\n'), ("summer", "")):
        (folder / f"{name}.toml").write_text(CAMPAIGN.format(name=name, title=name.title()) + schedule)
        heedful("campaign", "apply", f"{name}.toml")
    heedful("survey", "apply", str(PROJECT / "demo" / "satisfaction.toml"), "--open")
    heedful("survey", "invite", "satisfaction")
    settings = load_settings()
    database = Database(settings.database_url)
    Clock(settings, database).launch_due()
    with database.writing() as session:
        deliver(session)
    for each in range(500):
        raw = f"From: a@example.org\r\nTo: p{each}@example.org\r\nSubject: Spring\r\n\r\nHello\r\n"
        store(settings.mailbox_dir, f"p{each}@example.org", raw.encode())
    return database


def deliver(session: Session) -> None:
    """What the world does: mail is taken or refused, people click, answer and leave."""
    at = now()
    sent = {"state": MessageState.SENT.value, "handed_over_at": at, "next_try_at": None, "code": 250, "attempts": 1}
    failed = {"state": MessageState.FAILED.value, "reason": "refused", "code": 550, "reply": "no such user"}
    planned = Message.state == MessageState.PLANNED.value
    in_bulk = {"synchronize_session": False}
    session.execute(update(Message).where(planned, Message.id % 50 == 7).values(**failed), execution_options=in_bulk)
    session.execute(update(Message).where(planned).values(**sent), execution_options=in_bulk)
    finish_mailings(session, at)
    readers = session.execute(
        select(Message.id, Message.contact_id, Message.address_key)
        .join(Mailing, Mailing.id == Message.mailing_id)
        .where(Mailing.topic == "announcements", Message.state == MessageState.SENT.value, Message.id % 5 == 1)
    ).all()
    links = list(session.scalars(select(Link.id)))
    add(session, Click, [
        {"link_id": CHANCE.choice(links), "message_id": message, "contact_id": contact, "topic": "announcements"}
        | {"at": at + timedelta(seconds=60 + place)}
        for place, (message, contact, _key) in enumerate(readers)
    ])  # fmt: skip
    for _message, _contact, key in readers[:500]:
        opt_out(session, AddressKeys(bytes(key), bytes(key)), "everything", Door.ONE_CLICK, at=at, mailing_id=1)
    save_segment(session, "Germany", {"rules": [{"field": "attributes.country", "op": "is", "value": "DE"}]}, at=at)
    answers(session)


def answers(session: Session) -> None:
    """One in ten who were invited answers."""
    at = now()
    invitations = list(session.scalars(select(Invitation.id).where(Invitation.id % 10 == 1)))
    add(session, Response, [
        {"survey_id": 1, "version": 1, "invitation_id": each, "state": "complete", "started_at": at, "completed_at": at}
        | {"page": ""}
        for each in invitations
    ])  # fmt: skip
    rows: list[dict[str, Any]] = []
    for response in session.scalars(select(Response.id)):
        rows += [
            {"response_id": response, "question": "product", "value": CHANCE.choice(("studio", "keys", "master"))},
            {"response_id": response, "question": "satisfied", "number": float(CHANCE.randint(1, 5))},
            {"response_id": response, "question": "recommend", "number": float(CHANCE.randint(0, 10))},
            {"response_id": response, "question": "next", "text": "Please make it faster."},
        ]
    empty = {"row": "", "value": "", "number": None, "text": None}
    add(session, Answer, [empty | row for row in rows])


def add(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> int:
    """Insert many rows."""
    return cast(CursorResult[Any], session.execute(insert(cast(Table, table.__table__)), rows)).rowcount


class Browser:
    """A kept connection to the server, signed in."""

    def __init__(self, port: int) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._cookie = ""

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, float]:
        """The status, the page, and how long it took in milliseconds."""
        headers = {"Cookie": self._cookie, "User-Agent": "bench"}
        body = urlencode(form) if form is not None else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self._line.request("GET" if form is None else "POST", path, body, headers)
        answer = self._line.getresponse()
        page = answer.read()
        took = (time.perf_counter() - began) * 1000
        if answer.getheader("Set-Cookie"):
            self._cookie = str(answer.getheader("Set-Cookie")).partition(";")[0]
        return answer.status, page.decode("utf-8", "replace"), took

    def mark(self) -> str:
        """The mark that the console's forms carry."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.ask("/console")[1])
        return found[1] if found else ""


@contextmanager
def serving(port: int) -> Any:
    """The real server."""
    process = subprocess.Popen([sys.executable, "-m", "manage", "serve"])
    try:
        for _ in range(300):
            try:
                if Browser(port).ask("/healthz")[0] == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


def kinds_of_pages(browser: Browser) -> dict[str, tuple[str, bool]]:
    """One address for every kind of page that can be reached from the overview, and whether it is a whole page.

    The others are pieces that a page asks for after it is shown (counts, checks), and downloads.
    """
    found: dict[str, tuple[str, bool]] = {}
    ahead = ["/console", "/console/contacts/2"]
    while ahead:
        path = ahead.pop(0)
        each_its_own = path.startswith("/console/campaigns/")  # a draft, a finished one and an invitation differ
        kind = path if each_its_own else re.sub(r"(?<=[/=])(\d+|[0-9T]{8,}-[0-9a-f]{8})\b", "N", path)
        if kind in found or not path.startswith("/console") or len(found) > MOST_KINDS:
            continue
        status, page, _took = browser.ask(path)
        if status != OK:
            print(f"{path}: {status}", file=sys.stderr)
            continue
        found[kind] = path, page.startswith("<!doctype html>")
        base = urlsplit(path).path
        ahead += [each if not each.startswith("?") else base + each for each in map(unescape, HREF.findall(page))]
    return found


def measure(times: int, act: Callable[[], tuple[int, str, float]]) -> float:
    """The median of several tries, in milliseconds."""
    return round(median(act()[2] for _ in range(times)), 1)


def measured(port: int, times: int) -> dict[str, Any]:
    """The median of every kind of page, of the searches, and of the pieces that pages ask for."""
    browser = Browser(port)
    browser.ask("/console/sign-in", {"email": "kim@example.org", "password": WORD, "csrf": ""})
    mark = browser.mark()
    pages: dict[str, float] = {}
    pieces: dict[str, float] = {}
    for kind, (path, whole) in kinds_of_pages(browser).items():
        (pages if whole else pieces)[kind] = measure(times, partial(browser.ask, path))
    for form in SEARCHES:
        name = "search " + " ".join(form.values())
        pages[name] = measure(times, partial(browser.ask, "/console/contacts", form | {"csrf": mark}))
    healthz = measure(times, partial(browser.ask, "/healthz"))
    slow = {kind: figure for kind, figure in pages.items() if figure >= TARGET}
    figures = {"healthz_ms": healthz, "median_ms": round(median(pages.values()), 1), "slow": slow}
    return figures | {"pages_ms": pages, "pieces_ms": pieces}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=9)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        taken.close()
        folder = Path(scratch)
        os.chdir(folder)
        os.environ |= {
            "PYTHONPATH": str(PROJECT), "HEEDFUL_DATABASE_URL": f"sqlite:///{folder}/bench.db",
            "HEEDFUL_DATA_DIR": str(folder / "data"), "HEEDFUL_BASE_URL": f"http://127.0.0.1:{port}",
            "HEEDFUL_PORT": str(port), "HEEDFUL_SECRET_KEY": secrets.token_urlsafe(40),
            "HEEDFUL_PEPPER": secrets.token_urlsafe(40), "HEEDFUL_SENDER_NAME": "Bench",
            "HEEDFUL_SENDER_EMAIL": "bench@example.org", "HEEDFUL_SENDER_POSTAL_ADDRESS": "1 Example Street",
            "HEEDFUL_PRIVACY_URL": "https://example.org/privacy", "HEEDFUL_LOG_LEVEL": "warning",
        }  # fmt: skip
        database = fill(folder, given.people)
        with serving(port):
            figures = measured(port, given.times)
        database.close()
    print(json.dumps({"bench": "console", "people": given.people} | figures))


if __name__ == "__main__":
    main()
