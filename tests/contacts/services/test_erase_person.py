"""Erasing a person: at once, under every key, refused under a hold, and finished after a crash."""

import fcntl
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import campaigns.storage.letters_kept
import surveys.storage.answers_kept
from campaigns.mail.capture import store
from contacts.domain.addresses import AddressKeys, read_address
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.verdicts import Reason
from contacts.services.erase_person import erase_person
from contacts.services.finish_erasures import SECOND_LOOK, finish_erasures
from contacts.services.place_hold import place_hold
from contacts.storage import belongings
from contacts.storage.blocks import blocks_of
from contacts.storage.cases import Receipt
from contacts.storage.contacts import Contact, contact_by_key
from contacts.storage.erasures import Erasure
from contacts.storage.former_keys import move_contact
from contacts.storage.gate import verdicts
from contacts.storage.keepers import all_belongings
from contacts.storage.ledger import history_of, record
from contacts.storage.legal_holds import take_hold_away
from core.errors import Misconfigured
from tests.contacts.people import add_contact, add_permitted, consent, fact

ANN = "ann@example.org"
KEEPERS = (campaigns.storage.letters_kept.LETTERS, surveys.storage.answers_kept.ANSWERS)
Finish = Callable[..., object]


@pytest.fixture
def ann(database, pepper, noon) -> AddressKeys:
    with database.writing() as session:
        return add_permitted(session, pepper, ANN, "offers", at=noon, given_name="Ann")


@pytest.fixture
def finish(database, ring, settings) -> Finish:
    def run(at: datetime, child_days: int = 14) -> object:
        return finish_erasures(database, settings.data_dir, ring, at=at, child_days=child_days)

    return run


def erase(database, keys: AddressKeys, at: datetime):
    with database.writing() as session:
        return erase_person(session, keys, Door.OPERATOR, at=at, operator="operator 1", evidence="a letter")


def order(database) -> Erasure:
    with database.reading() as session:
        found: Erasure = session.scalars(select(Erasure).order_by(Erasure.event_sequence)).all()[-1]
        session.expunge_all()
        return found


def counted(database, mapped: type) -> int:
    with database.reading() as session:
        return len(session.scalars(select(mapped)).all())


def test_gdpr_17_the_block_stays_and_the_consents_go(database, ann, pepper, noon):
    done = erase(database, ann, noon)
    assert done.counts == {"contacts": 1}
    with database.reading() as session:
        assert contact_by_key(session, ann.own) is None
        assert {block.scope for block in blocks_of(session, ann.own)} == {"everything", "tracking", "sharing"}
    with database.writing() as session:
        add_contact(session, pepper, ANN, at=noon)
        assert verdicts(session, "offers", [ann.own], at=noon) == {ann.own: Reason.ERASED}


def test_nobody_is_erased_by_halves_where_a_package_has_not_said_what_it_keeps(database, ann, noon, monkeypatch):
    monkeypatch.delitem(belongings.KEPT, "surveys")
    with pytest.raises(Misconfigured, match="surveys"):
        erase(database, ann, noon)
    assert counted(database, Contact) == 1
    assert counted(database, Erasure) == 0
    assert counted(database, Receipt) == 0


def test_a_process_that_dies_after_the_commit_leaves_the_files_to_the_clock(database, ann, noon, settings, finish):
    store(settings.mailbox_dir, "Ann <ANN@example.org>", b"Subject: hello\r\n\r\nhello")
    store(settings.mailbox_dir, "bob@example.org", b"Subject: hello\r\n\r\nann@example.org says hello")
    erase(database, ann, noon)
    assert len(list(settings.mailbox_dir.rglob("*.eml"))) == 2
    finish(noon)
    (kept,) = settings.mailbox_dir.rglob("*.eml")
    assert b"bob@example.org" in kept.read_bytes()
    assert order(database).files_at == noon
    assert counted(database, Receipt) == 2


def test_what_came_in_at_the_same_moment_goes_at_the_second_look(database, ann, noon, settings, finish):
    erase(database, ann, noon)
    finish(noon)
    store(settings.mailbox_dir, ANN, b"Subject: late\r\n\r\nlate")
    finish(noon + timedelta(minutes=1))
    assert len(list(settings.mailbox_dir.rglob("*.eml"))) == 1
    finish(noon + SECOND_LOOK)
    assert list(settings.mailbox_dir.rglob("*.eml")) == []
    assert order(database).settled_at == noon + SECOND_LOOK


def test_who_came_back_by_their_own_word_is_not_deleted_by_the_second_look(database, ann, pepper, noon, finish):
    erase(database, ann, noon)
    finish(noon)
    with database.writing() as session:
        back = [
            fact(ann, Kind.RELEASE, scope, at=noon, details={"reason": "erasure"}, confirmed=True)
            for scope in ("everything", "tracking", "sharing")
        ]
        record(session, [_confirmed(each) for each in back], at=noon)
        add_contact(session, pepper, ANN, at=noon)
        record(session, [_confirmed(consent(ann, "offers", at=noon, confirmed=True))], at=noon)
    finish(noon + SECOND_LOOK)
    with database.reading() as session:
        assert verdicts(session, "offers", [ann.own], at=noon) == {ann.own: None}


def _confirmed(said: Fact) -> Fact:
    return replace(said, door=Door.DOUBLE_OPT_IN)


def test_p13_a_held_person_is_blocked_at_once_and_erased_when_the_hold_is_lifted(database, ann, noon, finish):
    with database.writing() as session:
        hold = place_hold(session, ann, "claim 2 O 41/26", operator="operator 1", at=noon).id
    done = erase(database, ann, noon)
    assert (done.hold, done.counts) == ("claim 2 O 41/26", {})
    finish(noon + timedelta(days=40))
    with database.writing() as session:
        assert verdicts(session, "offers", [ann.own], at=noon) == {ann.own: Reason.ERASED}
        take_hold_away(session, hold, by="operator 1, operator 2", at=noon)
    finish(noon + timedelta(days=41))
    assert counted(database, Contact) == 0
    assert order(database).files_at is not None


def test_who_changed_their_address_is_erased_under_the_old_one_too(database, ann, noon, pepper):
    new = read_address("ann@example.com")
    with database.writing() as session:
        contact = contact_by_key(session, ann.own)
        assert contact is not None
        move_contact(session, contact, new, pepper.keys(new), at=noon)
    done = erase(database, pepper.keys(new), noon)
    assert done.own == {ann.own, pepper.keys(new).own}
    with database.reading() as session:
        assert Kind.ERASURE in {each.fact.kind for each in history_of(session, ann.own)}


def test_a_rejects_file_that_is_being_written_waits(database, ann, noon, settings, finish):
    path = Path(settings.data_dir) / "rejects" / "import-1.csv"
    path.parent.mkdir(parents=True)
    path.write_text("line,row\n2,ann@example.org\n3,bob@example.org\n", encoding="utf-8-sig")
    erase(database, ann, noon)
    with path.open("rb") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        finish(noon)
        assert order(database).files_at is None
        assert "ann@" in path.read_text()
    finish(noon)
    assert path.read_text(encoding="utf-8-sig").splitlines() == ["line,row", "3,bob@example.org"]


def test_everybody_says_what_they_keep():
    assert [each.package for each in all_belongings()] == ["contacts", "campaigns", "surveys"]
    assert len(KEEPERS) == 2


WEB = """
import campaigns.web, contacts.web, surveys.web
from core.web.places import places_of
places = [place for each in (contacts.web, campaigns.web, surveys.web) for place in places_of(each)]
"""


@pytest.mark.parametrize("door", [WEB, "import scheduler", "import commands.persons"])
def test_in_a_fresh_process_every_door_that_erases_knows_what_everybody_keeps(door: str):
    asked = f"{door}\nfrom contacts.storage.keepers import all_belongings\nall_belongings()"
    subprocess.run([sys.executable, "-c", asked], check=True, cwd=Path(__file__).resolve().parents[3])
