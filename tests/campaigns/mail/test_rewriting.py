"""Links are found and replaced in place; everything else stays as it was, byte for byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.mail.rewriting import (
    clean,
    links_in_html,
    links_in_template,
    links_in_text,
    rewrite_html,
    rewrite_text,
)
from tests.patience import comes_to_an_end


def short(_: str) -> str:
    return "https://m.test/c/1"


@pytest.mark.parametrize(
    ("html", "links"),
    [
        ('<a href="https://example.org/">x</a>', ["https://example.org/"]),
        ("<A HREF='HTTPS://example.org/a'>x</A>", ["HTTPS://example.org/a"]),
        ("<a href=https://example.org/a/>x</a>", ["https://example.org/a/"]),
        ("<a\nclass=b\n href\n=\n'https://example.org/'>x", ["https://example.org/"]),
        ('<a href="https://example.org/?a=1&b=2&copy=3">', ["https://example.org/?a=1&b=2&copy=3"]),
        ('<a href="https://example.org/?a=1&amp;b=2&#38;c">', ["https://example.org/?a=1&b=2&c"]),
        ('<a href="https://example.org/&copy;&copy &notit; &nosuch;">', None),
        ('<a href=" https://exam\nple.org/a\tb\r\n ">', ["https://example.org/ab"]),
        ('<a href="https://example.org/a b">', ["https://example.org/a%20b"]),
        ('<a href="https://example.org/ünï/東京">', ["https://example.org/ünï/東京"]),
        ('<a href="https://example.org/\0">', ["https://example.org/\ufffd"]),
        ('<area href="https://example.org/m">', ["https://example.org/m"]),
        ('<a href="https://a.test/1"><a href="https://a.test/2">', ["https://a.test/1", "https://a.test/2"]),
        ('</html><a href="https://a.test/1">', ["https://a.test/1"]),
        ('<a href="https://a.test/1" href="https://a.test/2">', ["https://a.test/1"]),
        ("<a title='>' href='https://a.test/1'>", ["https://a.test/1"]),
        ('<p title=it\'s><a href="https://a.test/1">', ["https://a.test/1"]),
        ('<a class="x"href="https://a.test/1">', ["https://a.test/1"]),
        ('<a =b href="https://a.test/1">', ["https://a.test/1"]),
        ("a < b </> </ x> <3 <a href=https://a.test/1>", ["https://a.test/1"]),
        ('<!DOCTYPE html><?xml a="<a>"?><a href="https://a.test/1">', ["https://a.test/1"]),
        ('<title><a href="https://a.test/1"></title>', []),
        ('<style>a{}<a href="https://a.test/1"></STYLE ><a href="https://a.test/2">', ["https://a.test/2"]),
        ('<script>"<a href=https://a.test/1>"', []),
        ('<plaintext><a href="https://a.test/1">', []),
        ('<link href="https://a.test/1"><base href="https://a.test/2"><img src="https://a.test/3">', []),
        ('<!-- <a href="https://a.test/1"> --><a href="https://a.test/2">', ["https://a.test/2"]),
        (
            '<!--><a href="https://a.test/1">--><!---><a href="https://a.test/2">',
            ["https://a.test/1", "https://a.test/2"],
        ),
        ('<!-- x --!><a href="https://a.test/1">', ["https://a.test/1"]),
        ('<!-- <a href="https://a.test/1">', []),
        ('<a href="https://a.test/1', []),
        ("<a href>", []),
        ("<a name=x>", []),
        ("<abbr href='https://a.test/1'>", []),
    ],
)
def test_links_are_those_a_reader_can_follow(html, links):
    assert links_in_html(html) == (["https://example.org/©©%20&notit;%20&nosuch;"] if links is None else links)


@pytest.mark.parametrize(
    "href",
    [
        "mailto:a@example.org", "tel:+49", "sms:1", "#top", "", " ", "javascript:alert(1)", "cid:image", "/shop",
        "shop", "data:text/html,x", "//example.org", "https:", "https://", "https:///x", "{{ url }}",
        "https://a.test/{{ x }}",
        "https://a.test/{% if x %}", "*|ARCHIVE|*", "https://a.test/*|ID|*", "ftp://a.test/",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_never_replaced(href):
    html = f'<a href="{href}">x</a>'
    assert links_in_html(html) == []
    assert rewrite_html(html, short) == html


def test_conditional_comments_are_read_as_outlook_reads_them():
    html = (
        '<!--[if mso]><v:roundrect xmlns:v="urn" href="https://a.test/1" arcsize="1%"><center>Go</center></v:roundrect>'
        '<!-- odd --><![endif]--><!--[if !mso]><!--><a href="https://a.test/2">Go</a><!--<![endif]-->'
        '<![if !mso]><a href="https://a.test/3">x</a><![endif]><!--[if mso]><a href="https://a.test/4'
    )
    assert links_in_html(html) == ["https://a.test/1", "https://a.test/2", "https://a.test/3"]
    assert links_in_html(html, outlook=False) == ["https://a.test/2", "https://a.test/3"]
    assert rewrite_html(html, short).count("https://m.test/c/1") == 3


def test_a_condition_inside_a_condition_ends_with_the_first_end():
    html = '<!--[if mso]><!--[if gte mso 9]><a href="https://a.test/1">x</a><![endif]--><a href="https://a.test/2">'
    assert links_in_html(html) == ["https://a.test/1", "https://a.test/2"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a href="https://a.test/">', '<a href="https://m.test/?a=1&amp;b=%27\'&quot;&lt;&gt;">'),
        ("<a href='https://a.test/'>", "<a href='https://m.test/?a=1&amp;b=%27&#39;\"&lt;&gt;'>"),
        ("<a href=https://a.test/ id=x>", '<a href="https://m.test/?a=1&amp;b=%27\'&quot;&lt;&gt;" id=x>'),
    ],
)  # fmt: skip
def test_a_replacement_is_escaped_for_its_quotes(before, after):
    assert rewrite_html(before, lambda _: "https://m.test/?a=1&b=%27'\"<>") == after
    assert links_in_html(after) == ["https://m.test/?a=1&b=%27'%22%3C%3E"]


def test_an_unquoted_value_stays_unquoted_where_it_may():
    assert rewrite_html("<a href=https://a.test/>x", short) == "<a href=https://m.test/c/1>x"


def test_none_and_the_same_address_leave_the_bytes_alone():
    html = "<a href=' https://a.test/?a&amp;b\r\n'>\r\0\r\n</a>"
    assert rewrite_html(html, lambda _: None) == html
    assert rewrite_html(html, lambda address: address) == html


SHREDS = [
    "<",
    ">",
    '"',
    "'",
    "a",
    "A&",
    "=",
    "/",
    "--",
    "!",
    "<!--",
    "-->",
    "--!>",
    "<![endif]",
    "[if\tmso]>",
    "<!--[if\tmso]>",
    "</",
    "v:rect",
    "<style",
    "</style>",
    "&amp;",
    "&",
    "é",
    "<a\t",
    "\thref=",
    "https://a.test/x",
    "<area\thref=https://a.test/y",
    "<a\thref='https://a.test/z'",
    "\n",
    "\r",
    "\x00",
]


@given(st.lists(st.sampled_from(SHREDS), max_size=40).map("".join))
def test_outside_the_replaced_values_every_character_stays(html):
    seen: list[str] = []

    def numbered(address: str) -> str:
        seen.append(address)
        return f"https://m.test/{len(seen)}"

    rewritten = rewrite_html(html, numbered)
    assert links_in_html(rewritten) == [f"https://m.test/{number}" for number in range(1, len(seen) + 1)]
    assert rewrite_html(html, lambda _: None) == html
    assert links_in_html(html) == seen


MALICE = [
    "< ",
    "<a ",
    '<a href="',
    "<a href='https://a.test/ ",
    "<!--",
    "<!--[if mso]>",
    "<!--[if ",
    "</",
    "<style>",
    "&amp;",
    "a=",
    '<a href="https://a.test/">',
    "<![endif]",
    "--",
    "<v:rect href=",
    "<title></title",
    "{{",
]


@pytest.mark.parametrize(
    "unit",
    MALICE,
)
def test_a_megabyte_of_malice_comes_to_an_end(unit):
    with comes_to_an_end():
        rewrite_html(unit * (1_000_000 // len(unit)), short)


@pytest.mark.parametrize("unit", ["https://", "https://a.test/)", "https://a.test/ ", "<https://a.test/", "h"])
def test_a_megabyte_of_text_comes_to_an_end(unit):
    with comes_to_an_end():
        rewrite_text(unit * (1_000_000 // len(unit)), short)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("See https://example.org/a.", ["https://example.org/a"]),
        ("(https://example.org/a_(b)), https://example.org/?q=[1]!", ["https://example.org/a_(b)", "https://example.org/?q=[1]"]),
        ("Notes <https://example.org/a.>", ["https://example.org/a."]),
        ("[x](https://example.org/a)", ["https://example.org/a"]),
        ("「https://example.org/a」。", ["https://example.org/a"]),
        ("ahttps://example.org view-source:https://example.org mailto:x@example.org", []),
        ("https://example.org/{{ x }} https://example.org/*|ID|*", []),
        ("https://... https://)", []),
    ],
)  # fmt: skip
def test_links_of_a_text_end_before_the_punctuation(text, links):
    assert links_in_text(text) == links


def test_a_text_is_rewritten_in_place():
    text = "One <https://a.test/1>,\r\ntwo https://a.test/2. three"
    assert rewrite_text(text, lambda address: "https://m.test/9" if address.endswith("2") else None) == (
        "One <https://a.test/1>,\r\ntwo https://m.test/9. three"
    )


def test_static_links_of_a_template_are_found_and_open_ones_left_out():
    source = (
        '{# <a href="https://a.test/0"> #}{% if a < b %}<a href="https://a.test/1">{% endif %}'
        '<a {% if x %}href="https://a.test/2"{% endif %}><a href="{{ url("x") }}"><a href=\'https://a.test/{{ id }}\'>'
        '<a href="https://a.test/{% if x %}y{% endif %}">{% raw %}<a href="https://a.test/r">{% endraw %}'
    )
    assert links_in_template(source) == ["https://a.test/1", "https://a.test/2"]


def test_cleaning_twice_is_cleaning_once():
    assert clean(clean(" https://a.test/\u3000 x\u00a0<\n>")) == "https://a.test/%E3%80%80%20x%C2%A0%3C%3E"
