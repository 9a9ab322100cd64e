"""A program that calls the API with a token, for tests."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from starlette.testclient import TestClient

from core.api_tokens import make_token
from core.clock import now
from core.database import Database
from core.operators import Operator, Role, add_operator


@dataclass
class Program:
    """Calls by one token; `written` is what it was given, once."""

    client: TestClient
    written: str

    def post(self, path: str, said: Any = None, **more: Any) -> Any:
        """POST JSON."""
        headers = {"Authorization": f"Bearer {self.written}"} | more.pop("headers", {})
        return self.client.post(f"/api{path}", json=said, headers=headers, **more)

    def get(self, path: str) -> Any:
        """GET."""
        return self.client.get(f"/api{path}", headers={"Authorization": f"Bearer {self.written}"})


def program(client: TestClient, database: Database, role: Role = Role.EDITOR) -> Program:
    """A program with a token of its own."""
    with database.writing() as session:
        admin = (
            session.scalar(select(Operator.id))
            or add_operator(session, "keeper@example.org", "Keeper", Role.ADMIN, "a long enough password", at=now()).id
        )
        written = make_token(session, f"a program ({role.value})", role, made_by=admin, at=now())
    return Program(client, written)
