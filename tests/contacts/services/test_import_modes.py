"""What each import mode does: opt-outs count in all of them, a consent of who is known in none (G8)."""

from datetime import timedelta

import pytest

from contacts.domain.import_modes import ImportMode
from contacts.domain.rows import Defaults
from contacts.storage.contacts import contact_by_key
from tests.conftest import NOON
from tests.contacts.services.imported import contact, verdict

FIRST = "email,given name,language,city,topics,opt-out\nann@example.org,Ann,,Oslo,updates,\n"
AGAIN = (
    "email,given name,language,city,plan,topics,opt-out\n"
    "ann@example.org,Anna,no,Bergen,gold,updates; research,\n"
    "bob@example.org,Bob,,,,updates,\n"
)


def profile(database, own):
    found = contact(database, own)
    return found and (found.given_name, found.locale, found.attributes)


@pytest.mark.parametrize(
    ("mode", "ann", "bob", "counts"),
    [
        (ImportMode.ADD, ("Ann", "", {"city": "Oslo"}), True, {"added": 1, "known": 1, "consents": 1}),
        (
            ImportMode.FILL,
            ("Ann", "no", {"city": "Oslo", "plan": "gold"}),
            True,
            {"added": 1, "known": 1, "filled": 1, "consents": 1},
        ),
        (
            ImportMode.UPDATE,
            ("Anna", "no", {"city": "Bergen", "plan": "gold"}),
            False,
            {"unknown": 1, "known": 1, "updated": 1},
        ),
    ],
)
def test_g8_each_mode_does_what_it_says_and_gives_nobody_known_a_permission(
    bring, database, key, mode, ann, bob, counts
):
    bring(FIRST)
    found = bring(AGAIN, mode=mode, at=NOON + timedelta(days=1))
    assert profile(database, key("ann@example.org").own) == ann
    assert verdict(database, key("ann@example.org").own, "research") == "no_permission"
    with database.reading() as session:
        assert (contact_by_key(session, key("bob@example.org").own) is not None) is bob
    assert {name: found.counts.get(name) for name in counts} == counts
    assert found.counts.get("consents", 0) == counts.get("consents", 0)


def test_the_suppression_mode_changes_no_profile_and_adds_nobody(bring, database, key):
    bring(FIRST)
    found = bring(AGAIN, mode=ImportMode.RESTRICT, defaults=Defaults())
    assert profile(database, key("ann@example.org").own) == ("Ann", "", {"city": "Oslo"})
    assert contact(database, key("bob@example.org").own) is None
    assert found.counts == {"rows": 2, "opt_outs": 2}


@pytest.mark.parametrize("mode", ImportMode)
def test_g19_an_opt_out_and_a_child_flag_count_in_every_mode(bring, database, key, mode):
    bring(FIRST + "cid@example.org,Cid,,,updates,\n")
    bring("email,opt-out,child\nann@example.org,yes,\ncid@example.org,,yes\n", mode=mode)
    assert verdict(database, key("ann@example.org").own) == "opted_out"
    assert verdict(database, key("cid@example.org").own) == "child"


def test_an_update_with_empty_cells_or_the_same_values_changes_nothing(bring, database, key):
    bring(FIRST)
    found = bring("email,given name,language,city\nann@example.org,,,Oslo\n", mode=ImportMode.UPDATE)
    assert profile(database, key("ann@example.org").own) == ("Ann", "", {"city": "Oslo"})
    assert "updated" not in found.counts


def test_in_an_update_the_last_row_of_a_person_counts(bring, database, key):
    bring(FIRST)
    bring("email,city\nann@example.org,Bergen\nANN@example.org,Voss\n", mode=ImportMode.UPDATE)
    assert profile(database, key("ann@example.org").own) == ("Ann", "", {"city": "Voss"})


def test_g8_an_update_leaves_no_consent_for_somebody_who_arrives_later(bring, database, key):
    bring("email,topics\nbob@example.org,updates\n", mode=ImportMode.UPDATE)
    bring("email,topics\nbob@example.org,\n")
    assert verdict(database, key("bob@example.org").own) == "no_permission"
