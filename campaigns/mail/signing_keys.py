"""DKIM keys: made, read from the files that HEEDFUL_DKIM_KEYS names, and told as the record that DNS must hold."""

import re
from base64 import b64encode
from collections import Counter
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from campaigns.mail.headers import ascii_domain
from campaigns.mail.signing import DkimKey, Signer
from core.errors import BadInput, Misconfigured

SETTING = "HEEDFUL_DKIM_KEYS"
SMALLEST, LARGEST = 2048, 4096  # RFC 8301 3.2: below is weak, above need not be verified
_A_STRING = 255  # RFC 1035 3.3: the longest piece of a TXT record
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_SELECTOR = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_MAKE = "`heedful dkim new` makes one."
_FORM = "Write selector:domain:file, for example news:example.org:/etc/heedful/news.pem"


def signer_of(written: str) -> Signer:
    """Who signs with the keys that a setting names.

    Raises:
        Misconfigured: as `read_keys` does.
    """
    return Signer(read_keys(written))


def read_keys(written: str) -> tuple[DkimKey, ...]:
    """Read the keys that a setting names: `selector:domain:file`, parted by commas; none where it is empty.

    Raises:
        Misconfigured: what is wrong with which of them, and what to do.
    """
    keys = tuple(read_key(*named) for named in named_files(written))
    twice = [each for each, often in Counter((key.selector, key.domain) for key in keys).items() if often > 1]
    if twice:
        raise Misconfigured(
            f"{SETTING}: the selector {twice[0][0]} of {twice[0][1]} is named twice.",
            remedy="Each key has a selector of its own: one name in DNS holds one key.",
        )
    return keys


def named_files(written: str) -> list[tuple[str, str, Path]]:
    """Selector, domain and file of each key, as the setting names them.

    Raises:
        Misconfigured: an entry is not of this form.
    """
    entries = [each.strip() for each in written.split(",") if each.strip()]
    return [_entry(place, each) for place, each in enumerate(entries, 1)]


def _entry(place: int, entry: str) -> tuple[str, str, Path]:
    selector, _, rest = entry.partition(":")
    domain, _, path = rest.partition(":")
    try:
        named = read_selector(selector), read_domain(domain)
    except BadInput as error:
        raise Misconfigured(f"{SETTING}: entry {place}: {error.message}", remedy=_FORM) from None
    if not path.strip():
        raise Misconfigured(f"{SETTING}: entry {place} names no file.", remedy=_FORM)
    return *named, Path(path.strip()).expanduser()


def read_selector(written: str) -> str:
    """A selector as DNS and signatures spell it.

    Raises:
        BadInput: it is none.
    """
    if not _SELECTOR.fullmatch(written.strip()):
        raise BadInput("A selector is made of letters, digits and hyphens, such as news or 2026-11.", field="selector")
    return written.strip().lower()


def read_domain(written: str) -> str:
    """A domain as DNS and signatures spell it: A-labels, in small letters (RFC 8616).

    Raises:
        BadInput: it is none.
    """
    try:
        return ascii_domain(written.strip()).lower()
    except BadInput:
        raise BadInput("This is not a domain name, such as example.org.", field="domain") from None


def read_key(selector: str, domain: str, path: Path) -> DkimKey:
    """Read one private key from its PEM file.

    Raises:
        Misconfigured: it cannot be read, or is no key that verifiers take; never tells what the file holds.
    """
    whose = f"{SETTING}: the key {selector} of {domain}, {path},"
    try:
        private = load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        remedy = "The sender's user must be able to read it; see also `heedful doctor`."
        raise Misconfigured(f"{whose} cannot be read: {error.strerror}.", remedy=remedy) from None
    except TypeError:
        remedy = "Keep it without one, readable by the sender's user alone."
        raise Misconfigured(f"{whose} is locked with a password.", remedy=remedy) from None
    except (ValueError, UnsupportedAlgorithm):
        raise Misconfigured(f"{whose} is not a private key in PEM form.", remedy=_MAKE) from None
    if not isinstance(private, RSAPrivateKey | Ed25519PrivateKey):
        raise Misconfigured(f"{whose} is neither RSA nor Ed25519.", remedy=_MAKE)
    if isinstance(private, RSAPrivateKey) and not SMALLEST <= private.key_size <= LARGEST:
        said = f"{whose} has {private.key_size} bits; {SMALLEST} to {LARGEST} are taken."
        raise Misconfigured(said, remedy=_MAKE)
    return DkimKey(selector, domain, private)


def make_key(selector: str, domain: str, *, ed25519: bool) -> DkimKey:
    """Make a fresh key: RSA of 2048 bits, or Ed25519 (RFC 8463), which not every receiver knows yet.

    Raises:
        BadInput: selector or domain is none.
    """
    private = Ed25519PrivateKey.generate() if ed25519 else generate_private_key(65537, SMALLEST)
    return DkimKey(read_selector(selector), read_domain(domain), private)


def pem(key: DkimKey) -> bytes:
    """The private key as its file holds it."""
    return key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def record_name(key: DkimKey) -> str:
    """Where DNS must hold the record."""
    return f"{key.selector}._domainkey.{key.domain}"


def record_value(key: DkimKey) -> str:
    """What the TXT record must say (RFC 6376 3.6.1; RFC 8463 4: the bare 32 bytes)."""
    public = key.private.public_key()
    if isinstance(key.private, RSAPrivateKey):
        held = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    else:
        held = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"v=DKIM1; k={key.kind}; p={b64encode(held).decode('ascii')}"


def zone_line(key: DkimKey) -> str:
    """The record as a zone file writes it, in strings of at most 255 characters."""
    value = record_value(key)
    strings = [value[start : start + _A_STRING] for start in range(0, len(value), _A_STRING)]
    return f"{record_name(key)}. IN TXT ( " + " ".join(f'"{each}"' for each in strings) + " )"


def same_key(published: str, key: DkimKey) -> bool:
    """Whether a TXT record that was found holds this key: by its p=, blanks and the other tags do not count."""
    tags = dict(part.partition("=")[::2] for part in "".join(published.split()).split(";"))
    return tags.get("p") == record_value(key).rpartition("p=")[2]
