"""Content that a template would drop, send raw, or lack altogether is told before anything is scheduled."""

import pytest

from campaigns.domain.checks import Severity
from campaigns.domain.content_checks import about_content, fields_read

READ = fields_read("{{ content.headline }} {% for section in content.sections %}{{ section.title }}{% endfor %}", "x")


def findings(content, *, needs_words=True):
    return [(each.severity, each.where) for each in about_content(content, READ, needs_words=needs_words)]


def test_the_fields_of_a_template_are_read_off_its_source():
    assert {"headline", "sections", "sections.title"} == READ


@pytest.mark.parametrize(
    "content",
    [{"headline": "Hello"}, {"sections": [{"title": "One"}]}, {"headline": "100 % {off}", "sections": []}],
)
def test_content_that_fits_is_not_talked_about(content):
    assert findings(content) == []


def test_a_field_that_no_template_reads_is_named_with_the_likely_one():
    (finding,) = about_content({"headline": "x", "headlin": "y"}, READ, needs_words=True)
    assert finding.where == "content.headlin"
    assert "headline" in finding.remedy
    assert findings({"headline": "x", "sections": [{"titel": "y"}]}) == [(Severity.WARNING, "content.sections.titel")]
    assert findings({"headline": "x", "zzz": 1}) == [(Severity.WARNING, "content.zzz")]


def test_a_teams_own_template_may_call_a_section_what_it_likes():
    read = fields_read("{% for s in content.sections %}{{ s.words }}{% endfor %}")
    assert list(about_content({"sections": [{"words": "y"}]}, read, needs_words=False)) == []


@pytest.mark.parametrize("mark", ["{{ contact.name }}", "{% if x %}"])
def test_marks_that_nobody_fills_are_named(mark):
    assert findings({"headline": mark}) == [(Severity.WARNING, "content.headline")]


def test_a_mail_with_nothing_to_read_is_refused_unless_its_template_speaks_itself():
    assert findings({}) == [(Severity.ERROR, "content")]
    assert findings({}, needs_words=False) == []
