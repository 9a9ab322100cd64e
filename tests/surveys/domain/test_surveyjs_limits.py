"""What SurveyJS files ask of an answer is asked here as well, or its loss is told."""

from surveys.domain.foreign.surveyjs_files import read_surveyjs
from surveys.domain.show_rules import Formula
from surveys.domain.survey_files import survey_of


def test_limits_are_carried_and_lists_of_numbers_and_words_as_survey_core_checks_them():
    elements = [
        {"type": "text", "name": "hours", "inputType": "number", "min": 0, "step": 0.5},
        {"type": "text", "name": "free", "inputType": "number", "step": 0},
        {"type": "checkbox", "name": "two", "choices": ["a", "b", "c"], "minSelectedChoices": 2},
        {"type": "matrix", "name": "all", "rows": ["a", "b"], "columns": ["x", "y"], "eachRowRequired": True},
        {"type": "matrix", "name": "some", "rows": ["a", "b"], "columns": ["x", "y"], "isRequired": True},
        {"type": "text", "name": "why", "visibleIf": "{all} notempty"},
        {"type": "text", "name": "when", "visibleIf": "{hours} anyof [1, 2.5] and {why} noneof ['rain']"},
    ]
    carried = read_surveyjs({"elements": elements})
    survey = survey_of(carried.table)
    tables = survey.by_name
    assert [getattr(tables[name], "limits", {}) for name in ("hours", "free")] == [
        {"step": "0.5", "min": "0"},
        {"step": "any"},
    ]
    assert tables["two"].required, "survey-core refuses an empty answer where two are asked for"
    assert [tables[name].required for name in ("all", "some")] == [True, True]
    assert survey.by_name["why"].show_if == Formula("answered(all)")
    told = Formula('(hours == 1 or hours == 2.5) and (not (why == "rain"))')
    assert survey.by_name["when"].show_if == told
    assert [str(note) for note in carried.notes] == [
        "question “some”: One row was enough for an answer; here every row needs one."
    ]
