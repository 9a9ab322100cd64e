"""A partner over some weeks: handed contacts, told who left, erased people among them, and sending their own list."""

import hmac
import io
from datetime import timedelta

import campaigns.storage.letters_kept
import surveys.storage.answers_kept
from contacts.domain.addresses import read_address
from contacts.domain.facts import Door
from contacts.domain.partnerships import Standstill
from contacts.services.erase_person import erase_person
from contacts.services.feed_partner import feed_partner, key_for
from contacts.services.finish_erasures import SECOND_LOOK, finish_erasures
from contacts.services.import_hashes import HashListOptions, import_hashes
from contacts.services.keep_partners import acknowledge_list
from contacts.services.unsubscribe import complain
from contacts.storage.contacts import contact_by_key
from contacts.storage.partners import standstill
from tests.conftest import NOON
from tests.contacts.partnering import acme, as_the_partner_knows, entries_of, share, sharers

KEEPERS = (campaigns.storage.letters_kept.LETTERS, surveys.storage.answers_kept.ANSWERS)
ANN, BOB, CID, DAN = (f"{name}@example.org" for name in ("ann", "bob", "cid", "dan"))
DAY = timedelta(days=1)


def feed(database, at) -> list[str]:
    with database.writing() as session:
        made = feed_partner(session, "acme", at=at, operator="kim@example.org")
        acknowledge_list(session, "acme", made.handout.id, at=at, operator="kim@example.org")
    return entries_of(made.content)


def test_g15_p9_from_the_first_handover_to_the_partners_own_list(database, pepper, ring, settings, tmp_path):
    with database.writing() as session:
        acme(session)
        ann, bob, *_rest = sharers(session, pepper, ANN, BOB, CID, DAN)
    assert [row["address"] for row in share(database, ring)[1]] == [ANN, BOB, CID, DAN]

    with database.writing() as session:
        erase_person(session, ann, Door.OPERATOR, at=NOON + DAY, operator="kim@example.org")
        complain(session, bob, at=NOON + DAY)
    finish_erasures(database, settings.data_dir, ring, at=NOON + DAY + SECOND_LOOK, child_days=14)
    with database.reading() as session:
        assert contact_by_key(session, ann.own) is None
        assert standstill(session, "acme", at=NOON + 8 * DAY) is Standstill.LIST_DUE
    assert set(feed(database, NOON + 2 * DAY)) == as_the_partner_knows(database, ring, ANN, BOB)

    with database.reading() as session:
        key = key_for(session, ring, "acme")
    theirs = "# people who told Acme to stop\n" + hmac.new(key, CID.encode(), "sha256").hexdigest() + "\n"
    options = HashListOptions(partner="acme", rejects_folder=tmp_path)
    import_hashes(database, io.BytesIO(theirs.encode()), options, ring=ring, at=NOON + 3 * DAY)
    assert [row["address"] for row in share(database, ring, at=NOON + 4 * DAY)[1]] == [DAN]
    assert set(feed(database, NOON + 4 * DAY)) == as_the_partner_knows(database, ring, ANN, BOB, CID)
    with database.reading() as session:
        assert standstill(session, "acme", at=NOON + 99 * DAY) is None
        assert contact_by_key(session, pepper.keys(read_address(DAN)).own) is not None
    assert len(KEEPERS) == 2
