"""The cells that restrict are read alike in every import, and say what helps where they cannot be read."""

import pytest

from contacts.domain.restriction_cells import known_opt_outs, read_address_cell, read_child, read_opt_outs
from core.errors import BadInput


def test_cells_that_restrict_are_read():
    assert read_address_cell("Ada@example.org").canonical == "ada@example.org"
    assert (read_child("yes"), read_child("no")) == (True, False)
    assert read_opt_outs("", "") == ()
    assert read_opt_outs("research", "") == ("research",)
    assert (read_opt_outs("yes", ""), read_opt_outs("yes", "offers")) == (("everything",), ("offers",))
    assert (read_opt_outs("no", ""), read_opt_outs("no", "offers")) == ((), ())
    assert read_opt_outs("research; tracking", "") == ("research", "tracking")


@pytest.mark.parametrize(
    ("reader", "cells"),
    [
        (read_address_cell, ("ada",)),
        (read_child, ("perhaps",)),
        (read_opt_outs, ("perhaps", "")),
        (read_opt_outs, ("31.2.2026", "")),
        (read_opt_outs, ("perhaps", "offers")),
    ],
)
def test_cells_that_cannot_be_read_say_what_helps(reader, cells):
    with pytest.raises(BadInput) as caught:
        reader(*cells)
    assert caught.value.remedy


def test_a_column_of_one_scope_takes_no_other():
    with pytest.raises(BadInput, match="neither yes nor no"):
        read_opt_outs("research", "offers")


def test_the_scopes_that_are_known_stop_beside_one_that_is_not():
    assert known_opt_outs("offers; nosuch; Research", "") == ("offers", "research")
    assert known_opt_outs("research; nosuch", "offers") == ()  # not for a column of one scope to say
