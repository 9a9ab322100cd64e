"""What a choice records to the letter: the wording that was read, what was kept stopped, and what counts as on."""

from datetime import UTC, datetime

from contacts.domain.addresses import AddressKeys
from contacts.domain.choosing import STILL_ON, Chooser, starts
from contacts.domain.facts import Kind
from contacts.domain.permission import Standing
from contacts.domain.verdicts import BlockReason, Reason

AT = datetime(2026, 11, 22, tzinfo=UTC)
KEYS = AddressKeys(b"o" * 32, b"f" * 32)


def test_only_what_is_free_or_paused_is_shown_as_on():
    assert frozenset({None, Reason.PAUSED}) == STILL_ON


def test_a_yes_names_the_wording_that_was_read_and_nothing_where_there_was_none():
    (named,) = starts(Standing(), ["offers"], [], Chooser(KEYS, "1", AT, "a" * 64))
    (plain,) = starts(Standing(), ["offers"], [], Chooser(KEYS, "1", AT))
    assert named.details == {"wording_hash": "a" * 64}
    assert plain.details == {}


def test_what_stays_stopped_beside_a_choice_says_that_it_was_kept():
    before = Standing(blocks={("marketing", BlockReason.OPT_OUT): 1})
    facts = starts(before, ["offers"], ["announcements"], Chooser(KEYS, "1", AT))
    stops = [each for each in facts if each.kind is Kind.OPT_OUT]
    assert [each.scope for each in stops] == ["announcements", "other", "updates"]
    assert all(each.details == {"kept": "stopped"} for each in stops)
