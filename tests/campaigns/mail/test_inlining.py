"""Styles move into the elements and every Jinja mark stays where it was."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.mail.inlining import inline_css
from campaigns.mail.jinjatext import marks
from campaigns.mail.plaintext import text_from_html
from campaigns.mail.rewriting import links_in_html
from campaigns.mail.sandbox import compile_mail
from campaigns.mail.shipped import kinds, shipped
from core.errors import BadInput

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus" / "mail-templates"
MAILS = sorted(CORPUS.glob("*/*.html"))


def test_a_style_moves_into_its_elements_and_media_queries_stay():
    inlined = inline_css("<style>p{color:red}@media print{p{color:blue}}</style><p>x</p>")
    assert 'style="color: red;"' in inlined.html
    assert "@media print" in inlined.html
    assert "p{color:red}" not in inlined.html
    assert inlined.warning is None


def test_a_style_that_is_to_be_kept_is_not_doubled():
    inlined = inline_css(
        '<style>p{color:red}</style><style data-css-inline="keep">@media print{p{x:y}}</style><p>x</p>'
    )
    assert inlined.html.count("@media print") == 1


def test_a_template_without_styles_stays_byte_for_byte():
    source = "<p>\r\n{{ x & 'y' }}"
    assert inline_css(source).html == source


def test_marks_between_rows_in_attributes_and_comments_come_through():
    source = (
        "<style>td{color:red}</style><table>{% for r in rows %}<tr><td {{ x }}>{{ r ~ 'x & y' }}</td></tr>"
        "{% endfor %}</table>"
        '{% if a < b %}<p class="{% if z %}q{% endif %}">x</p>{% endif %}'
        '<!--[if mso]>{% if a %}<p>{{ b }}</p>{% endif %}<![endif]-->'
        "{# note #}{% raw %}{{ x }}{% endraw %}"
    )  # fmt: skip
    inlined = inline_css(source)
    assert inlined.warning is None
    for mark in marks(source):
        assert mark.kind == "data" or mark.text in inlined.html
    assert '<td {{ x }} style="color: red;">' in inlined.html


@pytest.mark.parametrize(
    "source",
    [
        "<style>p{color:red}</style>\n\n<table>{{ rows }}<tr><td>x</table>",
        "<style>.a{color:red}</style>\n\n{% if x %}<table>{% else %}<table class=a>{% endif %}<tr><td>x</table>",
    ],
)
def test_a_template_that_html_would_rearrange_is_left_alone_with_a_warning(source):
    inlined = inline_css(source)
    assert inlined.html == source
    assert inlined.warning is not None
    assert inlined.warning.startswith("Line 3: ")


def test_an_expression_within_a_style_is_inlined_too():
    assert 'style="color: {{ c }};"' in inline_css("<style>p{color:{{ c }}}</style><p>x</p>").html


def test_an_open_mark_names_its_line():
    with pytest.raises(BadInput, match="Line 2"):
        inline_css("<style>\n{% if x")


ROWS = st.lists(
    st.sampled_from([
        "<p>{{ a }}</p>", "{% if a %}<p>x</p>{% endif %}",
        "<table>{% for i in l %}<tr><td>{{ i }}</td></tr>{% endfor %}</table>",
        '<a href="https://a.test/{{ a }}?x=1&amp;y">{{ a }}</a>', "<!-- {{ a }} -->", "{# c #}", "text &amp; {{ a }} ",
        '<div class="{{ a }}">{% if a %}b{% else %}c{% endif %}</div>',
        "<ul>{% for i in l %}<li>{{ i }}</li>{% endfor %}</ul>",
    ]),
    max_size=8,
)  # fmt: skip


@given(ROWS.map("".join))
def test_an_inlined_template_renders_the_same_words_and_links(body):
    source = f"<html><head><style>p, td, a {{ color: red }}</style></head><body>{body}</body></html>"
    inlined = inline_css(source)
    assert inlined.warning is None
    context = {"a": "1 < 2", "l": ["x", "y"]}
    before, after = (compile_mail("s", html, None).render(context).html for html in (source, inlined.html))
    assert text_from_html(after) == text_from_html(before)
    assert links_in_html(after) == links_in_html(before)


@pytest.mark.parametrize("kind", kinds())
def test_what_ships_is_inlined_without_a_warning(kind):
    sources = shipped(kind)
    inlined = inline_css(sources.html)
    assert inlined.warning is None
    compile_mail(sources.subject, inlined.html, sources.text)
    assert "{% include" not in sources.html + sources.text


def test_a_kind_that_does_not_ship_is_refused():
    with pytest.raises(BadInput, match="announcement"):
        shipped("../../console")


@pytest.mark.skipif(not MAILS, reason="the mail corpus is not here: ../shared/corpus/mail-templates")
@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.name)
def test_a_real_mail_keeps_its_words_and_links(path):
    opened = re.sub(r"\{\{[#^][^}]*\}\}", "{% if x %}", path.read_bytes().decode())
    html = re.sub(r"\{\{/[^}]*\}\}", "{% endif %}", opened)
    inlined = inline_css(html)
    assert inlined.warning is None
    assert links_in_html(inlined.html) == links_in_html(html)
    assert _words(inlined.html) == _words(html)


def _words(html: str) -> list[str]:
    return text_from_html(re.sub(r" style=(?:\"[^\"]*\"|'[^']*')", "", html)).split()  # what is hidden is shown
