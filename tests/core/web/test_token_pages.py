"""Admins make tokens in the console: each is shown once, and revoked at once."""

import re

from sqlalchemy import select

from core.api_tokens import ApiToken
from core.operators import Role
from tests.web import csrf, sign_in

LIST = "/console/tokens"


def test_a_token_is_shown_once_works_and_is_revoked(client, database):
    sign_in(client, database)
    made = client.post(LIST, data={"csrf": csrf(client, LIST), "name": "web shop", "role": "editor"})
    [written] = re.findall(r'value="(heedful_[\w-]{43})"', made.text)
    assert written not in client.get(LIST).text
    asked = {"Authorization": f"Bearer {written}"}
    assert client.get("/api/topics", headers=asked).status_code == 200
    with database.reading() as session:
        token = session.scalars(select(ApiToken)).one()
        number, kept = token.id, bytes(token.digest)
    assert written.encode() not in kept
    done = client.post(f"{LIST}/{number}/revoke", data={"csrf": csrf(client, LIST)})
    assert done.status_code == 303
    assert "Revoked." in client.get(done.headers["location"]).text
    assert client.get("/api/topics", headers=asked).status_code == 401


def test_a_token_without_a_name_or_a_role_is_refused_beside_its_field(client, database):
    sign_in(client, database)
    for given, field in (({"name": " ", "role": "editor"}, "name"), ({"name": "shop", "role": "owner"}, "role")):
        answer = client.post(LIST, data={"csrf": csrf(client, LIST), **given})
        assert answer.status_code == 422
        assert f'id="e-{field}"' in answer.text


def test_only_admins_see_and_make_tokens(client, database):
    sign_in(client, database, Role.EDITOR)
    assert client.get(LIST).status_code == 403
    assert (
        client.post(LIST, data={"csrf": csrf(client, "/console/me"), "name": "x", "role": "admin"}).status_code == 403
    )
