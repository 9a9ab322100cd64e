"""What the writer of a letter wrote themselves: no quoted mail, no signature, nothing that only programs see."""

from email import message_from_string
from email.message import Message

import pytest

from contacts.domain.own_words import LONGEST_PART, own_words, without_quote


def part(text: str, kind: str = "plain", charset: str = "utf-8") -> Message:
    made = Message()
    made["Content-Type"] = f'text/{kind}; charset="{charset}"'
    made.set_payload(text)
    return made


def page(html: str) -> str:
    return own_words([part(html, "html")])


def test_the_plain_text_is_taken_before_the_page():
    assert own_words([part("<p>page</p>", "html"), part("plain")]) == "plain"
    assert own_words([part("<p>page</p>", "html")]) == "page"
    assert own_words([part("x", "calendar")]) == ""
    assert own_words([]) == ""


@pytest.mark.parametrize(
    "head",
    [
        "-- ", "--", "-----Original Message-----", "--- Ursprüngliche Nachricht", "-- forwarded by", "__________",
        "From: Ann <ann@example.org>", "von : ann@example.org", "Begin forwarded message:", "\ufeff-- \u200b",
    ],
)  # fmt: skip
def test_nothing_below_a_signature_or_a_copied_head_counts(head):
    assert without_quote(f"stop\n{head}\nunsubscribe here") == "stop"


@pytest.mark.parametrize("line", ["--x", "-", "From: me", "_____", "---", "fromage : a@b"])
def test_a_line_that_only_looks_like_one_stays(line):
    assert without_quote(f"a\n{line}\nb") == f"a\n{line}\nb"


def test_quoted_lines_are_left_out_and_what_stands_between_them_stays():
    assert without_quote("> old\nnew\n | old\n» old\nmore") == "new\nmore"


@pytest.mark.parametrize("told", ["On 3 March 2026, Ann wrote:", "Am 3.3. um 10:05 schrieb Ann:", "ann@x.test wrote: "])
def test_the_line_that_introduces_a_quotation_is_left_out(told):
    assert without_quote(f"yes\n{told}\n> old\nno") == "yes\nno"
    assert without_quote(f"yes\n{told}\n\n\n> old\nno") == "yes\n\n\nno"
    assert without_quote(f"yes\n{told}\n\n\n\n> old\nno") == "yes"
    assert without_quote(f"yes\n{told}\nold, without signs\nno") == "yes"
    assert without_quote(f"yes\n{told}") == "yes"


def test_g19_a_stop_right_above_the_quotation_is_heard():
    assert without_quote("STOP\nOn 3 March 2026 at 10:00, Ann <ann@x.test> wrote:\n> old") == "STOP"


def test_an_introduction_may_be_broken_over_two_lines_where_a_quotation_follows():
    assert without_quote("yes\nOn 3 March 2026, Ann\nwrote:\n> old\nno") == "yes\nwrote:\nno"
    assert without_quote("yes\nIn 2026 I said\nthis:\nno") == "yes\nIn 2026 I said\nthis:\nno"
    assert without_quote("yes\n\nthis:\n> old") == "yes\n\nthis:"
    assert without_quote("in 2026") == "in 2026"


def test_lines_end_in_any_way_and_unseen_letters_around_them_go():
    assert without_quote("a\r\nb\rc\n") == "a\nb\nc"
    assert without_quote("\ufeff a\u200b\n\xa0b\t") == "a\nb"


def test_a_page_is_read_as_somebody_sees_it():
    assert page("<div>one</div><div>two<br>three</div>") == "one\n\ntwo\nthree"
    assert page("a<b>b</b>  \n c&amp;d") == "ab c&d"
    assert page("<b>a</b> \n <b>b</b>") == "ab"
    assert page("<img><input>x<hr>y") == "x\ny"


@pytest.mark.parametrize("tag", ["script", "style", "title", "template", "blockquote", "head"])
def test_what_nobody_sees_and_what_is_quoted_is_left_out(tag):
    assert page(f"a<{tag}>hidden<i>deeper</{tag}>b") == "ab"


@pytest.mark.parametrize("named", ['class="gmail_quote"', 'id="divRplyFwdMsg"', 'class="x yahoo_quoted"'])
def test_a_quotation_is_known_by_the_name_that_its_program_gives_it(named):
    assert page(f"a<div {named}>old<div>older</div><br>old</div>b") == "a\n\n\n\n\nb"
    assert page(f"a<span title {named}>old<img></span>b") == "ab"


def test_other_names_and_other_attributes_hide_nothing():
    assert page('a<span class="note" id>b</span><span title="gmail_quote">c</span>') == "abc"
    assert page("a</span>b</p>c") == "ab\nc"
    assert page("a<blockquote>b<i>c</blockquote>d") == "ad"


def test_letters_are_read_in_their_charset_and_an_unknown_one_as_utf_8():
    latin = message_from_string(
        'Content-Type: text/plain; charset="latin-1"\nContent-Transfer-Encoding: base64\n\n5A=='
    )
    assert own_words([latin]) == "ä"
    for charset in ("no-such-thing", "utf-8"):
        coded = message_from_string(
            f'Content-Type: text/plain; charset="{charset}"\nContent-Transfer-Encoding: base64\n\nw6T/'
        )
        assert own_words([coded]) == "ä\ufffd"
    bare = message_from_string("Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nw6Q=")
    assert own_words([bare]) == "ä"


def test_nobody_s_own_first_words_come_after_so_many():
    assert own_words([part("x" * (LONGEST_PART + 5))]) == "x" * LONGEST_PART
    assert own_words([part("x" * (LONGEST_PART + 5), charset="no-such-thing")]) == "x" * LONGEST_PART


def test_a_part_of_parts_has_no_words_of_its_own():
    nested = Message()
    nested["Content-Type"] = "text/plain"
    nested.attach(part("inner"))
    assert own_words([nested]) == ""


def test_an_introduction_of_two_lines_may_begin_the_letter_or_stand_apart_from_the_quotation():
    assert without_quote("On 3 March 2026, Ann\nwrote:\n> old\nno") == "wrote:\nno"
    assert without_quote("yes\nOn 3 March 2026, Ann\nwrote:\n\n> old\nno") == "yes\nwrote:\n\nno"


def test_a_quotation_above_does_not_belong_to_an_introduction_below():
    assert without_quote("yes\n> old\nann@x.test wrote:\nold text") == "yes"


def test_a_page_is_read_to_its_last_letter_and_a_picture_hides_nothing():
    assert page("a & b &c") == "a & b &c"
    assert page('a<img class="gmail_quote">b') == "ab"


def test_a_charset_that_is_none_for_text_is_read_as_utf_8():
    assert own_words([part("stop", charset="idna"), part("x")]) == "stop"
    coded = message_from_string('Content-Type: text/plain; charset="idna"\nContent-Transfer-Encoding: base64\n\nw6Q=')
    assert own_words([coded]) == "ä"
