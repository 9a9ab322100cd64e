"""Letters to the unsubscribe address: the token, else the writer; never an error, whatever comes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.domain.leaving_tokens import unsubscribe_token
from contacts.domain.stop_letters import read_letter, shown
from core.tokens import Keyring

TOKEN = unsubscribe_token(Keyring(["a secret of the tests that is long"]), bytes(range(32)), 0, 77)


def letter(*headers: str, body: str = "") -> bytes:
    return ("\r\n".join(headers) + "\r\n\r\n" + body).encode()


def test_g19_a_mail_programs_button_sends_the_token_as_subject():
    read = read_letter(letter("From: ann@example.org", f"Subject: {TOKEN}"))
    assert read.tokens == (TOKEN,)
    assert not read.automatic


def test_a_token_is_found_in_a_folded_subject_and_in_the_body():
    assert read_letter(letter("From: a@example.org", "Subject: Re:", f" {TOKEN}")).tokens == (TOKEN,)
    assert read_letter(letter("From: a@example.org", "Subject: stop", body=f"> {TOKEN}\n")).tokens == (TOKEN,)


def test_a_letter_by_hand_speaks_for_its_writer():
    read = read_letter(
        letter("From: Ann Example <ann@example.org>", "Subject: =?utf-8?q?bitte_abmelden?=", body="STOP")
    )
    assert read.about == "ann@example.org"


def test_two_writers_are_nobody():
    assert read_letter(letter("From: ann@example.org, bob@example.org")).about == ""


def test_what_no_person_wrote_is_automatic():
    for header in ("Auto-Submitted: auto-replied; owner=x", "Precedence: bulk", "Return-Path: <>"):
        assert read_letter(letter("From: ann@example.org", header)).automatic
    assert not read_letter(letter("From: ann@example.org", "Auto-Submitted: no")).automatic


def test_a_letter_in_parts_is_read_and_one_of_html_alone_has_no_text():
    parts = (
        "From: ann@example.org\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n"
        "--x\r\nContent-Type: text/html\r\n\r\n<p>hi</p>\r\n"
        f"--x\r\nContent-Type: text/plain\r\n\r\n{TOKEN}\r\n--x--\r\n"
    )
    assert read_letter(parts.encode()).tokens == (TOKEN,)
    assert read_letter(letter("From: a@example.org", "Content-Type: text/html", body=TOKEN)).tokens == ()


def test_a_subject_in_an_unknown_alphabet_stays_as_it_is():
    assert read_letter(letter("From: a@example.org", f"Subject: =?no-such-charset?q?{TOKEN}?=")).tokens != ("x",)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_an_error(raw):
    read_letter(raw)


ARF = """From: fbl@provider.example
Subject: FW: news
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary=x

--x
Content-Type: text/plain

This is a report.
--x
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Provider/1
Version: 1
{recipient}
--x
Content-Type: message/rfc822

From: news@example.org
Subject: News
List-Unsubscribe: <https://mail.example.org/u/{token}>, <mailto:leave@example.org?subject={token}>

Hello
--x--
"""


def test_a_complaint_speaks_of_the_reader_and_never_of_the_provider():
    told = read_letter(ARF.format(recipient="Original-Rcpt-To: <ann@example.org>", token="none").encode())
    assert told.complaint
    assert told.about == "ann@example.org"
    redacted = read_letter(ARF.format(recipient="Source-IP: 192.0.2.1", token=TOKEN).encode())
    assert redacted.about == ""
    assert redacted.tokens == (TOKEN,)


@pytest.mark.parametrize("word", ["auto_reply", "Bulk", " junk ", "list"])
def test_a_precedence_tells_what_no_person_wrote(word):
    assert read_letter(letter("From: ann@example.org", f"Precedence: {word}")).automatic
    assert not read_letter(letter("From: ann@example.org", "Precedence: first-class")).automatic


def test_the_reader_who_complained_is_named_by_either_field_of_the_report_itself():
    for field in ("Original-Rcpt-To: <ann@example.org>", "Removal-Recipient: ann@example.org"):
        assert read_letter(ARF.format(recipient=field, token="none").encode()).about == "ann@example.org"
    bare = b"From: fbl@provider.example\nOriginal-Rcpt-To: ann@example.org\nContent-Type: message/feedback-report\n\n"
    assert read_letter(bare).about == "ann@example.org"


def test_the_head_of_a_mail_that_was_given_back_is_looked_at_too():
    parts = (
        "From: ann@example.org\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
        f"Content-Type: text/rfc822-headers\n\nX-Other: {TOKEN}\n--x--\n"
    )
    assert read_letter(parts.encode()).tokens == (TOKEN,)


@pytest.mark.parametrize("raw", ["=?utf-8?q?=ff?=", "=?utf-8?b?a?=", "=?no-such-charset?q?x?=", "plain"])
def test_a_header_that_cannot_be_decoded_stays_as_it_is(raw):
    assert shown(raw) == raw
    assert shown("=?utf-8?q?caf=C3=A9?=") == "café"
