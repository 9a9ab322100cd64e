"""Addresses within texts: found in whatever spelling, and left out of what is kept for ever."""

import pytest

from contacts.domain.mentions import LEFT_OUT, addresses_in, without_addresses


@pytest.mark.parametrize(
    "text",
    [
        "ann@example.org",
        "Ann <ANN@Example.ORG> wrote",
        "line 4;ann@example.org;x",
        "2,\"ann@example.org\",'offers'",
        "see mailto:ann@example.org.",
        "<ann@example.org>: 550 unknown",
    ],
)
def test_an_address_is_found_wherever_it_stands(text: str):
    assert [found.canonical for found in addresses_in(text)] == ["ann@example.org"]


def test_what_is_no_address_is_passed_over():
    assert list(addresses_in("me @ home, a@b, @nobody, x@, @@")) == []
    assert list(addresses_in("nothing at all")) == []


def test_evidence_is_kept_without_addresses():
    assert without_addresses("mail from ann@example.org of 3 March") == f"mail from {LEFT_OUT} of 3 March"
    assert without_addresses("ann＠example.org wrote") == f"{LEFT_OUT} wrote"
    unchanged = "letter of 3 March"
    assert without_addresses(unchanged) is unchanged
