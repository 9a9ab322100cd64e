"""Headers come back as they were given, no line is too long, and nothing can break out of one."""

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaigns.mail.headers import addr_spec, ascii_domain, header, listed, mailbox, named, unfolded
from core.errors import BadInput

PRINTABLE = st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp"))
CONTROLS = ["\r\n", "\n", "\r", "\0", "\x1b", "\x7f", "\ud800"]


def parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw + b"\r\n", policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    for value in message.values():
        assert not value.defects
    return message


def assert_well_formed(raw: bytes) -> None:
    assert raw.endswith(b"\r\n")
    lines = raw[:-2].split(b"\r\n")
    assert all(len(line) <= 998 and line.strip() for line in lines)
    assert all(line.startswith(b" ") for line in lines[1:])
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    for word in re.findall(rb"=\?[^?]*\?[bq]\?[^?]*\?=", raw):
        assert len(word) <= 75


@given(st.text(PRINTABLE, max_size=300))
@example("")
@example(" a  b ")
@example("x" * 2000)
@example("a =?utf-8?q?b?= c")
@example("Grüße an alle, die schon lange dabei sind und die Neuigkeiten lesen möchten: " * 3)
@example("東京" * 60)
@example("👩‍👩‍👧" * 30)
def test_a_subject_comes_back_as_it_was_given(subject):
    raw = header("Subject", subject)
    assert_well_formed(raw)
    assert parsed(raw)["Subject"] == subject


@given(st.text(PRINTABLE, max_size=120))
@example('a, "b" <c@d.test>; \\ (x)')
@example("Jörg Müller " * 12)
@example("a" * 950)
def test_a_display_name_comes_back_as_it_was_given(name):
    raw = mailbox("To", "recipient", name, "ann@example.org")
    assert_well_formed(raw)
    (address,) = parsed(raw)["To"].addresses
    assert address.addr_spec == "ann@example.org"
    # long names are several encoded words; Python's phrase parser puts blanks between them, against RFC 2047 6.2
    decoded = str(make_header(decode_header(raw.decode().partition(":")[2])))
    shown = decoded.strip().removesuffix("<ann@example.org>").removesuffix("ann@example.org")
    if "=?" in raw.decode():
        assert shown.strip() == name.strip()
    else:
        assert " ".join(address.display_name.split()) == " ".join(name.split())


def test_lines_are_folded_where_they_can_be():
    raw = header("Subject", "word " * 40 + "end")
    assert max(map(len, raw.split(b"\r\n"))) <= 76
    assert raw.count(b"\r\n") == 3


def test_encoded_words_fill_the_lines_and_split_no_character():
    raw = header("Subject", "Ä" * 100)
    assert max(map(len, raw.split(b"\r\n"))) <= 76
    assert raw.count(b"\r\n") < 8


@pytest.mark.parametrize("evil", CONTROLS)
def test_nothing_breaks_out_of_a_header(evil):
    value = f"a{evil}Bcc: eve@example.org"
    for attempt in (
        lambda: header("Subject", value),
        lambda: unfolded("Feedback-ID", value),
        lambda: listed("List-Unsubscribe", [value]),
        lambda: mailbox("To", "recipient", value, "ann@example.org"),
        lambda: mailbox("To", "recipient", "Ann", f"ann{evil}@example.org"),
        lambda: named("List-Id", "News", f"<{value}>"),
        lambda: addr_spec(f"ann@exa{evil}mple.org"),
        lambda: header(f"X{evil}", "x"),
    ):
        with pytest.raises(BadInput):
            attempt()


def test_an_unsubscribe_address_is_neither_encoded_nor_folded():
    https = "https://example.org/u/" + "x" * 300 + "?=?utf-8?q?"
    raw = listed("List-Unsubscribe", [https, "mailto:stop@example.org?subject=stop"])
    assert raw == f"List-Unsubscribe: <{https}>,\r\n <mailto:stop@example.org?subject=stop>\r\n".encode()


@pytest.mark.parametrize("address", ["https://example.org/" + "x" * 1000, "https://ex ample", "https://é", "<x>", ""])
def test_what_is_no_address_for_a_header_is_refused(address):
    with pytest.raises(BadInput):
        listed("List-Unsubscribe", [address])


@pytest.mark.parametrize("value", ["é", "x" * 999])
def test_an_unfolded_header_takes_a_line_of_ascii_only(value):
    with pytest.raises(BadInput):
        unfolded("Feedback-ID", value)


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("Ann.Lee+news@Example.org", "Ann.Lee+news@Example.org"),
        ("o'neil@faß.de", "o'neil@xn--fa-hia.de"),
        ("a@例え.jp", "a@xn--r8jz45g.jp"),
        ('"a b"@example.org', '"a b"@example.org'),
        ('"a\\"b"@example.org', '"a\\"b"@example.org'),
    ],
)
def test_addresses_are_written_for_the_wire(address, written):
    assert addr_spec(address) == written


@pytest.mark.parametrize(
    "address",
    [
        "", "@", "a@", "@example.org", "a", "a b@example.org", "a..b@example.org", ".a@example.org", "a@-x.org",
        "a@example..org", "a@[127.0.0.1]", '"a"b"@example.org', '""@example.org', '"a\\"@example.org', "<a@b.test>",
        "a@b.test>,<c@d.test", f"{'x' * 65}@example.org", f"a@{'x' * 64}.org", "a@" + "x." * 130 + "org",
        "a@\u2060.org", "jörg@example.org",
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_refused(address):
    with pytest.raises(BadInput):
        addr_spec(address)


def test_letters_beyond_ascii_before_the_at_need_a_relay_that_takes_them():
    assert addr_spec("jörg@exämple.org", utf8=True) == "jörg@xn--exmple-cua.org"
    assert mailbox("To", "recipient", "Jörg", "jörg@example.org", utf8=True) == (
        "To: =?utf-8?q?J=C3=B6rg?= <jörg@example.org>\r\n".encode()
    )
    with pytest.raises(BadInput, match="SMTPUTF8"):
        addr_spec("jörg@example.org")


def test_a_domain_that_is_none_is_refused():
    with pytest.raises(BadInput):
        ascii_domain("exa mple.org")
