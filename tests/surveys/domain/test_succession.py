"""New versions keep the meaning of names."""

import pytest

from surveys.domain.definition_faults import BadDefinition
from surveys.domain.succession import asked_ever, require_succession
from surveys.domain.survey_files import read_survey
from tests.surveys.domain.sample_surveys import BRANCHING, trip


def test_wording_choices_and_new_questions_may_change():
    changed = BRANCHING.replace("Did you go?", "Did you go at all?").replace(
        'name = "no", label = "No"', 'name = "no", label = "Never"'
    )
    require_succession(
        trip(),
        read_survey(changed.replace('name = "nights"', 'name = "evenings"').replace('"nights", op', '"evenings", op')),
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'kind = "long_text"\n',
            'kind = "text"\n',
            "question “more”: It was of kind “long_text” before, and is “text” now.",
        ),
        ("highest = 4", "highest = 5", "question “train_class”: Its scale is not the one published before."),
        ('name = "bad", label', 'name = "awful", label', "question “judged”: Its scale is not the one"),
    ],
)
def test_a_name_never_comes_to_mean_something_else(old, new, said):
    with pytest.raises(BadDefinition, match=said):
        require_succession(trip(), read_survey(BRANCHING.replace(old, new)))


def test_questions_of_earlier_versions_are_still_listed():
    newer = read_survey(BRANCHING.replace("Why not?", "For what reason?").replace('name = "judged"', 'name = "rated"'))
    found = {question.name: (question.text, current) for question, current in asked_ever([newer, trip()])}
    assert found["reason"] == ("For what reason?", True)
    assert found["judged"] == ("How were these?", False)


def test_choices_and_rows_of_earlier_versions_stay_countable():
    newer = BRANCHING.replace('{ name = "car", label = "Car" }, ', "").replace('name = "weather"', 'name = "sea"')
    found = {question.name: question for question, _current in asked_ever([read_survey(newer), trip()])}
    assert found["how"].operands() == frozenset({"train", "foot", "car", "other", "none"})
    assert found["judged"].rule_rows() == {"food", "sea", "weather"}


def test_further_answers_of_earlier_versions_stay_countable():
    newer = read_survey(BRANCHING.replace('other = "In a way"', "").replace('not_applicable = "Cannot say"', ""))
    found = {question.name: question for question, _current in asked_ever([newer, trip()])}
    assert found["went"].operands() == frozenset({"yes", "no", "other"})
    assert found["judged"].operands() == frozenset({"bad", "fair", "good", "na"})
