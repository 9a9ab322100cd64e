"""All doors are equal (G19): the same event, the same wait, the same effect, whoever brings the wish and however."""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from starlette.testclient import TestClient

from contacts.domain.addresses import AddressKeys, Pepper
from contacts.domain.facts import Door
from contacts.domain.leaving_tokens import unsubscribe_token
from contacts.storage.contacts import Contact
from contacts.storage.gate import Wish, ask, verdicts
from contacts.storage.ledger import Event
from contacts.storage.permits import settle
from core.clock import now
from core.database import Database
from core.operators import Role
from core.settings import Settings
from core.tokens import Keyring
from manage import main
from tests.api import program
from tests.conftest import PEPPER, SECRET
from tests.contacts.people import add_permitted
from tests.test_architecture import PRODUCT
from tests.web import browser, csrf, sign_in

ANN = "ann@example.org"
TOPICS = ["announcements", "updates", "offers", "other", "research"]
LATE = re.compile("may still arrive")
REPORT = (
    'Content-Type: multipart/report; boundary="x"\r\nReturn-Path: <>\r\n\r\n'
    "--x\r\nContent-Type: message/{kind}\r\n\r\n{body}\r\n--x--\r\n"
)


@dataclass(frozen=True)
class Surroundings:
    """Whatever a door needs."""

    client: TestClient
    database: Database
    keys: AddressKeys
    token: str
    run: Callable[..., str]
    folder: Path

    def post(self, path: str, **form: str) -> str:
        """What a page says."""
        answer = self.client.post(path, data=form, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def console(self, path: str, **form: str) -> str:
        """What the console says."""
        return self.post(path, csrf=csrf(self.client, path.removesuffix("/opt-out")), **form)


def one_click(at: Surroundings) -> str:
    return at.post(f"/u/{at.token}", **{"List-Unsubscribe": "One-Click"})


def page_with_token(at: Surroundings) -> str:
    return at.post(f"/u/{at.token}", **{"from": "page"})


def page_without_token(at: Surroundings) -> str:
    return at.post("/unsubscribe", address=ANN)


def mailto(at: Surroundings) -> str:
    return at.run("opt-out", "--mail", "-", given=f"From: {ANN}\r\nSubject: {at.token}\r\n\r\n")


def reply_stop(at: Surroundings) -> str:
    return at.run("inbound", "--mail", "-", given=f"From: {ANN}\r\nSubject: Re: News\r\n\r\nSTOP\r\n\r\n> Hello\r\n")


def contact_form(at: Surroundings) -> str:
    return at.post("/contact", reason="stop", address=ANN)


def operator(at: Surroundings) -> str:
    return at.console("/console/contacts/1/opt-out", scope="everything", evidence="a call")


def operator_with_a_letter(at: Surroundings) -> str:
    return at.console("/console/requests/new", kind="opt_out", address=ANN, words="a letter")


def terminal(at: Surroundings) -> str:
    return at.run("opt-out", ANN)


def api(at: Surroundings) -> str:
    answer = program(at.client, at.database).post("/opt-outs", {"address": ANN})
    assert answer.status_code in {200, 202}, answer.text
    return str(answer.text)


def suppression_list(at: Surroundings) -> str:
    (at.folder / "stop.csv").write_text(f"email\n{ANN}\n")
    return at.run("import", "stop.csv", "--mode", "restrict", "--json")


def complaint(at: Surroundings) -> str:
    body = f"Feedback-Type: abuse\r\nOriginal-Rcpt-To: {ANN}\r\n"
    return at.run("opt-out", "--mail", "-", given=REPORT.format(kind="feedback-report", body=body))


def hard_bounce(at: Surroundings) -> str:
    body = f"Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; {ANN}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    return at.run("inbound", "--mail", "-", given=REPORT.format(kind="delivery-status", body=body))


DOORS: dict[Callable[[Surroundings], str], tuple[Door, str]] = {
    one_click: (Door.ONE_CLICK, "opt_out"),
    page_with_token: (Door.PAGE, "opt_out"),
    page_without_token: (Door.OPEN_PAGE, "opt_out"),
    mailto: (Door.MAILTO, "opt_out"),
    reply_stop: (Door.REPLY, "opt_out"),
    contact_form: (Door.CONTACT_FORM, "opt_out"),
    operator: (Door.OPERATOR, "opt_out"),
    operator_with_a_letter: (Door.OPERATOR, "opt_out"),
    terminal: (Door.TERMINAL, "opt_out"),
    api: (Door.API, "opt_out"),
    suppression_list: (Door.SUPPRESSION_LIST, "opt_out"),
    complaint: (Door.FEEDBACK_LOOP, "complaint"),
    hard_bounce: (Door.DELIVERY, "bounce"),
}
every_door = pytest.mark.parametrize("door", list(DOORS), ids=lambda each: each.__name__)


@pytest.fixture
def ann(database: Database, pepper: Pepper, noon: datetime) -> AddressKeys:
    with database.writing() as session:
        return add_permitted(session, pepper, ANN, "offers", "research", at=noon)


@pytest.fixture
def run(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The terminal over the same house."""
    monkeypatch.chdir(tmp_path)
    given = {"DATABASE_URL": settings.database_url, "SECRET_KEY": SECRET, "PEPPER": PEPPER, "CONFIRM_SECONDS": "0.05"}
    for name, value in given.items():
        monkeypatch.setenv(f"HEEDFUL_{name}", value)
    monkeypatch.setattr("contacts.services.open_house.set_up_logs", lambda **_: None)

    def command(*arguments: str, given: str | None = None) -> str:
        done = CliRunner().invoke(main, list(arguments), input=given)
        assert done.exit_code == 0, done.output
        return done.output

    return command


@pytest.fixture
def surroundings(settings, database, ann, run, keyring: Keyring, tmp_path):
    with browser(settings.model_copy(update={"confirm_seconds": 0.05}), database) as client:
        sign_in(client, database, Role.ADMIN)
        yield Surroundings(client, database, ann, unsubscribe_token(keyring, ann.own, 0, 12), run, tmp_path)


def permit(database: Database, keys: AddressKeys, message: int = 1) -> Any:
    with database.writing() as session:
        return ask(session, [Wish(message, keys.own, keys.family, "offers")], sender_id=1, at=now())[message]


@every_door
def test_g19_every_door_makes_the_same_event_with_the_same_effect(door, surroundings, database, ann):
    said = door(surroundings)
    assert not LATE.search(said)
    expected, kind = DOORS[door]
    with database.reading() as session:
        rows = session.execute(select(Event).where(Event.kind.in_(("opt_out", "complaint", "bounce")))).scalars()
        events = [(event.kind, event.scope, event.door, bytes(event.address_key), event.confirmed) for event in rows]
        refused = {topic: verdicts(session, topic, [ann.own], at=now())[ann.own] for topic in TOPICS}
    assert events == [(kind, "everything", expected.value, ann.own, False)]
    assert all(refused.values())
    assert not isinstance(permit(database, ann), int), "no permit after it"


@every_door
def test_g19_every_door_waits_for_an_open_permit_and_says_the_truth_if_it_cannot(door, surroundings, database, ann):
    number = permit(database, ann)
    assert isinstance(number, int)
    said = door(surroundings)
    assert LATE.search(said), said
    assert not re.search(r'\bDone\b|"done"', said)
    with database.writing() as session:
        settle(session, {number: "sent"}, at=now())
    assert not LATE.search(door(surroundings)), "once it is settled, done is done"


@pytest.mark.parametrize("door", [each for each in DOORS if each is not operator], ids=lambda each: each.__name__)
def test_g10_every_door_works_for_who_is_no_contact_and_as_often_as_one_likes(door, surroundings, database, ann):
    with database.writing() as session:
        session.query(Contact).delete()
    for _ in range(2):
        assert not LATE.search(door(surroundings))


def test_g19_one_function_makes_the_fact_of_every_wish_to_stop():
    stopping = {"Kind.OPT_OUT", "Kind.COMPLAINT", "Kind.BOUNCE"}
    makers = set()
    for path in PRODUCT:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Fact":
                given = {ast.unparse(each) for each in [*node.args, *(keyword.value for keyword in node.keywords)]}
                makers |= {path.name} if given & stopping else set()
    assert makers == set(), "they ask contacts.domain.stopping for it"
