"""The API as a whole: nobody past without a token, errors as JSON, and nothing that its description does not say."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.api_tokens import ApiToken, caller_of, make_token, revoke_token
from core.clock import now
from core.errors import BadInput, NotFound
from core.operators import Role
from core.web.rates import Rates
from tests.api import program
from tests.conftest import NOON
from tests.web import browser

PATHS = ("/contacts", "/contacts/find", "/opt-outs", "/complaints", "/bounces", "/children", "/explain")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer heedful_wrong", "Basic heedful_wrong", "Bearer "])
def test_nobody_gets_past_without_a_token_and_nothing_is_said_of_what_is_there(client, path, sent):
    answer = client.post(f"/api{path}", content=b"{not json", headers={"Authorization": sent} if sent else {})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json().keys() == {"message", "field", "remedy"}


def test_a_revoked_token_and_a_console_cookie_open_nothing(client, database):
    caller = program(client, database)
    assert caller.get("/topics").status_code == 200
    with database.writing() as session:
        revoke_token(session, session.scalar(select(ApiToken.id)), at=now())
    assert caller.get("/topics").status_code == 401
    assert client.get("/api/topics", headers={"Cookie": f"heedful_session={caller.written}"}).status_code == 401


def test_only_a_digest_of_a_token_is_kept_and_its_last_use_is_written_down(client, database):
    caller = program(client, database)
    caller.get("/topics")
    with database.reading() as session:
        row = session.scalars(select(ApiToken)).one()
        assert caller.written.encode() not in bytes(row.digest)
        assert row.last_used_at is not None


def test_a_token_needs_a_name_and_a_number_that_is_there(database):
    with database.writing() as session:
        with pytest.raises(BadInput):
            make_token(session, "  ", Role.EDITOR, made_by=1, at=NOON)
        with pytest.raises(NotFound):
            revoke_token(session, 7, at=NOON)
        assert caller_of(session, "heedful_nobody", at=NOON) is None


def test_a_token_that_asks_too_often_is_told_to_wait(settings, database):
    with browser(settings.model_copy(update={"api_rate": 2}), database) as client:
        caller, other = program(client, database), program(client, database)
        statuses = [caller.get("/topics").status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        answer = caller.get("/topics")
        assert answer.headers["retry-after"] == "60"
        assert other.get("/topics").status_code == 200


def test_a_bucket_fills_again_within_a_minute_and_forgets_who_is_quiet():
    rates = Rates(2)
    assert [rates.take(1, at=NOON) for _ in range(3)] == [True, True, False]
    assert rates.take(1, at=NOON + timedelta(seconds=30))
    assert not rates.take(1, at=NOON + timedelta(seconds=30))
    for caller in range(10_001):
        rates.take(caller, at=NOON + timedelta(minutes=2))
    rates.take(20_000, at=NOON + timedelta(minutes=4))
    assert len(rates._left) == 1


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{not json", "application/json", 422),
        (b"[]", "application/json", 422),
        (b'{"address": "ann@example.org"}', "text/plain", 422),
        (b'{"address": "' + b"a" * 1_100_000 + b'"}', "application/json", 413),
        (b"\xff\xfe", "application/json", 422),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_in_json(client, database, body, kind, status):
    caller = program(client, database)
    headers = {"Authorization": f"Bearer {caller.written}", "Content-Type": kind}
    answer = client.post("/api/opt-outs", content=body, headers=headers)
    assert answer.status_code == status
    assert answer.json().keys() == {"message", "field", "remedy"}


def test_other_methods_and_other_paths_are_refused_in_json(client, database):
    caller = program(client, database)
    assert caller.get("/opt-outs").status_code == 405
    assert caller.get("/nothing").json() == {"message": "Not Found.", "field": None, "remedy": None}


def test_a_call_sets_no_cookie_and_is_never_kept(client, database):
    answer = program(client, database).post("/opt-outs", {"address": "ann@example.org"})
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_p1_no_route_takes_an_address_in_its_url(client):
    described = client.get("/api/openapi.json").json()
    assert described["security"] == [{"token": []}]
    for path, methods in described["paths"].items():
        assert "address" not in path
        for method in methods.values():
            assert [each for each in method.get("parameters", []) if each["in"] != "path"] == []


def test_the_description_names_nothing_on_another_machine(client):
    assert "http" not in json.dumps(client.get("/api/openapi.json").json()).replace('"type": "http"', "")
