"""Many contacts are edited from a segment: counted first, then done in the background (G8)."""

import pytest

from contacts.storage.contact_edits import latest_edits
from contacts.storage.segments import save_segment
from core.operators import Role
from tests.conftest import NOON
from tests.contacts.people import add_permitted
from tests.contacts.services.imported import contact, verdict
from tests.patience import until
from tests.web import csrf, sign_in

GERMANS = {"rules": [{"field": "attributes.country", "op": "is", "value": "DE"}]}


@pytest.fixture
def form(database, pepper):
    with database.writing() as session:
        known = {"attributes": {"country": "DE"}}
        ann = add_permitted(session, pepper, "ann@example.org", "updates", at=NOON, **known)
        add_permitted(session, pepper, "bob@example.org", "updates", at=NOON)
        number = save_segment(session, "germany", GERMANS, at=NOON).id
    return ann, f"/console/segments/{number}/edit"


def ended(database):
    def runs():
        with database.reading() as session:
            return [(each.state, each.counts, each.operator) for each in latest_edits(session)]

    until(lambda: runs() and runs()[0][0] != "running", "the end of the edit")
    return runs()[0]


def test_an_edit_is_counted_first_and_done_when_somebody_says_so(client, database, form):
    ann, path = form
    sign_in(client, database, Role.EDITOR)
    said = {
        "csrf": csrf(client, path),
        "set": "plan=gold",
        "language": "de",
        "opt_out": "offers",
        "evidence": "a letter",
    }
    counted = client.post(path, data=said | {"then": "look"})
    assert counted.status_code == 200
    assert "Contacts in the segment: 1." in counted.text
    assert "opt-outs recorded" in counted.text
    assert contact(database, ann.own).locale == ""
    done = client.post(path, data=said | {"then": "begin"})
    assert done.status_code == 303
    assert ended(database)[:2] == ("finished", {"contacts": 1, "changed": 1, "opt_outs": 1})
    assert "opt-outs recorded" in client.get(done.headers["location"]).text
    assert client.get(done.headers["location"] + "/live").status_code == 200
    assert contact(database, ann.own).attributes == {"country": "DE", "plan": "gold"}
    assert verdict(database, ann.own, "offers") == "opted_out"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "set"),
        ({"set": "plan"}, "set"),
        ({"clear": "!!"}, "clear"),
        ({"language": "Klingon"}, "language"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"opt_out": "gossip", "evidence": "x"}, "opt_out"),
        ({"opt_out": "offers"}, "evidence"),
        ({"child": "1"}, "evidence"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field(client, database, form, said, field):
    sign_in(client, database, Role.EDITOR)
    answer = client.post(form[1], data={"csrf": csrf(client, form[1]), "then": "begin", **said})
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text


def test_an_analyst_edits_nobody(client, database, form):
    sign_in(client, database, Role.ANALYST)
    assert client.get(form[1]).status_code == 403
