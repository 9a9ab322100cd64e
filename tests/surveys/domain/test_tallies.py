"""Figures from frequencies, checked by the statistics module."""

import csv
import statistics
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.domain.tallies import (
    BINS,
    Frequency,
    deviation_of,
    distribution,
    exported,
    mean_of,
    median_of,
    plain,
    share_of,
)

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus" / "survey-data"


def frequencies(numbers: list[int]) -> list[Frequency]:
    return [Frequency("", "", float(number), numbers.count(number)) for number in dict.fromkeys(numbers)]


@given(st.lists(st.integers(-1000, 1000), min_size=2))
def test_mean_median_and_deviation_agree_with_the_statistics_module(numbers):
    counted = frequencies(numbers)
    assert mean_of(counted) == pytest.approx(statistics.mean(numbers))
    assert median_of(counted) == statistics.median(numbers)
    assert deviation_of(counted) == pytest.approx(statistics.stdev(numbers))


def test_nothing_has_no_mean_and_one_has_no_deviation():
    words = [Frequency("", "a", None, 3)]
    assert mean_of(words) is median_of(words) is deviation_of(frequencies([4])) is None


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=200))
def test_a_distribution_counts_every_number_once(numbers):
    shares = distribution(frequencies(numbers), len(numbers))
    assert sum(share.count for share in shares) == len(numbers)
    assert len(shares) == len(set(numbers)) if len(set(numbers)) <= 12 else len(shares) <= BINS + 1


def test_ranges_are_round():
    numbers = [1, 2, 3, 5, 8, 12, 20, 22, 25, 30, 31, 33, 40, 44]
    labels = [share.label for share in distribution(frequencies(numbers), len(numbers))]
    assert (labels[0], labels[-1], len(labels)) == ("0 – <5", "40 – <45", 9)
    fractions = [Frequency("", "", each / 100, 1) for each in range(14)]
    assert [share.label for share in distribution(fractions, 14)][:2] == ["0 – <0.02", "0.02 – <0.04"]


def test_numbers_are_written_as_people_write_them():
    assert (plain(7.0), plain(7.25), exported(7.0), exported(7.25), exported(None)) == ("7", "7.25", 7, 7.25, "")


def test_a_share_of_an_empty_base_is_undefined():
    assert share_of("a", "A", 0, 0).share is None


@pytest.mark.parametrize(
    ("file", "question", "answers", "share", "base"),
    [
        (
            "flying-etiquette-survey--flying-etiquette.csv",
            "rude to recline your",
            {"Yes, somewhat rude", "Yes, very rude"},
            41.2,
            854,
        ),
        (
            "comma-survey--comma-survey.csv",
            "more gramatically correct",
            {"It's important for a person to be honest, kind, and loyal."},
            56.8,
            1129,
        ),
    ],
)
def test_published_shares_are_reproduced_from_the_raw_answers(file, question, answers, share, base):
    if not (CORPUS / file).exists():
        pytest.skip(f"needs {file} in ../shared/corpus/survey-data")
    with (CORPUS / file).open(encoding="utf-8", errors="replace", newline="") as lines:
        header, *rows = csv.reader(lines)
    column = next(place for place, title in enumerate(header) if question in title)
    given_answers = [row[column] for row in rows if row[column]]
    counted = share_of("", "", sum(answer in answers for answer in given_answers), len(given_answers))
    assert counted.share is not None
    assert (len(given_answers), round(100 * counted.share, 1)) == (base, share)
