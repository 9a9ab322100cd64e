"""Conditions of rows in a form: in words while closed, as menus once opened, and back into the field without loss."""

import pytest

from core.errors import BadInput
from surveys.domain.controls import controls_of
from surveys.domain.definitions import Page, Survey
from surveys.domain.form_tables import form_of, table_from
from surveys.domain.row_conditions import opened, row_conditions, settled
from surveys.domain.survey_files import read_survey, table_of
from tests.surveys.domain.sample_surveys import trip
from tests.surveys.domain.whole_surveys import WHOLE

CONTROLS = controls_of(Page, {"name", "questions"})
NAME = "jump-1-when"
RULE = {"question": "went", "op": "is", "value": "no"}


def form(when):
    return form_of({"jump": [{"to": "details", **({"when": when} if when else {})}]}, CONTROLS)


def words(found, survey=None):
    return row_conditions(found, CONTROLS, survey or trip())[NAME].words


@pytest.mark.parametrize("when", [RULE, {"any": [RULE, {"question": "nights", "op": "answered"}]}, "score > 6", None])
def test_a_condition_that_is_opened_and_left_alone_is_the_same(when):
    closed = form(when)
    menus = opened(closed, "rule jump 1 when")
    assert row_conditions(closed, CONTROLS, trip())[NAME].rows == ()
    assert len(row_conditions(menus, CONTROLS, trip())[NAME].rows) > 0
    assert words(menus) == words(closed)
    assert table_from(settled(menus, trip()), CONTROLS) == table_from(closed, CONTROLS)
    assert opened(closed, "up jump 1") is closed


def test_it_is_told_in_words_as_far_as_it_can_be():
    assert words(form(RULE)) == "“Did you go?” is “No”"
    assert words(form(None)) == ""
    assert "gone" in words(form({"question": "gone", "op": "is", "value": "no"}))
    menus = {**opened(form(RULE), "rule jump 1 when"), f"{NAME}-value_0": ["yes"]}
    assert words(menus) == "“Did you go?” is “Yes”"
    assert words({**menus, f"{NAME}-rule_0": [""]}) == ""


def test_what_cannot_be_read_is_kept_as_it_is_written_until_it_is_saved():
    wrong = {**form(None), NAME: ["{ question"]}
    menus = opened(wrong, "rule jump 1 when")
    assert menus[f"{NAME}-written"] == ["{ question"]
    assert words(menus) == words(wrong) == "{ question"
    with pytest.raises(BadInput, match="This is not TOML"):
        settled(menus, trip())


def test_every_row_with_a_condition_has_one_whatever_list_it_is_in():
    survey = read_survey(WHOLE)
    head = controls_of(Survey, {"name", "pages", "translations"})
    found = row_conditions(form_of(table_of(survey), head), head, survey)
    assert set(found) == {"quota-1-when", "quota-2-when"}
    assert found["quota-1-when"].words == "“How many rides?” is more than 3"
