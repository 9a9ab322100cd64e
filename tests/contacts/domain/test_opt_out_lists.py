"""The opt-out list's format, which a partner's own program reads."""

from datetime import UTC, datetime
from hashlib import sha256

from contacts.domain.opt_out_lists import OptOutList, digest_of, partner_hash

MADE, DUE = datetime(2026, 11, 22, 12, tzinfo=UTC), datetime(2026, 11, 29, 12, tzinfo=UTC)


def test_a_list_says_what_it_is_and_then_one_person_a_line():
    file = OptOutList("acme", 4, 0, MADE, DUE, [bytes(32), b"\xff" * 32]).as_bytes()
    assert file.decode() == (
        "# Heedful opt-out list\n"
        "# partner: acme\n"
        "# list: 4\n"
        "# kind: full, replaces every list before\n"
        "# made: 2026-11-22T12:00:00+00:00\n"
        "# acknowledge by: 2026-11-29T12:00:00+00:00\n"
        "# method: HMAC-SHA256 of the canonical address in UTF-8, with the agreed key, as 64 hexadecimal digits\n"
        "# entries: 2\n"
        f"{'00' * 32}\n{'ff' * 32}\n"
    )
    assert digest_of(file) == sha256(file).hexdigest()


def test_an_addition_names_the_list_it_adds_to():
    assert b"# kind: adds to list 3\n" in OptOutList("acme", 4, 3, MADE, DUE, []).as_bytes()


def test_the_hash_is_the_plain_hmac_that_a_partner_can_work_out():
    # the same by: printf %s ann@example.org | openssl dgst -sha256 -mac HMAC -macopt hexkey:0000…
    assert partner_hash(bytes(32), "ann@example.org").hex() == (
        "7bfe6be90050b25667b66b0764d295c44cab8fd6e79a6995f50548f034e85711"
    )
