"""Signed link tokens: compact, versioned by key, valid for ever, and silent about what they carry.

Layout before base64url: one byte (key number << 4 | kind), the payload, and a truncated HMAC-SHA256 over both.
The kind is inside the signed bytes, so a token for one purpose never opens another door.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from hashlib import sha256

from core.errors import BadToken, Misconfigured
from core.language import noted

LINK_MAC = 10
ANSWER_MAC = 16
MOST_KEYS = 16
LONGEST_VARINT = 9


class TokenKind(IntEnum):
    """What a token opens."""

    CLICK = 1
    UNSUBSCRIBE = 2
    PREFERENCES = 3
    ANSWER = 4
    FORM = 5
    CONFIRM = 6


class Keyring:
    """The secrets that sign links: the first signs, all of them are accepted.

    Keys are numbered 0–15 by their own digest, so that adding or removing one leaves the others' tokens alone.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        keys = [_derive(secret.strip().encode()) for secret in secrets if secret.strip()]
        if not keys or len(keys) > MOST_KEYS:
            raise Misconfigured(f"HEEDFUL_SECRET_KEY must hold 1 to {MOST_KEYS} keys.")
        self._signing = keys[0]
        self._known = [Stamp(key) for key in keys]
        self._head = _number(self._signing) << 4
        self._stamps: Mapping[int, list[Stamp]] = {}
        for key, stamp in zip(keys, self._known, strict=True):
            self._stamps.setdefault(_number(key), []).append(stamp)

    def sign(self, kind: TokenKind, payload: bytes, mac_bytes: int = LINK_MAC) -> str:
        """A token for a URL path: letters, digits, - and _."""
        body = bytes([self._head | kind]) + payload
        return urlsafe_b64encode(body + self._known[0].of(body)[:mac_bytes]).rstrip(b"=").decode("ascii")

    def digests(self, what: bytes) -> list[bytes]:
        """32 bytes that stand for this, which nobody without the secret can undo; one a key, the signing one first."""
        return [stamp.of(what) for stamp in self._known]

    def seal(self, kind: TokenKind, mac_bytes: int = LINK_MAC) -> "Seal":
        """What signs many tokens of one kind, the same as `sign` does."""
        return Seal(self._signing, kind, mac_bytes)

    def open(self, kind: TokenKind, token: str, mac_bytes: int = LINK_MAC) -> bytes:
        """The payload of a token of this kind.

        Raises:
            BadToken: not ours, another kind, changed, or cut off.
        """
        raw = _decode(token)
        body, mac = raw[:-mac_bytes], raw[-mac_bytes:]
        if not body or body[0] & 15 != kind:
            raise BadToken(_SAID, remedy=_REMEDY)
        for stamp in self._stamps.get(body[0] >> 4, ()):
            if hmac.compare_digest(stamp.of(body)[:mac_bytes], mac):
                return body[1:]
        raise BadToken(_SAID, remedy=_REMEDY)


class Stamp:
    """HMAC-SHA256 under one key, fast: the states that hold the key are copied for each message (RFC 2104 4)."""

    def __init__(self, key: bytes) -> None:
        padded = key.ljust(sha256().block_size, b"\0")
        self.inner = sha256(bytes(byte ^ 0x36 for byte in padded))
        self.outer = sha256(bytes(byte ^ 0x5C for byte in padded))

    def of(self, message: bytes) -> bytes:
        """The 32 bytes for this message."""
        first, second = self.inner.copy(), self.outer.copy()
        first.update(message)
        second.update(first.digest())
        return second.digest()


class Seal:
    """Signs tokens of one kind fast."""

    def __init__(self, key: bytes, kind: TokenKind, mac_bytes: int) -> None:
        self._stamp = Stamp(key)
        self._head = bytes([_number(key) << 4 | kind])
        self._mac_bytes = mac_bytes

    def sign(self, payload: bytes) -> str:
        """A token, the same as the keyring's."""
        body = self._head + payload
        return urlsafe_b64encode(body + self._stamp.of(body)[: self._mac_bytes]).rstrip(b"=").decode("ascii")

    def sign_each(self, start: bytes, ends: Iterable[bytes]) -> list[str]:
        """The tokens of payloads that begin alike."""
        begun = self._head + start
        inner, outer, size = self._stamp.inner, self._stamp.outer, self._mac_bytes
        raws: list[bytes] = []
        for end in ends:
            body = begun + end
            first, second = inner.copy(), outer.copy()
            first.update(body)
            second.update(first.digest())
            raws.append(body + second.digest()[:size])
        return _spelt(raws)


_SAID = noted("This link is not complete.")
_REMEDY = noted("Please copy it whole from the mail, or use the page that needs no link.")


def _derive(secret: bytes) -> bytes:
    return hmac.digest(secret, b"heedful link tokens v1", "sha256")


def _number(key: bytes) -> int:
    return hmac.digest(key, b"key number", "sha256")[0] & 15


def _spelt(raws: Sequence[bytes]) -> list[str]:
    """Base64url without padding, of all at once: zeros fill each up to whole groups of three, and are cut off again."""
    if len(sizes := set(map(len, raws))) != 1:  # numbers of one byte and of two; or none at all
        return [urlsafe_b64encode(raw).rstrip(b"=").decode("ascii") for raw in raws]
    (size,) = sizes
    width, filling = (size + 2) // 3 * 4, b"\0" * (-size % 3)
    letters = urlsafe_b64encode(filling.join([*raws, b""])).decode("ascii")
    written = (size * 4 + 2) // 3
    return [letters[start : start + written] for start in range(0, len(letters), width)]


def _decode(token: str) -> bytes:
    """Base64url without padding; only the canonical spelling of each byte string is taken."""
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (Base64Error, UnicodeEncodeError, ValueError):
        raise BadToken(_SAID, remedy=_REMEDY) from None
    if urlsafe_b64encode(raw).rstrip(b"=").decode("ascii") != token:
        raise BadToken(_SAID, remedy=_REMEDY)
    return raw


def pack(*numbers: int) -> bytes:
    """Non-negative whole numbers as LEB128 varints, one after another."""
    packed = bytearray()
    for number in numbers:
        rest = number
        if rest < 0:
            raise ValueError("only non-negative numbers are packed")
        while rest > 127:  # noqa: PLR2004 - seven bits a byte
            packed.append(rest & 127 | 128)
            rest >>= 7
        packed.append(rest)
    return bytes(packed)


def unpack(packed: bytes) -> tuple[int, ...]:
    """The numbers that `pack` packed.

    Raises:
        BadToken: the bytes end within a number, or a number is longer than 63 bits.
    """
    numbers: list[int] = []
    number = shift = 0
    for byte in packed:
        number |= (byte & 127) << shift
        if byte & 128:
            shift += 7
            if shift >= 7 * LONGEST_VARINT:
                raise BadToken(_SAID, remedy=_REMEDY)
        else:
            numbers.append(number)
            number = shift = 0
    if shift:
        raise BadToken(_SAID, remedy=_REMEDY)
    return tuple(numbers)
