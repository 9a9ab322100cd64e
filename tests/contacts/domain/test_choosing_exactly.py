"""What a choice records to the letter: the wording that was read, what was kept stopped, and what counts as on."""

from datetime import UTC, datetime

from contacts.domain.addresses import AddressKeys
from contacts.domain.choosing import STILL_ON, Chooser, starts
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.permission import Numbered, Standing
from contacts.domain.undoing import last_number
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


def test_choices_in_two_groups_open_both_and_stop_what_lies_beside_in_each():
    before = Standing(blocks={("everything", BlockReason.OPT_OUT): 1})
    facts = starts(before, ["offers", "research"], ["research:panel"], Chooser(KEYS, "1", AT))
    stops = [each.scope for each in facts if each.kind is Kind.OPT_OUT]
    assert stops == ["announcements", "other", "updates", "partners", "research:panel"]
    assert [each.scope for each in facts if each.kind is Kind.RELEASE] == ["everything"]


def test_what_was_shared_or_disclosed_makes_no_page_stale():
    facts = [(1, Kind.CONSENT), (2, Kind.SHARED), (3, Kind.DISCLOSED)]
    history = [Numbered(at, Fact(KEYS.own, KEYS.family, kind, "offers", Door.API, AT)) for at, kind in facts]
    assert last_number(history) == 1
