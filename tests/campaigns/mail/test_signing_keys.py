"""Keys are read with a clear word about what is wrong, and told as the record that a resolver can check."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as elliptic
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from campaigns.mail.signing import DkimKey
from campaigns.mail.signing_keys import make_key, pem, read_keys, record_value, same_key, zone_line
from core.errors import BadInput, Misconfigured


@pytest.fixture
def file(tmp_path):
    def write(content: bytes, name: str = "a.pem"):
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return write


def test_keys_come_back_from_their_files_in_the_settings_order(file):
    rsa, ed25519 = (make_key("one", "example.org", ed25519=kind) for kind in (False, True))
    paths = file(pem(rsa)), file(pem(ed25519), "b:c.pem")
    read = read_keys(f" one:example.org:{paths[0]} , Two:Übung.example:{paths[1]},")
    assert [(key.selector, key.domain, key.kind) for key in read] == [
        ("one", "example.org", "rsa"),
        ("two", "xn--bung-zra.example", "ed25519"),
    ]
    assert [record_value(key) for key in read] == [record_value(rsa), record_value(ed25519)]
    assert read_keys("") == ()


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("nothing", "This is not a domain name"),
        ("a_b:example.org:x", "A selector is made of letters"),
        ("a:exa mple:x", "This is not a domain name"),
        ("a:example.org", "entry 2 names no file"),
        ("a:example.org:/nowhere/a.pem", "cannot be read: No such file"),
    ],
)
def test_a_wrong_entry_is_named_with_its_remedy(entry, said, file):
    good = file(pem(make_key("one", "example.org", ed25519=True)))
    with pytest.raises(Misconfigured, match=said) as caught:
        read_keys(f"one:example.org:{good},{entry}")
    assert caught.value.remedy


def test_a_file_that_is_no_key_for_mail_is_refused_and_never_quoted(file):
    key = generate_private_key(65537, 2048)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word"))
    curve = elliptic(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    small = pem(DkimKey("a", "example.org", generate_private_key(65537, 1024)))
    wrong = {b"secret words": "not a private key", locked: "locked with a password", curve: "neither RSA nor Ed25519"}
    for content, said in (wrong | {small: "1024 bits"}).items():
        with pytest.raises(Misconfigured, match=said) as caught:
            read_keys(f"a:example.org:{file(content)}")
        assert "secret words" not in str(caught.value)


def test_a_selector_named_twice_is_refused(file):
    path = file(pem(make_key("a", "example.org", ed25519=True)))
    with pytest.raises(Misconfigured, match="named twice"):
        read_keys(f"a:example.org:{path},A:EXAMPLE.org:{path}")


def test_a_record_is_compared_by_its_key_alone_and_its_zone_line_is_cut_in_strings():
    rsa = make_key("a", "example.org", ed25519=False)
    strings = zone_line(rsa).split('"')[1::2]
    assert zone_line(rsa).startswith("a._domainkey.example.org. IN TXT ( ")
    assert len(strings) == 2
    assert max(map(len, strings)) == 255
    assert same_key("".join(strings), rsa)
    assert same_key(record_value(rsa).replace("v=DKIM1; k=rsa; p=", "k=rsa;t=s ; p= "), rsa)
    assert not same_key(record_value(make_key("a", "example.org", ed25519=False)), rsa)
    assert not same_key("v=spf1 -all", rsa)


@pytest.mark.parametrize(("selector", "domain"), [("-a", "example.org"), ("", "example.org"), ("a", "")])
def test_a_key_needs_a_selector_and_a_domain(selector, domain):
    with pytest.raises(BadInput):
        make_key(selector, domain, ed25519=True)
