"""The path is a pure function of the definition and the answers."""

import pytest

from surveys.domain.branching import nearest, owed, path
from surveys.domain.cells import Answers, Cell, Cells
from surveys.domain.show_rules import Formula, Group, Op, Rule, formulas_in, holds, rules_in
from tests.surveys.domain.sample_surveys import trip

YES, NO = (Cell(value="yes"),), (Cell(value="no"),)
TRAIN = (Cell(value="train"), Cell(value="car"))


def score(number: float) -> Cells:
    return (Cell(number=float(number)),)


def names(answers: Answers) -> list[tuple[str, list[str]]]:
    return [(stop.name, [question.name for question in stop.questions]) for stop in path(trip(), answers).stops]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, ["went", "how", "score", "told", "judged"]),
        ({"went": NO}, ["went", "reason", "told", "judged"]),
        (
            {"went": YES, "how": TRAIN, "score": score(9)},
            ["went", "how", "score", "train_class", "nights", "told", "judged"],
        ),
        ({"went": YES, "how": TRAIN, "score": score(6)}, ["went", "how", "score", "nights", "told", "judged", "more"]),
        ({"went": YES, "nights": score(0)}, ["went", "how", "score", "nights", "told", "judged", "more"]),
    ],
)
def test_rules_over_earlier_answers_decide_what_is_asked(answers, expected):
    assert [question for _, questions in names(answers) for question in questions] == expected


def test_an_answer_off_the_path_counts_for_nothing():
    answers = {"went": NO, "how": TRAIN, "score": score(2)}
    assert dict(path(trip(), answers).answers) == {"went": NO}
    assert "more" not in [question for _, questions in names(answers) for question in questions]


def test_a_page_without_a_shown_question_is_skipped_and_not_counted():
    road = path(trip(), {"went": NO})
    assert [stop.name for stop in road.stops] == ["start", "why_not", "end"]
    progress = road.progress("why_not")
    assert (progress.number, progress.count, progress.percent) == (2, 3, 33)


def test_pages_have_neighbours_on_the_path():
    road = path(trip(), {"went": NO})
    assert road.before("start") is None
    assert road.before("end") == road.after("start") == road.stop("why_not")
    assert road.after("end") is None


def test_the_nearest_page_is_the_wanted_one_or_the_last_before_it():
    survey = trip()
    road = path(survey, {"went": NO})
    assert nearest(survey, road, "end").name == "end"
    assert nearest(survey, road, "trip").name == "why_not"
    assert nearest(survey, road, "never heard of").name == "start"


def test_a_page_owes_its_required_answers():
    road = path(trip(), {})
    assert [fault.field for fault in owed(road.stops[0], {})] == ["went"]
    assert road.first_owing() == road.stops[0]
    assert path(trip(), {"went": NO, "reason": (Cell(text="Ill"),)}).first_owing() is None


@pytest.mark.parametrize(
    ("rule", "met"),
    [
        (Rule("q", Op.IS, 7.0), True),
        (Rule("q", Op.IS, "seven"), False),
        (Rule("q", Op.IS_NOT, 7.0), False),
        (Rule("none", Op.IS_NOT, 7.0), True),
        (Rule("q", Op.GREATER, 6.5), True),
        (Rule("q", Op.GREATER, "6"), False),
        (Rule("q", Op.LESS, 7.0), False),
        (Rule("w", Op.LESS, 7.0), False),
        (Rule("w", Op.HAS, "blue"), True),
        (Rule("w", Op.IS, 1.0), False),
        (Rule("m", Op.IS, "good", "food"), True),
        (Rule("m", Op.IS, "good", "weather"), False),
        (Rule("m", Op.ANSWERED, True, "weather"), False),
        (Rule("none", Op.ANSWERED, False), True),
    ],
)
def test_each_rule_asks_one_thing(rule, met):
    answers = {"q": score(7), "w": (Cell(value="blue"),), "m": (Cell("food", "good", 3.0),)}
    assert rule.holds(answers) is met


def test_groups_ask_for_all_or_any():
    yes, no = Rule("none", Op.ANSWERED, False), Rule("none", Op.ANSWERED)
    assert holds(None, {})
    assert not holds(Formula("1 == 1"), {})
    assert list(formulas_in(Group(every=True, parts=(Formula("a"), Rule("q", Op.ANSWERED))))) == [Formula("a")]
    assert Group(False, (no, yes)).holds({})
    assert not Group(True, (no, yes)).holds({})
    assert list(rules_in(Group(True, (no, Group(False, (yes,)))))) == [no, yes]
    assert list(rules_in(None)) == []
