"""Rankings, sums, sliders, matrices of fields, consent, hidden codes, addresses: what they take, refuse and count."""

from dataclasses import replace

import pytest

from surveys.domain.cells import Cell, Choice, Reading
from surveys.domain.kinds.choice_grid import ChoiceGrid
from surveys.domain.kinds.consent import Consent
from surveys.domain.kinds.constant_sum import ConstantSum
from surveys.domain.kinds.email_entry import EmailEntry
from surveys.domain.kinds.entry_grid import NumberGrid, TextGrid
from surveys.domain.kinds.experience_scales import Effort, Satisfaction
from surveys.domain.kinds.hidden_value import HiddenValue
from surveys.domain.kinds.multiple_choice import MultipleChoice
from surveys.domain.kinds.ranking import Ranking
from surveys.domain.kinds.rating_scale import Rating
from surveys.domain.kinds.single_choice import YesNo
from surveys.domain.kinds.slider import Slider
from surveys.domain.tallies import Frequency
from tests.surveys.domain.every_kind import TABLES, answer_to, every_kind

AB = (Choice("a", "Apples"), Choice("b", "Bread"))
ABC = (*AB, Choice("c", "Cheese", exclusive=True))
RANKING = Ranking(name="q", text="?", choices=ABC, required=True)
BEST = Ranking(name="q", text="?", choices=ABC, most=2)
SUM = ConstantSum(name="q", text="?", choices=AB, required=True)
PARTS = ConstantSum(name="q", text="?", choices=AB, total=1, decimals=True)
SLIDER = Slider(name="q", text="?", required=True)
GRID = ChoiceGrid(name="q", text="?", rows=AB, choices=ABC, required=True)
WORDS = TextGrid(name="q", text="?", rows=AB, across=AB, longest=5, required=True)
NUMBERS = NumberGrid(name="q", text="?", rows=AB, across=AB, most=9, integer=True)
CONSENT = Consent(name="q", text="?", label="Yes", required=True)
EMAIL = EmailEntry(name="q", text="?", required=True)
HIDDEN = HiddenValue(name="q", text="?", required=True)

PLACES = "Please choose one of the places shown."
TWICE = "Place 1 is given to “Apples” and to “Bread”. Please give each place once."
WHOLE = "Please write a whole number from 0 to 100 for “{}”."
PART = "Please write a number from 0 to 1 for “{}”."
ALONE = "“Cheese” cannot go together with other answers."
AMONG = "Please choose among the answers shown."
ADDRESS = "Please write an e-mail address, such as name@example.org."
LONG = "Please write at most 5 characters; it is 6 now."
WRITE = "Please write an answer."


def said(question, **posted):
    reading = question.read({key.replace("__", "-"): value for key, value in posted.items()})
    assert not reading.cells
    return [(each.field, each.said()) for each in reading.faults]


@pytest.mark.parametrize("name", TABLES)
def test_every_kind_takes_its_answer_and_can_post_and_export_it_again(name):
    question = every_kind().by_name[name]
    reading = question.read(answer_to(name))
    assert not reading.faults
    assert question.read(question.fields(reading.cells)).cells == reading.cells
    for cells in (reading.cells, ()):
        assert len(question.export(cells)) == len(question.columns())
    assert set(question.export(())) <= {""}
    assert bool(question.read({}).faults) is question.required
    optional = replace(question, required=False)
    assert optional.read({}) == Reading()
    assert not list(question.faults())
    counted = [Frequency(cell.row, cell.value, cell.number, 3) for cell in reading.cells]
    assert question.tally(counted, 3).base == 3


@pytest.mark.parametrize(
    ("question", "posted", "faults"),
    [
        (RANKING, {"q__a": ["1"], "q__b": ["2"]}, [("q", "Please say what comes in place 3.")]),
        (RANKING, {"q__a": ["4"], "q__b": ["1", "2"]}, [("q-a", PLACES), ("q-b", PLACES)]),
        (BEST, {"q__a": ["2"]}, [("q", "Please say what comes in place 1.")]),
        (BEST, {"q__a": ["1"], "q__b": ["1"]}, [("q-a", TWICE)]),
        (SUM, {}, [("q", "Please share out 100.")]),
        (SUM, {"q__a": ["60"]}, [("q", "The numbers add up to 60 now; please make them add up to 100.")]),
        (SUM, {"q__a": ["0.5"], "q__b": ["x"]}, [("q-a", WHOLE.format("Apples")), ("q-b", WHOLE.format("Bread"))]),
        (PARTS, {"q__a": ["2"], "q__b": ["-1"]}, [("q-a", PART.format("Apples")), ("q-b", PART.format("Bread"))]),
        (SUM, {"q__a": ["1", "2"]}, [("q-a", WHOLE.format("Apples"))]),
        (SLIDER, {"q": ["50"]}, [("q-set", "Please move the handle, and tick that this is your answer.")]),
        (SLIDER, {"q": ["101"], "q__set": ["1"]}, [("q", "Please write 100 or less.")]),
        (GRID, {"q__a": ["a"]}, [("q-b", "Please choose an answer for “Bread”.")]),
        (GRID, {"q__a": ["z"], "q__b": ["a", "c"]}, [("q-a", AMONG), ("q-b", ALONE)]),
        (WORDS, {"q__a__a": ["abcdef"], "q__a__b": ["x"], "q__b__a": ["y"]}, [("q-a-a", LONG), ("q-b-b", WRITE)]),
        (NUMBERS, {"q__a__a": ["10"]}, [("q-a-a", "Please write 9 or less.")]),
        (CONSENT, {}, [("q", "Please tick the box to go on, or leave the survey here.")]),
        (CONSENT, {"q": ["yes"]}, [("q", "Please choose one of the answers shown.")]),
        (EMAIL, {"q": ["ann at example"]}, [("q", ADDRESS)]),
        (EMAIL, {"q": ["4111111111111111@example.org"]}, [("q", ADDRESS)]),
        (EMAIL, {}, [("q", WRITE)]),
        (MultipleChoice(name="q", text="?", choices=ABC), {"q": ["a", "c"]}, [("q", ALONE)]),
        (YesNo(name="q", text="?"), {"q": ["maybe"]}, [("q", "Please choose one of the answers shown.")]),
    ],
)  # fmt: skip
def test_what_the_definition_does_not_allow_is_refused_and_told(question, posted, faults):
    assert said(question, **posted) == faults


def test_places_may_stay_open_where_the_ranking_is_not_required():
    assert BEST.read({"q-b": ["1"]}).cells == (Cell(row="b", number=1.0),)
    assert BEST.places == range(1, 3)


def test_what_is_shared_out_is_whole_as_soon_as_anything_is_written():
    assert SUM.read({"q-a": ["100"]}).cells == (Cell(row="a", number=100.0), Cell(row="b", number=0.0))
    assert PARTS.read({"q-a": ["0.1"], "q-b": ["0,9"]}).cells == (Cell(row="a", number=0.1), Cell(row="b", number=0.9))


def test_a_hidden_code_is_taken_or_left_without_a_word():
    assert HIDDEN.read({"q": ["<b>", "fair-26"]}).cells == (Cell(value="fair-26"),)
    for code in ("", "a b", "x" * 41, "4111111111111111"):
        assert HIDDEN.read({"q": [code]}) == Reading()
    assert HIDDEN.tally([Frequency("", "fair", None, 2)], 2).shares[0].share == 1.0


def test_a_refusal_is_an_answer_that_no_figure_counts():
    question = YesNo(name="q", text="?", required=True, refusal="I would rather not say")
    reading = question.read({"q-refused": ["1"], "q": ["yes"]})
    assert reading.cells == (Cell(value="refused"),)
    assert question.is_refusal(reading.cells)
    assert question.read(question.fields(reading.cells)) == reading
    assert question.export(reading.cells) == ("",)
    tally = question.tally([Frequency("", "yes", None, 3), Frequency("", "refused", None, 2)], 5)
    assert (tally.base, tally.refused, tally.shares[0].share) == (3, 2, 1.0)
    plain = YesNo(name="q", text="?", required=True)
    assert plain.read({"q-refused": ["1"]}).faults
    kept = MultipleChoice(name="q", text="?", choices=(Choice("refused", "No"),), refusal="–")
    assert [message for message, _remedy in kept.faults()] == [
        "The name “refused” is kept for the answer of that meaning."
    ]


def test_satisfaction_and_effort_have_the_share_of_their_good_end():
    frequencies = [Frequency("", "", float(number), number) for number in range(1, 6)]
    top = Satisfaction(name="q", text="?").tally(frequencies, 15).top
    assert top is not None
    assert (top.label, top.count, top.share) == ("satisfied", 9, 0.6)
    easy = Effort(name="q", text="?").tally(frequencies, 15).top
    assert easy is not None
    assert easy.count == 5


def test_rows_are_counted_each_on_its_own():
    ranks = [Frequency("a", "", 1.0, 3), Frequency("a", "", 2.0, 1), Frequency("b", "", 2.0, 3)]
    rows = RANKING.tally(ranks, 4).rows
    assert [(row.name, row.tally.base, row.tally.mean) for row in rows] == [
        ("a", 4, 1.25),
        ("b", 3, 2.0),
        ("c", 0, None),
    ]
    given = SUM.tally([Frequency("a", "", 60.0, 1), Frequency("a", "", 80.0, 1)], 2).rows
    assert (given[0].tally.mean, given[0].tally.base) == (70.0, 2)
    taken = GRID.tally([Frequency("a", "b", None, 2)], 4).rows
    assert [share.share for share in taken[0].tally.shares] == [0.0, 0.5, 0.0]
    means = NUMBERS.tally([Frequency("a", "b", 3.0, 2), Frequency("a", "b", 6.0, 1)], 3).rows
    assert [(row.name, row.tally.mean) for row in means][:2] == [("a_a", None), ("a_b", 4.0)]
    assert WORDS.tally([Frequency("a", "a", None, 2)], 2).texts == 2


def test_a_row_is_asked_about_by_its_name():
    for question in (RANKING, SUM, GRID, WORDS, NUMBERS):
        assert question.rule_rows() == {row.name for row in question.rows}
    assert GRID.operands() == {"a", "b", "c"}
    assert GRID.offered == GRID.choices


def test_smileys_are_spread_over_five_moods_and_a_slider_begins_in_its_middle():
    assert Rating(name="q", text="?", smileys=True, highest=3).moods == {1: 0, 2: 2, 3: 4}
    assert Rating(name="q", text="?").moods == {}
    assert SLIDER.middle == "50"
    assert Slider(name="q", text="?", least=1, most=4).middle == "2"
