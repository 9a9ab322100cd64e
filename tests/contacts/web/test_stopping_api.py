"""The API's ways to stop somebody: the same act as at every other door, the same answer for known and unknown (G19)."""

import pytest

from contacts.domain.addresses import read_address
from contacts.storage.cases import Case
from contacts.storage.gate import verdicts
from contacts.storage.ledger import events_of
from contacts.storage.permits import Permit
from core.operators import Role
from tests.api import program
from tests.conftest import NOON
from tests.contacts.people import add_permitted
from tests.contacts.services.imported import events, verdict
from tests.web import browser

ANN = "ann@example.org"


@pytest.fixture
def ann(database, pepper):
    with database.writing() as session:
        return add_permitted(session, pepper, ANN, "updates", "research", at=NOON)


@pytest.mark.parametrize(
    ("path", "said", "kind", "door", "reason"),
    [
        ("/opt-outs", {}, "opt_out", "api", "opted_out"),
        ("/complaints", {}, "complaint", "feedback_loop", "complaint"),
        ("/bounces", {"permanent": True, "status": "5.1.1"}, "bounce", "delivery", "bounced"),
        ("/children", {"evidence": "letter"}, "child", "api", "child"),
    ],
)
def test_g19_each_way_to_stop_records_its_event_and_holds(client, database, ann, path, said, kind, door, reason):
    answer = program(client, database).post(path, {"address": " ANN@example.org", **said})
    assert answer.status_code == 200
    assert answer.json()["said"] == "done"
    event = events(database, ann.own)[-1]
    assert (event.kind, event.scope, event.door) == (kind, "everything", door)
    assert "API token" in event.evidence
    assert verdict(database, ann.own) == reason


@pytest.mark.parametrize("path", ["/opt-outs", "/complaints", "/children", "/bounces", "/erasure-requests"])
def test_g19_the_answer_is_the_same_for_somebody_known_and_somebody_unknown(client, database, ann, pepper, path):
    caller = program(client, database)
    more = {"permanent": True} if path == "/bounces" else {}
    known, unknown = (caller.post(path, {"address": each, **more}) for each in (ANN, "nobody@example.org"))
    assert known.status_code == unknown.status_code == 200
    drop = {"case"}
    assert {k: v for k, v in known.json().items() if k not in drop} == {
        k: v for k, v in unknown.json().items() if k not in drop
    }
    assert known.headers.keys() == unknown.headers.keys()
    with database.reading() as session:
        assert events_of(session, pepper.keys(read_address("nobody@example.org")).own)


def test_an_opt_out_of_one_scope_leaves_the_others(client, database, ann):
    program(client, database).post(
        "/opt-outs", {"address": ANN, "scope": "research", "evidence": "4111 1111 1111 1111"}
    )
    assert verdict(database, ann.own, "research") == "opted_out"
    assert verdict(database, ann.own, "updates") is None
    assert "4111" not in events(database, ann.own)[-1].evidence


def test_g1_an_opt_out_says_202_and_the_truth_while_a_message_is_being_handed_over(database, settings, ann):
    with database.writing() as session:
        session.add(Permit(message_id=1, address_key=ann.own, scope="updates", sender_id=1, granted_at=NOON))
    with browser(settings.model_copy(update={"confirm_seconds": 0.05}), database) as client:
        answer = program(client, database).post("/opt-outs", {"address": ANN})
    assert answer.status_code == 202
    assert "may still arrive" in answer.json()["said"]
    assert verdict(database, ann.own) == "opted_out"


@pytest.mark.parametrize(("permanent", "status"), [(False, "5.1.1"), (True, "5.2.2"), (True, "5.7.1"), (False, "")])
def test_a_passing_bounce_blocks_nobody(client, database, ann, permanent, status):
    answer = program(client, database).post("/bounces", {"address": ANN, "permanent": permanent, "status": status})
    assert answer.json() == {"blocked": False, "said": "done"}
    assert verdict(database, ann.own) is None


def test_a_request_to_erase_opens_a_case_and_holds_the_address(client, database, ann):
    caller = program(client, database)
    answer = caller.post("/erasure-requests", {"address": ANN, "words": "please forget me"})
    assert answer.json()["case"]
    assert verdict(database, ann.own) == "held"
    assert caller.post("/erasure-requests", {"address": ANN}).json()["case"] == answer.json()["case"]
    with database.reading() as session:
        case = session.get(Case, answer.json()["case"])
        assert (case.kind, case.door, case.address) == ("erasure", "api", ANN)


@pytest.mark.parametrize(
    ("path", "said", "field"),
    [
        ("/opt-outs", {"address": "no address"}, "address"),
        ("/opt-outs", {"address": ANN, "scope": "nothing"}, "scope"),
        ("/opt-outs", {"address": ANN, "scope": 3}, "scope"),
        ("/opt-outs", {}, "address"),
        ("/bounces", {"address": ANN, "permanent": "yes"}, "permanent"),
        ("/bounces", {"address": ANN, "permanent": True, "status": "ann@example.org"}, "status"),
    ],
)
def test_p1_what_is_wrong_is_told_by_field_and_never_repeated(client, database, path, said, field):
    answer = program(client, database).post(path, said)
    assert answer.status_code == 422
    told = answer.json()
    assert told.keys() == {"message", "field", "remedy"}
    assert told["field"] == field
    assert "ann@" not in answer.text


@pytest.mark.parametrize(
    "path", ["/opt-outs", "/complaints", "/bounces", "/children", "/erasure-requests", "/contacts"]
)
def test_a_token_of_an_analyst_stops_nobody(client, database, ann, path):
    said = {"address": ANN} | ({"permanent": True} if path == "/bounces" else {})
    assert program(client, database, Role.ANALYST).post(path, said).status_code == 403
    with database.reading() as session:
        assert verdicts(session, "updates", [ann.own], at=NOON)[ann.own] is None
