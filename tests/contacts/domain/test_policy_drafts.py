"""The table of a policy: what can be written into its cells, and what two versions differ in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.domain.policy import PRESETS, SCOPES, Basis, Rule, Source, notice_rules, strict_rules
from contacts.domain.policy_drafts import (
    ALWAYS_ASKED,
    LINES,
    Change,
    differences,
    drafted,
    grouped,
    read_override,
    read_rule,
    read_version,
    require_sound,
    tell_rule,
    write_rule,
)
from contacts.domain.scopes import GROUPS, MARKETING, PARTNERS, SHARING
from core.errors import BadInput

rules = st.one_of(
    st.sampled_from([Rule(Basis.NONE), Rule(Basis.CONSENT), Rule(Basis.NOTICE)]),
    st.integers(1, 3660).map(lambda days: Rule(Basis.NOTICE, days)),
)


@given(rules)
def test_a_rule_is_read_as_it_is_written(rule):
    assert read_rule(write_rule(rule)) == rule


@pytest.mark.parametrize(
    "written", ["", "yes", "consent:30", "none:1", "notice:0", "notice:3661", "notice:-1", "notice:x"]
)
def test_what_is_no_rule_is_refused(written):
    with pytest.raises(BadInput, match="is no rule"):
        read_rule(written)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (Rule(Basis.NONE), "never"),
        (Rule(Basis.CONSENT), "after a yes"),
        (Rule(Basis.NOTICE), "once told"),
        (Rule(Basis.NOTICE, 730), "once told, 730 days"),
    ],
)
def test_a_rule_is_told_in_words(rule, told):
    assert str(tell_rule(rule)) == told


def test_a_cell_is_named_by_source_and_line():
    assert read_override("purchase:offers=notice:365") == ((Source.PURCHASE, "offers"), Rule(Basis.NOTICE, 365))


@pytest.mark.parametrize("written", ["offers=none", "gift:offers=none", "purchase:bread=none", "purchase:offers", ""])
def test_what_is_no_cell_is_refused(written):
    with pytest.raises(BadInput, match="names no cell"):
        read_override(written)


@pytest.mark.parametrize("version", ["2026-12", "v1.0", "A"])
def test_a_version_has_a_short_name(version):
    assert read_version(f" {version} ") == version


@pytest.mark.parametrize("version", ["", "-1", "a b", "x" * 41, "2026/12", "Ä"])
def test_other_names_are_refused(version):
    with pytest.raises(BadInput, match="name of a version"):
        read_version(version)


@pytest.mark.parametrize("preset", list(PRESETS))
def test_a_preset_fills_every_cell_and_is_sound(preset):
    assert set(drafted(preset, [])) == {(source, line) for source in Source for line in SCOPES}
    assert set(LINES) >= (GROUPS | {"tracking", "research"}) & set(SCOPES)


@pytest.mark.parametrize("line", [PARTNERS, SHARING])
def test_p3_p9_no_version_mails_for_partners_or_shares_with_them_unasked(line):
    assert line in ALWAYS_ASKED
    with pytest.raises(BadInput, match="off until the person says yes"):
        drafted("notice", [((Source.PURCHASE, line), Rule(Basis.NOTICE, 30))])
    for preset in PRESETS.values():
        assert all(preset()[source, line].basis is not Basis.NOTICE for source in Source)
        require_sound(preset())


def test_the_strict_preset_asks_for_everything_and_the_notice_preset_is_wider_nowhere_else():
    assert {rule.basis for rule in strict_rules().values()} == {Basis.NONE, Basis.CONSENT}
    widened = differences(strict_rules(), notice_rules())
    assert {change.after.basis for change in widened} == {Basis.NOTICE}
    assert {change.source for change in widened} == {
        Source.PURCHASE, Source.DOWNLOAD, Source.REGISTRATION, Source.MAILING_LIST,
    }  # fmt: skip
    assert not {change.line for change in widened} & {MARKETING, PARTNERS, SHARING}
    customers = [each for each in widened if each.source is not Source.MAILING_LIST]
    assert {each.after.expires_days for each in customers} == {730}


def test_there_is_no_other_preset():
    with pytest.raises(BadInput, match="no such preset"):
        drafted("loose", [])


def test_differences_are_named_cell_by_cell():
    cell = (Source.PURCHASE, "offers")
    after = drafted("strict", [(cell, Rule(Basis.NOTICE, 10))])
    assert differences(strict_rules(), after) == [Change(*cell, Rule(Basis.CONSENT), Rule(Basis.NOTICE, 10))]
    assert differences(after, after) == []
    assert len(differences({}, strict_rules())) == sum(rule.basis is not Basis.NONE for rule in strict_rules().values())


def test_what_changed_alike_is_told_together():
    told = grouped(differences(strict_rules(), notice_rules()))
    offers = [each for each in told if each[0] == "offers"]
    customers = (Source.PURCHASE, Source.DOWNLOAD, Source.REGISTRATION)
    assert offers == [("offers", customers, Rule(Basis.CONSENT), Rule(Basis.NOTICE, 730))]
    assert len(told) < len(differences(strict_rules(), notice_rules()))


def test_what_is_always_asked_and_the_lines_with_words_of_their_own_are_these():
    assert {"partners", "sharing"} == ALWAYS_ASKED
    assert set(LINES) == {"marketing", "partners", "research", "tracking", "sharing"}


@pytest.mark.parametrize("days", [1, 3660])
def test_having_been_told_ends_after_a_day_at_least_and_ten_years_at_most(days):
    assert read_rule(f" Notice: {days} days ") == read_rule(f"notice {days}") == Rule(Basis.NOTICE, days)


def test_a_rule_that_needs_a_yes_is_sound_everywhere():
    for line in (PARTNERS, SHARING):
        require_sound({(Source.PURCHASE, line): Rule(Basis.CONSENT), (Source.SURVEY, line): Rule(Basis.NONE)})
    require_sound({(Source.PURCHASE, "offers"): Rule(Basis.NOTICE)})
    with pytest.raises(BadInput) as caught:
        require_sound({(Source.SURVEY, PARTNERS): Rule(Basis.NOTICE)})
    assert (caught.value.field, caught.value.message.partition(" ")[0]) == ("rule", "survey:partners")


def test_a_cell_that_only_one_version_fills_differs_from_nothing():
    cell, yes = (Source.PURCHASE, "offers"), Rule(Basis.CONSENT)
    assert differences({cell: yes}, {}) == [Change(*cell, yes, Rule(Basis.NONE))]
    assert differences({}, {cell: yes}) == [Change(*cell, Rule(Basis.NONE), yes)]
    assert differences({}, {}) == []


def test_a_draft_of_another_preset_begins_with_its_rules():
    assert drafted("notice", []) == notice_rules()
    assert drafted("strict", []) == strict_rules()
