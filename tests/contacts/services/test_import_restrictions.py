"""An import can only restrict who is known, and its opt-outs are the act of every door (G8, G13, G19, P6)."""

from datetime import timedelta

from sqlalchemy import select

from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.import_modes import ImportMode
from contacts.domain.rows import Defaults
from contacts.storage.blocks import Block, blocks_of
from contacts.storage.consents import Consent
from contacts.storage.contacts import contact_by_key
from contacts.storage.ledger import Event, events_of, record
from contacts.storage.policies import publish_policy
from tests.conftest import NOON
from tests.contacts.services.imported import contact, events, number_of, state_of, verdict


def test_g8_a_known_address_gets_no_consent_and_keeps_what_it_has(bring, database, key):
    bring("email,first name,country\nada@example.org,Ada,UK\n")
    report = bring(
        "email,first name,surname,topics,country,plan\nADA@example.org,Eve,Byron,updates,DE,pro\n",
        at=NOON + timedelta(1),
    )
    assert report.counts == {"rows": 1, "known": 1, "filled": 1, "consents_of_known": 1}
    found = contact(database, key("ada@example.org").own)
    assert (found.given_name, found.family_name) == ("Ada", "Byron")
    assert found.attributes == {"country": "UK", "plan": "pro"}
    assert verdict(database, found.address_key) == "no_permission"


def test_g8_importing_again_in_any_way_makes_nobody_mailable(bring, database, key):
    bring("email,topics,opt-out\nada@example.org,updates,yes\nbob@example.org,updates,\n")
    before = state_of(database)
    for text in (
        "email,topics\nada@example.org,updates\nbob@example.org,updates\n",
        "email,topics,opt-out\nada@example.org,updates,no\n",
        "email,topics,opt-out\nada@example.org,updates,subscribed\n",
    ):
        bring(text, notice=True)
    assert state_of(database) == before
    assert verdict(database, key("ada@example.org").own) == "opted_out"


def test_g8_a_deleted_contact_does_not_come_back_with_its_old_consents(bring, database, key):
    text = "email,topics\nada@example.org,updates\n"
    bring(text)
    with database.writing() as session:
        session.delete(contact_by_key(session, key("ada@example.org").own))
    assert bring(text).counts == {"rows": 1, "left_before": 1}
    assert verdict(database, key("ada@example.org").own) == "no contact"


def test_g8_somebody_who_was_erased_is_not_collected_again(bring, database, key):
    keys = key("ada@example.org")
    with database.writing() as session:
        record(session, [Fact(keys.own, keys.family, Kind.ERASURE, "everything", Door.OPERATOR, NOON)], at=NOON)
    report = bring("email,topics\nada@example.org,updates\n")
    assert report.counts == {"rows": 1, "left_before": 1, "consents_of_known": 1}
    assert contact(database, keys.own) is None


def test_g8_somebody_who_only_ever_opted_out_can_be_a_contact_but_not_a_mailable_one(bring, database, key):
    bring("email\nada@example.org\n", mode=ImportMode.RESTRICT)
    assert bring("email,topics\nada@example.org,updates\n").counts["added"] == 1
    assert verdict(database, key("ada@example.org").own) == "opted_out"
    assert number_of(database, Consent) == 0


def test_g19_an_opt_out_in_a_table_is_the_act_of_every_door(bring, database, key):
    bring("email,topics\nada@example.org,updates\n")
    report = bring("email,opt-outs\nada@example.org,research; marketing\n")
    assert report.counts == {"rows": 1, "repeated": 1, "opt_outs": 2}
    assert report.settled
    assert verdict(database, key("ada@example.org").own) == "opted_out"
    assert [(event.kind, event.scope, event.door) for event in events(database, key("ada@example.org").own)[1:]] == [
        ("opt_out", "research", "import"),
        ("opt_out", "marketing", "import"),
    ]


def test_g19_a_suppression_list_blocks_everybody_in_it_and_makes_no_contact(bring, database, key):
    bring("email,topics\nada@example.org,updates\n")
    report = bring(
        "email,name\nada@example.org,Ada\nnew@example.org,New\n", mode=ImportMode.RESTRICT, defaults=Defaults()
    )
    assert report.counts == {"rows": 2, "opt_outs": 2}
    assert verdict(database, key("ada@example.org").own) == "opted_out"
    assert contact(database, key("new@example.org").own) is None
    with database.reading() as session:
        assert [block.scope for block in blocks_of(session, key("new@example.org").own)] == ["everything"]
        assert events_of(session, key("new@example.org").own)[0].door == "suppression_list"


def test_a_suppression_list_stops_everything_whatever_its_columns_say(bring, database, key):
    text = "email,opt-out,child,birthday\nada@example.org,research,,\nbob@example.org,no,no,1970-01-01\n"
    bring(text + "eve@example.org,perhaps,,\n", mode=ImportMode.RESTRICT)
    with database.reading() as session:
        blocks = {(bytes(block.address_key), block.scope) for block in session.scalars(select(Block))}
    for name in ("ada", "bob", "eve"):
        assert (key(f"{name}@example.org").own, "everything") in blocks
    assert (key("ada@example.org").own, "research") in blocks


def test_g13_of_a_child_only_the_block_is_kept(bring, database, key):
    text = "email,first name,birthday,topics,evidence\nkim@example.org,Kim,2015-03-04,updates,form of Kim\n"
    assert bring(text).counts == {"rows": 1, "children": 1}
    assert contact(database, key("kim@example.org").own) is None
    (event,) = events(database, key("kim@example.org").own)
    with database.reading() as session:
        assert {block.scope for block in session.scalars(select(Block))} == {"everything", "tracking", "sharing"}
    assert (event.kind, event.evidence, event.source) == ("child", "", None)
    assert bring("email,topics\nkim@example.org,updates\n").counts["left_before"] == 1
    assert contact(database, key("kim@example.org").own) is None


def test_g8_what_a_childs_row_stops_outlives_a_flag_that_was_a_mistake(bring, database, key):
    assert bring("email,child,opt-out\nkim@example.org,yes,research\n").counts == {
        "rows": 1,
        "children": 1,
        "opt_outs": 1,
    }
    with database.reading() as session:
        found = {(block.scope, block.reason) for block in blocks_of(session, key("kim@example.org").own)}
    assert found == {("research", "opt_out"), *((scope, "child") for scope in ("everything", "tracking", "sharing"))}


def test_g13_a_contact_that_turns_out_to_be_a_child_is_blocked(bring, database, key):
    bring("email,topics\nkim@example.org,updates\n")
    bring("email,child\nkim@example.org,yes\nkim@example.org,yes\n")
    assert verdict(database, key("kim@example.org").own) == "child"
    assert number_of(database, Event) == 2


def test_within_a_table_restrictions_unite_and_the_first_profile_wins(bring, database, key):
    report = bring(
        "email,first name,surname,topics,opt-out\nada@example.org,Ada,,updates,research\n"
        "Ada@Example.org,Eve,Byron,offers,tracking\nada@example.org,Eve,,updates,\n"
    )
    assert report.counts == (
        {"rows": 3, "added": 1, "repeated": 2, "filled": 1, "consents": 1, "consents_of_known": 1, "opt_outs": 2}
    )
    found = contact(database, key("ada@example.org").own)
    assert (found.address, found.given_name, found.family_name) == ("ada@example.org", "Ada", "Byron")
    assert verdict(database, found.address_key) is None
    assert verdict(database, found.address_key, "offers") == "no_permission"


def test_p6_a_source_that_justifies_no_topic_gives_no_consent(bring, database):
    report = bring("email,topics,source\nada@example.org,offers; updates,survey\n")
    assert report.counts == {"rows": 1, "added": 1, "consents": 1, "consents_unjustified": 1}


def test_notices_are_recorded_only_where_the_policy_knows_them_and_the_import_says_so(bring, database, key):
    with database.writing() as session:
        publish_policy(session, "2026-11", "notice", at=NOON)
    assert "notices" not in bring("email\nada@example.org\n").counts
    report = bring("email,source,topics\nbob@example.org,purchase,updates\n", notice=True)
    assert (report.counts["consents"], report.counts["notices"]) == (1, 5)
    assert "notices" not in bring("email,source\ncarl@example.org,survey\n", notice=True).counts
    assert verdict(database, key("ada@example.org").own) == "no_permission"
    assert verdict(database, key("bob@example.org").own) is None
