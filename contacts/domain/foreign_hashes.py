"""Foreign hashes: addresses that other tools tell us hashed; compared by their kind, kept only keyed anew (G8)."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import idna

from contacts.domain.addresses import Address, Pepper
from contacts.domain.opt_out_lists import partner_hash
from core.errors import BadInput

_UNKEYED = {32: "md5", 40: "sha1", 64: "sha256"}
"""How an unkeyed hash was made, by the number of its hexadecimal digits."""
_DIGEST = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})", re.ASCII)
_KEYED_DIGITS = 64
METHODS = frozenset(_UNKEYED.values())

Keys = Mapping[str, bytes]
"""The methods that are in use, each with its key; an unkeyed one has none (b"")."""


@dataclass(frozen=True)
class ForeignHash:
    """An address as somebody else told it; `method` is md5, sha1, sha256, or the partner whose key made it."""

    method: str
    digest: bytes


def is_digest(text: str) -> bool:
    """Whether a cell looks like a hash and not like an address."""
    return _DIGEST.fullmatch(text.strip().lower()) is not None


def keyed_method(partner: str) -> str:
    """The name of the method of a partner's list."""
    return f"partner:{partner}"


def read_digest(text: str, partner: str = "") -> ForeignHash:
    """A hash as it stands in a cell, made with the partner's key where one is named.

    Raises:
        BadInput: it is none; the sentence never repeats it.
    """
    digits = text.strip().lower()
    if not is_digest(digits):
        raise BadInput("is no hash", remedy="Write MD5, SHA-1 or SHA-256 of the lower-case address in hexadecimal.")
    if partner and len(digits) != _KEYED_DIGITS:
        raise BadInput("is no HMAC-SHA256", remedy="Write 64 hexadecimal digits, made with the agreed key.")
    return ForeignHash(keyed_method(partner) if partner else _UNKEYED[len(digits)], bytes.fromhex(digits))


def hashes_of(address: Address, keys: Keys) -> Iterator[ForeignHash]:
    """Every hash by which others may know an address, for the methods in use."""
    spelt = spellings(address)
    for method, key in keys.items():
        for spelling in spelt:
            if method in METHODS:
                # not for secrecy: it must be what the other tool made (MD5 and SHA-1 included)
                made = hashlib.new(method, spelling.encode(), usedforsecurity=False).digest()
            else:
                made = partner_hash(key, spelling)
            yield ForeignHash(method, made)


def spellings(address: Address) -> tuple[str, ...]:
    """How other tools may have spelt an address before they hashed it: lower case, its domain in either form."""
    local, _, domain = address.canonical.rpartition("@")
    found = [address.canonical, address.delivery.lower()]
    if "xn--" in domain:
        found.append(f"{local}@{idna.decode(domain)}")
    return tuple(dict.fromkeys(found))


def kept_as(pepper: Pepper, foreign: ForeignHash) -> bytes:
    """The 32 bytes under which a foreign hash is kept: keyed, for an unkeyed hash of an address can be guessed."""
    # an own key is made of a text with an @ in it, and this one has none: the two never meet
    label = f"{foreign.method} {foreign.digest.hex()}"
    return pepper.keys(Address("", label, "")).own
