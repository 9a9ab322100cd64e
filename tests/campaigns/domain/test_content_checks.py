"""Content that a template would drop, send raw, or lack altogether is told before anything is scheduled."""

import pytest

from campaigns.domain.checks import Severity
from campaigns.domain.content_checks import about_content, about_kinds, about_language, fields_read

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
    assert findings({"headline": "x", "sections": [{"titel": "y"}]}) == [(Severity.ERROR, "content.sections.titel")]
    assert findings({"headline": "x", "zzz": 1}) == [(Severity.ERROR, "content.zzz")]


def test_a_teams_own_template_may_call_a_section_what_it_likes():
    read = fields_read("{% for s in content.sections %}{{ s.words }}{% endfor %}")
    assert list(about_content({"sections": [{"words": "y"}]}, read, needs_words=False)) == []


@pytest.mark.parametrize("mark", ["{{ contact.name }}", "{% if x %}"])
def test_marks_that_nobody_fills_are_named(mark):
    assert findings({"headline": mark}) == [(Severity.ERROR, "content.headline")]


def test_a_mail_with_nothing_to_read_is_refused_unless_its_template_speaks_itself():
    assert findings({}) == [(Severity.ERROR, "content")]
    assert findings({}, needs_words=False) == []


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ({"body": ["a"]}, ["content.body"]),
        ({"body": [{"a": 1}], "headline": 3, "minutes": True}, ["content.body", "content.headline", "content.minutes"]),
        ({"sections": "x"}, ["content.sections"]),
        ({"sections": [{"title": "One"}, "x"]}, ["content.sections"]),
        ({"sections": [{"title": 1}, {"title": 2}]}, ["content.sections.title"]),
        ({"body": "a", "minutes": 4, "sections": [{"title": "One"}]}, []),
        ({"unread": ["told elsewhere"]}, []),
    ],
)
def test_content_of_the_wrong_kind_is_named_once_with_what_it_must_be(content, wrong):
    read = READ | {"body", "minutes"}
    found = list(about_kinds(content, read))
    assert [each.where for each in found] == wrong
    assert all(each.where in each.sentence and " must be " in each.sentence for each in found)
    assert all(each.severity is Severity.ERROR and each.remedy for each in found)


def test_sections_that_no_template_reads_are_not_judged_twice():
    assert list(about_kinds({"sections": "x"}, frozenset({"body"}))) == []


@pytest.mark.parametrize(
    ("tag", "severity"),
    [("", None), ("de", None), ("de-AT", None), ("en-GB", None), ("fi", Severity.WARNING), ("tlh!", Severity.ERROR)],
)
def test_the_language_that_content_is_in_is_one_and_a_lack_of_words_around_it_is_told(tag, severity):
    found = list(about_language({"headline": "Hej", "language": tag}))
    assert [(each.severity, each.where) for each in found] == ([(severity, "content.language")] if severity else [])
    assert findings({"headline": "Hej", "language": tag}) == []


def test_a_language_is_text():
    assert [each.where for each in about_language({"language": 5})] == ["content.language"]
