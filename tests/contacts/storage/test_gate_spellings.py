"""Through the gate, on both databases: who left under one spelling is stopped under every other, and nobody else is."""

import pytest
from sqlalchemy import select

from contacts.domain.addresses import AddressKeys, PepperRing, read_address
from contacts.domain.facts import Door, Fact, Kind
from contacts.storage.contacts import Contact
from contacts.storage.gate import verdicts
from contacts.storage.ledger import record
from contacts.storage.peppers import begin_generation, resolve
from tests.conftest import NOON, PEPPER
from tests.contacts.domain.other_spellings import OTHERS
from tests.contacts.domain.spellings import FAMILIES, SAME
from tests.contacts.people import consent


@pytest.fixture(params=["one pepper", "rotated", "rotated after they left"])
def rings(request, database) -> tuple[PepperRing, PepperRing]:
    """The ring when somebody leaves, and the ring when they are looked up."""
    before, after = PepperRing([PEPPER]), PepperRing(["another-pepper-of-the-tests-long-enough", PEPPER])
    if request.param == "one pepper":
        return before, before
    if request.param == "rotated":
        with database.writing() as session:
            begin_generation(session, after)
        return after, after
    return before, after


def keyed(session, ring: PepperRing, written) -> list[AddressKeys]:
    return resolve(session, ring, [read_address(each) for each in written])


def leave(database, rings, spellings) -> None:
    """Everybody leaves under the first spelling; then, perhaps, the pepper is rotated."""
    with database.writing() as session:
        everybody = keyed(session, rings[0], spellings)
        facts = [Fact(k.own, k.family, Kind.OPT_OUT, "everything", Door.OPERATOR, NOON) for k in everybody]
        record(session, facts, at=NOON)
    with database.writing() as session:
        begin_generation(session, rings[1])


def said(database, ring, written) -> list[str | None]:
    """Everybody comes back under these spellings with a yes; the gate's word on each."""
    with database.writing() as session:
        everybody = keyed(session, ring, written)
        known = set(session.scalars(select(Contact.address_key)))
        for keys, each in {keys.own: (keys, each) for keys, each in zip(everybody, written, strict=True)}.values():
            if keys.own not in known:
                session.add(
                    Contact(
                        address=read_address(each).delivery,
                        address_key=keys.own,
                        family_key=keys.family,
                        source="mailing_list",
                        source_at=NOON,
                        created_at=NOON,
                        updated_at=NOON,
                    )
                )
        record(session, [consent(keys, "updates", at=NOON) for keys in everybody], at=NOON)
        found = verdicts(session, "updates", {keys.own for keys in everybody}, at=NOON)
    return [found[keys.own] for keys in everybody]


def test_g8_who_left_under_one_spelling_is_stopped_under_every_other(database, rings):
    leave(database, rings, SAME)
    every = [other for others in SAME.values() for other in others]
    assert set(said(database, rings[1], every)) == {"opted_out"}


def test_g8_a_close_spelling_of_somebody_who_left_is_held(database, rings):
    leave(database, rings, FAMILIES)
    every = [other for others in FAMILIES.values() for other in others]
    assert set(said(database, rings[1], every)) == {"family_held"}


def test_nobody_is_stopped_by_what_another_person_said(database, rings):
    leave(database, rings, OTHERS)
    left = {read_address(one).canonical for one in OTHERS}
    families = {read_address(one).family for one in OTHERS}
    every = [other for others in OTHERS.values() for other in others if read_address(other).canonical not in left]
    for written, verdict in zip(every, said(database, rings[1], every), strict=True):
        assert verdict == ("family_held" if read_address(written).family in families else None), ascii(written)
