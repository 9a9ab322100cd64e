"""Signatures hold before a verifier that shares no code with ours, and break wherever somebody touched the mail."""

import re
from collections.abc import Callable

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.mail import signing
from campaigns.mail.composing import OutgoingMail, compose, new_message_id
from campaigns.mail.signing import SIGNED, DkimKey, Signer, relaxed_body, relaxed_header
from campaigns.mail.signing_keys import make_key, record_name, record_value
from tests.conftest import NOON

FROM = "news@example.org"
RSA = make_key("rsa1", "example.org", ed25519=False)
ED25519 = make_key("ed1", "example.org", ed25519=True)
BOTH = (ED25519, RSA)


def a_mail(**changes: object) -> bytes:
    values: dict[str, object] = {
        "sender_name": "Halcyon Audio, Zoë",
        "sender_email": FROM,
        "to_name": "Ann",
        "to_email": "ann@example.com",
        "reply_to": "team@example.org",
        "subject": "Neues für Sie, und zwar so viel davon, daß die Zeile mehrfach gebrochen werden muß " * 2,
        "text": "Hello  Ann,\t\n\n  two  blanks and a tab\t at the end \n\n\n",
        "html": "<p>Hello  Ann</p>\n\n",
        "at": NOON,
        "message_id": new_message_id("example.org"),
        "unsubscribe_url": "https://example.org/u/" + "t" * 90,
        "unsubscribe_mailto": "mailto:leave@example.org?subject=unsubscribe%20" + "t" * 30,
        "list_id": "announcements.example.org",
        "list_name": "Halcyon Audio",
        "feedback_id": "c1:m2:announcements:heedful",
        "language": "de",
    }
    return compose(OutgoingMail(**values | changes))  # type: ignore[arg-type]  # the changes are of the right types


def resolver(*keys: DkimKey) -> Callable[..., bytes]:
    """The DNS of the test: what our records say, and nothing else."""
    records = {f"{record_name(key)}.".encode(): record_value(key).encode() for key in keys}
    return lambda name, timeout=5: records.get(name, b"")


def signatures(message: bytes) -> int:
    return len(re.findall(rb"^DKIM-Signature:", message, re.MULTILINE))


def holds(message: bytes, *keys: DkimKey, which: int = 0) -> bool:
    """What dkimpy says of one of the signatures."""
    verifier = dkim.DKIM(message)
    try:
        return bool(verifier.verify(which, dnsfunc=resolver(*keys or BOTH)))
    except dkim.DKIMException:
        return False


def test_every_header_that_is_written_is_signed():
    head = a_mail(auto_submitted=True).partition(b"\r\n\r\n")[0]
    written = {raw.partition(b":")[0] for raw in re.split(rb"\r\n(?! )", head)}
    assert len(written) > 12
    assert written <= set(SIGNED)


@pytest.mark.parametrize("key", BOTH, ids=lambda key: key.kind)
def test_an_independent_verifier_takes_the_signature_of_either_kind(key):
    assert holds(Signer([key]).sign(a_mail(), FROM, NOON), key)


def test_two_keys_make_two_signatures_and_each_holds():
    signed = Signer(BOTH).sign(a_mail(), FROM, NOON)
    assert signatures(signed) == 2
    assert [holds(signed, which=which) for which in (0, 1)] == [True, True]
    assert not holds(signed, RSA, which=0), "the first is the other key's"


def test_a_key_of_another_pair_does_not_verify():
    other = make_key("rsa1", "example.org", ed25519=False)
    assert not holds(Signer([RSA]).sign(a_mail(), FROM, NOON), other)


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(message: bytes) -> bytes:
        assert old in message
        return message.replace(old, new, 1)

    return change


TAMPERED = {
    "another word in the body": replaced(b"Hello", b"Hallo"),
    "a line more at the end": lambda message: message + b"PS: pay here\r\n",
    "another subject": replaced(b"Subject: ", b"Subject: Re: "),
    "one-click taken out": replaced(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", b""),
    "another way out": replaced(b"<https://example.org/u/", b"<https://example.com/u/"),
    "no Feedback-ID": replaced(b"Feedback-ID: c1:m2:announcements:heedful\r\n", b""),
}


@pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED)
def test_what_was_changed_is_found(change):
    signed = Signer(BOTH).sign(a_mail(), FROM, NOON)
    assert holds(signed)
    assert not holds(change(signed), which=0)
    assert not holds(change(signed), which=1)


@pytest.mark.parametrize("name", [name.decode() for name in SIGNED])
def test_no_signed_header_can_be_added_above_or_below(name):
    signed = Signer([ED25519]).sign(a_mail(), FROM, NOON)
    added = f"{name}: <https://evil.example/>\r\n".encode()
    assert not holds(added + signed)
    assert not holds(signed.replace(b"\r\n\r\n", b"\r\n" + added + b"\r\n", 1))


def test_with_each_header_named_only_as_often_as_it_occurs_one_could_be_added(monkeypatch: pytest.MonkeyPatch):
    named = signing._names
    monkeypatch.setattr(signing, "_names", lambda times: named(tuple(often - 1 for often in times)))
    signed = Signer([ED25519]).sign(a_mail(), FROM, NOON)
    assert holds(signed)
    assert holds(b"List-Unsubscribe: <https://evil.example/>\r\n" + signed)


def test_a_header_that_relays_add_breaks_nothing():
    signed = Signer(BOTH).sign(a_mail(), FROM, NOON)
    passed_on = b"Received: from a (b [192.0.2.1])\r\n\tby c; Sun, 22 Nov 2026 12:00:00 +0000\r\n" + signed
    assert holds(passed_on, which=0)
    assert holds(passed_on, which=1)


def test_folding_and_blanks_that_relays_change_break_nothing():
    signed = Signer([RSA]).sign(a_mail(), FROM, NOON)
    changed = signed.replace(b"From: ", b"from:\t  ", 1).replace(b"MIME-Version: 1.0", b"MIME-Version:\r\n 1.0  ")
    assert holds(changed + b"\r\n\r\n")


def test_a_domain_beyond_ascii_is_signed_by_its_a_labels():
    key = make_key("s", "übung.example", ed25519=True)
    signed = Signer([key]).sign(a_mail(sender_email="neues@übung.example"), "neues@übung.example", NOON)
    assert b"d=xn--bung-zra.example;" in signed
    assert holds(signed, key)


def test_keys_sign_for_their_own_domain_and_what_is_below_it_and_for_nobody_else():
    near = make_key("near", "news.example.org", ed25519=True)
    signer = Signer([ED25519, near])
    mail = a_mail()
    assert b"d=example.org;" in signer.sign(mail, "a@example.org", NOON)
    assert signatures(signer.sign(mail, "a@news.example.org", NOON)) == 1, "the nearest alone"
    assert b"d=news.example.org;" in signer.sign(mail, "a@NEWS.example.org", NOON)
    assert b"d=example.org;" in signer.sign(mail, "a@shop.example.org", NOON)
    for other in ("a@example.com", "a@badexample.org", "a@org"):
        assert signer.sign(mail, other, NOON) == mail
    assert Signer([]).sign(mail, FROM, NOON) == mail


def test_no_line_of_a_signature_is_long_and_its_secret_is_not_shown():
    signed = Signer(BOTH).sign(a_mail(), FROM, NOON)
    assert max(map(len, signed.partition(b"\r\nFrom:")[0].split(b"\r\n"))) <= 78
    assert "private" not in repr(RSA)


def test_the_example_of_the_rfc_is_canonicalised_as_it_says():
    # RFC 6376 3.4.5, example 1
    assert [relaxed_header(raw) for raw in (b"A: X", b"B : Y\t\r\n\tZ  ")] == [b"a:X", b"b:Y Z"]
    assert relaxed_body(b" C \r\nD \t E\r\n\r\n\r\n") == b" C\r\nD E\r\n"
    assert relaxed_body(b"\r\n\r\n") == b""
    assert relaxed_body(b"no end \t") == b"no end\r\n"


BLANKS = st.text(" \t", max_size=3)
WORDS = st.text("aZ1:;=<>\"'(),.@-", min_size=1, max_size=12)
VALUES = st.lists(st.tuples(WORDS, BLANKS, st.booleans()), min_size=1, max_size=6)
NAMES = st.sampled_from([*(name.decode() for name in SIGNED if name != b"From"), "X-Odd", "subject", "TO", "Received"])


def odd_header(name: str, around: tuple[str, str], words: list[tuple[str, str, bool]]) -> bytes:
    """A header with blanks and folds wherever they may stand."""
    value = "".join(word + blanks + ("\r\n " if fold else " ") for word, blanks, fold in words[:-1]) + words[-1][0]
    return f"{name}:{around[0]}{value}{around[1]}\r\n".encode()


@given(
    headers=st.lists(st.builds(odd_header, NAMES, st.tuples(BLANKS, BLANKS), VALUES), max_size=8),
    lines=st.lists(st.text(" \tab.=", max_size=12), max_size=8),
)
@settings(max_examples=80)
def test_any_headers_and_any_body_verify(headers, lines):
    message = b"From: a@example.org\r\n" + b"".join(headers) + b"\r\n" + "\r\n".join(lines).encode()
    if not message.endswith(b"\r\n"):
        message += b"\r\n"
    assert holds(Signer([ED25519]).sign(message, FROM, NOON))
