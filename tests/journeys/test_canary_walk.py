"""A canary through every flow of the product: its address is in no log, no URL, no header, no mail of others (P1)."""

import hashlib
import hmac
from typing import Any

import pytest
from click.testing import CliRunner

from contacts.domain.addresses import PepperRing, read_address
from contacts.services.feed_partner import key_for
from contacts.storage.peppers import keys_of
from core.operators import Role
from manage import main
from tests.api import Program, program
from tests.contacts.signing_up import filled_in
from tests.journeys.canaries import CANARY, leaks
from tests.journeys.houses import GIVEN, House
from tests.journeys.mails import Mail
from tests.journeys.pressing import forms_of, press
from tests.journeys.witnesses import addresses_in, listening, logged
from tests.web import csrf, sign_in

OTHER, MOVED = "oberon@example.org", "Qanary.Vqx7+moved@birds.qzj-holder.example"
LONE = CANARY.split("@")[0]
ACME = (
    "--title", "Acme", "--contract", "7", "--privacy-email", "privacy@acme.test",
    "--suppression-email", "lists@acme.test", "--field", "address",
)  # fmt: skip
HOLDERS = {
    "mailbox": "captured mail: each letter is its receiver's own",
    "uploads": "files that wait for their import, for a day",
    "rejects": "rows that were not imported, to be put right by whoever brought them",
}
"""Where below the data folder addresses may be, and why."""


def shout(house: House, path: str, **given: Any) -> Any:
    """POST a form of the console as it was opened, so that it is taken."""
    return house.web.post(path, data={"csrf": csrf(house.web, "/console/me"), **given})  # type: ignore[arg-type]  # a test client


def come_in(house: House) -> None:
    """By imports of every mode, with rows that are refused; by a list of hashes; by the API; by a form."""
    house.heedful("partner", "add", "acme", *ACME)
    house.told("form", "add", "newsletter", "--title", "News", "--wording", "We write.", "--topic", "updates")
    house.bring([CANARY, OTHER], "announcements;updates;research;sharing:acme;partner:acme")
    for mode, broken in (("add", ""), ("fill", ""), ("update", ""), ("fill", "no day at all")):
        (house.folder / "rows.csv").write_text(f"email,given_name,birth_date\n{CANARY},Q,{broken}\n{LONE}@,x,\n")
        said = CliRunner().invoke(main, ["import", "rows.csv", *GIVEN, "--mode", mode])
        assert "rejected" in said.output
        assert leaks(said.output) == [], mode
    digest = hashlib.sha256(b"nobody@example.org").hexdigest()
    (house.folder / "hashes.txt").write_text(f"{digest}\n")
    house.told("import", "hashes.txt", "--mode", "restrict")


def ask_by_form(house: House) -> None:
    """Sign up, confirm, choose, undo, move to another address, and write to us for every reason."""
    web = house.web
    web.post("/join/newsletter", data=filled_in(CANARY, "updates"))
    web.post("/join/newsletter", data=filled_in(f"{LONE}@", "updates"))
    house.tick()
    (mail,) = [each for each in house.send() if "/join/confirm/" in each.text]
    link = next(each for each in mail.links if "/join/confirm/" in each)
    confirmed = press(web, link)
    page = next(each for each in addresses_in(confirmed.text)[1] if each.startswith("/p/"))
    for given in ({"act": "save", "topic": "offers"}, {"act": "pause", "days": "30"}, {"act": "resume"},
                  {"act": "move", "address": MOVED}, {"act": "move", "address": f"{LONE}@"}):  # fmt: skip
        seen = forms_of(web.get(page).text)[-1].fields.get("seen", ["0"])
        web.post(page, data={"seen": seen, **given})
    for reason in ("copy", "correct", "other", "delete", "stop", "child", "none"):
        web.post("/contact", data={"address": f"Q <{MOVED}>", "reason": reason, "words": f"I am {MOVED}."})


def call(caller: Program, address: str) -> None:
    """Each route of the API, with good and with bad input."""
    given = {"address": address, "source": "purchase", "source_time": "2026-03-01", "evidence": f"of {address}"}
    caller.post("/contacts", given)
    caller.post("/contacts", {**given, "mode": address})
    caller.post("/contacts", {**given, address: 1})
    caller.post("/contacts", {**given, "birth_date": address, "topics": [address], "language": address})
    for path in ("/explain", "/bounces", "/erasure-requests", "/opt-outs", "/complaints", "/children"):
        for said in ({"address": address}, {"address": f"{LONE}@"}, {"address": address, "scope": address}, [address]):
            caller.post(path, said)
    caller.post("/bounces", {"address": address, "permanent": True, "status": "5.1.1"})
    caller.post(f"/{address}", {})
    caller.get(f"/topics?{address}")
    caller.client.post("/api/contacts", content=f'{{"address": "{address}"'.encode())
    caller.client.get("/api/openapi.json")


def keep_house(house: House) -> list[str]:
    """What operators do with a person, at the desk and at the terminal; what the terminal refused, and how."""
    for path in ("/console/contacts", "/console/people", "/console/mailbox"):
        house.web.post(path, data={"csrf": csrf(house.web, "/console/me"), "q": CANARY, "address": CANARY})  # type: ignore[arg-type]
    with house.database.reading() as session:
        key = keys_of(session, PepperRing.of(house.settings), read_address(CANARY)).own.hex()
    shout(house, "/console/requests/new", address=CANARY, kind="access", words=f"letter of {CANARY}")
    shout(house, "/console/requests/1", outcome="answered", note=f"told {CANARY}")
    shout(house, "/console/contacts/1/opt-out", scope="other", evidence=f"mail of {CANARY}")
    shout(house, f"/console/people/{key}/export")
    shout(house, f"/console/people/{key}/correct", given_name="Q", new_address=f"{LONE}@")
    shout(house, f"/console/people/{key}/hold", basis=f"claim of {CANARY}")
    shout(house, f"/console/people/{key}/propose", act="disclosure", **{"evidence-disclosure": f"of {CANARY}"})
    shout(house, "/console/partners/acme/export", purpose="inform", reference=f"for {CANARY}")
    shout(house, "/console/partners/acme/opt-outs", extent="all")
    walk(house)
    bad = f"{LONE}@"
    refused = [
        ("opt-out", bad),
        ("explain", bad),
        ("person", "export", bad),
        ("person", "erase", bad, "--yes", "--evidence", "x"),
        ("person", "hold", bad, "--basis", "x"),
        ("merge", CANARY, CANARY),
        ("merge", CANARY, "stranger@example.org"),
    ]
    said = [house.heedful(*words, code=1) for words in refused]
    house.heedful("explain", CANARY)
    house.heedful("partner", "export", "acme", "--purpose", "inform", "--reference", "x", "--output", "acme.csv")
    return said


def walk(house: House) -> None:
    """Open every page of the console that a link leads to."""
    seen, ahead = set(), ["/console"]
    while ahead:
        path = ahead.pop().partition("#")[0]
        if path in seen or not path.startswith("/console") or "/html" in path:
            continue
        seen.add(path)
        answer = house.web.get(path)
        if answer.headers.get("content-type", "").startswith("text/html"):
            ahead += addresses_in(answer.text)[1]
    assert len(seen) > 40


@pytest.fixture
def life(house: House) -> tuple[House, list[Any], str, list[str], list[Mail]]:
    """A whole life of the canary: the answers of the web, the log, what the terminal refused, and all mail."""
    with logged() as log, listening(house.web) as answers:
        come_in(house)
        house.apply("spring")
        house.tick()
        house.send()
        ask_by_form(house)
        house.as_operator()
        said = keep_house(house)
        house.web.cookies.clear()
        call(program(house.web, house.database, Role.EDITOR), CANARY)  # type: ignore[arg-type]  # a test client
        house.heedful("merge", CANARY, OTHER)
        house.heedful("person", "erase", CANARY, "--yes", "--evidence", f"mail of {CANARY}", code=1)
    house.seen.clear()
    return house, list(answers.all), log.getvalue(), said, house.arrived()


def test_p1_a_canary_is_found_nowhere_but_where_it_has_to_be(life: tuple[House, list[Any], str, list[str], list[Mail]]):
    house, answers, log, said, mails = life
    assert leaks(log) == []
    assert [leaks(each) for each in said] == [[]] * len(said)
    _in_answers(answers)
    _in_mails(mails)
    _in_files(house)


def _in_answers(answers: list[Any]) -> None:
    assert len(answers) > 120
    meant = {
        each.request.url.path.split("/")[-1] for each in answers if each.status_code == 200 and leaks(each.content)
    }
    assert meant >= {"export", "contacts"}  # a person's own data, and what was permitted to be handed over
    assert {each.status_code for each in answers} >= {200, 303, 401, 404, 422}
    for answer in answers:
        url = answer.request.url
        ours = url.path.startswith("/api/Q") or b"Qanary" in url.query  # asked for in vain, by this test itself
        assert ours or leaks(str(url)) == []
        assert leaks(repr(answer.headers.raw)) == [], url
        assert answer.headers["referrer-policy"] == "no-referrer"
        if not url.path.startswith("/console") and not (answer.status_code == 422 and answer.request.method == "POST"):
            assert leaks(answer.content) == [], url
        if answer.headers.get("content-type", "").startswith("text/html"):
            loaded, linked = addresses_in(answer.text)
            assert leaks(" ".join(loaded + linked)) == [], url
        if url.path.startswith("/api"):
            assert leaks(answer.content) == [], (url, answer.text)


def _in_mails(mails: list[Mail]) -> None:
    assert {mail.to for mail in mails} >= {CANARY, OTHER}
    for mail in mails:
        if mail.to == OTHER:
            assert leaks(mail.raw) == []
        assert leaks(mail.html + mail.text + "".join(mail.links)) == []
        others = {name: value for name, value in mail.message.items() if name != "To"}
        assert leaks(repr(others)) == []


def _in_files(house: House) -> None:
    for path in house.settings.data_dir.rglob("*"):
        assert leaks(path.name) == []
        if path.is_file() and path.relative_to(house.settings.data_dir).parts[0] not in HOLDERS:
            assert leaks(path.read_bytes()) == [], path
    assert all(HOLDERS.values())


def test_p1_what_a_partner_is_given_is_keyed_and_names_nobody(house: House):
    come_in(house)
    house.heedful("partner", "export", "acme", "--purpose", "inform", "--reference", "x", "--output", "acme.csv")
    assert leaks((house.folder / "acme.csv").read_bytes()) != []  # permitted, and asked for
    house.heedful("opt-out", CANARY)
    house.heedful("partner", "opt-outs", "acme", "--output", "left.txt")
    given = (house.folder / "left.txt").read_bytes()
    assert leaks(given) == []
    with house.database.reading() as session:
        key = key_for(session, PepperRing.of(house.settings), "acme")
    assert hmac.new(key, CANARY.lower().encode(), "sha256").hexdigest().encode() in given


def test_the_canary_walk_signs_in_by_itself(house: House):
    sign_in(house.web, house.database, Role.EDITOR)  # type: ignore[arg-type]  # a test client
    assert leaks(house.web.get("/console/contacts").text) == []
    house.bring([CANARY])
    assert leaks(house.web.get("/console/contacts").text) != []
