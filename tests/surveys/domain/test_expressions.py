"""The language of conditions: what each expression comes to."""

from pathlib import Path

import pytest

from surveys.domain.cells import Answers, Cell
from surveys.domain.expression_logic import Logic
from surveys.domain.expressions.compiling import compiled, condition
from surveys.domain.expressions.functions import FUNCTIONS
from surveys.domain.expressions.name_swaps import swapped
from surveys.domain.expressions.sights import Sight
from surveys.domain.expressions.slips import Slip
from surveys.domain.expressions.speaking import said
from tests.surveys.domain.expression_samples import KNOWN, SURVEY, sight, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3 - 4 / 2", 5.0),
        ("-(2 - 5) % 2", 1.0),
        ("--2", 2.0),
        ("-nights", -4.0),
        ("0.1 + 0.2 == 0.3", True),
        ("0.1 + 0.2 <= 0.3 and 0.3 >= 0.1 + 0.2", True),
        ("0.1 + 0.2 > 0.3 or 0.3 < 0.1 + 0.2", False),
        ("1 / 0", None),
        ("1 / 0 == 1 / 0", False),
        ("1 / 0 > 1", False),
        ("-(1 / 0)", None),
        ("10 % 0", None),
        ("went == 'other' and not (again == 'never')", True),
        ("went != 'yes'", True),
        ("went == again", False),
        ("went in {'yes', 'other'} and again not in {'never'}", True),
        ("went.other + '!'", "half way!"),
        ("how has 'car' and 'car' in how", True),
        ("how has again or again in how", False),
        ("how == {'car', 'train'} and how != {'car'}", True),
        ("count(how - {'car'}) + count(how + {'car'})", 3.0),
        ("both(how, {'car'}) == {'car'} and both({'car'}, how) has 'car'", True),
        ("count(how)", 2.0),
        ("count(judged)", 1.0),
        ("count(score > 5, nights > 5, again == 'yes')", 2.0),
        ("score(how) + place(went)", 9.0),
        ("place(again)", 1.0),
        ("score in {8, 9}", True),
        ("rows(judged, 'good') == {'food'} and rows(judged, {'good', 'bad'}) has 'food'", True),
        ("judged.food == 'good' and not answered(judged.1st)", True),
        ("ranks.sea > 1 and answered(ranks) and not answered(ranks.hill)", True),
        ("answered(notes) or answered(notes.food)", False),
        ("spent.food", 5.0),
        ("sum(score, nights) + mean(score, 1) + min(score, 3) + max(1, 2)", 23.0),
        ("sum(1 / 0)", None),
        ("abs(-3) + floor(2.7) + ceil(2.1) + round(2.5) + round(-0.125, 2)", 10.87),
        ("number('7,5') + number(contact.points)", 20.0),
        ("number('seven')", None),
        ("number('nan')", None),
        ("length(reason) + words(reason)", 20.0),
        ("upper(lower('Ab'))", "AB"),
        ("contains(reason, 'RAIN') and starts(reason, 'be') and ends(reason, 'ed')", True),
        ("text(how) + ', ' + text(nights) + ', ' + text(1.5)", "Train, Car, 4, 1.5"),
        ("label(again)", "Again"),
        ("if(score > 8, label(again), reason)", "Again"),
        ("if(score > 8, 1, nights)", 1.0),
        ("if(false, how, {'car'})", frozenset({"car"})),
        ("default(contact.none, 'nobody')", "nobody"),
        ("default(contact.orders, 5) + 1", 4.0),
        ("default(contact.none, contact.country)", "DE"),
        ("default(1 / 0, 7)", 7.0),
        ("contact.country == 'DE' and contact.orders > 2 and contact.country in {'DE', 'FR'}", True),
        ("contact.orders == '3' and '3' + contact.country == '3DE'", True),
        ("contact.none > 2 or contact.none == 'x'", False),
        ("born < date('2001-01-01') and date(contact.since) > born", True),
        ("years(born, today()) + months(born, today()) + days(born, born)", 346.0),
        ("years(today(), born)", -26.0),
        ("year(born) + month(born) + day(born) + weekday(born)", 2033.0),
        ("born + 1 == date('2000-03-01') and add_days(born, -1) == born - 1", True),
        ("today() - born", 9764.0),
        ("born + 99999999", None),
        ("add_days(born, 99999999)", None),
        ("date('2020-13-01')", None),
        ("text(born) + hour", "2000-02-2907:30"),
        ("arm == 'left' and language == 'en'", True),
        ("twice + thrice", 20.0),
        ("answered(thrice) and answered(went) and not refused(went)", True),
        ("\"it's\" + 'a \\'b\\''", "it'sa 'b'"),
        ("true and not false", True),
        ("text(true)", "true"),
        ("text(false) + text(1 / 0)", None),
    ],
)
def test_an_expression_comes_to_one_value(text, expected):
    if isinstance(expected, float):
        assert value(text) == pytest.approx(expected)
    else:
        assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("went == 'yes' or nights > 0 or reason == '' or how has 'car' or judged.food == 'good'", False),
        ("went != 'yes' and how == how and count(how) == 0 and how != {'car'}", True),
        ("nights + 1", None),
        ("reason + 'x'", None),
        ("mean(nights, score)", None),
        ("score(how)", 0.0),
        ("place(went)", None),
        ("born - 1", None),
        ("thrice", None),
        ("answered(thrice) or answered(how)", False),
        ("went.other", None),
        ("length(reason) > 0", False),
    ],
)
def test_what_is_not_answered_is_nothing_and_nothing_is_like_it(text, expected):
    assert value(text, {}) == expected


def test_a_refusal_is_an_answer_without_a_value():
    refused: Answers = {"went": (Cell(value="refused"),)}
    assert value("answered(went) and refused(went)", refused) is True
    assert value("went == 'yes' or went == again", refused) is False
    assert value("refused(again)", {"again": (Cell(value="yes"),)}) is False


def test_what_is_too_large_to_be_added_is_nothing():
    huge: Answers = {"nights": (Cell(number=1e308),), "score": (Cell(number=1e308),)}
    assert value("sum(nights, score)", huge) is None
    assert value("nights * score", huge) is None


def test_several_fields_of_a_row_are_taken_together():
    assert value("notes.food", {"notes": (Cell("food", "b", text="two"), Cell("food", "a", text="one"))}) == "one, two"


def test_a_stored_day_that_is_none_is_nothing():
    assert value("born", {"born": (Cell(value="soon"),)}) is None


def test_a_condition_is_true_or_false():
    assert condition("went == 'yes'", KNOWN).run(sight()) is False
    with pytest.raises(Slip, match="This is a number; true or false is needed here"):
        condition("nights", KNOWN)


def test_values_are_said_as_people_read_them():
    how = compiled("how", KNOWN).type
    assert said(frozenset({"train", "car", "gone"}), how) == "Train, Car, gone"
    assert said(frozenset({2.0}), compiled("{1}", KNOWN).type) == "2"
    assert said(None, how) == ""


def test_a_name_that_means_nothing_makes_nothing_raise():
    logic = Logic([], SURVEY.computed, ())
    nobody = Sight(computed=logic.plans)
    assert logic.judge(nobody)("nonsense >") is False
    assert logic.said("{{ nonsense > }} {{ twice }}", nobody) == "{{ nonsense > }} {{ twice }}"
    assert nobody.work_out("twice") is None
    assert nobody.work_out("never heard of") is None
    assert logic.said("{{ open", nobody) == "{{ open"
    assert logic.named_in("(") == []


def test_names_are_swapped_but_not_texts_functions_or_what_cannot_be_read():
    names = {"went": "gone", "sum": "total", "item": "'roses'"}
    assert swapped("went.other == 'went' and sum(went) > item", names) == "gone.other == 'went' and sum(gone) > 'roses'"
    assert swapped("went = 'x", names) == "went = 'x"


def test_the_page_on_expressions_names_every_function():
    page = (Path(__file__).resolve().parents[3] / "docs" / "survey-expressions.md").read_text(encoding="utf-8")
    assert [name for name in FUNCTIONS if f"`{name}" not in page] == []
