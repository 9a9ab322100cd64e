"""Each part of the gate to the letter, on both databases: who is stopped, from and to which moment, and who is not."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Kind
from contacts.domain.quiet_hours import QuietHours
from contacts.domain.verdicts import Reason
from contacts.storage.contacts import Contact
from contacts.storage.frequencies import set_frequency
from contacts.storage.gate import Wish, ask, judge, may_track, verdict_expression, verdicts
from contacts.storage.ledger import ledger_head, record
from contacts.storage.permits import Permit, settle
from contacts.storage.policies import publish_policy
from contacts.storage.signups import Signup
from tests.contacts.people import add_contact, add_permitted, consent, fact

DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)
BOB = "bob@example.org"


@pytest.fixture
def session(database):
    with database.writing() as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def ann(session, pepper, noon) -> AddressKeys:
    return add_permitted(session, pepper, "ann@example.org", "offers", "research", "tracking", at=noon)


@pytest.fixture
def bob(session, pepper, noon) -> AddressKeys:
    """Somebody beside, of whom nothing may show in what is said of Ann."""
    return add_permitted(session, pepper, BOB, "offers", "research", "tracking", at=noon)


def says(session, scope: str, keys: AddressKeys, at: datetime, **more: str) -> Reason | None:
    return verdicts(session, scope, [keys.own], at=at, **more)[keys.own]


def both(session, scope: str, at: datetime) -> list[str | None]:
    """What the expression says of all contacts, by address, as the freezing of an audience asks it."""
    said = verdict_expression(session, scope, Contact.address_key, Contact.family_key, at=at)
    return list(session.scalars(select(said).select_from(Contact).order_by(Contact.address)))


def test_a_pause_holds_up_to_its_moment_and_for_who_made_it_alone(session, ann, bob, noon):
    record(
        session, [fact(ann, Kind.PAUSE, "everything", at=noon, details={"until": (noon + DAY).isoformat()})], at=noon
    )
    assert says(session, "offers", ann, noon + DAY - MOMENT) is Reason.PAUSED
    assert says(session, "offers", ann, noon + DAY) is None
    assert says(session, "tracking", ann, noon) is None
    assert both(session, "offers", noon) == ["paused", None]


def test_what_was_implied_ends_at_its_moment_and_a_yes_of_ones_own_does_not(session, ann, bob, noon):
    publish_policy(session, "told", "notice", at=noon)
    told = {"source": "purchase", "policy_version": "told"}
    record(session, [fact(ann, Kind.NOTICE, "updates", at=noon, **told)], at=noon)
    record(session, [consent(bob, "updates", at=noon, confirmed=True)], at=noon)
    assert says(session, "updates", ann, noon + 730 * DAY - MOMENT) is None
    assert says(session, "updates", ann, noon + 730 * DAY) is Reason.PERMISSION_LAPSED
    assert both(session, "updates", noon + 730 * DAY) == ["permission_lapsed", None]


def test_p6_a_source_without_a_rule_justifies_nothing_and_consent_needs_more_than_notice(session, ann, pepper, noon):
    cem, dot, eve = (add_contact(session, pepper, f"{name}@example.org", at=noon) for name in ("cem", "dot", "eve"))
    facts = [
        fact(cem, Kind.NOTICE, "offers", at=noon, source="purchase", policy_version="2026-01"),
        fact(dot, Kind.CONSENT, "offers", at=noon, source="survey", policy_version="2026-01"),
        fact(eve, Kind.CONSENT, "offers", at=noon, source="purchase", policy_version="never"),
    ]
    record(session, facts, at=noon)
    assert both(session, "offers", noon) == [None, *["no_permission"] * 3]
    assert both(session, "updates", noon) == ["no_permission"] * 4


@pytest.mark.parametrize(("scope", "stopped"), [("offers", True), ("marketing", True), ("research", False)])
def test_a_block_stops_what_it_covers_of_whom_it_names(session, ann, bob, noon, scope, stopped):
    record(session, [fact(ann, Kind.OPT_OUT, scope, at=noon)], at=noon)
    assert both(session, "offers", noon) == ["opted_out" if stopped else None, None]


def test_the_weightiest_block_is_named(session, ann, bob, noon):
    for kind in (Kind.HOLD, Kind.OPT_OUT, Kind.BOUNCE, Kind.COMPLAINT, Kind.ERASURE):
        record(session, [fact(ann, kind, "everything", at=noon)], at=noon)
    assert says(session, "offers", ann, noon) is Reason.ERASED
    assert says(session, "sharing", ann, noon) is Reason.ERASED
    assert says(session, "offers", bob, noon) is None


def test_g13_a_childs_block_covers_even_what_it_does_not_name(session, ann, noon):
    record(session, [fact(ann, Kind.CHILD, "everything", at=noon)], at=noon)
    ask_to_join(session, ann, noon)
    assert says(session, "confirmation", ann, noon) is Reason.CHILD
    assert not may_track(session, ann.own, at=noon)


def ask_to_join(session, keys: AddressKeys, at: datetime, **more: object) -> None:
    values = {
        "address": BOB, "address_key": keys.own, "family_key": keys.family, "form_id": 1, "topics": ["offers"],
        "source": "mailing_list", "wording_hash": "0" * 64, "policy_version": "2026-01", "requested_at": at,
        "expires_at": at + DAY,
    }  # fmt: skip
    session.add(Signup(**(values | more)))
    session.flush()


def test_a_confirmation_goes_once_a_day_to_whoever_asked_and_has_not_confirmed(session, ann, bob, noon):
    record(session, [fact(ann, Kind.OPT_OUT, "everything", at=noon)], at=noon)
    ask_to_join(session, ann, noon)
    ask_to_join(session, bob, noon, confirmed_at=noon)
    assert says(session, "confirmation", ann, noon) is None
    assert says(session, "confirmation", ann, noon + DAY - MOMENT) is None
    assert says(session, "confirmation", ann, noon + DAY) is Reason.NO_PERMISSION
    assert says(session, "confirmation", bob, noon) is Reason.NO_PERMISSION
    hold = fact(ann, Kind.HOLD, "confirmation", at=noon)
    sent = ask(session, [Wish(1, ann.own, ann.family, "confirmation")], sender_id=1, at=noon)
    settle(session, {int(sent[1]): "sent"}, at=noon)
    ask_to_join(session, ann, noon + DAY / 2)
    assert says(session, "confirmation", ann, noon + DAY - MOMENT) is Reason.CAP_REACHED
    assert says(session, "confirmation", ann, noon + DAY) is None
    record(session, [hold], at=noon)
    assert says(session, "confirmation", ann, noon + DAY) is Reason.HELD


def test_an_unknown_topic_permits_nobody_and_a_rule_of_one_kind_is_none_of_the_other(session, ann, noon):
    assert says(session, "marketing:unknown", ann, noon) is Reason.TOPIC_CLOSED
    set_frequency(session, "offers", cap=(1, 7), at=noon)
    assert says(session, "offers", ann, noon, quiet_in="UTC") is None
    set_frequency(session, "offers", quiet=QuietHours(0, 60), at=noon)
    assert says(session, "offers", ann, noon, quiet_in="UTC") is None


def test_p11_nobody_is_shared_with_a_partner_who_is_not_known(session, ann, noon):
    record(session, [consent(ann, "sharing:acme", at=noon, confirmed=True)], at=noon)
    assert says(session, "sharing:acme", ann, noon) is Reason.PARTNER_STOPPED


def test_p21_clicks_are_recorded_of_who_permits_it_and_is_known(session, ann, noon):
    assert may_track(session, ann.own, at=noon)
    assert not may_track(session, b"n" * 32, at=noon)
    record(session, [fact(ann, Kind.OPT_OUT, "tracking", at=noon)], at=noon)
    assert may_track(session, ann.own, at=noon) is False


def test_a_relatives_older_block_holds_nobody_who_spoke_since_and_a_narrower_one_holds_only_there(
    session, ann, bob, pepper, noon
):
    tagged = add_permitted(session, pepper, "ann+shop@example.org", "offers", "research", at=noon)
    record(session, [fact(ann, Kind.OPT_OUT, "marketing", at=noon)], at=noon)
    assert says(session, "offers", tagged, noon) is Reason.FAMILY_HELD
    assert says(session, "research", tagged, noon) is None
    assert both(session, "offers", noon) == ["family_held", "opted_out", None]
    record(session, [consent(tagged, "offers", at=noon, confirmed=True)], at=noon)
    assert says(session, "offers", tagged, noon) is None
    record(session, [fact(ann, Kind.HOLD, "everything", at=noon)], at=noon)
    assert says(session, "offers", tagged, noon) is Reason.FAMILY_HELD
    assert says(session, "offers", bob, noon) is None


def test_only_ones_own_confirmed_yes_to_this_scope_ends_a_relatives_hold(session, ann, bob, pepper, noon):
    tagged = add_permitted(session, pepper, "ann+shop@example.org", "offers", "research", at=noon)
    record(session, [fact(ann, Kind.OPT_OUT, "everything", at=noon)], at=noon)
    others = [consent(bob, "offers", at=noon, confirmed=True), consent(tagged, "research", at=noon, confirmed=True)]
    record(session, [*others, consent(tagged, "offers", at=noon)], at=noon)
    assert says(session, "offers", tagged, noon) is Reason.FAMILY_HELD
    assert says(session, "research", tagged, noon) is None


def test_the_very_first_event_of_a_ledger_holds_as_every_other(session, pepper, noon):
    ann, tagged = (add_contact(session, pepper, f"{name}@example.org", at=noon) for name in ("ann", "ann+shop"))
    record(session, [fact(ann, Kind.OPT_OUT, "everything", at=noon)], at=noon)
    assert ledger_head(session)[0] == 1
    record(session, [consent(tagged, "offers", at=noon)], at=noon)
    assert says(session, "offers", tagged, noon) is Reason.FAMILY_HELD


def test_ones_own_word_needs_no_source(session, pepper, noon):
    cem = add_contact(session, pepper, "cem@example.org", at=noon)
    record(session, [replace(consent(cem, "offers", at=noon, confirmed=True), source=None)], at=noon)
    assert says(session, "offers", cem, noon) is None


def had(session, keys: AddressKeys, scope: str, at: datetime, outcome: str | None) -> None:
    """Something was handed over, or not."""
    permit = Permit(message_id=1, address_key=keys.own, scope=scope, sender_id=1, granted_at=at, outcome=outcome)
    permit.settled_at = at if outcome else None
    session.add(permit)
    session.flush()


@pytest.mark.parametrize(
    ("outcome", "counts"), [("sent", True), ("unknown", True), (None, True), ("deferred", False), ("failed", False)]
)
def test_p4_what_was_or_may_have_been_handed_over_counts_for_a_cap_and_a_rhythm(
    session, ann, bob, noon, outcome, counts
):
    set_frequency(session, "offers", cap=(1, 7), at=noon - 9 * DAY)
    record(
        session, [fact(keys, Kind.RHYTHM, "everything", at=noon, details={"days": 7}) for keys in (ann, bob)], at=noon
    )
    had(session, ann, "offers", noon - 7 * DAY + MOMENT, outcome)
    assert says(session, "offers", ann, noon) is (Reason.CAP_REACHED if counts else None)
    assert says(session, "research", ann, noon) is (Reason.RHYTHM_REACHED if counts else None)
    assert says(session, "offers", ann, noon + MOMENT) is None
    assert says(session, "tracking", ann, noon) is None
    assert says(session, "offers", bob, noon) is None
    assert says(session, "research", bob, noon) is None


def test_a_confirmation_counts_for_no_rhythm_and_a_rhythm_of_a_month_is_no_week(session, ann, bob, noon):
    for keys, days in ((ann, 7), (bob, 30)):
        record(session, [fact(keys, Kind.RHYTHM, "everything", at=noon, details={"days": days})], at=noon)
        had(session, keys, "confirmation", noon, "sent")
        assert says(session, "offers", keys, noon) is None
        had(session, keys, "updates", noon - 8 * DAY, "sent")
    assert says(session, "offers", ann, noon) is None
    assert says(session, "offers", bob, noon) is Reason.RHYTHM_REACHED


def test_two_of_a_cap_are_more_than_one(session, ann, noon):
    set_frequency(session, "offers", cap=(2, 7), at=noon - 9 * DAY)
    had(session, ann, "research", noon, "sent")
    had(session, ann, "offers", noon, "sent")
    assert says(session, "offers", ann, noon) is None
    had(session, ann, "offers", noon + DAY, "sent")
    assert says(session, "offers", ann, noon) is Reason.CAP_REACHED


@pytest.mark.parametrize(("zone", "quiet"), [("Asia/Tokyo", True), ("UTC", False), ("", False), ("Atlantis", False)])
def test_it_is_quiet_where_somebody_lives(session, pepper, noon, zone, quiet):
    set_frequency(session, "everything", quiet=QuietHours(20 * 60, 22 * 60), at=noon)
    cem = add_permitted(session, pepper, "cem@example.org", "offers", at=noon, time_zone=zone)
    assert says(session, "offers", cem, noon, quiet_in="UTC") is (Reason.QUIET_HOURS if quiet else None)
    elsewhere = says(session, "offers", cem, noon, quiet_in="Asia/Tokyo")
    assert elsewhere is (None if zone == "UTC" else Reason.QUIET_HOURS)


def test_g17_a_verdict_names_the_last_event_it_was_read_from(session, ann, bob, noon):
    found = judge(session, "offers", [ann.own, bob.own], at=noon)
    assert found.sequence == ledger_head(session)[0]
    assert found.verdicts == {ann.own: None, bob.own: None}
    assert judge(session, "offers", [], at=noon).sequence == 0


def test_a_permit_keeps_what_it_was_for_and_when(session, ann, noon):
    number = ask(session, [Wish(7, ann.own, ann.family, "offers")], sender_id=3, at=noon)[7]
    permit = session.get(Permit, number)
    kept = (permit.message_id, bytes(permit.address_key), permit.scope, permit.sender_id, permit.granted_at)
    assert kept == (7, ann.own, "offers", 3, noon)
    assert permit.judged_sequence == ledger_head(session)[0]
    nobody = ask(session, [Wish(8, b"n" * 32, b"f" * 32, "offers")], sender_id=3, at=noon)
    assert nobody == {8: Reason.NO_PERMISSION}


def test_who_waits_for_a_mail_gets_it_in_quiet_hours_and_others_do_not(session, ann, noon):
    set_frequency(session, "offers", cap=None, quiet=QuietHours(11 * 60, 13 * 60), at=noon)
    wishes = [Wish(1, ann.own, ann.family, "offers"), Wish(2, ann.own, ann.family, "offers", at_once=True)]
    answers = ask(session, wishes, sender_id=1, at=noon, quiet_in="UTC")
    assert answers[1] is Reason.QUIET_HOURS
    assert isinstance(answers[2], int)
    assert says(session, "offers", ann, noon) is None
    assert says(session, "offers", ann, noon, quiet_in="Asia/Tokyo") is None
    assert says(session, "research", ann, noon, quiet_in="UTC") is None
