"""Suppression lists of hashed addresses: matched against who is known, and against who arrives later (G8, G19)."""

import hashlib
import io
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from contacts.domain.addresses import PepperRing, read_address
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.opt_out_lists import partner_hash
from contacts.services.import_hashes import HashListOptions, import_hashes
from contacts.storage.contacts import Contact
from contacts.storage.foreign_lists import ForeignEntry, listed_among
from contacts.storage.ledger import events_of, record
from contacts.storage.partner_keys import partner_key
from contacts.storage.partners import Partner
from contacts.storage.peppers import begin_generation
from core.errors import BadInput, NotFound
from tests.conftest import NOON, PEPPER
from tests.contacts.services.imported import contact, events, runs, state_of, verdict

PEOPLE = "email,topics\nann@example.org,updates\nBob@Example.org,updates\nküche@exämple.example,updates\n"
LISTED = ("bob@example.org", "küche@exämple.example", "nobody@example.org")
LATER = NOON + timedelta(days=30)


def made(method, *addresses):
    return "\n".join(hashlib.new(method, address.encode()).hexdigest() for address in addresses) + "\n"


@pytest.fixture
def listed(database, ring, tmp_path):
    def take(text, *, at=NOON, partner="", used=ring):
        options = HashListOptions(partner=partner, rejects_folder=tmp_path / "rejects")
        data = text if isinstance(text, bytes) else text.encode()
        return import_hashes(database, io.BytesIO(data), options, ring=used, at=at)

    return take


@pytest.mark.parametrize("method", ["md5", "sha1", "sha256"])
def test_g19_a_hashed_list_opts_out_who_is_known(bring, listed, database, key, method):
    bring(PEOPLE)
    found = listed("email_hash\n" + made(method, *LISTED).upper())
    assert found.counts == {"rows": 3, "hashes": 3, "matched": 2}
    assert verdict(database, key("bob@example.org").own) == "opted_out"
    assert verdict(database, key("küche@exämple.example").own) == "opted_out"
    assert verdict(database, key("ann@example.org").own) is None
    event = events(database, key("bob@example.org").own)[-1]
    assert (event.kind, event.scope, event.door) == ("opt_out", "everything", "suppression_list")


def test_g8_who_arrives_later_and_is_on_a_hashed_list_is_opted_out_on_arrival(bring, listed, database, key):
    listed(made("sha1", "bob@example.org"))
    found = bring(PEOPLE, at=LATER)
    assert found.counts["listed"] == 1
    assert verdict(database, key("bob@example.org").own) == "opted_out"
    assert verdict(database, key("ann@example.org").own) is None


def test_g8_a_list_made_before_a_rotation_of_the_pepper_still_stops_who_arrives_after(bring, listed, database, key):
    listed(made("sha256", "bob@example.org"))
    rotated = PepperRing(["a-newer-pepper-of-the-tests-that-is-long", PEPPER])
    with database.writing() as session:
        assert begin_generation(session, rotated) == 2
    listed(made("sha256", "ann@example.org"), used=rotated)
    with database.reading() as session:
        people = [read_address(each) for each in ("bob@example.org", "ann@example.org", "eve@example.org")]
        assert set(listed_among(session, rotated, people)) == {0, 1}


def test_p1_no_hash_is_kept_as_it_came_nor_as_anybody_could_make_it(listed, database):
    digest = hashlib.sha256(b"bob@example.org").digest()
    listed(digest.hex())
    with database.reading() as session:
        kept = {bytes(each) for each in session.scalars(select(ForeignEntry.kept))}
    assert len(kept) == 1
    assert not kept & {digest, hashlib.sha256(digest).digest(), hashlib.sha256(digest.hex().encode()).digest()}


def test_a_list_by_a_partners_key_matches_with_that_key_alone(bring, listed, database, ring, key):
    bring(PEOPLE)
    with database.writing() as session:
        for name in ("acme", "other"):
            session.add(
                Partner(
                    name=name, title=name, contract_reference="C-1", privacy_email="p@example.com",
                    suppression_email="s@example.com", salt=name.encode().ljust(16), created_at=NOON,
                )
            )  # fmt: skip
        session.flush()
        acme = partner_key(session, ring, session.scalar(select(Partner).where(Partner.name == "acme")))
    text = "# Heedful opt-out list\n" + partner_hash(acme, "bob@example.org").hex() + "\n"
    assert "matched" not in listed(text).counts
    assert "matched" not in listed(text, partner="other").counts
    assert listed(text, partner="acme").counts["matched"] == 1
    listed("# later\n" + partner_hash(acme, "eve@example.org").hex(), partner="acme")
    assert bring("email,topics\neve@example.org,updates\n").counts["listed"] == 1
    with pytest.raises(NotFound):
        listed(text, partner="nobody")


def test_the_same_list_again_changes_nothing(bring, listed, database):
    bring(PEOPLE)
    text = made("md5", "ann@example.org", "zed@example.org")
    listed(text)
    before = state_of(database)
    assert listed(text).counts == {"rows": 2, "hashes": 2, "restrictions_known": 1}
    assert state_of(database) == before


def test_an_old_list_does_not_stop_again_who_came_back_by_their_own_word(bring, listed, database, key):
    bring(PEOPLE)
    listed(made("sha256", "ann@example.org"))
    own = key("ann@example.org")
    lifted = Fact(
        own.own, own.family, Kind.RELEASE, "everything", Door.DOUBLE_OPT_IN, NOON, confirmed=True,
        details={"reason": "opt_out"},
    )  # fmt: skip
    with database.writing() as session:
        record(session, [lifted], at=NOON)
    listed(made("sha256", "bob@example.org"), at=LATER)
    assert verdict(database, own.own) is None
    listed(made("sha256", "ann@example.org"), at=LATER)  # but being put on a list anew counts
    assert verdict(database, own.own) == "opted_out"


def test_lines_without_a_hash_are_rejected_by_number_and_the_rest_goes_in(bring, listed, database, key):
    bring(PEOPLE)
    text = "list of March\n" + made("md5", "ann@example.org") + "bob@example.org\n" + made("md5", "cid@example.org")
    found = listed(text)
    assert found.counts == {"rows": 3, "hashes": 2, "matched": 1, "rejected": 1}
    assert found.first_rejections[0].line == 3
    assert "bob@" not in found.rejects.read_text()
    assert contact(database, key("cid@example.org").own) is None


def test_a_file_without_a_hash_is_refused_and_told_in_the_history(listed, database):
    with pytest.raises(BadInput, match="no hash"):
        listed("nothing\nhere\n")
    assert runs(database)[0].state == "failed"


def test_g19_a_deleted_contact_that_comes_back_is_found_on_arrival(bring, listed, database, key):
    bring("email\nann@example.org\n")
    with database.writing() as session:
        session.execute(delete(Contact))
    listed(made("sha256", "ann@example.org"))
    bring("email,topics\nann@example.org,updates\n", at=LATER)
    assert verdict(database, key("ann@example.org").own) == "opted_out"
    with database.reading() as session:
        assert [each.door for each in events_of(session, key("ann@example.org").own)][-1] == "suppression_list"
