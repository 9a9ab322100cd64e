"""Reasoning: every verdict has a sentence that a marketer understands, the events that decide, and the rule."""

from datetime import UTC, datetime, timedelta

import pytest

from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.permission import Grant, Numbered, Standing, standing, verdict
from contacts.domain.policy import Basis, Source, notice_rules, strict_rules
from contacts.domain.reasoning import DOORS, SCOPES, Ground, ground, sentence
from contacts.domain.verdicts import BlockReason, Reason

AT = datetime(2026, 3, 1, tzinfo=UTC)
POLICY = {("strict", source.value, scope): rule for (source, scope), rule in strict_rules().items()} | {
    ("notice", source.value, scope): rule for (source, scope), rule in notice_rules().items()
}
SAID = {"source": "mailing_list", "policy_version": "strict"}
YES = (Kind.CONSENT, "offers", SAID)
OWN_YES = (Kind.CONSENT, "offers", SAID | {"confirmed": True})


def story(*facts: tuple[Kind, str, dict]) -> list[Numbered]:
    return [
        Numbered(number, Fact(bytes(32), bytes(32), kind, scope, Door.PAGE, AT, **more))
        for number, (kind, scope, more) in enumerate(facts, 1)
    ]


def told(
    *facts: tuple[Kind, str, dict], scope: str = "offers", at: datetime = AT, relatives: tuple[Standing, ...] = ()
) -> tuple[str, Ground]:
    events = story(*facts)
    stands = standing(events)
    reason = verdict(stands, scope, POLICY, relatives, at=at)
    decided = ground(reason, stands, scope, POLICY, list(relatives))
    numbered = {event.sequence: event for event in events}
    return sentence(reason, stands, scope, POLICY, events=numbered, decided=decided), decided


def test_a_permission_is_told_with_its_day_and_its_rule():
    said, decided = told(YES)
    assert said == "is permitted: said yes on 2026-03-01"
    assert decided == Ground((1,), "Policy strict: an address from mailing_list needs a yes on this topic.")
    assert told(OWN_YES)[1].rule == "The person's own confirmed yes."


def test_what_was_implied_is_told_with_its_end():
    notice = (Kind.NOTICE, "offers", {"source": "purchase", "policy_version": "notice"})
    assert told(notice)[0] == "is permitted: was told on 2026-03-01 and did not object; holds until 2028-02-29"
    later, decided = told(notice, at=AT + timedelta(days=999))
    assert later == "was told that mail would come, so long ago that this no longer holds"
    assert decided.rule == "Policy notice: an address from purchase is enough if told on this topic."


@pytest.mark.parametrize(
    ("kind", "scope", "said"),
    [
        (Kind.OPT_OUT, "marketing", "opted out (all marketing, 2026-03-01, the page behind the mail's link)"),
        (Kind.OPT_OUT, "offers", "opted out (offers, 2026-03-01, the page behind the mail's link)"),
        (
            Kind.CHILD,
            "everything",
            "is marked as a child: nothing is ever sent (everything, 2026-03-01, the page behind the mail's link)",
        ),
    ],
)
def test_a_block_is_told_with_what_when_and_where(kind, scope, said):
    assert told(YES, (kind, scope, {}))[0] == said
    assert told(YES, (kind, scope, {}))[1].events == (2,)


def test_a_child_is_told_on_every_scope_there_is():
    said, decided = told((Kind.CHILD, "everything", {}), scope="confirmation")
    assert said.startswith("is marked as a child")
    assert decided.events == (1,)


def test_nothing_recorded_is_told_as_such():
    assert told() == (
        "never gave permission for this topic",
        Ground((), "Without a recorded permission nothing is sent."),
    )


def test_a_permission_that_the_policy_does_not_take_is_told_so():
    said, decided = told((Kind.CONSENT, "offers", SAID | {"source": Source.SURVEY}))
    assert said == "gave a permission that the policy does not take for this topic"
    assert decided == Ground((1,), "Policy strict: an address from survey justifies nothing on this topic.")


def test_a_relative_is_told_by_the_numbers_of_their_events_alone():
    gone = standing([Numbered(7, Fact(bytes(32), bytes(32), Kind.OPT_OUT, "everything", Door.PAGE, AT))])
    other = standing([Numbered(8, Fact(bytes(32), bytes(32), Kind.OPT_OUT, "tracking", Door.PAGE, AT))])
    said, decided = told(YES, relatives=(gone, other))
    assert said.startswith("has a close spelling of an address that opted out")
    assert decided.events == (7,)
    assert told(OWN_YES, relatives=(gone,))[1].events == (7,)


def test_a_pause_is_told_with_its_end():
    pause = (Kind.PAUSE, "everything", {"details": {"until": (AT + timedelta(days=30)).isoformat()}})
    assert told(YES, pause)[0] == "asked for a pause that is not over yet (until 2026-03-31)"


def test_a_cap_is_told_with_what_it_is():
    said = sentence(
        Reason.CAP_REACHED, Standing(), "offers", POLICY, events={}, decided=Ground(), detail="at most 4 in 90 days"
    )
    assert said == "had as much mail of this kind as is allowed for now (at most 4 in 90 days)"


def test_what_is_permitted_without_a_grant_is_told_too():
    assert sentence(None, Standing(), "confirmation", POLICY, events={}, decided=Ground()) == "is permitted"
    assert ground(Reason.CAP_REACHED, Standing(), "offers", POLICY, []) == Ground()


def test_every_door_has_a_word():
    assert set(DOORS) == set(Door)


@pytest.mark.parametrize("kind", [Kind.OPT_OUT, Kind.COMPLAINT, Kind.BOUNCE, Kind.CHILD, Kind.ERASURE, Kind.HOLD])
def test_each_kind_of_block_is_told_with_its_event(kind):
    said, decided = told((kind, "everything", {}))
    assert said.endswith("(everything, 2026-03-01, the page behind the mail's link)")
    assert decided == Ground((1,), "Deny beats permit: a block holds for its scope and all below it.")


def test_only_the_blocks_of_the_reason_that_was_given_decide():
    blocks = {("offers", BlockReason.OPT_OUT): 1, ("everything", BlockReason.HOLD): 2}
    blocks |= {("research", BlockReason.OPT_OUT): 3, ("marketing", BlockReason.OPT_OUT): 4}
    assert ground(Reason.OPTED_OUT, Standing(blocks), "offers", POLICY, []).events == (1, 4)


def test_a_relative_holds_by_what_came_after_ones_own_word_alone():
    blocks = {
        ("everything", BlockReason.OPT_OUT): 7,
        ("marketing", BlockReason.HOLD): 5,
        ("offers", BlockReason.HOLD): 1,
    }
    relatives = [Standing(blocks)]
    for confirmed, events in ((True, (7,)), (False, (1, 5, 7))):
        given = Grant(5, Basis.CONSENT, None, None, confirmed, AT)
        stands = Standing(grants={"offers": given})
        assert ground(Reason.FAMILY_HELD, stands, "offers", POLICY, relatives).events == events
    assert ground(Reason.FAMILY_HELD, Standing(), "offers", POLICY, relatives).events == (1, 5, 7)


def test_of_two_pauses_the_longer_one_is_told():
    ends = {
        "everything": AT + timedelta(days=30),
        "offers": AT + timedelta(days=60),
        "research": AT + timedelta(days=90),
    }
    stands = Standing(pauses=ends)
    said = sentence(Reason.PAUSED, stands, "offers", POLICY, events={}, decided=Ground())
    assert said.endswith("(until 2026-04-30)")


def test_wide_scopes_have_words():
    assert SCOPES == {
        "everything": "everything", "marketing": "all marketing", "partners": "all partners",
        "tracking": "click tracking", "sharing": "sharing with partners",
    }  # fmt: skip
