"""P8: a card number let loose in every field, option, file and mail is in no table, no file and no log."""

import io
import logging
import re
from pathlib import Path
from urllib.parse import urljoin

import click
import httpx2
import pytest
import time_machine
from starlette.datastructures import FormData
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

import commands.screened_words
import core.web.screening
from app import Door, create_app
from campaigns.domain.toml_text import read_toml
from commands.screened_words import ScreenedWords
from contacts.domain.screened_tables import screened_pieces
from core.database import Database
from core.web.visits import Answer, Place, Visit
from manage import COMMANDS, main
from tests.api import program
from tests.conftest import NOON, made_settings
from tests.journeys.dumps import dump
from tests.journeys.filling import sheets_of
from tests.journeys.houses import CAMPAIGN, House, house_of
from tests.journeys.test_answer_walk import SURVEY
from tests.journeys.witnesses import addresses_in, logged

CARD, SPACED = "5555555555554444", "5555 5555 5555 4444"
SEEN = re.compile(r"5555\D{0,3}5555\D{0,3}5555\D{0,3}4444")
MASKED = re.compile(r"(\*{4} ?){3}4444")
LEFT_ALONE = re.compile(r"sign-out|/delete|/disable|/cancel")
"""What would end the walk before its time; none of them takes words."""
ADDRESS = "ann@example.org"


@pytest.fixture
def house(sqlite_url, tmp_path: Path, monkeypatch):
    database = Database(sqlite_url)
    with (
        time_machine.travel(NOON, tick=False) as time,
        house_of(made_settings(sqlite_url, tmp_path), database, tmp_path, monkeypatch, time) as opened,
    ):
        yield opened
    database.close()


def found_in(house: House) -> list[str]:
    """Where the number is: rows of tables, files of the data folder."""
    rows = [f"{name}: {row}" for name, kept in dump(house.database).items() for row in kept if SEEN.search(row)]
    files = [path for path in house.settings.data_dir.rglob("*") if path.is_file()]
    return rows + [str(path) for path in files if SEEN.search(path.read_bytes().decode("latin-1"))]


def masked_in(house: House) -> set[str]:
    """The tables in which a masked number is: there it had come in, and was kept out."""
    return {name for name, kept in dump(house.database).items() if any(MASKED.search(row) for row in kept)}


def fill(web: httpx2.Client, path: str, words: str) -> int:
    """Type these words into every field of every form of a page, one at a time; how often something was sent."""
    page = web.get(path)
    sent = 0
    for sheet in sheets_of(page.text) if page.status_code == 200 else ():
        where = urljoin(path, sheet.action or path)
        if LEFT_ALONE.search(where):
            continue
        for fields in sheet.filled(words):
            data: dict[str, list[str]] = {}
            for name, value in fields:
                data.setdefault(name, []).append(value)
            answer = web.post(where, data=data)
            assert answer.status_code < 500, (where, answer.status_code)
            sent += 1
    return sent


def walk(web: httpx2.Client, begin: list[str]) -> int:
    """Fill every form of every page that a link leads to from there."""
    seen: set[str] = set()
    ahead, sent = list(begin), 0
    while ahead:
        path = ahead.pop().split("#")[0]
        shape = re.sub(r"\d+", "0", path.split("?")[0])
        if not path.startswith("/") or shape in seen or "static" in path:
            continue
        seen.add(shape)
        answer = web.get(path)
        if answer.headers.get("content-type", "").startswith("text/html"):
            ahead += [urljoin(path, each) for each in addresses_in(answer.text)[1]]
            sent += fill(web, path, CARD) + fill(web, path, f"x {SPACED}")
    return sent


def test_p8_no_field_of_any_page_lets_a_card_number_in(house: House):
    house.bring([ADDRESS, "bob@example.org"])
    (house.folder / "satisfaction.toml").write_text(SURVEY, encoding="utf-8")
    with logged() as log:
        house.told("survey", "apply", "satisfaction.toml", "--open")
        house.told("survey", "invite", "satisfaction")
        house.apply("spring", when="2027-01-01 09:00")
        house.tick()
        asked = next(mail for mail in house.send() if mail.to == ADDRESS)
        public = [asked.link("/s/"), asked.link("/p/"), "/unsubscribe", asked.link("/u/")]
        assert walk(house.as_operator(), ["/console"]) > 100
        assert walk(house.web, [each.removeprefix(house.settings.base_url) for each in public]) > 5
    assert found_in(house) == []
    assert SEEN.search(log.getvalue()) is None
    assert masked_in(house) >= {"campaign", "segment", "survey_version"}


def test_p8_no_file_option_or_mail_lets_a_card_number_in(house: House):
    table = house.folder / f"people {CARD}.csv"
    table.write_text(
        f'email,given_name,note,{CARD},evidence\n{ADDRESS},Ann {SPACED},"{CARD}",{CARD},{SPACED}\n'
        f"{CARD}@example.org,Eve,x,x,x\nno address {CARD},x,{SPACED},x,x\n",
    )  # fmt: skip
    with logged() as log:
        house.told("import", str(table), "--source", "purchase", "--source-time", "2026-01-01", "--evidence", CARD)
        house.told("opt-out", "bob@example.org", "--evidence", f"said {SPACED} on the telephone")
        letter = f"From: eve {CARD} <eve@example.org>\nTo: leave@example.org\nSubject: stop {SPACED}\n\n{CARD}\n"
        house.told("opt-out", "--mail", "-", given=letter.encode())
        facts = {"name": "spring", "title": f"Spring {CARD}", "topic": "offers", "template": "offer"}
        for name, words in (("spring", f"Spring {CARD}"), ("summer", f"Summer {SPACED}")):
            file = house.folder / f"{name}.toml"
            file.write_text(CAMPAIGN.format(**facts | {"name": name, "title": words}, when="now", zone="UTC"))
            house.told("campaign", "apply", str(file), "--draft")
        (house.folder / "s.toml").write_text(SURVEY.replace('title = "', f'title = "{SPACED} ', 1), encoding="utf-8")
        house.told("survey", "apply", "s.toml")
        for name in COMMANDS:
            screened_options(house, name)
    assert found_in(house) == []
    assert SEEN.search(log.getvalue()) is None
    assert masked_in(house) >= {"contact", "event", "campaign", "survey_version", "import_run"}


def screened_options(house: House, name: str) -> None:
    """Every text that this command and those below it take comes to it without card numbers."""
    with click.Context(main) as context:
        found = main.get_command(context, name)
    ahead = [found]
    while ahead:
        command = ahead.pop()
        assert command is not None
        ahead += command.commands.values() if isinstance(command, click.Group) else ()
        for param in command.params:
            if param.type.name == "text" and not getattr(param, "hide_input", False):
                assert isinstance(param.type, ScreenedWords), (house.folder, command.name, param.name)
                assert param.type.convert(CARD, param, None) == "*" * 12 + "4444"


def echo(visit: Visit) -> Answer:
    """What a page gets to see of a form."""
    file = visit.file("file")
    words = [each for each in visit.form.multi_items() if isinstance(each[1], str)]
    told = [*words, visit.text("note"), *visit.texts("note"), file.filename if file else ""]
    return PlainTextResponse(repr(told))


def test_p8_no_page_gets_to_see_a_card_number_but_a_password_stays(settings, database):
    door = Door(settings, database)
    app = create_app(settings, database)
    place = Place("/echo", echo, methods=("POST",), session=False)
    app.routes.insert(0, Route("/echo", door.endpoint(place), methods=["POST"]))
    web = TestClient(app, base_url=settings.base_url)
    given = {"note": [f"a {CARD}", SPACED], CARD: "x", "password": CARD, "address": f"{CARD}@example.org"}
    for files in (None, {"file": (f"{CARD}.csv", io.BytesIO(b"email\n"), "text/csv")}):
        told = web.post("/echo", data=given, files=files).text
        assert f"('password', '{CARD}')" in told
        assert f"('address', '{CARD}@example.org')" in told
        assert SEEN.search(told.replace(f"('password', '{CARD}')", "").replace(f"{CARD}@", "")) is None


def test_p8_no_call_of_the_api_lets_a_card_number_in(house: House):
    caller = program(house.as_operator(), house.database)
    given = {"source": "purchase", "source_time": "2026-01-01", "evidence": CARD, "given_name": SPACED}
    attributes = {"note": f"x {CARD}", CARD: "x", "number": int(CARD), "many": SPACED}
    assert caller.post("/contacts", given | {"address": ADDRESS, "attributes": attributes}).status_code == 200
    assert caller.post("/contacts", given | {"address": f"{CARD}@example.org"}).status_code == 422
    for path in ("/opt-outs", "/complaints", "/children", "/erasures"):
        answer = caller.post(path, {"address": ADDRESS, "evidence": CARD, "words": SPACED})
        assert SEEN.search(answer.text) is None
    assert found_in(house) == []
    assert "contact" in masked_in(house)


def test_without_the_gate_the_walk_would_see_the_number(house: House, monkeypatch):
    """The negative control: with the screens taken away, the same walk and the same commands find it."""
    for module in (core.web.screening, commands.screened_words):
        monkeypatch.setattr(module, "mask_card_numbers", lambda text: text)
    house.told("opt-out", ADDRESS, "--evidence", CARD)
    walk(house.as_operator(), ["/console/segments/new", "/console/campaigns"])
    assert {each.split(":")[0] for each in found_in(house)} >= {"event", "campaign"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
def test_p8_a_table_is_kept_as_it_came_but_for_card_numbers(encoding):
    text = f'email;note\r\nann@example.org;"Zoë {SPACED}"\r\n{CARD}@example.org;5555,5555,5555,4444\n\n;é;{CARD}'
    masked = text.replace(SPACED, "**** **** **** 4444").replace(f";{CARD}", ";************4444")
    kept = b"".join(screened_pieces(io.BytesIO(text.encode(encoding))))
    assert kept == masked.encode(encoding)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (b"", b""),
        (b"PK\x03\x04 5555555555554444", b"PK\x03\x04 ************4444"),
        (b"email\n\xff\xfe\x81 5555555555554444\n", b"email\n\xff\xfe\x81 ************4444\n"),
        (b"a\t5555\t5555\t5555\t4444\r\n" * 3, b"a\t5555\t5555\t5555\t4444\r\n" * 3),
        (b"x" * 2_000_001 + b"\n", b"x" * 2_000_001 + b"\n"),
    ],
    ids=["empty", "no text", "no encoding", "columns of figures", "a long line"],
)
def test_p8_what_is_no_clear_text_is_kept_byte_for_byte(written, kept):
    assert b"".join(screened_pieces(io.BytesIO(written))) == kept


def test_p8_a_campaign_or_survey_file_is_read_without_card_numbers():
    read = read_toml(f'title = "a {CARD}"\nnumber = {CARD}\n[content]\nbody = ["{SPACED}"]\n"{CARD}" = true\n')
    assert read == {
        "title": "a ************4444", "number": int(CARD),
        "content": {"body": ["**** **** **** 4444"], "************4444": True},
    }  # fmt: skip


def test_p8_no_log_shows_a_card_number():
    with logged() as log:
        logging.getLogger("heedful.test").warning("paid %s", CARD, extra={"what": SPACED, "many": [CARD], "n": 7})
    assert SEEN.search(log.getvalue()) is None
    assert log.getvalue().count("4444") == 6


def test_an_empty_form_is_no_form():
    assert core.web.screening.screened_form(FormData()).multi_items() == []
