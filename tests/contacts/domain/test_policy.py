"""The two tables a house begins with, cell by cell, as they stand in the privacy promises; and what is not in them."""

import pytest

from contacts.domain.policy import NOTHING, PRESETS, SCOPES, Basis, Rule, Source, notice_rules, rule_for, strict_rules

LINES = ["announcements", "updates", "offers", "other", "research", "tracking", "marketing", "partners", "sharing"]
YES, NO, TOLD, TWO_YEARS = Rule(Basis.CONSENT), NOTHING, Rule(Basis.NOTICE), Rule(Basis.NOTICE, 730)
ALL = (YES,) * 9
STRICT = {
    Source.PURCHASE: ALL,
    Source.DOWNLOAD: ALL,
    Source.REGISTRATION: ALL,
    Source.CORRESPONDENCE: (YES, YES, NO, YES, YES, YES, YES, NO, NO),
    Source.MAILING_LIST: ALL,
    Source.SURVEY: (NO, YES, NO, NO, YES, YES, NO, NO, NO),
}
CUSTOMER = (*((TWO_YEARS,) * 6), YES, YES, YES)
NOTICE = STRICT | {
    Source.PURCHASE: CUSTOMER,
    Source.DOWNLOAD: CUSTOMER,
    Source.REGISTRATION: CUSTOMER,
    Source.MAILING_LIST: (TOLD, TOLD, YES, TOLD, YES, TOLD, YES, YES, YES),
}


@pytest.mark.parametrize(("rules", "table"), [(strict_rules, STRICT), (notice_rules, NOTICE)])
def test_p6_each_source_justifies_exactly_what_the_table_says(rules, table):
    assert rules() == {
        (source, line): rule for source, row in table.items() for line, rule in zip(LINES, row, strict=True)
    }


def test_the_lines_and_the_presets_are_these_and_no_others():
    assert list(SCOPES) == LINES
    assert {"strict": strict_rules, "notice": notice_rules} == PRESETS
    assert [source.value for source in Source] == [
        "purchase", "download", "registration", "correspondence", "mailing_list", "survey",
    ]  # fmt: skip


def test_where_the_table_is_silent_nothing_is_justified():
    policy = {("1", "purchase", "offers"): YES}
    assert rule_for(policy, "1", "purchase", "offers") == YES
    for version, source, scope in ((None, "purchase", "offers"), ("1", None, "offers"), ("1", "purchase", "other")):
        assert rule_for(policy, version, source, scope) == NOTHING
    assert rule_for({("1", "purchase", "partners"): YES}, "1", "purchase", "partner:acme") == YES
