"""How others know an address, and how that is kept here."""

import hashlib

import pytest

from contacts.domain.addresses import Pepper, read_address
from contacts.domain.foreign_hashes import METHODS, hashes_of, is_digest, kept_as, read_digest, spellings
from contacts.domain.opt_out_lists import partner_hash
from core.errors import BadInput

PEPPER = Pepper("a-pepper-of-the-tests-that-is-long-enough")
UNKEYED = {"md5": b"", "sha1": b"", "sha256": b""}


def test_an_address_is_known_by_each_method_and_by_a_partners_key():
    made = {
        each.method: each.digest for each in hashes_of(read_address("Ann@Example.org"), UNKEYED | {"partner:a": b"k"})
    }
    assert made["md5"] == hashlib.md5(b"ann@example.org").digest()
    assert made["sha256"] == hashlib.sha256(b"ann@example.org").digest()
    assert made["partner:a"] == partner_hash(b"k", "ann@example.org")
    assert len(made) == 4


def test_both_forms_of_an_international_domain_are_tried():
    assert spellings(read_address("Ann@Exämple.example")) == ("ann@xn--exmple-cua.example", "ann@exämple.example")


def test_a_hash_is_kept_under_the_pepper_and_its_method():
    one, other = read_digest("a" * 64), read_digest("a" * 64, "acme")
    assert len({kept_as(PEPPER, one), kept_as(PEPPER, other), kept_as(Pepper("x" * 40), one), one.digest}) == 4


def test_what_is_no_hash_is_refused_without_repeating_it():
    assert not is_digest("ann@example.org")
    with pytest.raises(BadInput) as refused:
        read_digest("ann@example.org")
    assert "ann" not in str(refused.value)


@pytest.mark.parametrize(("digits", "method"), [(32, "md5"), (40, "sha1"), (64, "sha256")])
def test_an_unkeyed_hash_tells_its_method_by_its_length(digits, method):
    found = read_digest(" " + "A" * digits + "\n")
    assert (found.method, found.digest) == (method, bytes.fromhex("a" * digits))
    assert is_digest("0" * digits)
    assert not is_digest("0" * (digits + 1))


@pytest.mark.parametrize("digits", [32, 40])
def test_a_partners_hash_has_sixty_four_digits(digits):
    with pytest.raises(BadInput, match="no HMAC-SHA256"):
        read_digest("a" * digits, "acme")
    assert read_digest("a" * 64, "acme").method == "partner:acme"


def test_each_method_makes_its_own_hash():
    made = {each.method: each.digest for each in hashes_of(read_address("ann@example.org"), UNKEYED)}
    assert made == {method: hashlib.new(method, b"ann@example.org").digest() for method in UNKEYED}
    assert set(UNKEYED) == METHODS


def test_an_address_without_an_international_domain_is_spelt_in_one_way():
    assert spellings(read_address("Ann@Example.org")) == ("ann@example.org",)
    assert spellings(read_address("Straße@Example.org")) == ("strasse@example.org", "straße@example.org")


def test_a_hash_is_kept_as_it_always_was():
    found = kept_as(PEPPER, read_digest("a" * 64, "acme"))
    assert (len(found), found.hex()) == (32, KEPT)


KEPT = "34d2aca2dd935013954980bb52c65e645d863449ca84fd0c6aefe4abde8bb544"
