"""The editor's acts: each leads from one valid survey to another, or says why not."""

import pytest

from core.errors import NotFound
from surveys.domain.choice_names import choices_in, name_from
from surveys.domain.definition_faults import BadDefinition
from surveys.domain.definitions import Survey
from surveys.domain.editing import (
    add_page,
    add_question,
    change_head,
    change_kind,
    change_page,
    move_page,
    move_question,
    put_on_new_page,
    put_question,
    remove_question,
    replace_question,
)
from surveys.domain.kinds import KINDS
from surveys.domain.rule_words import told
from surveys.domain.show_rules import Formula, Group, Op, Rule
from surveys.domain.survey_files import question_table
from tests.surveys.domain.sample_surveys import trip


def pages(survey: Survey) -> dict[str, list[str]]:
    return {page.name: [question.name for question in page.questions] for page in survey.pages}


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_question_of_any_kind_is_valid_as_it_stands(kind):
    survey = add_question(trip(), "start", kind)
    assert pages(survey)["start"] == ["went", "question_10"]
    assert survey.by_name["question_10"].kind == kind


def test_new_pages_and_questions_get_free_names():
    survey = add_page(add_page(trip(), "text"), "nps")
    assert list(pages(survey).items())[-2:] == [("page_6", ["question_10"]), ("page_7", ["question_11"])]
    fewer = remove_question(survey, "question_10")
    assert list(pages(fewer))[-1] == "page_7"
    assert list(pages(add_page(fewer, "text")).items())[-1] == ("page_8", ["question_12"])


def test_a_page_goes_with_its_last_question():
    survey = remove_question(trip(), "reason")
    assert "why_not" not in pages(survey)


def test_what_rules_look_at_cannot_be_taken_away():
    with pytest.raises(BadDefinition, match="There is no question “went”"):
        remove_question(trip(), "went")


def test_a_new_name_is_followed_by_the_rules():
    survey = trip()
    changed = question_table(survey.by_name["score"]) | {"name": "mark", "text": "How good?"}
    after = replace_question(survey, "score", changed)
    assert after.by_name["mark"].text == "How good?"
    assert "“How good?” is more than 6" in told(after.by_name["train_class"].show_if, after)
    assert replace_question(after, "mark", question_table(survey.by_name["score"])) == survey


def test_questions_move_within_their_page_and_over_its_edge():
    survey = trip()
    assert pages(move_question(survey, "score", -1))["trip"] == ["score", "how"]
    assert pages(move_question(survey, "more", 1)) == pages(survey)
    assert pages(move_question(survey, "went", -1)) == pages(survey)
    assert pages(move_question(survey, "told", -1))["details"] == ["train_class", "nights", "told"]
    assert pages(move_question(survey, "reason", 1))["trip"] == ["reason", "how", "score"]
    assert "why_not" not in pages(move_question(survey, "reason", 1))
    with pytest.raises(BadDefinition, match="is not asked on an earlier page"):
        move_question(survey, "score", 1)


def test_pages_move_and_stay_at_the_edges():
    survey = trip()
    assert list(pages(move_page(survey, "why_not", 1))) == ["start", "trip", "why_not", "details", "end"]
    assert move_page(survey, "start", -1) == move_page(survey, "end", 1) == survey


def test_head_and_pages_change_and_empty_takes_out():
    survey = change_head(trip(), {"title": "The trip", "minutes": 4, "sponsor": ""})
    assert (survey.title, survey.minutes) == ("The trip", 4)
    after = change_page(survey, "why_not", {"title": "Why not?", "show_if": None})
    assert (after.pages[1].title, after.pages[1].show_if) == ("Why not?", None)


def test_what_is_not_there_is_told():
    with pytest.raises(NotFound, match="There is no page “x”"):
        add_question(trip(), "x", "text")
    with pytest.raises(NotFound, match="There is no question “x”"):
        remove_question(trip(), "x")


def test_choices_are_written_one_a_line_and_keep_their_names():
    found = choices_in("yes = Yes, of course\n\n Sí, señor \nSi senor\n日本\n")
    assert [(each["name"], each["label"]) for each in found] == [
        ("yes", "Yes, of course"),
        ("si_senor", "Sí, señor"),
        ("si_senor_2", "Si senor"),
        ("choice", "日本"),
    ]
    assert len(name_from("word " * 30)) <= 36


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule("went", Op.IS, "no"), "“Did you go?” is “No”"),
        (Rule("went", Op.IS_NOT, "other"), "“Did you go?” is not “In a way”"),
        (Rule("how", Op.HAS, "none"), "“How did you travel?” includes “None of these”"),
        (Rule("score", Op.LESS, 7.0), "“Would you recommend it?” is less than 7"),
        (Rule("judged", Op.IS, "bad", "food"), "“How were these?” (Food) is “Bad”"),
        (Rule("nights", Op.ANSWERED, False), "“How many nights?” was not answered"),
        (Rule("nights", Op.ANSWERED), "“How many nights?” was answered"),
        (None, ""),
        (Formula("score > 6"), "“Would you recommend it?” is more than 6"),
        (
            Group(True, (Rule("nights", Op.ANSWERED), Group(False, (Rule("went", Op.IS, "no"),)))),
            "“How many nights?” was answered and (“Did you go?” is “No”)",
        ),
    ],
)
def test_conditions_are_told_in_words(rule, words):
    assert told(rule, trip()) == words


def test_long_questions_are_told_short():
    survey = replace_question(trip(), "went", question_table(trip().by_name["went"]) | {"text": "word " * 40})
    assert len(told(Rule("went", Op.ANSWERED), survey)) < 90


def test_a_question_is_added_after_another_and_gets_a_page_of_its_own():
    added = add_question(trip(), "trip", "text", after="how")
    assert [each.name for each in added.pages[2].questions] == ["how", "question_10", "score"]
    alone = put_on_new_page(added, "score", "trip")
    assert [(page.name, page.questions[0].name) for page in alone.pages[2:4]] == [("trip", "how"), ("page_6", "score")]
    with pytest.raises(NotFound):
        put_on_new_page(trip(), "score", "gone")
    last = put_on_new_page(trip(), "reason", "why_not")
    assert [page.name for page in last.pages[:3]] == ["start", "page_6", "trip"]


def test_a_question_is_put_further_on_within_its_page():
    assert pages(put_question(trip(), "how", "trip"))["trip"] == ["score", "how"]


def test_a_question_becomes_one_of_another_kind_with_what_both_know():
    choices = [{"name": "yes", "label": "Yes"}, {"name": "no", "label": "No"}]
    asked = {"name": "reason", "kind": "single", "text": "Why?", "required": True, "choices": choices, "dropdown": True}
    several = change_kind(replace_question(trip(), "reason", asked), "reason", "multiple")
    expected = {**asked, "kind": "multiple"}
    del expected["dropdown"]
    assert question_table(several.by_name["reason"]) == expected
    with pytest.raises(BadDefinition, match="cannot be asked"):
        change_kind(trip(), "went", "multiple")
    assert change_kind(trip(), "more", "statement").by_name["more"].required is False
