"""The console takes a suppression list of hashes: one question, then the same import's page as any other."""

import hashlib

from starlette.testclient import TestClient

from contacts.storage.gate import verdicts
from contacts.storage.imports import latest_imports
from tests.conftest import NOON
from tests.contacts.people import add_permitted
from tests.patience import until
from tests.web import csrf, sign_in

LIST = "/console/imports"


def sent(client: TestClient, text: str) -> str:
    files = {"file": ("stop.txt", text.encode(), "text/plain")}
    answer = client.post(LIST, data={"csrf": csrf(client, LIST)}, files=files)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def finished(database):
    def runs():
        with database.reading() as session:
            return [(run.state, run.counts) for run in latest_imports(session)]

    until(lambda: runs() and runs()[0][0] != "running", "the end of the import")
    return runs()[0]


def test_g19_a_file_of_hashes_becomes_a_suppression_list(client, database, pepper):
    with database.writing() as session:
        ann = add_permitted(session, pepper, "ann@example.org", "updates", at=NOON)
    sign_in(client, database)
    page = sent(client, "hash\n" + hashlib.sha256(b"ann@example.org").hexdigest() + "\n")
    assert "suppression list" in client.get(page).text
    answer = client.post(page, data={"csrf": csrf(client, page), "partner": ""})
    assert answer.status_code == 303
    assert finished(database) == ("finished", {"rows": 1, "hashes": 1, "matched": 1})
    assert "contacts matched and opted out" in client.get(answer.headers["location"]).text
    with database.reading() as session:
        assert verdicts(session, "updates", [ann.own], at=NOON)[ann.own] == "opted_out"


def test_a_partner_that_is_not_there_is_refused(client, database):
    sign_in(client, database)
    page = sent(client, hashlib.sha256(b"ann@example.org").hexdigest() + "\n")
    answer = client.post(page, data={"csrf": csrf(client, page), "partner": "nobody"})
    assert answer.status_code == 422
    assert "Choose one of your partners" in answer.text
