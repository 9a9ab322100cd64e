"""Words that attack: markup, formulas and line breaks in every field that people fill in, on every page."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import update

from contacts.domain.topic_drafts import TopicWords
from contacts.services.keep_topics import add_topic
from contacts.storage.contacts import Contact
from contacts.storage.segments import save_segment
from core.operators import Role
from tests.conftest import NOON
from tests.contacts.signing_up import filled_in
from tests.journeys.houses import House, house_of
from tests.journeys.pressing import press
from tests.journeys.witnesses import addresses_in
from tests.test_analysts_places import paths, places
from tests.web import PASSWORD, csrf, sign_in

EVIL = "\"><img src=x onerror=alert(1)>'<script>alert(2)</script>{{7*7}}"
RUN = re.compile(rb"<img src=x|<script>alert|onerror=alert\(1\)>|javascript:")
CUT = "x\r\nSet-Cookie: evil=1\r\n\r\n<b>"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind is enough: pages are the same over both."""
    return sqlite_url


@pytest.fixture
def house(settings, database, tmp_path: Path, monkeypatch) -> Iterator[House]:
    """A house in which everything that has a name bears an evil one."""
    with time_machine.travel(NOON, tick=False) as time, house_of(settings, database, tmp_path, monkeypatch, time) as it:
        it.bring(["ann@example.org"], "updates;research")
        terms = ("--contract", EVIL, "--privacy-email", "a@acme.test", "--suppression-email", "b@acme.test")
        it.heedful("partner", "add", "acme", "--title", EVIL, *terms, "--field", f"attributes.{EVIL}"[:40])
        it.told("form", "add", "newsletter", "--title", EVIL, "--wording", EVIL, "--topic", "updates")
        with database.writing() as session:
            add_topic(session, "marketing:events", TopicWords(f"events {EVIL}", EVIL), at=NOON)
            values = {"given_name": EVIL, "family_name": CUT, "evidence": EVIL, "attributes": {EVIL: EVIL, "k": CUT}}
            session.execute(update(Contact).values(**values))
            save_segment(
                session, EVIL, {"match": "all", "rules": [{"field": "name", "op": "is", "value": EVIL}]}, at=NOON
            )
        write_to_us(it)
        yield it


def write_to_us(house: House) -> None:
    """What strangers and operators type."""
    web = house.web
    for reason in ("other", "delete", "correct", EVIL):
        web.post("/contact", data={"address": "ann@example.org", "reason": reason, "words": EVIL + CUT})
    web.post("/join/newsletter", data=filled_in("bob@example.org"), headers={"origin": 'https://x.example"><script>'})
    sign_in(web, house.database, Role.ADMIN)  # type: ignore[arg-type]  # a test client
    mark = csrf(web, "/console/me")  # type: ignore[arg-type]  # a test client
    told = {
        "/console/requests/new": {"address": "ann@example.org", "kind": "access", "words": EVIL},
        "/console/requests/1": {"outcome": "answered", "note": EVIL},
        "/console/contacts/1/opt-out": {"scope": "other", "evidence": EVIL},
        "/console/topics/updates": {"act": "rename", "title": f"updates {EVIL}", "description": EVIL},
        "/console/topics/marketing:events": {"act": "archive", "why": EVIL},
        "/console/partners/acme/state": {"act": "deactivate", "why": EVIL},
        "/console/tokens": {"name": EVIL, "role": "editor"},
        "/console/operators": {"email": "eve@example.org", "name": EVIL, "role": "editor", "password": PASSWORD},
    }  # fmt: skip
    for path, form in told.items():
        assert web.post(path, data={"csrf": mark, **form}).status_code in {200, 303}, path
    press(web, "/console/policy/new", {"version": "9", "wording": EVIL}, form=1)
    with web.stream(
        "POST", "/console/imports", data={"csrf": mark}, files={"file": (EVIL + CUT, b"email\na@b.example\n")}
    ) as kept:
        assert web.get(kept.headers["location"]).status_code == 200


def test_p1_no_word_of_anybody_becomes_markup_on_any_page(house: House):
    shown = 0
    for place in places():
        if "GET" not in place.methods:
            continue
        for path in {
            *paths(place.path),
            place.path.replace("{name}", "newsletter").replace("{scope}", "marketing:events"),
        }:
            answer = house.web.get(
                path, params={"said": EVIL, "reason": EVIL, "show": EVIL, "part": EVIL, "from": EVIL}
            )
            assert answer.status_code in {200, 303, 404, 409, 410, 422}, path
            assert not RUN.search(answer.content), path
            assert "evil" not in repr(answer.headers.raw), path
            assert b"{{7*7}}" in answer.content or b"49" not in answer.content.split(b"onerror")[-1][:20], path
            shown += answer.status_code == 200 and b"onerror" in answer.content
            if "text/html" in answer.headers.get("content-type", ""):
                assert all(
                    not each.lower().startswith(("javascript", "data:text")) for each in addresses_in(answer.text)[1]
                )
    assert shown > 15


def test_where_a_page_leads_next_is_never_said_by_its_visitor(house: House):
    for path in (
        "/console/segments",
        "/console/partners",
        "/console/forms",
        "/contact",
        "/p/x",
        "/",
        "/console/sign-in",
    ):
        for name in ("next", "return", "url", "said", "continue", "redirect"):
            answer = house.web.get(path, params={name: "https://away.example/"})
            assert "away.example" not in answer.headers.get("location", "")


def test_no_way_out_of_a_folder(house: House):
    for name in ("..", "%2e%2e", "..%2fheedful.db", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "....//", "a%00b"):
        for path in ("/console/imports/new/", "/console/imports/hashes/", "/console/mailbox/", "/console/partners/",
                     "/static/", "/join/", "/console/policy/versions/"):  # fmt: skip
            assert house.web.get(path + name).status_code in {200, 303, 307, 404}, path + name
            assert b"root:" not in house.web.get(path + name).content
            assert b"SQLite format" not in house.web.get(path + name).content
