"""Operators: passwords, sessions and roles, over the real application."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from core.clock import now
from core.database import Database
from core.errors import BadInput, Conflict, NotFound
from core.operators import Operator, Role, SignIn, add_operator, change_operator, signed_in
from core.operators import sign_in as enter
from core.web.rendering import masked
from tests.web import PASSWORD, csrf, sign_in


def test_a_password_is_kept_as_argon2id_and_a_cookie_as_its_digest(database: Database, noon):
    with database.writing() as session:
        add_operator(session, "Kim@Example.org", "Kim", Role.ADMIN, PASSWORD, at=noon)
        entered = enter(session, "kim@example.org", PASSWORD, network="n", hours=1, at=noon)
        assert entered
        cookie, operator = entered
        assert operator.password_hash.startswith("$argon2id$")
        assert cookie.encode() not in {row.digest for row in session.scalars(select(SignIn))}
        assert signed_in(session, cookie, at=noon)
        assert signed_in(session, cookie + "x", at=noon) is None
        assert signed_in(session, None, at=noon) is None
        assert signed_in(session, cookie, at=noon + timedelta(hours=1)) is None


def test_guessing_is_slowed_down_even_with_the_right_password(database: Database, noon):
    with database.writing() as session:
        add_operator(session, "kim@example.org", "Kim", Role.ADMIN, PASSWORD, at=noon)
        for _ in range(8):
            assert enter(session, "kim@example.org", "wrong", network="n", hours=1, at=noon) is None
        assert enter(session, "kim@example.org", PASSWORD, network="n", hours=1, at=noon) is None
        later = noon + timedelta(minutes=16)
        assert enter(session, "kim@example.org", PASSWORD, network="n", hours=1, at=later)


def test_what_cannot_be_is_refused(database: Database, noon):
    with database.writing() as session:
        add_operator(session, "kim@example.org", "Kim", Role.ADMIN, PASSWORD, at=noon)
        with pytest.raises(Conflict):
            add_operator(session, "KIM@example.org", "Kim", Role.ADMIN, PASSWORD, at=noon)
        for email, password in (("lee", PASSWORD), ("lee@example.org", "short"), ("lee@example.org", "x" * 201)):
            with pytest.raises(BadInput):
                add_operator(session, email, "", Role.EDITOR, password, at=noon)
        with pytest.raises(NotFound):
            change_operator(session, 99, at=noon)


@pytest.mark.parametrize("change", [{"disabled": True}, {"role": Role.EDITOR}])
def test_the_last_admin_cannot_be_lost(database: Database, noon, change):
    with database.writing() as session:
        kim = add_operator(session, "kim@example.org", "Kim", Role.ADMIN, PASSWORD, at=noon)
        with pytest.raises(Conflict), session.begin_nested():
            change_operator(session, kim.id, at=noon, **change)
        add_operator(session, "lee@example.org", "Lee", Role.ADMIN, PASSWORD, at=noon)
        change_operator(session, kim.id, at=noon, **change)


def test_roles_reach_upwards():
    assert Role.ADMIN.reaches(Role.ANALYST)
    assert not Role.ANALYST.reaches(Role.EDITOR)


def test_the_console_asks_for_a_sign_in_and_keeps_it_in_a_safe_cookie(client: TestClient, database: Database):
    answer = client.get("/console/operators")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/sign-in")
    assert client.post("/console/operators", data={}).status_code in {401, 403}
    wrong = client.post("/console/sign-in", data={"email": "admin@example.org", "password": "no", "csrf": ""})
    assert wrong.status_code == 403
    sign_in(client, database)
    cookie = client.cookies.jar
    kept = next(iter(cookie))
    assert kept.path == "/console"
    assert kept.has_nonstandard_attr("HttpOnly")
    assert client.get("/console/sign-in").status_code == 303
    mark = csrf(client, "/console/operators")
    assert client.post("/console/sign-out", data={"csrf": mark}).status_code == 303
    assert client.get("/console/operators").status_code == 303


def test_a_form_without_this_browsers_mark_changes_nothing(client: TestClient, database: Database):
    sign_in(client, database)
    mark = csrf(client, "/console/operators")
    new = {"email": "new@example.org", "name": "N", "role": "editor", "password": PASSWORD}
    attempts = [
        (new, {}),
        (new | {"csrf": "0" * 64}, {}),
        (new | {"csrf": mark}, {"sec-fetch-site": "cross-site"}),
        (new | {"csrf": mark}, {"origin": "https://evil.example"}),
    ]
    for data, headers in attempts:
        assert client.post("/console/operators", data=data, headers=headers).status_code == 403
    with database.reading() as session:
        assert len(session.scalars(select(Operator)).all()) == 1
    assert client.post("/console/operators", data=new | {"csrf": mark}).status_code == 303


@pytest.mark.parametrize("role", [Role.ANALYST, Role.EDITOR])
def test_only_admins_manage_operators(client: TestClient, database: Database, role):
    sign_in(client, database, role)
    assert client.get("/console/operators").status_code == 403


def test_an_admin_changes_roles_passwords_and_accounts(client: TestClient, database: Database):
    sign_in(client, database)
    mark = csrf(client, "/console/operators")
    with database.writing() as session:
        lee = add_operator(session, "lee@example.org", "Lee", Role.EDITOR, PASSWORD, at=now()).id
    one = f"/console/operators/{lee}"
    for form in (
        {"act": "role", "role": "analyst"},
        {"act": "password", "password": "another long one"},
        {"act": "close"},
    ):
        assert client.post(one, data=form | {"csrf": mark}).status_code == 303
    for form in ({"act": "role", "role": "king"}, {"act": "password", "password": "short"}, {"act": "dance"}):
        assert client.post(one, data=form | {"csrf": mark}).status_code == 422
    for form in ({"email": "x", "role": "editor", "password": PASSWORD}, {"email": "x@example.org", "role": "king"}):
        assert client.post("/console/operators", data=form | {"csrf": mark}).status_code == 422
    with database.reading() as session:
        found = session.get_one(Operator, lee)
        assert (found.role, found.disabled_at is not None) == ("analyst", True)


def test_p1_a_masked_address_tells_its_owner_and_nobody_else():
    assert masked("ann@example.org") == "a•••@e•••.org"
    assert masked("not an address") == "•••"


def test_everybody_sets_their_own_zone_and_password(client: TestClient, database: Database):
    sign_in(client, database, Role.ANALYST)
    mark = csrf(client, "/console/me")
    assert client.post("/console/me", data={"time_zone": "Asia/Tokyo", "csrf": mark}).status_code == 303
    assert client.post("/console/me", data={"time_zone": "Mars", "csrf": mark}).status_code == 422
    assert client.post("/console/me", data={"act": "password", "password": "x", "csrf": mark}).status_code == 422
    assert 'value="Asia/Tokyo" selected' in client.get("/console/me").text
    new = {"act": "password", "password": "another long password", "csrf": mark}
    assert client.post("/console/me", data=new).headers["location"] == "/console/sign-in"
    assert client.get("/console/me").status_code == 303
