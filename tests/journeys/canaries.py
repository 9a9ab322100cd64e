"""Addresses as canaries: every spelling under which one could slip out, and where it is found (P1)."""

import hashlib
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

CANARY = "Qanary.Vqx7+nest@birds.qzj-holder.example"


def leaks(data: bytes | str, address: str = CANARY) -> list[str]:
    """Under which spellings the address, or its part before the @, stands in the data."""
    searched = (data.encode() if isinstance(data, str) else data).replace(b"=\r\n", b"").replace(b"=\n", b"")
    lowered = searched.lower()
    found = {name for name, trace in _exact(address) if trace in searched}
    found |= {name for name, trace in _caseless(address) if trace.lower() in lowered}
    return sorted(found)


def _exact(address: str) -> Iterator[tuple[str, bytes]]:
    """Base64 of the address wherever it begins within a longer text, in both alphabets."""
    for written in {address, address.lower()}:
        for shift in range(3):
            raw = b"\0" * shift + written.encode()
            whole = raw[: len(raw) - len(raw) % 3]
            for encode in (b64encode, urlsafe_b64encode):
                yield "base64", encode(whole)[4 if shift else 0 :]


def _caseless(address: str) -> Iterator[tuple[str, bytes]]:
    local, _, domain = address.partition("@")
    yield "plain", address.encode()
    yield "before the @", local.encode()
    yield "domain", domain.encode()
    yield "percent", quote(address, safe="").encode()
    yield "form", quote_plus(address).encode()
    yield "quoted-printable", address.replace("@", "=40").encode()
    yield "entity", address.replace("@", "&#64;").encode()
    for written in {address, address.lower()}:
        yield "hex", written.encode().hex().encode()
        for algorithm in ("md5", "sha1", "sha256"):
            digest = hashlib.new(algorithm, written.encode()).digest()
            yield f"{algorithm} without pepper", digest.hex().encode()
