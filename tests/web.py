"""A browser without a window: the real application over a test database, and an operator who is signed in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from starlette.testclient import TestClient

from app import create_app
from core.clock import now
from core.database import Database
from core.operators import Role, add_operator
from core.settings import Settings

PASSWORD = "a long enough password"


@contextmanager
def browser(settings: Settings, database: Database) -> Iterator[TestClient]:
    """A client of the real application; it follows no redirect unless told to."""
    with TestClient(create_app(settings, database), base_url=settings.base_url, follow_redirects=False) as client:
        yield client


def sign_in(client: TestClient, database: Database, role: Role = Role.ADMIN, *, at: datetime | None = None) -> None:
    """Add an operator of this role and sign in as them."""
    email = f"{role.value}@example.org"
    with database.writing() as session:
        add_operator(session, email, role.value.title(), role, PASSWORD, at=at or now())
    answer = client.post("/console/sign-in", data={"email": email, "password": PASSWORD, "csrf": ""})
    assert answer.status_code == 303, answer.text


def csrf(client: TestClient, path: str) -> str:
    """The mark that a console page's forms carry."""
    page = client.get(path)
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)
    assert found, f"{path} has no form: {page.status_code}"
    return found[1]
