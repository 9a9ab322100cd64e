"""The rules of standing to the letter: which yes outweighs which, what each block stops, when a yes ends, the hash."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from contacts.domain.facts import GENESIS, Door, Fact, Kind, chained_hash
from contacts.domain.permission import (
    Grant,
    Numbered,
    Standing,
    blocked_by,
    blocked_scopes,
    justified,
    lapses_at,
    standing,
    stronger,
    verdict,
)  # fmt: skip
from contacts.domain.policy import Basis, Rule
from contacts.domain.verdicts import RANKS, SENTENCES, VERDICT_OF, BlockReason, Reason

AT = datetime(2026, 11, 22, tzinfo=UTC)
TOLD_FOR_A_YEAR = {("1", "purchase", "offers"): Rule(Basis.NOTICE, 365)}
ALL = ("everything", "tracking", "sharing")


def grant(basis: Basis = Basis.CONSENT, *, confirmed: bool = False, source: str | None = "purchase") -> Grant:
    return Grant(1, basis, source, "1", confirmed, AT)


def person(*facts: tuple[int, Kind, str, bool]) -> Standing:
    return standing(
        Numbered(number, Fact(bytes(32), bytes(32), kind, scope, Door.IMPORT, AT, confirmed=confirmed))
        for number, kind, scope, confirmed in facts
    )


def test_nobody_starts_with_anything():
    assert Standing() == Standing({}, {}, {}, 0)


def test_the_persons_own_word_outweighs_all_and_what_was_said_what_was_implied():
    order = [(False, Basis.NOTICE), (False, Basis.CONSENT), (True, Basis.NOTICE), (True, Basis.CONSENT)]
    for (new, a), (old, b) in product(enumerate(order), repeat=2):
        assert stronger(grant(a[1], confirmed=a[0]), grant(b[1], confirmed=b[0])) is (new >= old)


def test_of_two_yeses_that_weigh_the_same_the_later_one_counts():
    stands = person((1, Kind.CONSENT, "offers", True), (7, Kind.CONSENT, "offers", True))
    assert stands.grants["offers"].sequence == 7


@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.CHILD, Kind.ERASURE])
def test_g13_who_complains_is_a_child_or_erased_is_neither_tracked_nor_shared(kind):
    assert blocked_scopes(kind, "offers") == ALL


def test_a_bounce_stops_mail_and_other_stops_what_they_name():
    assert blocked_scopes(Kind.BOUNCE, "offers") == ("everything",)
    assert blocked_scopes(Kind.OPT_OUT, "offers") == ("offers",)
    assert blocked_scopes(Kind.HOLD, "sharing") == ("sharing",)


def test_an_own_word_needs_no_policy_and_a_lesser_one_its_rule():
    assert justified(grant(confirmed=True, source=None), "offers", {})
    assert not justified(grant(), "offers", {})
    assert justified(grant(Basis.NOTICE), "offers", TOLD_FOR_A_YEAR)
    said = {("1", "purchase", "offers"): Rule(Basis.CONSENT)}
    assert justified(grant(), "offers", said)
    assert not justified(grant(Basis.NOTICE), "offers", said)


def test_only_what_was_implied_and_never_said_has_an_end():
    assert lapses_at(grant(Basis.NOTICE), "offers", TOLD_FOR_A_YEAR) == AT + timedelta(days=365)
    assert lapses_at(grant(Basis.NOTICE), "updates", TOLD_FOR_A_YEAR) is None
    assert lapses_at(grant(), "offers", TOLD_FOR_A_YEAR) is None
    assert lapses_at(grant(Basis.NOTICE, confirmed=True), "offers", TOLD_FOR_A_YEAR) is None


def test_a_relatives_first_event_holds_who_never_spoke_and_an_older_one_holds_nobody():
    policy = {("1", "purchase", "offers"): Rule(Basis.CONSENT)}
    first = person((1, Kind.OPT_OUT, "everything", False))
    weak = Standing(grants={"offers": grant()})
    spoken = Standing(grants={"offers": grant(confirmed=True)})
    assert verdict(weak, "offers", policy, [first], at=AT) is Reason.FAMILY_HELD
    assert verdict(spoken, "offers", policy, [first], at=AT) is None


def test_reasons_outrank_each_other_as_they_are_listed():
    listed = ["child", "erasure", "complaint", "bounce", "opt_out", "hold"]
    assert [reason.value for reason in sorted(BlockReason, key=RANKS.__getitem__)] == listed
    told = [Reason.CHILD, Reason.ERASED, Reason.COMPLAINT, Reason.BOUNCED, Reason.OPTED_OUT, Reason.HELD]
    assert [VERDICT_OF[BlockReason(each)] for each in listed] == told
    for heavier, lighter in product(range(6), repeat=2):
        blocks = {("everything", BlockReason(listed[each])): 1 for each in (heavier, lighter)}
        assert blocked_by(Standing(blocks), "offers") is told[min(heavier, lighter)]


def test_g17_every_reason_has_a_sentence_of_its_own():
    assert set(SENTENCES) == set(Reason)
    assert len(set(SENTENCES.values())) == len(Reason)


def test_g18_the_hash_is_spelt_as_it_always_was():
    """A ledger that was begun years ago must verify: this value never changes."""
    details = {"b": "é", "a": [1, None]}
    fact = Fact(
        b"o" * 32, b"f" * 32, Kind.CONSENT, "offers", Door.IMPORT, AT, "purchase", "Größe", "1", confirmed=True,
        details=details,
    )  # fmt: skip
    assert GENESIS == b"\0" * 32
    assert chained_hash(GENESIS, 1, AT, fact).hex() == HASH


HASH = "b57fca1f62830979efb33507637a56cc8b1928beef455204ee50170464d05eec"
