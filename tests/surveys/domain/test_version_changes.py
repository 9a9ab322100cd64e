"""What changed between versions is told place by place, and apart: how it is said, and what is asked."""

import pytest

from surveys.domain.editing import change_head, change_page, put_question, remove_question, replace_question
from surveys.domain.survey_files import question_table, read_survey
from surveys.domain.version_changes import Change, Sort, changes
from tests.surveys.domain.sample_surveys import BRANCHING, trip
from tests.surveys.domain.whole_surveys import WHOLE

CHOICE = '{ name = "car", label = "Car" }'


def after(old: str, new: str) -> list[Change]:
    assert old in BRANCHING
    return changes(trip(), read_survey(BRANCHING.replace(old, new, 1)))


def test_the_same_has_no_changes():
    assert changes(trip(), trip()) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Did you go?", "Did you travel?", ("question “went”", "Wording", "wording", "Did you go?", "Did you travel?")),
        (CHOICE, '{ name = "car", label = "By car" }', ("question “how”", "Choices", "wording", "Car", "By car")),
        (CHOICE + ", ", "", ("question “how”", "Choices: taken out", "structure", "Car", "")),
        (
            CHOICE,
            CHOICE + ', { name = "bus", label = "Bus" }',
            ("question “how”", "Choices: added", "structure", "", "Bus"),
        ),
        (CHOICE, CHOICE.replace(" }", ", fixed = true }"), ("question “how”", "Choices", "structure", "Car", "Car")),
        ("integer = true\n", "", ("question “nights”", "Whole numbers only", "structure", "yes", "")),
        ("most = 30", "most = 20", ("question “nights”", "At most", "structure", "30", "20")),
        (
            'show_if = { question = "went", op = "is", value = "yes" }',
            'show_if = "score > 6"',
            ("question “nights”", "Shown only if", "structure", "“Did you go?” is “Yes”", "score > 6"),
        ),
    ],
)
def test_a_change_is_told_with_its_place_and_how_it_was(old, new, told):
    place, what, sort, before, now = told
    assert after(old, new) == [Change(place, what, Sort(sort), before, now)]


def test_choices_in_another_order_and_questions_that_came_went_and_moved():
    train = '{ name = "train", label = "Train" }'
    assert [each.what for each in after(f"{train}, {CHOICE}", f"{CHOICE}, {train}")] == ["Choices: in another order"]
    fewer = remove_question(trip(), "told")
    gone = Change("question “told”", "taken out", Sort.STRUCTURE, before="Nearly done.")
    assert changes(trip(), fewer) == [gone]
    assert changes(fewer, trip())[0] == Change("question “told”", "added", Sort.STRUCTURE, after="Nearly done.")
    moved = put_question(trip(), "told", "details")
    assert changes(trip(), moved) == [
        Change("question “told”", "on another page", Sort.STRUCTURE, "end", "details"),
    ]
    turned = put_question(trip(), "score", "trip", "how")
    assert [each.what for each in changes(trip(), turned)] == ["questions in another order"]


def test_pages_and_what_stands_around_them():
    fewer = remove_question(trip(), "reason")
    assert changes(trip(), fewer)[0] == Change("page “why_not”", "taken out", Sort.STRUCTURE)
    assert changes(fewer, trip())[0] == Change("page “why_not”", "added", Sort.STRUCTURE)
    titled = change_page(trip(), "end", {"title": "The end"})
    assert changes(trip(), titled) == [Change("page “The end”", "Title", Sort.WORDING, "", "The end")]
    long = change_head(trip(), {"intro": "word " * 60, "theme": {"accent": "#000000"}, "review": True})
    intro, theme, review = sorted(changes(trip(), long), key=lambda change: change.what)
    assert intro.what == "Before the first question"
    assert (len(intro.after), intro.after[-1]) == (120, "…")
    assert (theme.after, review.after) == ("accent", "yes")


def test_a_whole_survey_against_a_small_one():
    whole = read_survey(WHOLE)
    bikes = question_table(whole.by_name["bikes"]) | {"refusal": "No"}
    assert [each.sort for each in changes(whole, replace_question(whole, "bikes", bikes))] == [Sort.WORDING]
    told = {each.what for each in changes(whole, change_head(whole, {"shuffle_blocks": None}))}
    assert told == {"Blocks in an order of each person's own"}
