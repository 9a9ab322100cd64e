from datetime import datetime

import pytest
from starlette.testclient import TestClient

from campaigns.domain.wishes import DraftSchedule
from campaigns.services.apply_campaign import apply_draft
from campaigns.storage.campaigns import get_campaign
from campaigns.web.hour_forms import HourForm, hour_form
from core.database import Database
from core.operators import Role
from tests.campaigns.scenes import make_draft
from tests.forms import fields
from tests.web import sign_in

EDIT = "/console/campaigns/1/edit"
WEEK = ("mon", "tue", "wed", "thu", "fri")
WISHED = DraftSchedule("2030-12-01 09:00", "Europe/Berlin", "recipient", "mon-fri 09:00-17:00", "recipient", "600")


@pytest.fixture
def draft(database: Database, noon: datetime) -> None:
    with database.writing() as session:
        apply_draft(session, make_draft(schedule=WISHED), at=noon)


def _schedule(database: Database) -> DraftSchedule:
    with database.reading() as session:
        return get_campaign(session, 1).draft.schedule


@pytest.mark.parametrize(
    ("hours", "shown"),
    [
        ("", HourForm()),
        ("mon-fri 09:00-17:00", HourForm(WEEK, "09:00", "17:00")),
        ("sat", HourForm(("sat",))),
        ("mon 10:00-24:00", HourForm(("mon",), "10:00", "00:00")),
        ("mon,tue 9-x", HourForm(("mon", "tue"), "9", "x")),
    ],
)
def test_hours_are_shown_in_their_fields(hours, shown):
    assert hour_form(hours) == shown
    assert shown.is_set == bool(hours)


def test_saving_the_form_as_it_is_shown_keeps_hours_rate_and_clock(
    client: TestClient, database: Database, draft: None
) -> None:
    sign_in(client, database, Role.EDITOR)
    answer = client.post(EDIT, data=fields(client.get(EDIT).text))
    assert answer.headers["location"] == f"{EDIT}?said=saved"
    assert _schedule(database) == WISHED


def test_hours_are_ticked_and_typed(client: TestClient, database: Database, draft: None) -> None:
    sign_in(client, database, Role.EDITOR)
    form = fields(client.get(EDIT).text)
    changed = {
        "day": ["sat", "sun"],
        "from": "10:00",
        "until": "",
        "hours_in": "",
        "rate": "10/second",
        "timed_for": "",
    }
    assert client.post(EDIT, data=form | changed).status_code == 303
    saved = _schedule(database)
    assert (saved.hours, saved.hours_in, saved.rate, saved.timed_for) == ("sat,sun 10:00-24:00", "", "600", "")
    cleared = {"day": [], "from": "", "until": "", "rate": ""}
    assert client.post(EDIT, data=fields(client.get(EDIT).text) | cleared).status_code == 303
    assert (_schedule(database).hours, _schedule(database).rate) == ("", "")


MISTAKES = (
    ({"rate": "fast"}, "rate", "is no rate"),
    ({"from": "nine"}, "from", "no hours at which mail may go"),
    ({"when": "now"}, "at", "is no hour that people could have where they live"),
    ({"hours_in": "Mars"}, "hours_in", "must be “recipient”"),
)


def test_a_mistake_stands_beside_its_field_and_loses_nothing(
    client: TestClient, database: Database, draft: None
) -> None:
    sign_in(client, database, Role.EDITOR)
    form = fields(client.get(EDIT).text)
    for change, field, said in MISTAKES:
        answer = client.post(EDIT, data=form | change)
        assert answer.status_code == 422
        assert said in answer.text.partition(f'id="e-{field}">')[2].partition("</p>")[0]
        for name in change.keys() & {"rate", "from"}:
            assert f'value="{change[name]}"' in answer.text.partition(f'id="f-{name}"')[2].partition(">")[0]
    assert _schedule(database) == WISHED
