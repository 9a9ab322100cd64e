"""Variants are dealt to exactly a share, the same each time, and each message is written as the one it was dealt."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

import pytest
from sqlalchemy import select

import campaigns.services.launch
from campaigns.domain.trials import DraftTrial, DraftVariant
from campaigns.mail.editions import Edition
from campaigns.sending.editions_kept import EditionsKept
from campaigns.storage import letters_kept, variants
from campaigns.storage.audiences import freeze_audience
from campaigns.storage.links import links_of
from campaigns.storage.mailings import begin_mailing, get_mailing
from campaigns.storage.messages import Message
from campaigns.storage.variants import OPEN, deal
from contacts.storage.belongings import People
from contacts.storage.contacts import Contact
from core.database import Database
from tests.campaigns.competing import HOUR, B, begin_trial, dealt, send_due
from tests.campaigns.scenes import make_draft, scheduled
from tests.conftest import NOON


@pytest.fixture
def begun(database: Database, settings: Any, keyring: Any) -> Callable[..., int]:
    """Launch a campaign with a trial; answers with its mailing's number."""
    return partial(begin_trial, database, (settings, keyring))


@pytest.mark.parametrize(
    ("people", "share", "others", "each"),
    [(33, 20, 2, [3, 2, 2]), (10, 1, 1, [1, 1]), (10, 100, 1, [5, 5]), (1, 50, 2, [1]), (27, 25, 1, [4, 3])],
)
def test_the_share_is_exact_and_variants_get_as_many_each(database, begun, people, share, others, each):
    number = begun(people, *(DraftVariant(subject=f"Other {place}") for place in range(others)), share=share)
    counted = dealt(database, number)
    waiting = counted.pop(None, 0)
    assert sorted(counted.values(), reverse=True) == each
    assert waiting == people - sum(each)
    assert send_due(database, NOON + 300 * HOUR) == sum(each), "whose variant is open is never due"


def test_who_is_dealt_to_is_reproducible_and_differs_from_mailing_to_mailing(database, begun):
    first = begun(40, share=30)
    with database.writing() as session:
        before = dict(session.execute(select(Message.id, Message.variant).where(Message.mailing_id == first)).all())
        session.connection().exec_driver_sql("UPDATE message SET variant = NULL")
        deal(session, first, at=NOON)
        again = dict(session.execute(select(Message.id, Message.variant).where(Message.mailing_id == first)).all())
        assert again == before
        second = scheduled(session, make_draft("autumn", trial=DraftTrial(share=30, variants=(B,)))).id
        mailing = begin_mailing(session, second, NOON)
        assert mailing is not None
        freeze_audience(session, mailing, at=NOON)
        deal(session, second, at=NOON)
        chosen = [
            set(
                session.scalars(
                    select(Message.address_key).where(Message.mailing_id == number, Message.variant.is_not(None))
                )
            )
            for number in (first, second)
        ]
    assert len(chosen[0]) == len(chosen[1]) == 12
    assert 0 < len(chosen[0] & chosen[1]) < 12


def test_a_message_is_written_as_the_variant_that_it_was_dealt(database, begun, settings):
    number = begun(4, DraftVariant(subject="Other {{ contact.given_name }}", content={"colour": "red"}), B, share=100)
    kept = EditionsKept(settings)
    with database.reading() as session:
        editions = [kept.edition(session, number, variant) for variant in (None, 1, 2, 3)]
        assert editions[0] is editions[1]
        person = session.scalar(select(Contact))
        written = [cast(Edition, each).write(person, 1, None, tracked=True, at=NOON).message for each in editions[1:]]
        campaign_id = get_mailing(session, number).campaign_id
        assert len(links_of(session, campaign_id)) == 2, "the links of all variants are stored"
    assert [b"Subject: " + each in message for each, message in zip(
        (b"New this spring", b"Other Ann", b"Is it spring?"), written, strict=True
    )] == [True] * 3  # fmt: skip
    assert [message.count(b"/c/") for message in written] == [2, 2, 2]
    assert OPEN.year == 9999


def test_without_the_moment_that_never_comes_the_rest_would_go_before_the_decision(database, begun, monkeypatch):
    for module in (variants, campaigns.services.launch):
        monkeypatch.setattr(module, "OPEN", NOON)
    number = begun(10, share=20)
    assert send_due(database, NOON) == 10
    assert dealt(database, number)[None] == 8


def test_a_person_is_told_the_subject_of_the_variant_that_they_got(database, begun):
    begun(4, share=100)
    with database.reading() as session:
        for key, variant in session.execute(select(Message.address_key, Message.variant)).all():
            told = letters_kept.LETTERS.tell(session, People(frozenset({key})))
            assert [each["subject"] for each in told["messages"]] == [["New this spring", "Is it spring?"][variant - 1]]
