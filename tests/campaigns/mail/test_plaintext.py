"""The text part says what the HTML says, in the same order, with the same links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.mail.plaintext import text_from_html
from campaigns.mail.rewriting import links_in_html, links_in_text
from tests.patience import comes_to_an_end


def told(html: str) -> list[str]:
    return text_from_html(html).splitlines()


def test_paragraphs_and_headings_stand_apart():
    html = "<h1>Big <b>news</b></h1><h2>Small</h2><p>One\n two</p><h3>Three</h3>four<br><br>five<div>six</div><hr>end"
    assert told(html) == [
        "Big news", "========", "", "Small", "-----", "", "One two", "", "Three", "", "four", "", "five", "six", "",
        "-" * 40, "", "end",
    ]  # fmt: skip


def test_lists_hang_and_count_and_nest():
    html = f"<ul><li>{'words ' * 20}</li><li>two<ol><li>a<li>b</ol></ul><li>stray</li>"
    assert told(html) == [
        "- " + "words " * 10 + "words",
        "  " + "words " * 8 + "words",
        "- two",
        "  1. a",
        "  2. b",
        "",
        "- stray",
    ]


def test_rows_of_short_cells_are_lines_and_long_cells_paragraphs():
    html = (
        "<table><thead><tr><th>Item<th>Price</tr></thead><tr><td>Synth</td><td> </td><td>€ 99</td></tr></table>"
        f"<table><tr><td><p>{'long ' * 20}</p></td><td><table><tr><td>inner</table></td></tr></table>after"
    )
    assert told(html) == [
        "Item  Price", "Synth  € 99", "", "long " * 13 + "long", "long " * 5 + "long", "",
        "inner", "", "after",
    ]  # fmt: skip


def test_quotations_are_marked():
    assert told("<p>He said</p><blockquote><p>One</p><p>Two</p></blockquote><p>so.</p>") == [
        "He said", "", "> One", ">", "> Two", "", "so.",
    ]  # fmt: skip


def test_images_speak_by_their_alternative_text():
    assert told('<p>A<img alt="red  dot">B<img src=x><img alt=""></p>') == ["A red dot B"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<a href="https://a.test/x">Read <b>on</b></a>!', "Read on <https://a.test/x>!"),
        ('<a href="https://a.test/">https://a.test/</a>', "<https://a.test/>"),
        ('See <a href="https://www.a.test/x"> a.test/x </a> now', "See <https://www.a.test/x> now"),
        ('<a href="https://a.test/"><img alt="Logo"></a>', "Logo <https://a.test/>"),
        ('<a href="https://a.test/"></a>', "<https://a.test/>"),
        ('<a href="https://a.test/1">one<a href="https://a.test/2">two', "one <https://a.test/1>two <https://a.test/2>"),
        ('<map><area href="https://a.test/m" alt="Map"></map>', "Map <https://a.test/m>"),
        ('<a href="mailto:us@example.org?subject=x">Write</a>', "Write <us@example.org>"),
        ('<a href="mailto:us@example.org">us@example.org</a>', "us@example.org"),
        ('<a href="#top">Top</a> <a>x</a> </a>', "Top x"),
        ('<a href="https://a.test/a b.">x</a>.', "x <https://a.test/a%20b.>."),
    ],
)  # fmt: skip
def test_an_address_follows_its_label(html, text):
    assert text_from_html(html) == text + "\n"


def test_a_link_around_blocks_and_cells_keeps_its_address():
    html = (
        '<a href="https://a.test/1"><h1>News</h1><p>x</p></a><table><tr><td><a href="https://a.test/2">y<td>z</table>'
    )
    assert links_in_text(text_from_html(html)) == ["https://a.test/1", "https://a.test/2"]


@pytest.mark.parametrize(
    "html",
    [
        '<div style="display:none">hid<div>den</div></div>seen',
        '<span style="color:red; VISIBILITY : hidden">hidden</span>seen',
        '<div style="max-height:0;overflow:hidden">hidden</div>seen',
        "<p hidden>hidden<p>seen</p>",
        "<img style='display:none' alt=hidden>seen",
        "<!--[if mso]>hidden<a href='https://a.test/'>x</a><![endif]-->seen<!-- hidden -->",
        "<head><title>hidden</title><style>hidden</style></head>seen<script>hidden</script>",
        "<p>seen&nbsp;&zwnj;&#8203;&#847; &zwnj;&nbsp;</p>",
    ],
)
def test_what_nobody_sees_is_left_out(html):
    assert told(html) == ["seen"]


def test_a_nearly_invisible_style_hides_nothing():
    assert told('<p style="max-height:0.5em;opacity:0.9;display:block">seen</p>') == ["seen"]


def test_preformatted_lines_stay():
    assert told("<pre>a\n  b</pre>c  d") == ["a", "  b", "", "c d"]


def test_lines_are_short_and_addresses_whole():
    long = "https://a.test/" + "x" * 200
    text = text_from_html(f"<p>{'wort ' * 40}{'東' * 100} <a href='{long}'>hier</a> {'z' * 90}</p>")
    assert long in text
    wide = [line for line in text.splitlines() if "東" in line]
    assert max(map(len, wide)) <= 72
    assert len(wide) == 3


def test_nothing_gives_nothing():
    assert not text_from_html("<html><body><p> </p></body></html>")


SHREDS = [
    "<p>", "</p>", "<ul>", "<ol>", "<li>", "</li>", "</ul>", "<table>", "<tr>", "<td>", "</td>", "</tr>", "</table>",
    "<a href=https://a.test/x>", "<a href=https://a.test/y.>", "</a>", "word ", " ", "<br>", "<blockquote>",
    "</blockquote>",
    "<h1>", "</h1>", "<div>", "</div>", "<img alt=pic>", "<b>", "<pre>", "</pre>", "\n", "<hr>", "&lt;",
    "https://a.test/x",
]  # fmt: skip


@given(st.lists(st.sampled_from(SHREDS), max_size=60).map("".join))
def test_the_links_are_those_of_the_html_in_their_order(html):
    text = text_from_html(html)
    addresses = iter(links_in_text(text))
    assert all(link in addresses for link in links_in_html(html))
    assert all(line == line.rstrip() for line in text.splitlines())
    assert "<pre>" in html or "\n\n\n\n" not in text.replace(">", "")  # blank lines of their own stay as they are


@pytest.mark.parametrize("unit", ["<table><tr><td>", "<ul><li>x", "<blockquote>a", "<br>", "<td>", "<h1>x</h1>"])
def test_half_a_malicious_megabyte_comes_to_an_end(unit):
    with comes_to_an_end():
        text_from_html(unit * (500_000 // len(unit)))
