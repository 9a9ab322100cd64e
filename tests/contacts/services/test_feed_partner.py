"""The opt-out list: exactly who was handed over and is blocked, told in time, or everything for the partner stops."""

from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import delete, select

from contacts.domain.addresses import PepperRing, read_address
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.partnerships import Standstill
from contacts.domain.verdicts import Reason
from contacts.services.feed_partner import Feed, feed_partner, key_for
from contacts.services.keep_partners import acknowledge_list, change_partner
from contacts.storage.contacts import Contact
from contacts.storage.duties import PartnerDuty
from contacts.storage.former_keys import move_contact
from contacts.storage.gate import verdicts
from contacts.storage.ledger import record
from contacts.storage.partners import reminders, standstill
from contacts.storage.peppers import begin_generation
from core.errors import Conflict
from tests.conftest import NOON, PEPPER
from tests.contacts.partnering import acme, as_the_partner_knows, entries_of, share, sharers
from tests.contacts.people import add_contact, fact

NAMES = ("ann", "bob", "cid", "dan", "eve", "fay")
DAY = timedelta(days=1)


def address(name: str) -> str:
    return f"{name}@example.org"


@pytest.fixture
def people(database, pepper, ring):
    """Six people in the hands of acme."""
    with database.writing() as session:
        acme(session)
        keys = sharers(session, pepper, *map(address, NAMES))
    share(database, ring)
    return dict(zip(NAMES, keys, strict=True))


def stop(database, keys, scope="everything", kind=Kind.OPT_OUT, *, at=NOON) -> None:
    with database.writing() as session:
        record(session, [fact(keys, kind, scope, at=at)], at=at)


def feed(database, *, at: datetime = NOON, only_new: bool = False) -> Feed:
    with database.writing() as session:
        made = feed_partner(session, "acme", at=at, operator="kim@example.org", only_new=only_new)
        session.expunge_all()
        return made


def stands(database, at: datetime) -> Standstill | None:
    with database.reading() as session:
        return standstill(session, "acme", at=at)


def test_g15_the_list_is_exactly_who_was_shared_and_is_blocked(database, pepper, ring, people):
    stop(database, people["ann"])
    stop(database, people["bob"], "partners")
    stop(database, people["cid"], "sharing:acme")
    stop(database, people["dan"], "marketing")  # says nothing about partners
    stop(database, people["eve"], "everything", Kind.COMPLAINT)
    with database.writing() as session:
        (never_shared,) = sharers(session, pepper, "never-shared@example.org")
    stop(database, never_shared)
    made = feed(database)
    written = [" Ann@Example.ORG ", "bob@example.org", "cid@example.org", "eve@example.org"]
    assert set(entries_of(made.content)) == as_the_partner_knows(database, ring, *written)
    assert len(entries_of(made.content)) == made.handout.entries == 4
    assert made.handout.digest == sha256(made.content).hexdigest()
    assert b"example.org" not in made.content


def test_who_was_erased_is_on_the_list_though_we_forgot_the_address(database, ring, people):
    with database.writing() as session:
        session.execute(delete(Contact).where(Contact.address == address("ann")))
        record(session, [fact(people["ann"], Kind.ERASURE, "everything", at=NOON)], at=NOON)
    assert set(entries_of(feed(database).content)) == as_the_partner_knows(database, ring, address("ann"))


def test_a_close_spelling_of_somebody_who_left_is_on_the_list_too(database, pepper, ring, people):
    with database.writing() as session:
        relative = add_contact(session, pepper, "ann+shop@example.org", at=NOON)
    stop(database, relative)
    assert set(entries_of(feed(database).content)) == as_the_partner_knows(database, ring, address("ann"))


def test_who_left_under_a_newer_address_is_on_the_list_under_the_one_that_was_shared(database, pepper, ring, people):
    with database.writing() as session:
        contact = session.scalars(select(Contact).where(Contact.address == address("ann"))).one()
        new, newest = read_address("ann.new@example.com"), read_address("ann.newest@example.com")
        move_contact(session, contact, new, pepper.keys(new), at=NOON)
        move_contact(session, contact, newest, pepper.keys(newest), at=NOON)
    assert share(database, ring)[0].entries == 5  # the new address must say yes itself
    stop(database, pepper.keys(newest))
    made = feed(database)
    assert set(entries_of(made.content)) == as_the_partner_knows(database, ring, address("ann"))
    with database.reading() as session:
        assert len(session.scalars(select(PartnerDuty)).all()) == 1
    assert stands(database, NOON + 7 * DAY) is Standstill.UNACKNOWLEDGED


def test_the_key_is_the_partners_own_and_outlives_a_rotation(database, ring, people):
    stop(database, people["ann"])
    two = PepperRing(["another-pepper-of-the-tests-that-is-long", PEPPER])
    with database.writing() as session:
        acme(session, name="umbrella")
        before, other = key_for(session, ring, "acme"), key_for(session, ring, "umbrella")
        begin_generation(session, two)
        assert key_for(session, two, "acme") == before != other
        assert len(before) == 32
    assert set(entries_of(feed(database).content)) == as_the_partner_knows(database, two, address("ann"))


def test_an_addition_holds_what_came_after_the_last_list_that_was_acknowledged(database, ring, people):
    stop(database, people["ann"])
    first = feed(database)
    stop(database, people["bob"])
    lost = feed(database, only_new=True)
    assert lost.handout.entries == 2  # the first was never acknowledged: nothing may be taken for known
    with database.writing() as session:
        assert acknowledge_list(session, "acme", lost.handout.id, at=NOON, operator="kim") == 2
    stop(database, people["cid"])
    added = feed(database, only_new=True)
    assert set(entries_of(added.content)) == as_the_partner_knows(database, ring, address("cid"))
    assert f"# kind: adds to list {lost.handout.id}\n".encode() in added.content
    assert len(entries_of(feed(database).content)) == 3
    assert first.handout.details == {"since": 0}


def test_there_is_no_list_where_there_is_nothing_to_tell(database, people):
    with pytest.raises(Conflict, match="nobody opted out"):
        feed(database)
    stop(database, people["ann"])
    made = feed(database)
    with database.writing() as session:
        acknowledge_list(session, "acme", made.handout.id, at=NOON, operator="kim")
    with pytest.raises(Conflict, match="nothing new"):
        feed(database, only_new=True)


def test_g15_a_list_that_is_not_acknowledged_in_time_stops_mail_and_sharing(database, ring, people):
    stop(database, people["ann"])
    made = feed(database)
    due = NOON + 7 * DAY
    assert made.handout.due_at == due
    assert stands(database, due - timedelta(seconds=1)) is None
    assert stands(database, due) is Standstill.UNACKNOWLEDGED
    with database.reading() as session:
        for scope in ("partner:acme", "sharing:acme"):
            said = verdicts(session, scope, [people["bob"].own], at=due)
            assert said == {people["bob"].own: Reason.PARTNER_STOPPED}
    with pytest.raises(Conflict, match="has not acknowledged our opt-out list in time"):
        share(database, ring, at=due)
    with database.writing() as session:
        acknowledge_list(session, "acme", made.handout.id, at=due + DAY, operator="kim")
    assert stands(database, due + DAY) is None
    assert stands(database, due) is Standstill.UNACKNOWLEDGED, "an old verdict can be judged again"
    assert share(database, ring, at=due + DAY)[0].entries == 5


@pytest.mark.parametrize("scope", ["everything", "partners", "partner:acme", "sharing", "sharing:acme"])
def test_g15_a_list_that_is_due_and_not_made_stops_mail_and_sharing(database, people, scope):
    stop(database, people["ann"], scope, at=NOON + DAY)
    assert stands(database, NOON + 8 * DAY - timedelta(seconds=1)) is None
    assert stands(database, NOON + 8 * DAY) is Standstill.LIST_DUE
    feed(database, at=NOON + 9 * DAY)
    assert stands(database, NOON + 9 * DAY) is None
    assert stands(database, NOON + 8 * DAY) is Standstill.LIST_DUE, "an old verdict can be judged again"


@pytest.mark.parametrize("scope", ["announcements", "marketing", "tracking", "partner:umbrella"])
def test_a_stop_that_does_not_concern_the_partner_makes_no_duty(database, people, scope):
    stop(database, people["ann"], scope)
    assert stands(database, NOON + 99 * DAY) is None


def test_nobody_owes_a_list_for_people_who_were_never_shared(database, pepper, people):
    with database.writing() as session:
        (gus,) = sharers(session, pepper, "gus@example.org")
    stop(database, gus)
    with database.reading() as session:
        assert session.scalars(select(PartnerDuty)).all() == []


def test_a_duty_stays_where_the_person_changed_their_mind_and_an_empty_list_ends_it(database, people):
    stop(database, people["ann"], "partner:acme")
    with database.writing() as session:
        ann, back = people["ann"], {"reason": "opt_out"}
        lifted = Fact(ann.own, ann.family, Kind.RELEASE, "partner:acme", Door.PREFERENCES, NOON,
                      confirmed=True, details=back)  # fmt: skip
        record(session, [lifted], at=NOON)
    late = NOON + 8 * DAY
    assert stands(database, late) is Standstill.LIST_DUE
    assert feed(database, at=late).handout.entries == 0
    assert stands(database, late) is None


def test_fewer_days_hold_from_when_they_were_agreed(database, people):
    stop(database, people["ann"])
    with database.writing() as session:
        change_partner(session, "acme", {"acknowledge_days": 2}, at=NOON + 4 * DAY, operator="kim")
    assert stands(database, NOON + 3 * DAY) is None
    assert stands(database, NOON + 4 * DAY) is Standstill.LIST_DUE


def test_the_team_is_reminded_of_what_comes_first(database, people):
    with database.reading() as session:
        assert reminders(session, at=NOON) == []
    stop(database, people["ann"])
    with database.reading() as session:
        (told,) = reminders(session, at=NOON + DAY)
        assert (told.what, told.due_at) == (Standstill.LIST_DUE, NOON + 7 * DAY)
        assert [told.is_late(NOON + days * DAY) for days in (6, 7)] == [False, True]
    feed(database, at=NOON + DAY)
    with database.reading() as session:
        (told,) = reminders(session, at=NOON + DAY)
        assert (told.what, told.due_at) == (Standstill.UNACKNOWLEDGED, NOON + 8 * DAY)


def test_g19_an_opt_out_by_any_door_makes_the_duty(database, people):
    doors = [Door.ONE_CLICK, Door.MAILTO, Door.API, Door.SUPPRESSION_LIST]
    with database.writing() as session:
        facts = [
            Fact(people[name].own, people[name].family, Kind.OPT_OUT, "everything", door, NOON)
            for name, door in zip(NAMES, doors, strict=False)
        ]
        numbers = record(session, facts, at=NOON)
        assert session.scalars(select(PartnerDuty.event_sequence)).all() == numbers
