"""Where a permission came from is told in words."""

import pytest

from contacts.domain.policy import Source
from contacts.domain.provenance import SOURCES, came_from


@pytest.mark.parametrize(
    ("source", "details", "told"),
    [
        (None, {}, []),
        ("mailing_list", {"import": 3, "line": 17}, ["on a mailing list", "import 3, line 17"]),
        (None, {"import": 3}, ["import 3"]),
        (
            "registration",
            {"form": "news", "page": "https://example.org/", "wording_hash": "0123456789abcdef", "asked_at": "x"},
            ["at a registration", "form “news”", "on https://example.org/", "wording 0123456789ab"],
        ),
    ],
)
def test_what_is_known_is_told_and_nothing_else(source, details, told):
    assert [str(each) for each in came_from(source, details)] == told


def test_every_source_has_its_words():
    assert set(SOURCES) == set(Source)
