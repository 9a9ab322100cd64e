"""Programs steer a campaign as the console does: paused, resumed, cancelled, a variant chosen; analysts' only look."""

from datetime import datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from campaigns.domain.trials import DraftTrial, DraftVariant
from campaigns.services.launch import launch
from core.database import Database
from core.operators import Role
from tests.api import Program, program
from tests.campaigns.scenes import add_readers, make_draft, scheduled, sending
from tests.conftest import NOON

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # both are tried below the pages
ONE: dict[str, Any] = {"campaign": 1}


@pytest.fixture
def editor(client: TestClient, database: Database) -> Program:
    return program(client, database)


def test_a_campaign_is_paused_resumed_and_cancelled(client: TestClient, database: Database, editor: Program):
    with database.writing() as session:
        add_readers(session, 3)
        sending(session)
    stands = {"campaign": 1, "name": "spring"}
    assert editor.post("/campaigns/resume", ONE).status_code == 409
    assert editor.post("/campaigns/pause", ONE).json() == stands | {"state": "paused"}
    assert editor.post("/campaigns/pause", ONE).status_code == 409
    assert editor.post("/campaigns/resume", ONE).json() == stands | {"state": "sending"}
    assert editor.post("/campaigns/choose", ONE | {"variant": "A"}).status_code == 409
    analyst = program(client, database, Role.ANALYST)
    for act in ("pause", "resume", "cancel"):
        assert analyst.post(f"/campaigns/{act}", ONE).status_code == 403
        assert editor.post(f"/campaigns/{act}", {"campaign": 9}).status_code == 404
        assert editor.post(f"/campaigns/{act}", {"campaign": "1"}).status_code == 422
    assert editor.post("/campaigns/cancel", ONE).json() == stands | {"state": "cancelled", "not_sent": 3}
    again = editor.post("/campaigns/cancel", ONE)
    assert (again.status_code, "cancelled" in again.json()["message"]) == (409, True)
    told = editor.get("/campaigns/1/report").json()
    assert (told["messages"]["cancelled"], told["trial"]) == (3, None)


def test_variants_are_told_and_one_is_chosen(client, database, editor, settings, keyring, noon: datetime):
    with database.writing() as session:
        add_readers(session, 10)
        number = scheduled(session, make_draft(trial=DraftTrial(variants=(DraftVariant(subject="Is it?"),)))).id
        launch(session, number, settings, keyring, at=noon)
    told = program(client, database, Role.ANALYST).get("/campaigns/1/report").json()["trial"]
    nothing = {"delivered": 0, "responses": 0, "share": 0.0, "low": 0.0, "high": 1.0}
    assert told["variants"] == [{"letter": letter} | nothing for letter in "AB"]
    assert (told["criterion"], told["standing"], told["waiting"], told["chosen"]) == ("clicks", "too_few", 8, None)
    assert editor.post("/campaigns/choose", ONE | {"variant": "C"}).json()["remedy"] == "There are: A, B."
    chosen = {"campaign": 1, "name": "spring", "state": "sending", "chosen": "B", "waiting": 8}
    assert editor.post("/campaigns/choose", ONE | {"variant": "b"}).json() == chosen
    told = editor.get("/campaigns/1/report").json()["trial"]
    assert (told["chosen"], told["by_hand"], told["asked"]) == ("B", True, False)
    assert datetime.fromisoformat(told["decided_at"]) > NOON
    assert editor.post("/campaigns/choose", ONE | {"variant": "A"}).status_code == 409
