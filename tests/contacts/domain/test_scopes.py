"""The lattice of scopes: what is added says in its name where it stands, and every scope has a line in the policy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.domain.policy import SCOPES
from contacts.domain.scopes import (
    CONFIRMATION,
    EVERYTHING,
    GROUPS,
    PARENTS,
    TOPICS,
    covering,
    covers,
    is_advertising,
    is_permittable,
    is_research,
    is_topic,
    parent_of,
    partner_of,
    rule_scope,
)
from core.errors import BadInput

LATTICE = {
    "everything": None, "marketing": "everything", "partners": "everything", "research": "everything",
    "announcements": "marketing", "updates": "marketing", "offers": "marketing", "other": "marketing",
    "tracking": None, "sharing": None, "confirmation": None,
}  # fmt: skip
slugs = st.from_regex(r"[a-z0-9][a-z0-9-]{0,39}", fullmatch=True)
added = st.builds("{}:{}".format, st.sampled_from(["marketing", "research", "partner", "sharing"]), slugs)


@given(added)
def test_g9_what_is_added_is_covered_by_everything_above_it_from_its_first_moment(scope):
    above = covering(scope)[1:]
    assert above[0] == parent_of(scope)
    assert set(above) <= set(PARENTS)
    assert all(covers(each, scope) and not covers(scope, each) for each in above)
    assert (EVERYTHING in above) is not scope.startswith("sharing:")


def test_the_lattice_is_the_one_of_the_guarantees():
    assert PARENTS == LATTICE
    assert {scope: parent_of(scope) for scope in LATTICE} == LATTICE
    assert {"everything", "marketing", "partners", "sharing"} == GROUPS
    assert TOPICS == ("announcements", "updates", "offers", "other", "research")
    assert [topic for topic in TOPICS if is_advertising(topic)] == ["announcements", "offers", "other"]
    assert covering("partner:acme") == ("partner:acme", "partners", "everything")


@pytest.mark.parametrize(
    "scope", ["", "news", "partner:", "partner:Acme", "acme:partner", "partner:-a", "everything:a"]
)
def test_g5_what_is_no_scope_is_refused_with_the_scopes_there_are(scope):
    with pytest.raises(BadInput) as refused:
        parent_of(scope)
    assert f"“{scope}”" in refused.value.message
    assert refused.value.field == "scope"
    remedy = refused.value.remedy or ""
    assert remedy.startswith("Scopes are: everything, marketing, partners, ")
    assert remedy.endswith(", confirmation, and what you added below one of them, such as partner:acme.")


@given(added)
def test_a_name_says_what_is_sold_what_is_asked_and_for_whom(scope):
    kind, _colon, name = scope.partition(":")
    assert is_topic(scope) is (kind != "sharing")
    assert is_permittable(scope)
    assert is_advertising(scope) is (kind in {"marketing", "partner"})
    assert is_research(scope) is (kind == "research")
    assert partner_of(scope) == (name if kind in {"partner", "sharing"} else None)


@given(st.one_of(added, st.sampled_from([*TOPICS, "tracking"])))
def test_everything_that_can_be_permitted_has_a_line_in_the_policy(scope):
    assert is_permittable(scope)
    assert rule_scope(scope) in SCOPES


@pytest.mark.parametrize("group", [*sorted(GROUPS), CONFIRMATION])
def test_nobody_permits_a_group(group):
    assert not is_permittable(group)


def test_research_sells_nothing_and_what_sells_asks_nothing():
    assert [topic for topic in TOPICS if is_research(topic)] == ["research"]
    assert not [topic for topic in TOPICS if is_research(topic) and is_advertising(topic)]
