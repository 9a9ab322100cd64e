"""The scanner of HTML leaves no gap, overlaps nowhere and follows the standard."""

from hypothesis import example, given
from hypothesis import strategies as st

from campaigns.mail.markup import Kind, attributes, scan, value_of

SHREDS = ["<", ">", "!", "--", "<!--", "-->", "--!>", "<!-->", "<![endif]", "[if mso]>", "<!--[if mso]>", "</", "a",
          " b='", "'", '"', "<b c=", "<style>", "</style", "<!-", "?", "/", "é", "<p>", "]", "\n"]  # fmt: skip


@given(st.lists(st.sampled_from(SHREDS), max_size=30).map("".join))
@example("<!--[if !mso]><!-->x")
@example("<!--[if mso]><--><p>")
def test_the_pieces_put_together_are_the_document(html):
    position = 0
    for piece in scan(html):
        assert piece.start == position
        assert piece.end > piece.start or piece.kind is Kind.UNPARSED
        position = piece.end
    assert position == len(html)


def test_attributes_are_read_in_every_spelling():
    html = "<a ONE two=2 three='3&amp;' four=\"4\" two=x five= 5/ =six>"
    (piece,) = scan(html)
    found = [(one.name, html[one.start : one.end], one.quote) for one in attributes(html, piece)]
    assert found == [
        ("one", "", ""), ("two", "2", ""), ("three", "3&amp;", "'"), ("four", "4", '"'), ("two", "x", ""),
        ("five", "5/", ""), ("=six", "", ""),
    ]  # fmt: skip
    assert value_of(html, piece, "three") == "3&"
    assert value_of(html, piece, "two") == "2"
    assert value_of(html, piece, "seven") is None
