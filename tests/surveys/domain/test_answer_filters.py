"""Filters: conditions as they are written, what they let through, and what is said of those that mean nothing."""

import pytest

from core.errors import BadInput
from surveys.domain.answer_filters import AnswerFilter, read_filter
from surveys.domain.packed_answers import Sheet, coded, sheet_of
from tests.surveys.domain.sample_surveys import trip

CELLS = [
    (1, "went", "", "yes", None), (1, "score", "", "", 9.0), (1, "judged", "food", "good", 3.0),
    (2, "went", "", "no", None), (2, "score", "", "", 3.0),
    (3, "went", "", "other", None), (3, "more", "", "", None),
]  # fmt: skip


def facts(*values: str):
    return coded(((value, None),) for value in values)


def sheet() -> Sheet:
    known = {("", "version"): facts("1", "1", "2"), ("", "language"): facts("de", "en", "de")}
    known |= {("", "day"): facts("2026-11-01", "2026-11-02", "2026-11-03")}
    return Sheet([1, 2, 3], {**sheet_of([1, 2, 3], CELLS).columns, **known})


@pytest.mark.parametrize(
    ("written", "passing"),
    [
        ("went=yes", [1]),
        ("went=yes|other", [1, 3]),
        ("went != yes", [2, 3]),
        ("score>=7", [1]),
        ("score<=7", [2]),
        ("score=3", [2]),
        ("score=*", [1, 2]),
        ("score!=*", [3]),
        ("judged:food=good", [1]),
        ("judged:food>=2", [1]),
        ("judged:food=*", [1]),
        ("judged=*", [1]),
        ("more=*", [3]),
        ("more>=1", []),
        ("@version=1", [1, 2]),
        ("@language!=de", [2]),
        ("@day>=2026-11-02", [2, 3]),
        ("@day<=2026-11-02", [1, 2]),
        ("@segment=Near", [2, 3]),
        ("@segment!=Near", [1]),
    ],
)
def test_a_condition_lets_through_what_it_says(written, passing):
    chosen = read_filter([written], trip().by_name)
    mask = chosen.mask(sheet(), {"Near": frozenset({2, 3})})
    assert mask is not None
    assert [number for number, wanted in zip((1, 2, 3), mask, strict=True) if wanted] == passing
    assert read_filter(map(str, chosen.terms), trip().by_name) == chosen


def test_all_conditions_must_hold_and_none_lets_everybody_through():
    names = trip().by_name
    chosen = read_filter(["went!=no", " ", "@language=de", "@segment=Near", "went!=no"], names)
    assert len(chosen.terms) == 3
    assert (chosen.questions, chosen.segments) == (frozenset({"went"}), frozenset({"Near"}))
    assert chosen.mask(sheet(), {"Near": frozenset({1})}) == bytes([1, 0, 0])
    assert bool(chosen) is True
    assert chosen.without(chosen.terms[0]).questions == frozenset()
    assert (bool(AnswerFilter()), AnswerFilter().mask(sheet(), {})) == (False, None)


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("nonsense", "Write it as"),
        ("none=1", "no question “none”"),
        ("judged:wine=good", "no row “wine”"),
        ("went>=much", "Only numbers"),
        ("went=|", "compared with"),
        ("score>=|", "Only numbers"),
        ("went=yes|nosuch", "no answer “nosuch”. Answers: no, other, yes"),
        ("went!=*|yes", "no answer “*”"),
        ("judged:food=3", "no answer “3”"),
        ("score=nosuch", "answers are numbers"),
        ("score=1e400", "answers are numbers"),
        ("score>=nan", "Only numbers"),
        ("score<=1e400", "Only numbers"),
        ("@version=0", "from 1 to 1"),
        ("@version=1|2", "from 1 to 1"),
        ("@version=" + "9" * 99, "from 1 to 1"),
        ("@weather=fine", "@version"),
        ("@version>=2", "Only days"),
        ("@day=yesterday", "2026-11-23"),
        ("@segment>=x", "with = or !="),
    ],
)
def test_a_condition_that_means_nothing_is_refused_with_a_remedy(written, remedy):
    with pytest.raises(BadInput) as refused:
        read_filter([written], trip().by_name)
    assert remedy in str(refused.value)


def test_g14_segments_of_anonymous_answers_are_refused():
    with pytest.raises(BadInput, match="nobody knows who gave these answers"):
        read_filter(["@segment=Near"], trip().by_name, segments=False)
    assert read_filter(["@segment=Near"], trip().by_name).terms[0].known
