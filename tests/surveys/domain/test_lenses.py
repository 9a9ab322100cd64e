"""Lenses: what an address asks for, and filters in plain words."""

import pytest

from core.errors import BadInput
from surveys.domain.answer_filters import read_filter
from surveys.domain.filter_words import option_groups, shortened, told_term
from surveys.domain.lenses import Lens, read_lens
from tests.surveys.domain.every_kind import every_kind
from tests.surveys.domain.sample_surveys import trip


def test_an_address_says_what_is_looked_at_and_back():
    lens = read_lens({"where": ["went=yes", " "], "weighted": ["0"], "population": ["500"], "else": ["x"]})
    assert lens == Lens(("went=yes",), weighted=False, population=500)
    assert lens.query(rows=["a", "b"], show="") == "where=went%3Dyes&weighted=0&population=500&rows=a&rows=b"
    assert read_lens({"weighted": ["1"]}).query() == "weighted=1"
    assert (read_lens({"weighted": ["maybe"]}), Lens().query()) == (Lens(), "")
    for wrong in ("-1", "0", "many", "9" * 30, "²"):
        with pytest.raises(BadInput, match="whole number"):
            read_lens({"population": [wrong]})


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("went=yes|no", "“Did you go?” is “Yes” or “No”"),
        ("went!=other", "“Did you go?” is not “In a way”"),
        ("judged:food=good", "“How were these?” (Food) is “Good”"),
        ("score>=7", "“Would you recommend it?” is “7” or more"),
        ("score<=7", "“Would you recommend it?” is “7” or less"),
        ("more=*", "“Anything else?” was answered"),
        ("more!=*", "“Anything else?” was not answered"),
        ("@version=2", "Version is “2”"),
        ("@language=de", "Language is “de”"),
        ("@day>=2026-11-01", "Day of completion is “2026-11-01” or more"),
        ("@segment=Near", "Segment is “Near”"),
    ],
)
def test_a_filter_is_told_in_plain_words(written, told):
    (term,) = read_filter([written], trip().by_name, newest=2).terms
    assert told_term(term, trip().by_name) == told


def test_a_form_offers_conditions_that_can_all_be_read():
    for survey in (trip(), every_kind()):
        questions = {each.name: each for each in survey.questions() if each.answerable}
        groups = list(option_groups(questions))
        assert len(groups) >= len(questions)
        assert read_filter((each.written for group in groups for each in group.options), questions)
    assert any(group.label == "How were these? – Food" for group in option_groups(trip().by_name))
    assert (shortened("x" * 80), shortened("x")) == ("x" * 59 + "…", "x")
