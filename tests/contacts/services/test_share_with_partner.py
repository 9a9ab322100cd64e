"""Exports to a partner: who permits it and nobody else, what is agreed, and recorded before it leaves (P9 to P11)."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from sqlalchemy import select

from contacts.domain.addresses import read_address
from contacts.domain.facts import Kind
from contacts.domain.partnerships import Purpose
from contacts.domain.verdicts import Reason
from contacts.services.keep_partners import change_partner, deactivate_partner
from contacts.services.share_with_partner import Request, share_with_partner
from contacts.services.verify_ledger import verify_ledger
from contacts.storage.contacts import Contact
from contacts.storage.former_keys import move_contact
from contacts.storage.handouts import PartnerHandout
from contacts.storage.ledger import Event, record
from contacts.storage.partners import partner_named
from contacts.storage.shared_people import SharedPerson
from core.errors import Conflict
from tests.conftest import NOON
from tests.contacts.partnering import acme, share, sharers
from tests.contacts.people import add_contact, add_permitted, fact

ANN, BOB = "ann@example.org", "bob@example.org"


@pytest.fixture
def ann(database, pepper):
    with database.writing() as session:
        acme(session)
        return sharers(session, pepper, ANN, given_name="Ann")[0]


def events(database) -> list[Event]:
    with database.writing() as session:
        found = list(session.scalars(select(Event).where(Event.kind == Kind.SHARED.value).order_by(Event.sequence)))
        session.expunge_all()
    return found


def test_p9_only_who_said_yes_to_this_very_sharing_is_handed_over(database, pepper, ring, ann):
    with database.writing() as session:
        add_contact(session, pepper, "never@example.org", at=NOON)
        add_permitted(session, pepper, "mail-only@example.org", "partner:acme", "announcements", at=NOON)
        add_permitted(session, pepper, "other-partner@example.org", "sharing:umbrella", at=NOON)
    shared, rows = share(database, ring)
    assert rows == [{"address": ANN, "given_name": "Ann"}]
    assert (shared.entries, shared.refused, shared.withdrawn) == (1, {Reason.NO_PERMISSION: 3}, 0)


@pytest.mark.parametrize(
    ("kind", "scope", "reason"),
    [
        (Kind.OPT_OUT, "sharing", Reason.OPTED_OUT),
        (Kind.OPT_OUT, "sharing:acme", Reason.OPTED_OUT),
        (Kind.OPT_OUT, "everything", Reason.OPTED_OUT),
        (Kind.OPT_OUT, "partners", Reason.OPTED_OUT),
        (Kind.OPT_OUT, "partner:acme", Reason.OPTED_OUT),
        (Kind.COMPLAINT, "everything", Reason.COMPLAINT),
        (Kind.BOUNCE, "everything", Reason.BOUNCED),
        (Kind.CHILD, "everything", Reason.CHILD),
        (Kind.HOLD, "everything", Reason.HELD),
    ],
)
def test_g15_nobody_is_handed_over_who_said_stop_or_is_a_child(database, ring, ann, kind, scope, reason):
    with database.writing() as session:
        record(session, [fact(ann, kind, scope, at=NOON)], at=NOON)
    shared, rows = share(database, ring)
    assert rows == []
    assert shared.refused == {reason: 1}
    assert events(database) == []


@pytest.mark.parametrize("scope", ["announcements", "marketing", "research", "tracking", "sharing:umbrella"])
def test_a_stop_that_speaks_of_something_else_does_not_stop_the_sharing(database, ring, ann, scope):
    with database.writing() as session:
        record(session, [fact(ann, Kind.OPT_OUT, scope, at=NOON)], at=NOON)
    assert share(database, ring)[0].entries == 1


def test_a_close_spelling_of_somebody_who_left_is_not_handed_over(database, pepper, ring, ann):
    with database.writing() as session:
        relative = add_contact(session, pepper, "ann+shop@example.org", at=NOON)
        record(session, [fact(relative, Kind.OPT_OUT, "everything", at=NOON)], at=NOON)
    shared, rows = share(database, ring)
    assert rows == []
    assert shared.refused[Reason.FAMILY_HELD] == 1


def test_g15_every_row_is_recorded_with_its_fields_and_its_purpose(database, ring, ann):
    shared, _ = share(database, ring)
    (event,) = events(database)
    assert (event.address_key, event.scope, event.door) == (ann.own, "sharing:acme", "partner_export")
    assert event.evidence == "spring letter"
    assert event.details == {"handout": shared.handout_id, "fields": ["address", "given_name"], "purpose": "inform"}
    with database.reading() as session:
        handout = session.get(PartnerHandout, shared.handout_id)
        assert (handout.kind, handout.entries, handout.operator) == ("contacts", 1, "kim@example.org")
        assert handout.purpose == "inform: spring letter"
        assert handout.details["refused"] == {}
        assert [bytes(each.address_key) for each in session.scalars(select(SharedPerson))] == [ann.own]
        verify_ledger(session)


def test_the_digest_is_that_of_the_file_that_left(database, ring, ann):
    file = BytesIO()
    request = Request("acme", Purpose.ORDER, "orders of May", "kim@example.org")
    shared = share_with_partner(database, request, file, ring=ring, read_clock=lambda: NOON)
    assert shared.digest == sha256(file.getvalue()).hexdigest()


def test_p9_only_the_fields_that_were_agreed_leave(database, pepper, ring):
    with database.writing() as session:
        acme(session, fields=["address", "attributes.country", "locale"])
        known = {"country": "DE", "secret": "x"}
        sharers(session, pepper, ANN, given_name="Ann", attributes=known, locale="de", evidence="told us so")
    _, rows = share(database, ring)
    assert rows == [{"address": ANN, "attributes.country": "DE", "locale": "de"}]


def test_no_cell_of_an_export_runs_as_a_formula(database, pepper, ring):
    with database.writing() as session:
        acme(session)
        sharers(session, pepper, ANN, given_name="=HYPERLINK(1)")
    assert share(database, ring)[1][0]["given_name"] == "'=HYPERLINK(1)"


def test_a_condition_narrows_an_export_down(database, pepper, ring, ann):
    with database.writing() as session:
        sharers(session, pepper, BOB, given_name="Bob")
    condition = {"rules": [{"field": "given_name", "op": "is", "value": "Bob"}], "match": "all"}
    assert [row["address"] for row in share(database, ring, condition=condition)[1]] == [BOB]


def test_p11_nothing_is_handed_to_a_partner_who_is_not_active(database, ring, ann):
    with database.writing() as session:
        deactivate_partner(session, "acme", at=NOON, operator="kim@example.org")
    with pytest.raises(Conflict, match="Acme Sounds” is not active"):
        share(database, ring)
    assert events(database) == []


def test_a_partner_who_may_not_know_the_address_gets_nothing(database, ring, ann):
    with database.writing() as session:
        change_partner(session, "acme", {"fields": ["given_name"]}, at=NOON, operator="kim@example.org")
    with pytest.raises(Conflict, match="lacks the address"):
        share(database, ring)


def meanwhile(act: Callable[[], None]) -> Callable[[int, int], None]:
    """Something that happens after the last row was recorded and before the file leaves."""
    waiting = [act]
    return lambda _done, _whole: waiting.pop()() if waiting else None


@pytest.mark.parametrize("scope", ["everything", "sharing", "partners"])
def test_g15_who_says_stop_after_being_judged_is_struck_out_before_the_file_leaves(database, pepper, ring, ann, scope):
    with database.writing() as session:
        sharers(session, pepper, BOB)

    def stop() -> None:
        with database.writing() as session:
            record(session, [fact(ann, Kind.OPT_OUT, scope, at=NOON)], at=NOON)

    shared, rows = share(database, ring, progress=meanwhile(stop))
    assert [row["address"] for row in rows] == [BOB]
    assert (shared.entries, shared.withdrawn) == (1, 1)
    assert len(events(database)) == 2  # never less is recorded than what left


def test_a_relative_who_says_stop_meanwhile_holds_the_row_back(database, pepper, ring, ann):
    def stop() -> None:
        with database.writing() as session:
            relative = add_contact(session, pepper, "ann+shop@example.org", at=NOON)
            record(session, [fact(relative, Kind.OPT_OUT, "everything", at=NOON)], at=NOON)

    assert share(database, ring, progress=meanwhile(stop))[1] == []


def test_who_is_no_contact_any_more_is_struck_out(database, ring, ann):
    def erase() -> None:
        with database.writing() as session:
            session.delete(session.scalars(select(Contact)).one())
            record(session, [fact(ann, Kind.ERASURE, "everything", at=NOON)], at=NOON)

    assert share(database, ring, progress=meanwhile(erase))[1] == []


def test_who_has_another_address_by_now_is_struck_out(database, pepper, ring, ann):
    def move() -> None:
        read = read_address("ann.new@example.com")
        with database.writing() as session:
            move_contact(session, session.scalars(select(Contact)).one(), read, pepper.keys(read), at=NOON)

    shared, rows = share(database, ring, progress=meanwhile(move))
    assert (rows, shared.withdrawn) == ([], 1)


def test_nothing_leaves_when_the_partner_is_stopped_meanwhile(database, ring, ann):
    def stop() -> None:
        with database.writing() as session:
            deactivate_partner(session, "acme", at=NOON, operator="kim@example.org")

    left: list[str] = []
    with pytest.raises(Conflict, match="is not active"):
        share(database, ring, progress=meanwhile(stop), publish=lambda: left.append("the file"))
    assert left == []
    with database.reading() as session:
        assert session.scalars(select(PartnerHandout.digest)).all() == [""]


def test_nothing_leaves_when_the_allow_list_changes_meanwhile(database, ring, ann):
    def narrow() -> None:
        with database.writing() as session:
            change_partner(session, "acme", {"fields": ["address"]}, at=NOON, operator="kim@example.org")

    with pytest.raises(Conflict, match="allow-list was changed"):
        share(database, ring, progress=meanwhile(narrow))


def test_what_leaves_was_committed_before(database, ring, ann):
    seen: list[int] = []
    share(database, ring, publish=lambda: seen.append(len(events_read(database))))  # by another connection
    assert seen == [1]


def events_read(database) -> list[int]:
    with database.reading() as session:
        return list(session.scalars(select(Event.sequence).where(Event.kind == Kind.SHARED.value)))


def test_a_second_export_hands_over_the_same_person_again_and_remembers_them_once(database, ring, ann):
    share(database, ring)
    share(database, ring, at=NOON + timedelta(days=1))
    assert len(events(database)) == 2
    with database.reading() as session:
        assert len(session.scalars(select(SharedPerson)).all()) == 1
        assert partner_named(session, "acme").id == session.scalars(select(SharedPerson.partner_id)).one()
