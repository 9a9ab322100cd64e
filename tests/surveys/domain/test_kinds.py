"""Each kind of question: what it takes, what it refuses, and that its fields and cells are each other's opposite."""

import pytest

from surveys.domain.cells import Cell, Choice, Fault
from surveys.domain.kinds.likert_matrix import LikertMatrix
from surveys.domain.kinds.multiple_choice import MultipleChoice
from surveys.domain.kinds.number_entry import NumberEntry
from surveys.domain.kinds.rating_scale import Rating, Recommendation
from surveys.domain.kinds.single_choice import SingleChoice
from surveys.domain.kinds.text_entry import LongText, ShortText, Statement
from surveys.domain.questions import Question
from surveys.domain.tallies import Frequency

AB = (Choice("a", "Apples"), Choice("b", "Bread"))
SINGLE = SingleChoice(name="q", text="Which?", choices=AB, other="Else", required=True)
PLAIN = SingleChoice(name="q", text="Which?", choices=AB)
MULTIPLE = MultipleChoice(name="q", text="Which?", choices=AB, other="Else", none="None of these", required=True)
MATRIX = LikertMatrix(
    name="q", text="How?", rows=(Choice("r", "Rain"), Choice("s", "Sun")), scale=AB, not_applicable="–", required=True
)
STARS = Rating(name="q", text="Stars?", required=True, highest=3)
NPS = Recommendation(name="q", text="Recommend?")
NUMBER = NumberEntry(name="q", text="How many?", least=1, most=10, step=0.5, required=True)
SHORT = ShortText(name="q", text="Name it", required=True, longest=10)
LONG = LongText(name="q", text="Tell", longest=30)


def fault(question: Question, **posted: list[str]) -> list[tuple[str, str]]:
    reading = question.read({key.replace("__", "-"): value for key, value in posted.items()})
    assert not reading.cells
    return [(each.field, each.said()) for each in reading.faults]


@pytest.mark.parametrize(
    ("question", "posted", "cells"),
    [
        (SINGLE, {"q": ["a"]}, (Cell(value="a"),)),
        (SINGLE, {"q": ["a", "a", ""], "q-other": ["x"]}, (Cell(value="a"),)),
        (SINGLE, {"q-other": [" my  own "]}, (Cell(value="other", text="my own"),)),
        (SINGLE, {"q": ["other"], "q-other": ["mine"]}, (Cell(value="other", text="mine"),)),
        (PLAIN, {}, ()),
        (PLAIN, {"q": ["b"], "q-other": ["x"]}, (Cell(value="b"),)),
        (MULTIPLE, {"q": ["b", "a"]}, (Cell(value="a"), Cell(value="b"))),
        (MULTIPLE, {"q": ["b"], "q-other": ["x"]}, (Cell(value="b"), Cell(value="other", text="x"))),
        (MULTIPLE, {"q": ["none"]}, (Cell(value="none"),)),
        (STARS, {"q": ["3"]}, (Cell(number=3.0),)),
        (NPS, {"q": ["0"]}, (Cell(number=0.0),)),
        (NPS, {}, ()),
        (
            MATRIX,
            {"q-r": ["b"], "q-s": ["na"]},
            (Cell("r", "b", 2.0), Cell("s", "na", None)),
        ),
        (NUMBER, {"q": ["2,5"]}, (Cell(number=2.5),)),
        (NUMBER, {"q": ["٣"]}, (Cell(number=3.0),)),
        (NumberEntry(name="q", text="?"), {"q": ["\u22121.25"]}, (Cell(number=-1.25),)),
        (NumberEntry(name="q", text="?"), {"q": [""]}, ()),
        (NumberEntry(name="q", text="?", integer=True), {"q": ["7"]}, (Cell(number=7.0),)),
        (SHORT, {"q": ["  a \n b\x00\ud800 "]}, (Cell(text="a b"),)),
        (LONG, {"q": ["one\r\ntwo\rthree"]}, (Cell(text="one\ntwo\nthree"),)),
        (LONG, {"q": []}, ()),
        (Statement(name="q", text="So."), {"q": ["x"]}, ()),
    ],
)
def test_a_question_takes_what_its_definition_allows_and_can_post_it_again(question, posted, cells):
    assert question.read(posted).cells == cells
    assert not question.read(posted).faults
    if cells:
        assert question.read(question.fields(cells)).cells == cells


@pytest.mark.parametrize(
    ("question", "posted", "said"),
    [
        (SINGLE, {}, [("q", "Please choose an answer.")]),
        (SINGLE, {"q": ["c"]}, [("q", "Please choose one of the answers shown.")]),
        (SINGLE, {"q": ["a", "b"]}, [("q", "Please choose one of the answers shown.")]),
        (SINGLE, {"q": ["other"]}, [("q-other", "Please say which.")]),
        (SINGLE, {"q__other": ["x" * 201]}, [("q-other", "Please write at most 200 characters.")]),
        (PLAIN, {"q": ["other"]}, [("q", "Please choose one of the answers shown.")]),
        (MULTIPLE, {}, [("q", "Please choose at least one answer.")]),
        (MULTIPLE, {"q": ["a", "c"]}, [("q", "Please choose among the answers shown.")]),
        (MULTIPLE, {"q": ["a", "none"]}, [("q", "“None of these” cannot go together with other answers.")]),
        (MULTIPLE, {"q": ["other"]}, [("q-other", "Please say which.")]),
        (STARS, {}, [("q", "Please choose an answer.")]),
        (STARS, {"q": ["4"]}, [("q", "Please choose one of the numbers shown.")]),
        (STARS, {"q": ["٣"]}, [("q", "Please choose one of the numbers shown.")]),
        (
            MATRIX,
            {"q__r": ["z"]},
            [("q-r", "Please choose one of the answers shown."), ("q-s", "Please choose an answer for “Sun”.")],
        ),
        (NUMBER, {}, [("q", "Please write a number.")]),
        (NUMBER, {"q": ["many"]}, [("q", "Please write a number, such as 12 or 3.5.")]),
        (NUMBER, {"q": ["NaN"]}, [("q", "Please write a number, such as 12 or 3.5.")]),
        (NUMBER, {"q": ["1,000"]}, [("q", "Please write a number, such as 12 or 3.5.")]),
        (NUMBER, {"q": ["1_0"]}, [("q", "Please write a number, such as 12 or 3.5.")]),
        (NUMBER, {"q": ["1", "2"]}, [("q", "Please write a number, such as 12 or 3.5.")]),
        (NUMBER, {"q": ["0.5"]}, [("q", "Please write 1 or more.")]),
        (NUMBER, {"q": ["10.5"]}, [("q", "Please write 10 or less.")]),
        (NUMBER, {"q": ["1.2"]}, [("q", "Please write a number in steps of 0.5.")]),
        (SHORT, {"q": ["\x00 \n"]}, [("q", "Please write an answer.")]),
        (SHORT, {"q": ["12345678901"]}, [("q", "Please write at most 10 characters; it is 11 now.")]),
        (NumberEntry(name="q", text="?", integer=True), {"q": ["1.5"]}, [("q", "Please write a whole number.")]),
        (NumberEntry(name="q", text="?"), {"q": ["4111111111111111"]}, None),
    ],
)
def test_a_question_refuses_what_its_definition_does_not_allow_and_says_why(question, posted, said):
    found = fault(question, **posted)
    assert found == said if said else found


def test_limits_on_the_number_of_choices_are_told():
    question = MultipleChoice(name="q", text="?", choices=(*AB, Choice("c", "C")), least=2, most=2)
    assert fault(question, q=["a"]) == [("q", "Please choose at least 2 answers.")]
    assert fault(question, q=["a", "b", "c"]) == [("q", "Please choose at most 2 answers.")]
    assert question.read({}).cells == ()


def test_a_card_number_in_any_words_is_masked_before_it_can_be_stored():
    card = "4111 1111 1111 1111"
    for question, field in ((SINGLE, "q-other"), (ShortText(name="q", text="?"), "q"), (LONG, "q")):
        (cell,) = question.read({field: [f"{card}"]}).cells
        assert str(cell.text).endswith("1111")
        assert card not in str(cell.text)
    spread = ShortText(name="q", text="?").read({"q": ["4111          1111 1111 1111"]})
    assert spread.cells[0].text == "**** **** **** 1111"


def test_a_fault_is_a_sentence_with_its_values():
    assert Fault("q", "At most {most}.", {"most": 3}).said("en") == "At most 3."


def test_exports_have_one_value_a_column():
    assert SINGLE.export((Cell(value="other", text="x"),)) == ("other", "x")
    assert SINGLE.export(()) == ("", "")
    assert PLAIN.export((Cell(value="a"),)) == ("a",)
    assert MULTIPLE.export((Cell(value="b"), Cell(value="other", text="x"))) == (0, 1, 1, 0, "x")
    assert MultipleChoice(name="q", text="?", choices=AB).export(()) == ("", "")
    assert MATRIX.export((Cell("s", "a", 1.0),)) == ("", "a")
    assert STARS.export((Cell(number=2.0),)) == (2,)
    assert STARS.export(()) == NUMBER.export(()) == SHORT.export(()) == ("",)
    assert NUMBER.export((Cell(number=2.5),)) == (2.5,)
    assert LONG.export((Cell(text="x"),)) == ("x",)
    assert Statement(name="q", text="So.").export(()) == ()
    for question in (SINGLE, PLAIN, MULTIPLE, MATRIX, STARS, NPS, NUMBER, SHORT, LONG, Statement(name="q", text="")):
        assert len(question.columns()) == len(question.export(()))


def test_tallies_count_choices_numbers_rows_and_words():
    choices = [Frequency("", "a", None, 3), Frequency("", "other", None, 1), Frequency("", "gone", None, 1)]
    single = SINGLE.tally(choices, 5)
    assert [(share.label, share.count, share.share) for share in single.shares] == [
        ("Apples", 3, 0.6),
        ("Bread", 0, 0.0),
        ("Else", 1, 0.2),
        ("gone", 1, 0.2),
    ]
    assert single.texts == MULTIPLE.tally(choices, 5).texts == 1
    assert PLAIN.tally(choices, 5).texts == 0
    stars = STARS.tally([Frequency("", "", 1.0, 1), Frequency("", "", 3.0, 3)], 4)
    assert (stars.mean, stars.median, stars.deviation) == (2.5, 3.0, 1.0)
    nps = NPS.tally([Frequency("", "", 9.0, 162), Frequency("", "", 8.0, 108), Frequency("", "", 6.0, 54)], 324)
    assert nps.nps is not None
    assert round(nps.nps.score, 2) == 33.33
    rows = MATRIX.tally([Frequency("r", "b", 2.0, 3), Frequency("s", "na", None, 1)], 3).rows
    assert [(row.name, row.tally.base, row.tally.mean) for row in rows] == [("r", 3, 2.0), ("s", 1, None)]
    assert NUMBER.tally([Frequency("", "", 2.5, 2)], 2).shares[0].label == "2.5"
    assert SHORT.tally([], 4).texts == 4
    assert Statement(name="q", text="So.").tally([], 0).base == 0


def test_statements_and_words_have_no_operands():
    assert SHORT.operands() is None
    assert SHORT.rule_rows() == frozenset()
    assert MATRIX.rule_rows() == {"r", "s"}
    assert Statement(name="q", text="So.").fields(()) == {}


def test_a_number_tells_the_browser_its_limits():
    assert NUMBER.limits == {"step": "0.5", "min": "1", "max": "10"}
    assert NumberEntry(name="q", text="?", integer=True).limits == {"step": "1"}
    assert NumberEntry(name="q", text="?").limits == {"step": "any"}


@pytest.mark.parametrize(
    "written", ["1e999999999", "-1e999999999", "1e-999999999", "9e11", "1e400", "-0", "1e-400", "NaN"]
)
@pytest.mark.parametrize("step", [None, 0.5, 1e-300, 1e300])
def test_no_number_however_great_or_small_makes_the_reader_fail(written, step):
    for limits in ({}, {"least": -1e11, "most": 1e12}, {"integer": True}):
        reading = NumberEntry(name="q", text="?", step=step, **limits).read({"q": [written]})
        assert bool(reading.faults) is not bool(reading.cells)
