"""A team's template reaches what it was given and nothing else, and says clearly what is wrong with it."""

from typing import Any

import pytest

from campaigns.mail.sandbox import RenderedMail, check, compile_mail
from core.errors import BadInput
from tests.patience import comes_to_an_end

CONTEXT: dict[str, Any] = {
    "contact": {"given_name": "Zoë & <b>", "family_name": "", "locale": "de", "address": "zoe@example.org",
                "plan": None},
    "content": {
        "body": "# New & good\n\n[Shop](https://a.test/?a=1&b=2) <script>x</script> [x](javascript:x)",
        "items": ["one", "two"],
        "sections": [{"title": "first"}, {"title": "second"}],
        "day": "2026-11-22",
        "price": 1234.5,
    },
    "campaign": {"name": "autumn"},
    "language": "en",
    "unsubscribe_url": "https://a.test/u?a&b",
}  # fmt: skip


def rendered(html: str, subject: str = "s", text: str | None = None) -> RenderedMail:
    return compile_mail(subject, html, text).render(CONTEXT)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("{{ contact.given_name }}", "Zoë &amp; &lt;b&gt;"),
        ('<a href="{{ unsubscribe_url }}">', '<a href="https://a.test/u?a&amp;b">'),
        ("{{ contact.nick | default('there') }}{{ contact.family_name | d('x') }}{{ nobody | default }}", "therex"),
        ("{% if contact.family_name %}a{% else %}b{% endif %}{% if contact.plan %}c{% endif %}", "b"),
        ("{{ contact.nick is defined }} {{ contact['locale'] }}", "False de"),
        ("{{ contact.locale | upper }} {{ 'two words' | title }} {{ 'X' | lower }}", "DE Two Words x"),
        ("{{ content.day | date }} | {{ content.day | date('short') }}", "22. November 2026 | 22.11.26"),
        ("{{ content.day | datetime('medium') }}", "22.11.2026, 00:00:00"),
        ("{{ content.price | number }} {{ 0.5 | percent }} {{ '7' | number }}", "1.234,5 50\xa0% 7"),
        ("{{ content.price | currency('EUR') }}", "1.234,50\xa0€"),
        ("{% for s in content.sections %}{{ loop.index }}{{ s.title }}{% endfor %}", "1first2second"),
        ("{% for i in range(3) %}{{ i }}{{ loop.cycle('a', 'b') }}{% endfor %}", "0a1b2a"),
        ("{{ content['items'] | join(', ') }} {{ content['items'][1] }} {{ 'a' ~ '<' ~ 1 }}", "one, two two a&lt;1"),
        ("{% set x %}<i>{{ contact.given_name }}</i>{% endset %}{{ x | trim }}", "<i>Zoë &amp; &lt;b&gt;</i>"),
        ("{{ _('Hello {name}') | replace('{name}', contact.given_name) }}", "Hello Zoë &amp; &lt;b&gt;"),
        ("{% trans n=content.sections | length %}one{% pluralize %}{{ n }} parts{% endtrans %}", "2 parts"),
        ("{{ 'a\nb'.splitlines() | length }} {{ 2 + 3 * 4 }} {{ 7 % 4 }} {{ -7 | abs }}", "2 14 3 7"),
        ("{{ 'abcdef'[1:3] }}{{ ([1, 2, 3][::2]) | length }}", "bc2"),
        ("{{ 'a word longer' | wordwrap(10) }}", "a word\nlonger"),
        ("{# a note #}{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
        ("{{ (content.sections | first).title }}", "first"),
    ],
)  # fmt: skip
def test_a_template_says_what_it_was_given(source, html):
    assert rendered(source).html == html


def test_markdown_becomes_clean_html_and_readable_text():
    mail = rendered("{{ content.body | markdown }}", text="{{ content.body | markdown }}")
    assert mail.html == (
        '<h1>New &amp; good</h1>\n<p><a href="https://a.test/?a=1&amp;b=2">Shop</a> '
        "&lt;script&gt;x&lt;/script&gt; [x](javascript:x)</p>\n"
    )
    assert mail.text.splitlines()[0] == "New & good"
    assert "Shop <https://a.test/?a=1&b=2>" in mail.text


def test_a_missing_text_is_made_from_the_html():
    assert rendered("<p>Hello {{ contact.given_name }}</p>").text == "Hello Zoë & <b>\n"


def test_a_subject_is_one_line_and_not_escaped():
    assert rendered("x", subject="Hi\r\n {{ contact.given_name }}\x07\u2028!").subject == "Hi Zoë & <b> !"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("\n\n{{ contact.frist_name }}",
        "Line 3: the variable “contact.frist_name” does not exist. Did you mean “contact.given_name”?"),
        ("{{ first_name }}", "Line 1: the variable “first_name” does not exist. Did you mean “contact.given_name”?"),
        ("{{ unsubscribe_link }}",
        "Line 1: the variable “unsubscribe_link” does not exist. Did you mean “unsubscribe_url”?"),
        ("{{ campaign.nmae }}", "Line 1: the variable “campaign.nmae” does not exist. Did you mean “campaign.name”?"),
        ("{{ zzz }}", "Line 1: the variable “zzz” does not exist."),
        ("{{ zzz.y }}", "Line 1: the variable “zzz” does not exist."),
        ("{{ zzz['y'] }}", "Line 1: the variable “zzz” does not exist."),
        ("{{ zzz + 1 }}", "Line 1: the variable “zzz” does not exist."),
        ("{{ zzz | upper }}", "Line 1: the variable “zzz” does not exist."),
        ("{% for x in zzz %}{% endfor %}", "Line 1: the variable “zzz” does not exist."),
        ("\n{{ contact.family_name }}",
        "Line 2: this contact has no “contact.family_name”, and the template gives no default for it."),
        ("{{ content['items'][7] }}", "Line 1: there is no number 7 in this list"),
        ("{{ 1 / 0 }}", "Line 1: this cannot be calculated (division by zero)."),
        ("{{ content.day | date('tiny') }}", "Line 1: “tiny” is no style of a date: short, medium, long or full."),
        ("{{ 'x' | date }}", "Line 1: “x” is no date such as 2026-11-22."),
        ("{{ 'x' | number }}", "Line 1: “x” is no number."),
        ("{{ content['items'] }}",
        "Line 1: a list or a group of values cannot be written; use one of them, or “join”."),
    ],
)  # fmt: skip
def test_a_failure_names_the_line_and_the_variable(source, message):
    with pytest.raises(BadInput) as caught:
        rendered(source)
    assert caught.value.message == message
    assert caught.value.field == "html"


@pytest.mark.parametrize(
    ("source", "line"),
    [("\n{% if x %}", 2), ("{{ x", 1), ("{{ x | nosuch }}", 1), ("\n\n{% nosuch %}", 3), ("{{ 'x' is nosuch }}", 1)],
)
def test_a_wrong_template_names_the_line(source, line):
    with pytest.raises(BadInput) as caught:
        compile_mail("s", source, None)
    assert caught.value.line == line
    assert caught.value.message.startswith(f"Line {line}: ")


@pytest.mark.parametrize(
    "source",
    [
        "{% include 'x' %}", "{% extends 'x' %}", "{% import 'x' as y %}", "{% from 'x' import y %}",
        "{% macro m() %}{% endmacro %}",
        "{% block b %}{% endblock %}", "{% autoescape false %}{% endautoescape %}", "{{ self }}", "{{ super() }}",
        "{{ contact.__class__ }}", "{{ ''._x }}", "{{ __x }}", "{% for x in y recursive %}{% endfor %}",
        "{{ contact | safe }}",
        "{{ contact | attr('x') }}", "{{ 'x' | format }}", "{{ x | map('upper') }}", "{% call x() %}{% endcall %}",
        "{% set ns.x = 1 %}",
    ],
)  # fmt: skip
def test_what_a_mail_does_not_need_does_not_compile(source):
    with pytest.raises(BadInput):
        compile_mail("s", source, None)


@pytest.mark.parametrize(
    "source",
    [
        "{{ contact['__class__'] }}", "{{ contact.items() }}", "{{ contact.keys }}", "{{ 'x'.format(1) }}",
        "{{ 'x'.encode() }}",
        "{{ range.mro }}", "{{ _.func }}", "{{ loop }}", "{{ cycler('a') }}", "{{ lipsum() }}", "{{ dict() }}",
        "{{ namespace() }}",
        "{{ 'x' % 1 }}", "{{ 'x'() }}", "{{ contact.address() }}", "{{ (1)['real'] }}", "{{ (1)[:1] }}",
        "{% for x in [1] %}{{ loop.previtem.__class__ if false }}{{ loop._iterable }}{% endfor %}",
    ],
)  # fmt: skip
def test_nothing_else_is_in_reach(source):
    with pytest.raises(BadInput):
        rendered(source)


@pytest.mark.parametrize(
    "source",
    [
        "{{ range(10000000) }}",
        "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
        "{% for a in range(90000) %}" + "x" * 100 + "{% endfor %}",
        "{{ 'x' * 10000000 }}", "{{ 10000000 * 'x' }}",
        "{% set a = [1] * 20000 %}{{ a | length }}", "{{ [1] * 10000000 }}", "{{ 2 ** 99999999 }}",
        "{% set a = 10000000000 %}" + "{% set a = a * a %}" * 30,
        "{% set a = 'x' * 900000 %}{% set b = a ~ a %}", "{% set a = 'x' * 900000 %}{% set b = a + a %}",
        "{% set a = ['x' * 1000] * 1000 %}{{ a | join(a[0]) }}",
        "{% set a = 'x' * 90000 %}{{ a | replace('x', a) }}",
        "{% set a = ['x' * 900000] * 1000 %}{{ a | sort | length }}",
        "{% for i in range(99) %}{{ 'x' * 90000 }}{% endfor %}",
        "{% set a %}{% for i in range(99) %}{{ 'x' * 90000 }}{% endfor %}{% endset %}",
        "{% for i in range(9999) %}{% set a = ('x' * 900000) | upper %}{% endfor %}",
        "{% for i in range(9999) %}{% set a = [1] * 9000 %}{% endfor %}", "{{ ('x' * 900000) | markdown }}",
        "{% set a = 'x' * 900000 %}" + "{% set b = a[1:] %}" * 30, "{% set a = 'x' * 900000 %}{{ a.strip() }}",
        "{{" + "(" * 3000 + ")" * 3000 + "}}",
        "{% for a in [1] %}" * 30 + "{% endfor %}" * 30, "{{ 1" + " + 1" * 5000 + "}}",
    ],
)  # fmt: skip
def test_no_template_stops_the_sender_or_fills_the_memory(source):
    with comes_to_an_end(), pytest.raises(BadInput):
        rendered(source)


def test_a_template_beyond_a_megabyte_is_refused():
    with pytest.raises(BadInput):
        compile_mail("s", "x" * 1_000_001, None)


def test_checking_finds_unknown_variables_in_branches_that_are_not_taken():
    known = {"contact": ["given_name", "plan"], "campaign": ["name"], "content": None, "language": []}
    html = (
        "{% if contact.plan %}\n{{ contact.frist_name }}{% endif %}{% set own = 1 %}{{ own }}{{ content.anything }}\n"
        "{% for s in content.sections %}{{ s.title }}{{ loop.index }}{% endfor %}{{ contact.shoe | default('x') }}"
        "{{ contact['nmae'] }}{% if contact.hat is defined %}{% endif %}{{ nobody | default(1) }}"
    )
    problems = check("{{ campaign.nam }}", html, "{% if %}", known)
    assert [(problem.part, problem.line) for problem in problems] == [
        ("subject", 1), ("html", 2), ("html", 3), ("html", 3), ("text", 1),
    ]  # fmt: skip
    assert "Did you mean “campaign.name”?" in problems[0].message
    assert "Did you mean “contact.given_name”?" in problems[1].message


def test_a_good_template_has_no_problems():
    assert check("{{ contact.given_name | default('x') }}", "{{ _('x') }}", None, {"contact": ["given_name"]}) == []
