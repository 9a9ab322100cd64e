"""A stop from an old address reaches whoever it became, through every door; a permission or a bounce never does."""

from datetime import datetime

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from contacts.domain.addresses import AddressKeys, Pepper, read_address
from contacts.domain.facts import Door
from contacts.domain.leaving_tokens import preferences_token, unsubscribe_token
from contacts.services.unsubscribe import hold_good, opt_out
from contacts.storage.former_keys import move_contact, remember_former
from contacts.storage.gate import Wish, ask
from contacts.storage.ledger import Event, record
from core.database import Database
from core.tokens import Keyring
from tests.api import program
from tests.contacts.people import add_permitted, consent, kept
from tests.contacts.services.imported import events, verdict

OLD, NEWER, NEWEST = "hans@example.org", "hans2@example.org", "hans3@example.com"


@pytest.fixture
def hans(database: Database, pepper: Pepper, noon: datetime) -> list[AddressKeys]:
    """Somebody who changed their address twice and said yes at the newest; the oldest first."""
    with database.writing() as session:
        everyone = [add_permitted(session, pepper, OLD, "offers", "updates", at=noon)]
        for written in (NEWER, NEWEST):
            address, contact = read_address(written), kept(session, everyone[-1].own)
            everyone.append(pepper.keys(address))
            move_contact(session, contact, address, everyone[-1], at=noon)
        record(session, [consent(everyone[-1], topic, at=noon) for topic in ("offers", "updates")], at=noon)
    return everyone


@pytest.mark.parametrize("door", ["one-click", "page", "preferences", "open page", "contact form", "API"])
def test_g19_a_stop_from_an_old_address_stops_the_new_one(client: TestClient, database, keyring: Keyring, hans, door):
    assert verdict(database, hans[-1].own, "offers") is None
    link = "/u/" + unsubscribe_token(keyring, hans[0].own, 0, 12)
    forms = {
        "one-click": (link, {"List-Unsubscribe": "One-Click"}),
        "page": (link, {"from": "page"}),
        "preferences": ("/p/" + preferences_token(keyring, hans[0].own, 0), {"act": "stop"}),
        "open page": ("/unsubscribe", {"address": OLD}),
        "contact form": ("/contact", {"address": OLD, "reason": "stop"}),
    }
    if door == "API":
        answer = program(client, database).post("/opt-outs", {"address": OLD})
    else:
        path, form = forms[door]
        answer = client.post(path, data=form)
    assert answer.status_code == 200, answer.text
    assert verdict(database, hans[-1].own, "offers") == "opted_out"
    first, last = (
        [each for each in events(database, keys.own) if each.kind == "opt_out"][-1] for keys in (hans[0], hans[-1])
    )
    assert (last.kind, last.scope, last.door) == ("opt_out", "everything", first.door)
    assert last.details == {"carried": True, "from": first.sequence}
    assert events(database, hans[1].own)[-1].details == last.details


@pytest.mark.parametrize(("path", "reason"), [("/complaints", "complaint"), ("/children", "child")])
def test_g13_a_complaint_and_a_child_flag_follow_as_well(client, database, hans, path, reason):
    assert program(client, database).post(path, {"address": OLD}).status_code == 200
    assert [verdict(database, hans[-1].own, topic) for topic in ("offers", "updates")] == [reason, reason]


def test_a_bounce_speaks_of_a_mailbox_and_does_not_follow(client, database, hans):
    bounce = {"address": OLD, "permanent": True, "status": "5.1.1"}
    assert program(client, database).post("/bounces", bounce).status_code == 200
    assert verdict(database, hans[-1].own, "offers") is None


def test_a_scope_follows_as_that_scope_and_a_new_address_stops_no_old_one(database, hans, noon):
    with database.writing() as session:
        opt_out(session, hans[0], "offers", Door.TERMINAL, at=noon)
        newest = opt_out(session, hans[-1], "updates", Door.TERMINAL, at=noon)
    assert [verdict(database, hans[-1].own, topic) for topic in ("offers", "updates")] == ["opted_out", "opted_out"]
    assert newest.later == ()
    assert {each.scope for each in events(database, hans[0].own) if each.kind == "opt_out"} == {"offers"}


def test_who_went_back_to_an_old_address_is_stopped_once_at_each(database, hans, noon):
    with database.writing() as session:
        remember_former(session, hans[0], hans[-1], at=noon)
        done = opt_out(session, hans[0], "everything", Door.TERMINAL, at=noon, mailing_id=7)
        assert {done.own, *done.later} == {keys.own for keys in hans}
        assert len(done.later) == len(hans) - 1
        mailings = [each.details.get("mailing") for each in session.scalars(select(Event)) if each.kind == "opt_out"]
        assert sorted(mailings, key=str) == [7, None, None]


def test_g1_done_waits_for_what_is_being_handed_over_to_the_new_address(database, hans, noon):
    with database.writing() as session:
        wish = Wish(1, hans[-1].own, hans[-1].family, "offers")
        assert ask(session, [wish], sender_id=1, at=noon)
    with database.writing() as session:
        done = opt_out(session, hans[0], "everything", Door.ONE_CLICK, at=noon)
    assert not hold_good(database, [done], seconds=0)
    assert hold_good(database, [type(done)(done.own, done.scope, done.sequence)], seconds=0)
