"""Sign-up forms and invented people who fill them in, for the tests of double opt-in."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from contacts.domain.joining_tokens import joining_token
from contacts.domain.signup_drafts import SignupDraft
from contacts.services.save_signup_form import save_form
from contacts.storage.signup_forms import SignupForm
from contacts.storage.signups import Signup
from core.database import Base, Database
from core.tokens import Keyring

ADULT = {"day": "7", "month": "11", "year": "1962"}
CHILD = {"day": "7", "month": "11", "year": "2015"}
NEWSLETTER = SignupDraft(
    "newsletter", "Our newsletter", "We write to you about what you tick.", ("updates", "offers", "research")
)


def add_newsletter(session: Session, *, at: datetime, draft: SignupDraft = NEWSLETTER) -> SignupForm:
    """A form that asks for updates, offers and surveys."""
    form = save_form(session, draft, at=at)
    assert isinstance(form, SignupForm), form
    return form


def filled_in(address: str, *topics: str, born: Mapping[str, str] | None = None, **more: str) -> dict[str, object]:
    """What somebody types into the form: a grown-up who wants updates, unless something else is said."""
    return {"address": address, "topic": list(topics or ("updates",)), **(ADULT if born is None else born), **more}


def confirm_path(database: Database, keyring: Keyring) -> str:
    """The link of the newest request."""
    with database.reading() as session:
        newest = session.scalar(select(func.max(Signup.id)))
    assert newest is not None, "nobody asked"
    return "/join/confirm/" + joining_token(keyring, newest)


def join(client: TestClient, database: Database, keyring: Keyring, address: str, *topics: str) -> None:
    """Somebody signs up and confirms."""
    assert client.post("/join/newsletter", data=filled_in(address, *topics)).status_code == 200
    assert client.post(confirm_path(database, keyring)).status_code == 200


def count(database: Database, table: type[Base]) -> int:
    """How many rows a table has."""
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0
