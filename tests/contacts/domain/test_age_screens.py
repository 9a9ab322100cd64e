"""The age screen: a typed date is a child's, a grown-up's, or no date; all wrong ones are told the same."""

from datetime import UTC, datetime

import pytest

from contacts.domain.age_screens import screen
from contacts.domain.ages import Age
from core.errors import BadInput

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("born", "age"),
    [
        (("22", "11", "2010"), Age.ADULT),
        (("23", "11", "2010"), Age.CHILD),
        ((" 7. ", "3.", "1962"), Age.ADULT),
        (("０７", "11", "１９６２"), Age.ADULT),
        (("29", "2", "2012"), Age.CHILD),
        (("22", "11", "2026"), Age.CHILD),
    ],
)
def test_a_birth_date_is_judged(born: tuple[str, str, str], age: Age):
    assert screen(*born, at=AT, limit=16) is age


@pytest.mark.parametrize(
    "born",
    [
        ("", "", ""), ("30", "2", "1990"), ("0", "1", "1990"), ("1", "13", "1990"), ("-1", "1", "1990"),
        ("1", "1", "90"), ("1", "1", "19900"), ("1", "1", "1840"), ("23", "11", "2026"), ("1", "1", "2090"),
        ("seven", "1", "1990"), ("1", "II", "1990"), ("1" * 5000, "1", "1990"),
        ("+7", "1", "1990"), ("1_1", "1", "1990"), ("٣", "1", "1990"), ("1", "1", "+990"), ("1", "-0", "1990"),
    ],
)  # fmt: skip
def test_what_is_no_birth_date_is_told_in_one_sentence_that_gives_no_hint(born: tuple[str, str, str]):
    with pytest.raises(BadInput) as error:
        screen(*born, at=AT, limit=16)
    assert error.value.field == "born"
    assert error.value.message == "Please check the date: day and month as numbers, the year with four digits."
