"""What a row does to somebody: it restricts whoever it names, and permits only who was never heard of (G8)."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contacts.domain.addresses import AddressKeys, read_address
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.import_modes import ImportMode
from contacts.domain.intake import MOST_ATTRIBUTES, Intake, Known, merged_attributes, take_in
from contacts.domain.policy import Basis, Rule, Source
from contacts.domain.rows import ContactRow
from contacts.domain.verdicts import BlockReason

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
SINCE = AT - timedelta(days=200)
KEYS = AddressKeys(b"o" * 32, b"f" * 32)
POLICY = {
    ("1", "purchase", "offers"): Rule(Basis.CONSENT),
    ("1", "purchase", "updates"): Rule(Basis.NOTICE, 730),
    ("1", "purchase", "tracking"): Rule(Basis.NOTICE, 730),
    ("1", "purchase", "marketing"): Rule(Basis.NOTICE, 730),
}
INTAKE = Intake({"import": 4}, Door.IMPORT, AT, "1", POLICY)
ADDRESS = read_address("Ann@Example.org")
ROW = ContactRow(
    7, ADDRESS, consents=("offers",), given_name="Ann", family_name="Lee", locale="de", time_zone="Europe/Berlin",
    source=Source.PURCHASE, source_at=SINCE, evidence="order 5", attributes={"size": 42},
)  # fmt: skip
PROFILE = {
    "address": "Ann@example.org", "given_name": "Ann", "family_name": "Lee", "locale": "de",
    "time_zone": "Europe/Berlin", "source": "purchase", "source_at": SINCE, "evidence": "order 5",
    "attributes": {"size": 42}, "created_at": AT, "updated_at": AT,
}  # fmt: skip
OLD = PROFILE | {"created_at": SINCE, "updated_at": SINCE}


def taken(row: ContactRow, known: Known, **how: Any) -> tuple[list[Fact], dict[str, int]]:
    """The facts, and what was counted."""
    counts: Counter[str] = Counter()
    return take_in(row, KEYS, known, replace(INTAKE, **how), counts), dict(counts)


def test_a_new_address_becomes_a_contact_with_what_its_row_says():
    known = Known()
    facts, counts = taken(ROW, known)
    given = Fact(
        KEYS.own, KEYS.family, Kind.CONSENT, "offers", Door.IMPORT, SINCE, source="purchase", evidence="order 5",
        policy_version="1", details={"import": 4, "line": 7},
    )  # fmt: skip
    assert facts == [given]
    assert counts == {"added": 1, "consents": 1}
    assert known == Known(PROFILE, heard=True, consents={"offers"}, fresh=True)


def test_what_came_one_by_one_names_no_line():
    facts, _ = taken(replace(ROW, line=0), Known())
    assert facts[0].details == {"import": 4}


def test_g8_who_is_known_gets_no_consent_from_a_row():
    for known in (Known(dict(OLD)), Known(heard=True), Known(dict(OLD), heard=True)):
        facts, counts = taken(ROW, known)
        assert facts == []
        assert counts["consents_of_known"] == 1
        assert known.consents == set()


def test_what_was_said_before_is_not_said_again():
    known = Known(dict(OLD), heard=True, consents={"offers"})
    assert taken(ROW, known) == ([], {"known": 1})
    facts, counts = taken(replace(ROW, consents=("offers", "updates")), Known(consents={"offers"}, profile=dict(OLD)))
    assert (facts, counts) == ([], {"known": 1, "consents_of_known": 1})


def test_p6_a_consent_that_its_source_does_not_justify_is_not_taken():
    facts, counts = taken(replace(ROW, consents=("research", "offers")), Known())
    assert [each.scope for each in facts] == ["offers"]
    assert counts == {"added": 1, "consents_unjustified": 1, "consents": 1}


def test_a_notice_permits_a_new_customer_what_the_policy_says_and_no_group():
    known = Known()
    facts, counts = taken(ROW, known, notice=True)
    assert [(each.kind, each.scope) for each in facts] == [
        (Kind.CONSENT, "offers"), (Kind.NOTICE, "updates"), (Kind.NOTICE, "tracking"),
    ]  # fmt: skip
    assert counts == {"added": 1, "consents": 1, "notices": 2}
    assert known.consents == {"offers", "updates", "tracking"}
    assert taken(ROW, Known(dict(OLD)), notice=True)[0] == []
    assert taken(replace(ROW, consents=("updates",)), Known(), notice=True)[1] == {
        "added": 1, "consents": 1, "notices": 1,
    }  # fmt: skip


def test_g8_a_contact_that_is_none_any_more_is_not_brought_back_by_an_import():
    left = [
        Known(consents={"offers"}),
        Known(blocks={("everything", BlockReason.CHILD)}),
        Known(blocks={("everything", BlockReason.ERASURE)}),
    ]
    for known in left:
        assert known.left
        _, counts = taken(replace(ROW, consents=()), known)
        assert (known.profile, known.fresh, counts) == (None, False, {"left_before": 1})
    for here in (Known(), Known(dict(OLD), consents={"offers"}), Known(blocks={("offers", BlockReason.OPT_OUT)})):
        assert not here.left


def test_g13_only_a_child_and_who_was_erased_are_uncollectable():
    found = {reason for reason in BlockReason if Known(blocks={("everything", reason)}).uncollectable}
    assert found == {BlockReason.CHILD, BlockReason.ERASURE}
    assert not Known().uncollectable


@pytest.mark.parametrize("mode", [ImportMode.UPDATE, ImportMode.RESTRICT])
def test_a_mode_that_adds_nobody_adds_nobody(mode):
    known = Known()
    assert taken(ROW, known, mode=mode, notice=True) == ([], {"unknown": 1})
    assert known == Known()


def test_who_was_added_by_this_very_import_is_told_apart_from_who_was_there():
    known = Known()
    taken(ROW, known)
    assert taken(ROW, known)[1] == {"repeated": 1}
    assert taken(ROW, Known(dict(PROFILE)))[1]["repeated"] == 1
    assert taken(ROW, Known(dict(OLD), fresh=True))[1]["repeated"] == 1
    assert taken(ROW, Known(dict(OLD)))[1]["known"] == 1


def changed(mode: ImportMode, **before: Any) -> tuple[dict[str, Any], dict[str, int], bool]:
    """What is other in a profile after the row, what was counted, and whether it is to be written."""
    known = Known(OLD | before)
    row = replace(ROW, consents=(), given_name="Anna", locale="", attributes={"size": 43, "vip": True})
    _, counts = taken(row, known, mode=mode)
    assert known.profile is not None
    return {key: value for key, value in known.profile.items() if value != (OLD | before)[key]}, counts, known.changed


def test_filling_fills_what_was_empty_and_changes_nothing_that_was_there():
    filled = {"given_name": "Anna", "attributes": {"size": 42, "vip": True}, "updated_at": AT}
    assert changed(ImportMode.FILL, given_name="") == (filled, {"known": 1, "filled": 1}, True)
    vip = {"size": 1, "vip": False}
    assert changed(ImportMode.FILL, attributes=vip) == ({}, {"known": 1}, False)


def test_updating_overwrites_with_what_the_row_says_and_never_with_nothing():
    anew = {"given_name": "Anna", "attributes": {"size": 43, "vip": True}, "updated_at": AT}
    assert changed(ImportMode.UPDATE) == (anew, {"known": 1, "updated": 1}, True)
    same = {"given_name": "Anna", "attributes": {"size": 43, "vip": True}}
    assert changed(ImportMode.UPDATE, **same) == ({}, {"known": 1}, False)
    assert changed(ImportMode.UPDATE, **(same | {"family_name": ""}))[0] == {"family_name": "Lee", "updated_at": AT}


def test_adding_alone_leaves_who_is_known_as_they_are():
    assert changed(ImportMode.ADD, given_name="") == ({}, {"known": 1}, False)


@pytest.mark.parametrize("reason", [BlockReason.CHILD, BlockReason.ERASURE])
def test_g13_the_profile_of_a_child_or_of_who_was_erased_is_not_filled(reason):
    known = Known(OLD | {"given_name": ""}, blocks={("everything", reason)})
    assert taken(replace(ROW, consents=()), known) == ([], {"known": 1})
    assert known.changed is False


def test_attributes_are_added_unless_they_become_too_many():
    before = {f"a{number}": number for number in range(MOST_ATTRIBUTES - 1)}
    full = merged_attributes(before, {"x": 1}, overwrites=False)
    assert full == before | {"x": 1}
    assert merged_attributes(full, {"y": 1, "x": 2}, overwrites=True) == before | {"x": 2}
    assert merged_attributes(full, {"y": 1, "x": 2}, overwrites=False) == full
    assert MOST_ATTRIBUTES == 500


def test_g13_of_a_child_nothing_is_kept_but_the_block():
    known = Known()
    facts, counts = taken(replace(ROW, child=True, opt_outs=("offers",)), known, notice=True)
    details = {"import": 4, "line": 7}
    assert facts == [
        Fact(KEYS.own, KEYS.family, Kind.CHILD, "everything", Door.IMPORT, AT, details=details),
        Fact(KEYS.own, KEYS.family, Kind.OPT_OUT, "offers", Door.IMPORT, AT, details=details),
    ]
    assert counts == {"children": 1, "opt_outs": 1}
    assert known == Known(heard=True, blocks={("everything", "child"), ("offers", "opt_out")})


def test_a_row_without_a_source_only_restricts():
    known = Known()
    row = replace(ROW, source=None, consents=("offers",), opt_outs=("everything",))
    facts, counts = taken(row, known)
    assert [(each.kind, each.scope, each.at) for each in facts] == [(Kind.OPT_OUT, "everything", AT)]
    assert (counts, known.profile, known.heard) == ({"opt_outs": 1}, None, True)


@pytest.mark.parametrize("mode", list(ImportMode))
def test_g8_restrictions_count_in_every_mode_and_are_not_said_again(mode):
    blocks: set[tuple[str, str]] = {("offers", "opt_out")}
    known = Known(dict(OLD), blocks=blocks)
    row = replace(ROW, consents=(), opt_outs=("offers", "research"))
    facts, counts = taken(row, known, mode=mode)
    assert [each.scope for each in facts] == ["research"]
    assert (counts["restrictions_known"], counts["opt_outs"]) == (1, 1)
    assert taken(replace(row, opt_outs=("research",)), known, mode=mode)[0] == []


def test_a_row_that_records_nothing_leaves_its_address_unheard_of():
    known = Known()
    taken(replace(ROW, consents=()), known)
    assert known.heard is False
    heard = Known(dict(OLD), heard=True)
    taken(replace(ROW, consents=()), heard)
    assert heard.heard is True


def test_import_modes_add_or_do_not():
    assert [mode for mode in ImportMode if mode.adds] == [ImportMode.ADD, ImportMode.FILL]
