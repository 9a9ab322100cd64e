"""Explain: what it tells is what the gate does, with the events behind it."""

from datetime import datetime

from contacts.domain.addresses import Pepper, read_address
from contacts.domain.facts import Kind
from contacts.domain.verdicts import Reason
from contacts.services.explain import explain
from contacts.services.unsubscribe import complain
from contacts.storage.frequencies import set_frequency
from contacts.storage.gate import verdicts
from contacts.storage.ledger import record
from core.database import Database
from tests.contacts.people import add_permitted, consent, fact


def test_g17_each_verdict_names_the_events_that_decide(database: Database, pepper: Pepper, noon: datetime):
    with database.writing() as session:
        keys = add_permitted(session, pepper, "ann@example.org", "offers", "updates", at=noon)
        record(session, [fact(keys, Kind.OPT_OUT, "offers", at=noon)], at=noon)
        told = explain(session, keys, at=noon)
        for each in told.topics:
            said = verdicts(session, each.topic, [keys.own], at=noon)
            assert said[keys.own] is each.reason
    by_topic = {each.topic: each for each in told.topics}
    assert by_topic["offers"].reason is Reason.OPTED_OUT
    assert by_topic["offers"].events == (3,)
    assert by_topic["updates"].reason is None
    assert by_topic["updates"].events == (2,)
    assert by_topic["research"].events == ()
    assert [event["kind"] for event in told.events] == ["consent", "consent", "opt_out"]


def test_g17_the_cap_is_told_although_no_event_holds_it(database: Database, pepper: Pepper, noon: datetime):
    from contacts.storage.gate import Wish, ask

    with database.writing() as session:
        keys = add_permitted(session, pepper, "ann@example.org", "offers", at=noon)
        set_frequency(session, "offers", cap=(1, 7), at=noon)
        ask(session, [Wish(1, keys.own, keys.family, "offers")], sender_id=1, at=noon)
        reasons = {each.topic: each.reason for each in explain(session, keys, at=noon).topics}
    assert reasons["offers"] is Reason.CAP_REACHED


def test_somebody_unknown_is_told_as_such(database: Database, pepper: Pepper, noon: datetime):
    keys = pepper.keys(read_address("nobody@example.org"))
    with database.reading() as session:
        told = explain(session, keys, at=noon)
    assert not told.known
    assert {each.reason for each in told.topics} == {Reason.NO_PERMISSION}
    with database.writing() as session:
        record(session, [consent(keys, "offers", at=noon)], at=noon)
        told = explain(session, keys, at=noon)
    assert "no contact" in next(each.sentence for each in told.topics if each.topic == "offers")


def test_a_complaint_stops_everything_and_tracking(database: Database, pepper: Pepper, noon: datetime):
    with database.writing() as session:
        keys = add_permitted(session, pepper, "ann@example.org", "offers", "tracking", at=noon)
        assert complain(session, keys, at=noon).scope == "everything"
        assert {each.reason for each in explain(session, keys, at=noon).topics} == {Reason.COMPLAINT}
