"""Addresses as canaries: every spelling under which one could slip out, and where it is found (P1)."""

import base64
import hashlib
import html
from base64 import b32encode, b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from urllib.parse import quote, quote_plus

CANARY = "Qanary.Vqx7+nest@birds.qzj-holder.example"
_WIDTH = 8
"""Bytes by which a trace is looked up; none is shorter."""
ALGORITHMS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s")


def leaks(data: bytes | str, address: str = CANARY) -> list[str]:
    """Under which spellings the address, or its part before the @, stands in the data."""
    searched = (data.encode() if isinstance(data, str) else data).replace(b"=\r\n", b"").replace(b"=\n", b"")
    exact, caseless = _exact(address), _caseless(address)
    return sorted(set(_found(exact, searched)) | set(_found(caseless, searched.lower())))


def _found(traces: Mapping[bytes, Sequence[tuple[str, bytes]]], data: bytes) -> Iterator[str]:
    """The names of the traces in the data, in one walk through it: thousands of traces are looked for."""
    for at in range(len(data) - _WIDTH + 1):
        for name, trace in traces.get(data[at : at + _WIDTH], ()):
            if data.startswith(trace, at):
                yield name


def _by_beginning(traces: Iterable[tuple[str, bytes]]) -> dict[bytes, list[tuple[str, bytes]]]:
    found: dict[bytes, list[tuple[str, bytes]]] = {}
    for name, trace in traces:
        assert len(trace) >= _WIDTH, name
        found.setdefault(trace[:_WIDTH], []).append((name, trace))
    return found


@cache
def _exact(address: str) -> Mapping[bytes, Sequence[tuple[str, bytes]]]:
    """Base64 of the address wherever it begins within a longer text, in both alphabets; digests in base64."""
    return _by_beginning(_in_base64(address))


def _in_base64(address: str) -> Iterator[tuple[str, bytes]]:
    for written in spellings_of(address):
        for shift in range(3):
            raw = b"\0" * shift + written.encode()
            whole = raw[: len(raw) - len(raw) % 3]
            for encode in (b64encode, urlsafe_b64encode):
                yield "base64", encode(whole)[4 if shift else 0 :]
        yield "base85", base64.b85encode(written.encode())
        yield "base85", base64.a85encode(written.encode())
        yield "utf-16", written.encode("utf-16-le")
        for name, digest in _digests(written):
            yield from ((name, each) for each in (b64encode(digest)[:-2], urlsafe_b64encode(digest)[:-2], digest))


@cache
def _caseless(address: str) -> Mapping[bytes, Sequence[tuple[str, bytes]]]:
    return _by_beginning((name, trace.lower()) for name, trace in _in_letters(address))


def _in_letters(address: str) -> Iterator[tuple[str, bytes]]:
    local, _, domain = address.partition("@")
    yield "plain", address.encode()
    yield "before the @", local.encode()
    yield "before the +", local.partition("+")[0].encode()
    yield "domain", domain.encode()
    yield "backwards", address[::-1].encode()
    yield "percent", quote(address, safe="").encode()
    yield "percent twice", quote(quote(address, safe=""), safe="").encode()
    yield "form", quote_plus(address).encode()
    yield "quoted-printable", address.replace("@", "=40").encode()
    yield "quoted-printable", "".join(f"={ord(letter):02x}" for letter in address).encode()
    yield "entity", html.escape(address).replace("@", "&#64;").encode()
    yield "verp", address.replace("@", "=").encode()
    for written in spellings_of(address):
        yield "hex", written.encode().hex().encode()
        yield "base32", b32encode(written.encode()).rstrip(b"=")[: len(written) // 5 * 8]
        for name, digest in _digests(written):
            yield name, digest.hex().encode()
            yield name, b32encode(digest).rstrip(b"=")


def spellings_of(address: str) -> set[str]:
    """The address as a program may write it down before it hides it."""
    local, _, domain = address.partition("@")
    bare = local.partition("+")[0]
    given = {address, f"{local}@{domain.lower()}", f"{bare}@{domain}", f"{bare.replace('.', '')}@{domain}"}
    given |= {f"mailto:{address}", f"<{address}>", f"{address}\n"}
    return given | {each.lower() for each in given} | {each.upper() for each in given}


def _digests(written: str) -> Iterator[tuple[str, bytes]]:
    for algorithm in ALGORITHMS:
        once = hashlib.new(algorithm, written.encode()).digest()
        yield f"{algorithm} without pepper", once
        yield f"{algorithm} without pepper", hashlib.new(algorithm, once).digest()
