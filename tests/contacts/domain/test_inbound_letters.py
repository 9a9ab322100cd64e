"""What comes back to the address of our mail: only the writer's own first words count, and machines mean nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.domain.inbound_letters import Meaning, first_words, read_inbound
from contacts.domain.leaving_tokens import unsubscribe_token
from core.tokens import Keyring

TOKEN = unsubscribe_token(Keyring(["a secret of the tests that is long"]), bytes(range(32)), 0, 77)
OURS = f"""
> New this spring: faster and quieter.
> Unsubscribe: https://mail.example.org/u/{TOKEN}
> STOP
"""


def letter(
    body: str, *headers: str, subject: str = "Re: Stop worrying about latency", kind: str = "text/plain"
) -> bytes:
    head = ["From: Ann <ann@example.org>", f"Subject: {subject}", f'Content-Type: {kind}; charset="utf-8"', *headers]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


def meaning(body: str, *headers: str, **more: str) -> Meaning:
    return read_inbound(letter(body, *headers, **more)).meaning


@pytest.mark.parametrize(
    "body",
    [
        f"STOP\n\nOn Mon, 3 Mar 2026 at 10:00, Halcyon Audio <news@example.org> wrote:\n{OURS}",
        f"Bitte abmelden\n\nAm 03.03.2026 um 10:00 schrieb Halcyon Audio:\n{OURS}",
        f"On Mon, 3 Mar 2026 at 10:00, Halcyon\nAudio <news@example.org> wrote:\n{OURS}\n\nplease unsubscribe me",
        "Hello team,\n\nunsubscribe me please.\n\nAnn",
        "I have asked you several times already to please\nremove me from your list.\n",
        "stop\n-- \nAnn Example\nSent from my phone",
        "\ufeff\u200b\n\n  Désabonnez-moi  \n",
        "Stop\r\n\r\n________________________________\r\nFrom: Halcyon Audio\r\nhello",
    ],
)
def test_g19_a_reply_that_says_stop_in_its_own_first_words_is_a_stop(body):
    assert meaning(body) is Meaning.STOP


@pytest.mark.parametrize(
    "body",
    [
        f"Thanks, I love it!\n\nOn Mon, 3 Mar 2026 at 10:00, Halcyon Audio <news@example.org> wrote:\n{OURS}",
        "When does it ship?\n\n-----Original Message-----\nFrom: Halcyon Audio\nUnsubscribe: STOP",
        "When does it ship?\n\nFrom: Halcyon Audio <news@example.org>\nSent: Monday\nUnsubscribe",
        "When does it ship?\n\nAm 03.03.2026 um 10:00 schrieb Halcyon Audio:\n\nUnsubscribe\nSTOP",
        "My order 12345 has not come.\n\nPlease look.\n\nBy the way, how do I unsubscribe?",
        "Guten Tag,\nwann erscheint die neue Version?",
    ],
)
def test_a_reply_that_says_something_else_is_a_question_whatever_it_quotes(body):
    assert meaning(body) is Meaning.QUESTION


@pytest.mark.parametrize("body", ["", "   \n", OURS, f"On 3 March 2026, Halcyon Audio wrote:\n{OURS}"])
def test_a_reply_without_a_word_of_its_own_is_empty(body):
    assert meaning(body) is Meaning.EMPTY


def test_a_new_mail_says_it_in_its_subject_and_an_answers_subject_is_ours():
    assert meaning("", subject="Unsubscribe") is Meaning.STOP
    assert meaning("see subject", subject="=?utf-8?q?bitte_abmelden?=") is Meaning.STOP
    assert meaning("", subject="AW: Unsubscribe from noise") is Meaning.EMPTY
    assert meaning("nice", subject="Re[2]: STOP") is Meaning.QUESTION


def test_the_button_of_a_mail_program_is_a_stop_even_where_it_calls_itself_automatic():
    read = read_inbound(letter("", "Auto-Submitted: auto-generated", subject=TOKEN))
    assert (read.meaning, read.by_button, read.tokens) == (Meaning.STOP, True, (TOKEN,))


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (vacation)",
        "Precedence: auto_reply",
        "Return-Path: <>",
    ],
)
def test_what_no_person_wrote_means_nothing_even_if_it_says_stop(header):
    assert meaning(f"STOP\n{OURS}", header, subject="Automatic reply: STOP") is Meaning.AUTOMATIC


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (
            "<html><head><style>stop</style></head><body><p>STOP</p><blockquote>hello</blockquote></body></html>",
            Meaning.STOP,
        ),
        ('<div>please<br>unsubscribe me</div><div class="gmail_quote"><p>hi</p><br></div>', Meaning.STOP),
        ("<div>Nice!</div><blockquote><p>Unsubscribe<img src=x></p></blockquote>", Meaning.QUESTION),
        ('<div>Nice!</div><div id="divRplyFwdMsg"><div>STOP</div></div>', Meaning.QUESTION),
        ("<div class='gmail_quote'>STOP</div>", Meaning.EMPTY),
        ("<div class='gmail_quote'><p>STOP<i></div>stop", Meaning.STOP),
        ("</p></div>STOP", Meaning.STOP),
    ],
)
def test_a_reply_of_html_alone_is_read_without_the_mail_it_answers(page, expected):
    assert meaning(page, kind="text/html") is expected


def test_the_plain_part_counts_and_neither_attachments_nor_mails_inside_do():
    body = (
        "--x\r\nContent-Type: text/plain; charset=no-such\r\n\r\nThanks!\r\n"
        "--x\r\nContent-Type: text/html\r\n\r\n<p>STOP</p>\r\n"
        "--x\r\nContent-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nSTOP\r\n"
        "--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: STOP\r\n\r\nSTOP\r\n--x--\r\n"
    )
    read = read_inbound(letter(body, kind='multipart/mixed; boundary="x"'))
    assert (read.meaning, read.words) == (Meaning.QUESTION, "Thanks!")
    inside = "--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: STOP\r\n\r\nSTOP\r\n--x--\r\n"
    assert meaning(inside, kind='multipart/mixed; boundary="x"') is Meaning.EMPTY


def bounce(*fields: str) -> bytes:
    body = (
        "--x\r\nContent-Type: text/plain\r\n\r\nSTOP: could not be delivered\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
        + "\r\n".join(fields)
        + "\r\n\r\n--x\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        + f"List-Unsubscribe: <https://m.example.org/u/{TOKEN}>\r\n--x--\r\n"
    )
    return letter(body, "Return-Path: <>", kind='multipart/report; report-type=delivery-status; boundary="x"')


@pytest.mark.parametrize(
    ("fields", "gone"),
    [
        (("Final-Recipient: rfc822; ann@example.org", "Action: failed", "Status: 5.1.1"), True),
        (("Final-Recipient: RFC822;ann@example.org", "Action: Failed", "Status: 5.0.0",
          "Diagnostic-Code: smtp; 550 5.1.10 no such user"), True),
        (("Original-Recipient: rfc822;ann@example.org", "Final-Recipient: rfc822; x@y.example", "Action: failed",
          "Status: 5.2.1"), True),
        (("Final-Recipient: rfc822; ann@example.org", "Action: failed", "Status: 5.2.2"), False),
        (("Final-Recipient: rfc822; ann@example.org", "Action: failed", "Status: 5.7.1"), False),
        (("Final-Recipient: rfc822; ann@example.org", "Action: delayed", "Status: 4.4.1"), False),
        (("Final-Recipient: rfc822; ann@example.org", "Action: delivered", "Status: 2.0.0"), False),
        (("Final-Recipient: rfc822; ann@example.org", "Action: delayed", "Status: 5.1.1"), False),
    ],
)  # fmt: skip
def test_a_delivery_report_tells_whether_somebody_is_gone_for_good(fields, gone):
    read = read_inbound(bounce(*fields))
    assert read.meaning is Meaning.BOUNCE
    assert [(each.address, each.gone) for each in read.reports] == [("ann@example.org", gone)]
    assert read.tokens == (TOKEN,)


def test_a_delivery_report_that_names_nobody_tells_nothing():
    assert read_inbound(bounce("Action: failed", "Status: 5.1.1")).reports == ()
    assert read_inbound(bounce("Final-Recipient: x400; c=de", "Action: failed")).reports == ()
    broken = letter("no blocks", kind="message/delivery-status")
    assert read_inbound(broken).meaning is Meaning.BOUNCE


def test_a_complaint_is_told_from_a_reply():
    body = (
        "--x\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n"
        "Original-Rcpt-To: ann@example.org\r\n\r\n--x--\r\n"
    )
    read = read_inbound(letter(body, kind='multipart/report; report-type=feedback-report; boundary="x"'))
    assert (read.meaning, read.about) == (Meaning.COMPLAINT, "ann@example.org")


@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_an_error(raw):
    read_inbound(raw)


@given(
    st.sampled_from(["text/html", "text/plain", "multipart/report", "message/delivery-status"]), st.text(max_size=300)
)
def test_any_body_of_any_kind_is_read_without_an_error(kind, body):
    read_inbound(f"Content-Type: {kind}; boundary=x\r\n\r\n{body}".encode("utf-8", "replace"))


def test_the_first_words_are_the_first_line_and_the_first_lines_together():
    assert list(first_words("a\nb\nc\nd\n\ne")) == ["a", "a b c"]
    assert list(first_words("Hello Ann,\n\nstop\nplease\n\nmore\n\nand more")) == ["stop", "stop please"]
    assert list(first_words("")) == [""]
