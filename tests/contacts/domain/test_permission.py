"""Permission as a pure rule: deny beats permit, only the person's own word outranks, order is the sequence."""

from datetime import UTC, datetime, timedelta

import pytest

from contacts.domain.facts import Door, Fact, Kind, chained_hash
from contacts.domain.permission import Circumstances, Numbered, Standing, standing, verdict
from contacts.domain.policy import Basis, Source, notice_rules, strict_rules
from contacts.domain.scopes import (
    TOPICS,
    covering,
    covers,
    is_advertising,
    is_permittable,
    is_topic,
    parent_of,
)
from contacts.domain.verdicts import SENTENCES, Reason
from core.errors import BadInput

AT = datetime(2026, 11, 22, tzinfo=UTC)
POLICY = {("1", source.value, scope): rule for (source, scope), rule in strict_rules().items()} | {
    ("2", source.value, scope): rule for (source, scope), rule in notice_rules().items()
}


def story(*facts: tuple[Kind, str] | tuple[Kind, str, dict]) -> Standing:
    return standing(
        Numbered(number, Fact(bytes(32), bytes(32), fact[0], fact[1], Door.OPERATOR, AT, **_more(fact)))
        for number, fact in enumerate(facts, start=1)
    )


def _more(fact: tuple) -> dict:
    return {"source": "purchase", "policy_version": "1"} | (fact[2] if len(fact) > 2 else {})


def judge(stands: Standing, scope: str, **more) -> Reason | None:
    return verdict(stands, scope, POLICY, **({"at": AT} | more))


YES = (Kind.CONSENT, "offers")
OWN_YES = (Kind.CONSENT, "offers", {"confirmed": True})


def test_nothing_recorded_means_not_permitted():
    for topic in TOPICS:
        assert judge(story(), topic) is Reason.NO_PERMISSION


def test_a_yes_permits_its_topic_and_no_other():
    assert judge(story(YES), "offers") is None
    assert judge(story(YES), "updates") is Reason.NO_PERMISSION


@pytest.mark.parametrize("scope", ["offers", "marketing", "everything"])
def test_deny_beats_permit_whatever_came_last(scope):
    assert judge(story((Kind.OPT_OUT, scope), YES), "offers") is Reason.OPTED_OUT
    assert judge(story(YES, (Kind.OPT_OUT, scope)), "offers") is Reason.OPTED_OUT
    assert judge(story((Kind.OPT_OUT, scope), OWN_YES), "offers") is Reason.OPTED_OUT


def test_only_a_release_lifts_and_only_what_it_names():
    release = (Kind.RELEASE, "marketing", {"details": {"reason": "opt_out"}})
    assert judge(story(YES, (Kind.OPT_OUT, "marketing"), release), "offers") is None
    assert judge(story(YES, (Kind.OPT_OUT, "everything"), release), "offers") is Reason.OPTED_OUT


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (Kind.CHILD, Reason.CHILD),
        (Kind.ERASURE, Reason.ERASED),
        (Kind.COMPLAINT, Reason.COMPLAINT),
        (Kind.BOUNCE, Reason.BOUNCED),
        (Kind.HOLD, Reason.HELD),
    ],
)
def test_every_kind_of_block_stops_every_topic(kind, reason):
    for topic in TOPICS:
        assert judge(story((Kind.CONSENT, topic, {"confirmed": True}), (kind, "everything")), topic) is reason


def test_the_weightiest_reason_is_named():
    assert judge(story((Kind.OPT_OUT, "everything"), (Kind.CHILD, "everything")), "offers") is Reason.CHILD


def test_g13_a_child_and_a_complaint_stop_tracking_and_sharing_too():
    for kind in (Kind.CHILD, Kind.COMPLAINT, Kind.ERASURE):
        stands = story((Kind.CONSENT, "tracking", {"confirmed": True}), (kind, "everything"))
        assert judge(stands, "tracking") is not None
        assert judge(stands, "sharing:acme") is not None
    assert judge(story((Kind.CONSENT, "tracking"), (Kind.OPT_OUT, "everything")), "tracking") is None


def test_p6_a_source_justifies_only_what_the_policy_says():
    assert judge(story((Kind.CONSENT, "offers", {"source": "survey"})), "offers") is Reason.NO_PERMISSION
    assert judge(story((Kind.NOTICE, "offers")), "offers") is Reason.NO_PERMISSION
    assert judge(story((Kind.NOTICE, "offers", {"policy_version": "2"})), "offers") is None
    assert judge(story((Kind.CONSENT, "offers", {"source": None})), "offers") is Reason.NO_PERMISSION
    assert judge(story((Kind.CONSENT, "offers", {"source": "rumour"})), "offers") is Reason.NO_PERMISSION


def test_p27_a_new_policy_widens_no_older_permission():
    assert POLICY["2", Source.PURCHASE, "offers"].basis is Basis.NOTICE
    assert judge(story((Kind.NOTICE, "offers", {"policy_version": "1"})), "offers") is Reason.NO_PERMISSION
    assert judge(story((Kind.NOTICE, "offers", {"policy_version": "9"})), "offers") is Reason.NO_PERMISSION


def test_a_weaker_basis_never_replaces_a_stronger_one():
    assert judge(story(OWN_YES, (Kind.NOTICE, "offers", {"source": "survey"})), "offers") is None


def test_a_relatives_block_holds_until_the_address_speaks_itself():
    gone = standing([Numbered(5, Fact(bytes(32), bytes(32), Kind.OPT_OUT, "everything", Door.PAGE, AT))])
    assert judge(story(YES), "offers", relatives=[gone]) is Reason.FAMILY_HELD
    assert judge(story(OWN_YES), "offers", relatives=[gone]) is Reason.FAMILY_HELD
    later = story(*[YES] * 5, OWN_YES)
    assert judge(later, "offers", relatives=[gone]) is None


def test_a_reached_cap_is_the_last_reason():
    capped = Circumstances(cap_reached=True)
    assert judge(story(YES), "offers", given=capped) is Reason.CAP_REACHED
    assert judge(story(), "offers", given=capped) is Reason.NO_PERMISSION


def test_a_consent_to_a_group_is_no_consent():
    assert judge(story((Kind.CONSENT, "marketing", {"confirmed": True})), "offers") is Reason.NO_PERMISSION


def test_what_was_implied_ends_and_what_was_said_does_not():
    told = (Kind.NOTICE, "offers", {"policy_version": "2"})
    assert judge(story(told), "offers", at=AT + timedelta(days=729)) is None
    assert judge(story(told), "offers", at=AT + timedelta(days=730)) is Reason.PERMISSION_LAPSED
    assert judge(story(told, OWN_YES), "offers", at=AT + timedelta(days=9999)) is None
    listed = (Kind.NOTICE, "updates", {"policy_version": "2", "source": "mailing_list"})
    assert judge(story(listed), "updates", at=AT + timedelta(days=9999)) is None


def test_a_pause_ends_by_itself_or_by_the_persons_word():
    pause = (Kind.PAUSE, "everything", {"details": {"until": (AT + timedelta(days=30)).isoformat()}})
    assert judge(story(YES, pause), "offers") is Reason.PAUSED
    assert judge(story(YES, pause), "offers", at=AT + timedelta(days=30)) is None
    over = (Kind.RELEASE, "everything", {"details": {"reason": "pause"}})
    assert judge(story(YES, pause, over), "offers") is None
    assert judge(story(YES, over), "offers") is None


def test_a_rhythm_holds_until_it_is_taken_back():
    recently = Circumstances(mailed_within_rhythm=True)
    monthly = (Kind.RHYTHM, "everything", {"details": {"days": 30}})
    as_it_comes = (Kind.RHYTHM, "everything", {"details": {"days": 0}})
    assert judge(story(YES, monthly), "offers", given=recently) is Reason.RHYTHM_REACHED
    assert judge(story(YES, monthly), "offers") is None
    assert judge(story(YES, monthly, as_it_comes), "offers", given=recently) is None


def test_quiet_hours_are_named_when_nothing_else_is():
    assert judge(story(YES), "offers", given=Circumstances(quiet=True)) is Reason.QUIET_HOURS
    assert judge(story(), "offers", given=Circumstances(quiet=True)) is Reason.NO_PERMISSION


def test_g15_a_closed_topic_and_a_stopped_partner_stop_everybody():
    assert judge(story(YES), "offers", given=Circumstances(topic_open=False)) is Reason.TOPIC_CLOSED
    assert judge(story(YES), "offers", given=Circumstances(partner_active=False)) is Reason.PARTNER_STOPPED


def test_g13_a_confirmation_goes_to_whoever_asked_and_to_no_child():
    asked = Circumstances(confirmation_asked=True)
    left = story((Kind.OPT_OUT, "everything"), (Kind.COMPLAINT, "everything"), (Kind.ERASURE, "everything"))
    assert judge(left, "confirmation", given=asked) is None
    assert judge(left, "confirmation") is Reason.NO_PERMISSION
    again = Circumstances(confirmation_asked=True, cap_reached=True)
    assert judge(left, "confirmation", given=again) is Reason.CAP_REACHED
    assert judge(story((Kind.CHILD, "everything")), "confirmation", given=asked) is Reason.CHILD


def test_erasure_takes_every_yes_and_every_wish_with_it():
    pause = (Kind.PAUSE, "everything", {"details": {"until": (AT + timedelta(days=30)).isoformat()}})
    monthly = (Kind.RHYTHM, "everything", {"details": {"days": 30}})
    stands = story(OWN_YES, pause, monthly, (Kind.ERASURE, "everything"))
    assert not stands.grants
    assert not stands.pauses
    assert not stands.rhythm_days


def test_what_was_shared_or_disclosed_changes_no_permission():
    assert judge(story(YES, (Kind.SHARED, "sharing:acme"), (Kind.DISCLOSED, "everything")), "offers") is None


def test_scopes_are_a_tree_with_three_roots():
    assert covering("offers") == ("offers", "marketing", "everything")
    assert covering("partner:acme") == ("partner:acme", "partners", "everything")
    assert covering("sharing:acme") == ("sharing:acme", "sharing")
    assert covering("tracking") == ("tracking",)
    assert covers("everything", "partner:made-later")
    assert covers("marketing", "marketing:made-later")
    assert covering("research:panel") == ("research:panel", "research", "everything")
    assert covering("confirmation") == ("confirmation",)
    assert not covers("offers", "marketing")
    for wrong in ("", "offer", "partner:", "partner:A B", "sharing"):
        assert not is_topic(wrong)
    with pytest.raises(BadInput):
        parent_of("offer")


def test_only_leaves_can_be_permitted():
    assert all(is_permittable(scope) for scope in [*TOPICS, "tracking", "partner:acme", "sharing:acme"])
    assert not any(is_permittable(scope) for scope in ("everything", "marketing", "partners", "sharing"))
    with pytest.raises(BadInput):
        parent_of("sharing:")
    assert not is_permittable("sharing:")
    assert not is_permittable("confirmation")


def test_g20_promotion_of_ours_and_of_partners_is_advertising():
    assert [topic for topic in [*TOPICS, "partner:acme"] if is_advertising(topic)] == [
        "announcements", "offers", "other", "partner:acme",
    ]  # fmt: skip


def test_every_reason_has_a_sentence():
    assert set(SENTENCES) == set(Reason)


def test_g18_the_chain_depends_on_every_column():
    fact = Fact(b"a" * 32, b"b" * 32, Kind.CONSENT, "offers", Door.IMPORT, AT)
    base = chained_hash(bytes(32), 1, AT, fact)
    others = [
        chained_hash(b"1" * 32, 1, AT, fact),
        chained_hash(bytes(32), 2, AT, fact),
        chained_hash(bytes(32), 1, AT.replace(year=2027), fact),
        *[
            chained_hash(bytes(32), 1, AT, Fact(**(vars(fact) | change)))
            for change in (
                {"own": b"x" * 32}, {"family": b"x" * 32}, {"kind": Kind.NOTICE}, {"scope": "updates"},
                {"door": Door.API}, {"at": AT.replace(year=2027)}, {"source": "survey"}, {"evidence": "x"},
                {"policy_version": "2"}, {"confirmed": True}, {"details": {"a": 1}},
            )
        ],
    ]  # fmt: skip
    assert len({base, *others}) == len(others) + 1
