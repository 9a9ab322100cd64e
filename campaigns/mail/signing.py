"""DKIM signatures for all that leaves: what they cover, how it is counted, how they are written (RFC 6376)."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from campaigns.mail.headers import LINE, ascii_domain

SIGNED = (
    b"From", b"To", b"Cc", b"Reply-To", b"Sender", b"Subject", b"Date", b"Message-ID", b"In-Reply-To", b"References",
    b"List-Id", b"List-Unsubscribe", b"List-Unsubscribe-Post", b"List-Help", b"List-Post", b"Feedback-ID",
    b"Auto-Submitted", b"Content-Language", b"MIME-Version", b"Content-Type", b"Content-Transfer-Encoding",
)  # fmt: skip
"""Each is named once more than it occurs, so that none can be added to a signed mail, be it there or not."""
_NEXT = re.compile(rb"\r\n(?![ \t])")
_PIECE = 72  # characters of b= on a line
_PADDING, _HASHED = PKCS1v15(), Prehashed(SHA256())


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A private key with the place of its public half: `<selector>._domainkey.<domain>`."""

    selector: str
    domain: str  # A-labels, lower case
    private: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)

    @property
    def kind(self) -> str:
        """The key's kind as the record and the signature call it: rsa or ed25519."""
        return "rsa" if isinstance(self.private, RSAPrivateKey) else "ed25519"

    def seal(self, digest: bytes) -> bytes:
        """Sign the SHA-256 of what is signed (RFC 6376 3.3.1; RFC 8463 3: Ed25519 signs the hash)."""
        if isinstance(self.private, RSAPrivateKey):
            return self.private.sign(digest, _PADDING, _HASHED)
        return self.private.sign(digest)


class Signer:
    """Signs mails with the keys of the domain they are from; a mail from another domain stays as it is."""

    def __init__(self, keys: Sequence[DkimKey]) -> None:
        self.keys = tuple(keys)
        self.fitting: dict[str, tuple[DkimKey, ...]] = {}

    def sign(self, message: bytes, sender_email: str, at: datetime) -> bytes:
        """Put a signature of each fitting key before the message, whose lines end in CRLF.

        `sender_email`: the address in From, whose domain decides (alignment, RFC 7489 3.1.1).

        Raises:
            BadInput: the address has no domain name.
        """
        keys = self.keys and self._keys_of(sender_email.rpartition("@")[2])
        if not keys:
            return message
        head, _, body = message.partition(b"\r\n\r\n")
        names, covered = _covered(_by_name(head))
        digest = b64encode(sha256(relaxed_body(body)).digest())
        return b"".join([*(_signature(key, names, covered, digest, at) for key in keys), message])

    def _keys_of(self, domain: str) -> tuple[DkimKey, ...]:
        """The keys of this very domain or, where it has none, of the nearest domain above it."""
        if domain not in self.fitting:
            labels = ascii_domain(domain).lower().split(".")
            above = [".".join(labels[place:]) for place in range(len(labels))]
            nearest = next((name for name in above if any(key.domain == name for key in self.keys)), None)
            self.fitting[domain] = tuple(key for key in self.keys if key.domain == nearest)
        return self.fitting[domain]


def relaxed_body(body: bytes) -> bytes:
    """A body in the form that is signed: runs of blanks as one, none at a line's end, no empty lines last (3.4.4)."""
    body = _blanks_joined(body)
    if b" \r\n" in body:
        body = body.replace(b" \r\n", b"\r\n")
    body = body.removesuffix(b" ")
    while body.endswith(b"\r\n"):
        body = body[:-2]
    return body + b"\r\n" if body else b""


def relaxed_header(raw: bytes) -> bytes:
    """A header in the form that is signed: small name, on one line, runs of blanks as one, none around (3.4.2)."""
    name, _, value = raw.partition(b":")
    return name.rstrip(b" \t").lower() + b":" + _blanks_joined(value.replace(b"\r\n", b"")).strip(b" ")


def _blanks_joined(text: bytes) -> bytes:
    """Runs of blanks as one: each round halves them, which on whole mails is far quicker than a regular expression."""
    if b"\t" in text:
        text = text.replace(b"\t", b" ")
    while b"  " in text:
        text = text.replace(b"  ", b" ")
    return text


def _by_name(head: bytes) -> dict[bytes, list[bytes]]:
    found: dict[bytes, list[bytes]] = {}
    for raw in _NEXT.split(head):
        found.setdefault(raw.partition(b":")[0].rstrip(b" \t").lower(), []).append(raw)
    return found


def _covered(headers: Mapping[bytes, Sequence[bytes]]) -> tuple[bytes, bytes]:
    """The value of h=, and the headers it names in the form that is signed: of several the last first (5.4.2)."""
    times, lines = [], []
    for name in SIGNED:
        found = headers.get(name.lower(), ())
        times.append(len(found) + 1)
        lines += [relaxed_header(raw) + b"\r\n" for raw in reversed(found)]
    return _names(tuple(times)), b"".join(lines)


@lru_cache(maxsize=256)
def _names(times: tuple[int, ...]) -> bytes:
    """The names parted by colons, a line broken after a colon where it would grow too long."""
    lines = [b" h="]
    names = [name for name, often in zip(SIGNED, times, strict=True) for _ in range(often)]
    for place, name in enumerate(names):
        piece = name + (b":" if place < len(names) - 1 else b"")
        if len(lines[-1]) + len(piece) > LINE:
            lines.append(b" ")
        lines[-1] += piece
    return b"\r\n".join(lines)


def _signature(key: DkimKey, names: bytes, covered: bytes, body_digest: bytes, at: datetime) -> bytes:
    """The header, its own b= left empty while it is signed (3.7), then filled in and folded."""
    tags = (
        f"v=1; a={key.kind}-sha256; c=relaxed/relaxed; d={key.domain};\r\n s={key.selector}; t={int(at.timestamp())};"
    )
    open_ = b"DKIM-Signature: %s\r\n%s;\r\n bh=%s;\r\n b=" % (tags.encode("ascii"), names, body_digest)
    sealed = b64encode(key.seal(sha256(covered + relaxed_header(open_)).digest()))
    return open_ + b"\r\n ".join(sealed[start : start + _PIECE] for start in range(0, len(sealed), _PIECE)) + b"\r\n"
