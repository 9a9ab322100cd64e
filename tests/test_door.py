"""The web's door: a GET can store nothing, whatever its view tries (G11); many may wait without holding up others."""

import threading
from contextlib import suppress
from datetime import datetime

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app import Door
from contacts.domain.addresses import Pepper
from contacts.domain.facts import Kind
from contacts.domain.leaving_tokens import unsubscribe_token
from contacts.storage.gate import Wish, ask
from contacts.storage.ledger import Event
from contacts.storage.topics import Topic
from core.database import Database
from core.settings import Settings
from core.tokens import Keyring
from core.web.visits import Place, Visit
from tests.contacts.people import add_permitted
from tests.patience import VERY_LONG, until
from tests.web import browser


def writes(visit: Visit) -> Response:
    """A view whose author forgot that it answers a GET."""
    with suppress(DBAPIError):  # PostgreSQL refuses at once, SQLite at the rollback
        visit.session.execute(text("UPDATE topic SET title = 'changed'"))
    return PlainTextResponse("ok")


def visit_to(method: str) -> Request:
    return Request(
        {"type": "http", "method": method, "path": "/x", "headers": [], "query_string": b"", "path_params": {}}
    )


@pytest.mark.parametrize(("method", "kept"), [("GET", False), ("HEAD", False), ("POST", True)])
def test_g11_what_a_get_writes_is_never_kept(settings: Settings, database: Database, method, kept):
    place = Place("/x", writes, methods=("GET", "POST"))
    answer = Door(settings, database).answer(place, visit_to(method), FormData())
    assert answer.status_code == 200
    with database.reading() as session:
        changed = session.scalar(select(func.count()).where(Topic.title == "changed"))
    assert bool(changed) is kept


def test_opt_outs_that_wait_do_not_hold_up_others(
    settings: Settings, database: Database, pepper: Pepper, keyring: Keyring, noon: datetime
):
    with database.writing() as session:
        ann = add_permitted(session, pepper, "ann@example.org", "offers", at=noon)
        ask(session, [Wish(1, ann.own, ann.family, "offers")], sender_id=1, at=noon)
    link = "/u/" + unsubscribe_token(keyring, ann.own, 0, 0)
    patient = settings.model_copy(update={"confirm_seconds": float(VERY_LONG)})
    with browser(patient, database) as client:
        waiting = [threading.Thread(target=client.post, args=(link,)) for _ in range(45)]  # more than 40 threads
        for each in waiting:
            each.start()
        until(lambda: _opt_outs(database) == len(waiting), "the last to be begun: the others hold every thread", 120)
        others = client.get("/unsubscribe").status_code
        assert all(each.is_alive() for each in waiting)
        with database.writing() as session:
            session.execute(text("UPDATE permit SET outcome = 'sent', settled_at = granted_at"))
        for each in waiting:
            each.join(30)
    assert others == 200


def _opt_outs(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(Event.kind == Kind.OPT_OUT.value)) or 0
