"""A sender keeps the editions it needs, and forgets the longest unused: its memory does not grow with campaigns."""

import pytest

from campaigns.mail.editions import Edition
from campaigns.sending.editions_kept import EditionsKept
from core.errors import BadInput
from tests.campaigns.scenes import make_draft, sending


def test_the_longest_unused_edition_is_forgotten_first(database, settings):
    kept = EditionsKept(settings, most=2)
    with database.writing() as session:
        first, second, third = (sending(session, make_draft(name)).id for name in ("one", "two", "three"))
        editions = {number: kept.edition(session, number) for number in (first, second)}
        assert kept.edition(session, first) is editions[first]
        assert isinstance(kept.edition(session, third), Edition)
        assert len(kept) == 2
        assert kept.edition(session, first) is editions[first]
        assert kept.edition(session, second) is not editions[second]


def test_a_mailing_that_cannot_be_written_at_all_says_why_each_time(database, settings):
    kept = EditionsKept(settings)
    with database.writing() as session:
        number = sending(session, make_draft(html="{% if %}")).id
        edition = kept.edition(session, number)
        assert isinstance(edition, BadInput | Edition)


def test_an_edition_outlives_the_transaction_that_was_to_read_it_and_was_rolled_back(database, settings):
    kept = EditionsKept(settings)
    with database.writing() as session:
        number = sending(session, make_draft()).id

    def read_and_fall() -> None:
        with database.writing() as session:
            kept.edition(session, number)
            raise ConnectionError("the database fell before the claims were committed")

    with pytest.raises(ConnectionError):
        read_and_fall()
    with database.writing() as session:
        edition = kept.edition(session, number)
        assert isinstance(edition, Edition)
    assert edition.words.topic == "announcements"
