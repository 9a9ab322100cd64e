"""What an analyst can reach, place by place, also what is added later: no whole address, no data taken away (P1)."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select, update

import campaigns.web
import contacts.web
import core.web
import surveys.web
from campaigns.storage.messages import Message
from contacts.storage.contacts import Contact
from contacts.storage.segments import save_segment
from core.operators import Role
from core.web.places import api_places_of, places_of
from core.web.visits import Place
from tests.api import program
from tests.conftest import NOON
from tests.journeys.canaries import CANARY, leaks
from tests.journeys.houses import House, house_of
from tests.test_confidentiality import live, run
from tests.web import csrf, sign_in

PACKAGES = (core.web, contacts.web, campaigns.web, surveys.web)
VALUES = {
    "token": ("none",), "name": ("acme",), "key": ("0" * 64,), "scope": ("updates",), "version": ("2026-01",),
    "question": ("wish", "product"), "page": ("first",), "theme": ("none",), "response": ("none",),
}  # fmt: skip
"""What stands for the names in paths that are no numbers; for numbers, the first few."""
TAKEN_AWAY = {
    f"/console/surveys/{{survey_id:int}}/{each}"
    for each in ("answers.csv", "answers/{question}/quotes.csv", "export/file", "export/results")
}
"""Files that analysts may have: answers without names or addresses, for that is what analysts are for."""


def places() -> list[Place]:
    """Every place of the web."""
    return [place for package in PACKAGES for place in places_of(package)]


def paths(path: str) -> Iterator[str]:
    """A place's path with something that may stand there; a name that nobody thought of is an error."""
    names = re.findall(r"{(\w+)(:int)?}", path)
    for values in product(*((range(1, 4) if number else VALUES[name]) for name, number in names)):
        filled = path
        for (name, number), value in zip(names, values, strict=True):
            filled = filled.replace(f"{{{name}{number}}}", str(value))
        yield filled


@pytest.fixture
def house(settings, database, tmp_path: Path, monkeypatch) -> Iterator[House]:
    """People who left a trace everywhere; the canary's address where nobody expects one, too."""
    with time_machine.travel(NOON, tick=False) as time, house_of(settings, database, tmp_path, monkeypatch, time) as it:
        live(it, run(it))
        hidden = {"given_name": CANARY, "evidence": f"mail of {CANARY}", "attributes": {"second": CANARY, CANARY: 1}}
        rules = {"match": "all", "rules": [{"field": "attributes.second", "op": "is", "value": CANARY}]}
        with database.writing() as session:
            own = session.scalar(select(Contact.address_key).where(Contact.address.ilike("qanary%")))
            session.execute(update(Contact).where(Contact.address_key == own).values(**hidden))
            session.execute(update(Message).values(reply=f"550 5.1.1 <{CANARY}> is not known here"))
            save_segment(session, f"of {CANARY}", rules, at=NOON)
        yield it


def test_p1_no_place_shows_an_analyst_a_whole_address(house: House):
    sign_in(house.web, house.database, Role.ANALYST)  # type: ignore[arg-type]  # a test client
    shown, taken = 0, set()
    for place in places():
        if "GET" not in place.methods or place.role is not Role.ANALYST:
            continue
        for path in paths(place.path):
            answer = house.web.get(path)
            assert answer.status_code in {200, 404, 422}, (path, answer.status_code)
            assert leaks(answer.content) == leaks(repr(answer.headers.raw)) == [], path
            shown += answer.status_code == 200
            if "attachment" in answer.headers.get("content-disposition", ""):
                taken.add(place.path)
    assert shown > 20
    assert taken == TAKEN_AWAY


def test_an_editor_does_see_what_is_hidden_there(house: House):
    sign_in(house.web, house.database, Role.EDITOR)  # type: ignore[arg-type]  # a test client
    pages = [house.web.get(path) for path in ("/console/contacts", "/console/contacts/1", "/console/segments")]
    assert all(leaks(page.content) for page in pages)


def test_p1_an_analyst_who_searches_or_errs_gets_no_whole_address(house: House):
    sign_in(house.web, house.database, Role.ANALYST)  # type: ignore[arg-type]  # a test client
    mark = csrf(house.web, "/console/contacts")  # type: ignore[arg-type]  # a test client
    for words in (CANARY, "Qanary", "q", "%", "_"):
        found = house.web.post("/console/contacts", data={"q": words, "csrf": mark})
        assert found.status_code == 200
        assert {name for name in leaks(found.content) if words != "Qanary"} == set(), words
    rule = {"topic": "updates", "field": "attributes.second", "op": "is", "value": CANARY}
    assert leaks(house.web.get("/console/segments/count", params=rule).content) == []
    told = program(house.web, house.database, Role.ANALYST).post("/contacts/find", {"address": CANARY})  # type: ignore[arg-type]
    assert told.json()["address"] == "Q•••@b•••.example"
    assert leaks(told.content) == []


def test_p1_whatever_is_for_editors_or_admins_is_refused_to_an_analyst(house: House):
    sign_in(house.web, house.database, Role.ANALYST)  # type: ignore[arg-type]  # a test client
    mark, refused = csrf(house.web, "/console/contacts"), 0  # type: ignore[arg-type]  # a test client
    for place in places():
        if place.role in {None, Role.ANALYST}:
            continue
        for method in place.methods:
            answer = house.web.request(method, next(paths(place.path)), data={"csrf": mark})
            assert answer.status_code == 403, (method, place.path)
            refused += 1
    assert refused > 60
    caller = program(house.web, house.database, Role.ANALYST)  # type: ignore[arg-type]  # a test client
    more: dict[str, dict[str, object]] = {
        "/campaigns/rate": {"rate_per_minute": 1},
        "/campaigns/choose": {"variant": "A"},
    }
    for api in (each for package in PACKAGES for each in api_places_of(package) if each.role is not Role.ANALYST):
        given: dict[str, object] = {"address": CANARY} | ({"permanent": True} if "bounces" in api.path else {})
        given = {"campaign": 1} if api.path.startswith("/campaigns/") else given
        given |= more.get(api.path, {})
        assert caller.post(api.path, given).status_code == 403, api.path


def test_each_form_of_the_console_needs_the_mark_of_its_own_browser(house: House):
    sign_in(house.web, house.database, Role.ADMIN)  # type: ignore[arg-type]  # a test client
    for place in places():
        if "POST" not in place.methods or not place.path.startswith("/console"):
            continue
        path = next(paths(place.path))
        assert house.web.post(path, data={"csrf": "0" * 64}).status_code == 403, path
        assert house.web.post(path, data={}).status_code == 403, path


def test_only_admins_reach_what_hands_data_on_or_changes_the_rules():
    of_people = "people/.*/(export|erase|hold|decide|disclose)"
    grave = re.compile(f"/console/(new-partner|partners|operators|tokens|topics|policy/new|{of_people})")
    for place in places():
        if grave.search(place.path):
            assert place.role is Role.ADMIN, place.path
        if place.path.startswith("/console") and "sign-in" not in place.path:
            assert place.role is not None, place.path
