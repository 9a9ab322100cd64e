"""Whatever anybody writes or answers, an expression neither raises nor lasts."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.domain.cells import Cell
from surveys.domain.expressions.compiling import compiled, condition
from surveys.domain.expressions.functions import FUNCTIONS
from surveys.domain.expressions.slips import Slip
from surveys.domain.expressions.speaking import said
from surveys.domain.kinds import KINDS
from tests.surveys.domain.expression_samples import ANSWERS, KNOWN, sight, value

signs = ["'yes'", "'car'", '"good"', "1", "0", "2.5", "-", "+", "*", "/", "%", "(", ")", "{", "}", ",", "==", "!="]
others = ["<", ">=", "in", "has", "not", "and", "or", "judged.food", "twice", "contact.x", "arm"]
words = st.sampled_from([*KNOWN.questions, *FUNCTIONS, *signs, *others])


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80) | st.lists(words, max_size=14).map(" ".join))
def test_whatever_is_written_is_refused_with_a_place_or_has_a_value(text):
    try:
        meaning = compiled(text, KNOWN)
    except Slip as slip:
        refused = slip.at
    else:
        refused = 1
        for answers in (ANSWERS, {}):
            said(meaning.run(sight(answers)), meaning.type)
    assert 1 <= refused <= len(text) + 1


def leaves(sort):
    numbers = ["nights", "score", "1", "0.5", "contact.orders", "ranks.sea", "count(how)", "number(reason)", "twice"]
    truths = ["went == 'yes'", "how has 'car'", "answered(born)", "born < today()", "judged.food == 'bad'", "true"]
    return st.sampled_from({"number": numbers, "truth": truths}[sort])


numeric = st.recursive(
    leaves("number"),
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "/", "%"]), inner)
        | st.builds("{}({}, {})".format, st.sampled_from(["sum", "mean", "max", "round"]), inner, inner)
    ),
    max_leaves=8,
)
logical = st.recursive(
    leaves("truth") | st.builds("({} {} {})".format, numeric, st.sampled_from(["<", "==", "!=", ">="]), numeric),
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner)
        | st.builds("not {}".format, inner)
        | st.builds("if({}, {}, {})".format, inner, inner, inner)
    ),
    max_leaves=8,
)
numbers = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0.0, 1e308, -1e308, 1e-320])


@settings(max_examples=80, deadline=None)
@given(logical, numbers, numbers, st.text(max_size=10))
def test_what_fits_together_is_always_true_or_false(text, nights, score, reason):
    answers = {**ANSWERS, "nights": (Cell(number=nights),), "score": (Cell(number=score),)}
    answers["reason"] = (Cell(text=reason),)
    assert condition(text, KNOWN).run(sight(answers)) in {True, False}


def test_the_longest_expressions_take_no_time():
    joined = " or ".join(["nights > 5"] * 150)
    texts = [joined[:1990].rpartition(" or ")[0], "+".join(["'aaaaaaaaaa'"] * 20), "sum(" + ",".join(["1"] * 100) + ")"]
    began = time.process_time()
    for text in texts:
        value(text)
    assert time.process_time() - began < 1
    assert {kind for kind in KINDS if not KINDS[kind].answerable} == {"statement"}
