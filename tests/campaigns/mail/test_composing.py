"""Every mail parses back without a defect into what was written."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaigns.mail.composing import OutgoingMail, compose, new_message_id, quoted_printable
from core.errors import BadInput

MAIL = OutgoingMail(
    sender_name="Example Software",
    sender_email="news@example.org",
    to_name="Zoë",
    to_email="zoe@example.com",
    reply_to="help@example.org",
    subject="Neues für Sie",
    text="Hallo\n",
    html="<p>Hallo</p>\n",
    at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    message_id="0" * 32 + "@example.org",
    unsubscribe_url="https://example.org/u/" + "t" * 60,
    unsubscribe_mailto="mailto:stop@example.org?subject=" + "t" * 60,
    list_id="announcements.example.org",
    list_name="Product announcements",
    feedback_id="1:2:announcements:heedful",
    auto_submitted=True,
    language="de",
)


def parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    for part in message.walk():
        assert not part.defects
        for value in part.values():
            assert not value.defects
    return message


def content(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    text = part.get_content()
    assert isinstance(text, str)
    return text.replace("\r\n", "\n")


def test_a_mail_has_the_headers_it_was_given():
    message = parsed(compose(MAIL))
    assert dict(message.items()) | {"Content-Type": ""} == {
        "From": "Example Software <news@example.org>",
        "To": "Zoë <zoe@example.com>",
        "Reply-To": "help@example.org",
        "Subject": "Neues für Sie",
        "Date": "Sun, 22 Nov 2026 09:30:00 +0000",
        "Message-ID": f"<{'0' * 32}@example.org>",
        "List-Unsubscribe": f"<{MAIL.unsubscribe_url}>, <{MAIL.unsubscribe_mailto}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": "Product announcements <announcements.example.org>",
        "Feedback-ID": "1:2:announcements:heedful",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "de",
        "MIME-Version": "1.0",
        "Content-Type": "",
    }
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_a_confirmation_has_a_text_only_and_no_list_headers():
    raw = compose(replace(MAIL, html=None, unsubscribe_url=None, unsubscribe_mailto=None, list_id=None,
                          feedback_id=None, reply_to="", auto_submitted=False, language=""))  # fmt: skip
    message = parsed(raw)
    assert message.get_content_type() == "text/plain"
    assert not [name for name in message if name.startswith("List-")]
    assert "Reply-To" not in message


def test_g4_a_mail_has_one_to_and_no_copies():
    message = parsed(compose(MAIL))
    assert len(message.get_all("To", [])) == 1
    assert "Cc" not in message
    assert "Bcc" not in message


def test_p1_the_message_id_is_random_and_names_nobody():
    first, second = new_message_id("exämple.org"), new_message_id("exämple.org")
    assert first != second
    assert re.fullmatch(r"[0-9a-f]{32}@xn--exmple-cua\.org", first)


@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=400))
@example("Line one\r\nline two\rline three\n\n")
@example(".\n..\nFrom me\n--=_x\n")
@example("ends with blanks   \n\ttab\t\nlong " + "x" * 5000)
@example("a=b" + "é" * 300)
def test_text_and_html_come_back_as_they_were(text):
    raw = compose(replace(MAIL, text=text, html=text))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    body = raw.partition(b"\r\n\r\n")[2]
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert raw.isascii()
    message = parsed(raw)
    expected = re.sub(r"\r\n|\r", "\n", text)
    expected += "" if expected.endswith("\n") else "\n"
    assert content(message, "plain") == expected
    assert content(message, "html") == expected


def test_soft_breaks_end_in_crlf_even_in_a_text_of_one_line():
    encoded = quoted_printable("x" * 200)
    assert encoded == b"x" * 75 + b"=\r\n" + b"x" * 75 + b"=\r\n" + b"x" * 50 + b"\r\n"


@pytest.mark.parametrize(
    "field",
    ["sender_name", "sender_email", "to_name", "to_email", "reply_to", "subject", "message_id", "unsubscribe_url",
     "unsubscribe_mailto", "list_id", "list_name", "feedback_id", "language"],
)  # fmt: skip
@pytest.mark.parametrize("evil", ["\r\nBcc: eve@example.org", "\nX: y", "\0"])
def test_a_header_injection_is_refused(field, evil):
    with pytest.raises(BadInput):
        compose(replace(MAIL, **{field: getattr(MAIL, field) + evil}))
