"""Expressions told to people who read a survey; a rule and the expression that says the same decide alike."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.domain.cells import Cell
from surveys.domain.rule_words import told
from surveys.domain.show_rules import Formula, Group, Op, Rule, holds
from tests.surveys.domain.expression_samples import SURVEY, sight


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("went == 'yes' and how has 'car'", "“Went?” is “Yes!” and “How?” includes “Car”"),
        ("(went != 'no' or score < 7) and nights >= 2",
         "(“Went?” is not “No” or “Score?” is less than 7) and “Nights?” is at least 2"),
        ("went in {'yes', 'other'} or went not in {'no'}",
         "“Went?” is one of “Yes!”, “In a way” or “Went?” is none of “No”"),
        ("answered(how) and not answered(judged.food)", "“How?” was answered and “How?” (Food) was not answered"),
        ("refused(went) or not refused(went)", "“Went?” was refused or “Went?” was not refused"),
        ("ranks.sea > 1 and not (nights <= -1)",
         "“Rank” (Sea) is more than 1 and it is not so that “Nights?” is at most −1"),
        ("contact.country == 'DE' and total > 3", "contact.country is “DE” and total is more than 3"),
        ("score + 1 > 3", "score + 1 > 3"),
        ("score > nights", "score > nights"),
        ("score > -nights", "score > -nights"),
        ("went == 'yes' and count(how) > 1", "went == 'yes' and count(how) > 1"),
        ("not (1 > 2)", "not (1 > 2)"),
        ("score + 1", "score + 1"),
        ("contains(reason, 'x')", "contains(reason, 'x')"),
        ("answered(1)", "answered(1)"),
        ("true", "true"),
        ("went ==", "went =="),
    ],
)  # fmt: skip
def test_an_expression_is_told_in_words_or_as_it_is_written(text, words):
    assert told(Formula(text), SURVEY) == words


def test_rules_within_a_group_are_told_with_their_rows_and_answers():
    rank = Rule("ranks", Op.GREATER, 1.0, "sea")
    both = Group(
        every=True, parts=(Formula("went == 'no'"), Rule("how", Op.ANSWERED), Formula("score > 1 or score > 2"))
    )
    words = "“Went?” is “No” and “How?” was answered and (“Score?” is more than 1 or “Score?” is more than 2)"
    assert told(Group(every=False, parts=(rank, both)), SURVEY) == f"“Rank” (Sea) is more than 1 or ({words})"
    assert told(Group(every=True, parts=(Formula("1 2"),)), SURVEY) == "1 2"
    assert told(None, SURVEY) == ""


SAME = {
    Op.IS: "{name} == {value}",
    Op.IS_NOT: "{name} != {value}",
    Op.HAS: "{name} has {value}",
    Op.GREATER: "{name} > {value}",
    Op.LESS: "{name} < {value}",
}
rules = st.one_of(
    st.builds(Rule, st.just("went"), st.sampled_from([Op.IS, Op.IS_NOT]), st.sampled_from(["yes", "no", "other"])),
    st.builds(Rule, st.just("how"), st.just(Op.HAS), st.sampled_from(["train", "car"])),
    st.builds(Rule, st.sampled_from(["score", "nights"]), st.sampled_from([Op.IS, Op.IS_NOT, Op.GREATER, Op.LESS]),
              st.integers(0, 4).map(float)),
    st.builds(Rule, st.just("judged"), st.sampled_from([Op.IS, Op.IS_NOT]), st.just("good"), st.just("food")),
    st.builds(Rule, st.sampled_from(["went", "how", "score", "judged"]), st.just(Op.ANSWERED), st.booleans()),
)  # fmt: skip
answers = st.fixed_dictionaries(
    {},
    optional={
        "went": st.sampled_from(["yes", "no", "other", "refused"]).map(lambda name: (Cell(value=name),)),
        "how": st.sets(st.sampled_from(["train", "car"]), min_size=1).map(lambda s: tuple(Cell(value=n) for n in s)),
        "score": st.integers(0, 4).map(lambda number: (Cell(number=float(number)),)),
        "nights": st.integers(0, 4).map(lambda number: (Cell(number=float(number)),)),
        "judged": st.sampled_from(["bad", "good"]).map(lambda name: (Cell("food", name),)),
    },
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(rules, answers)
def test_a_rule_and_the_expression_that_says_the_same_decide_alike(rule, given_answers):
    name = f"{rule.question}.{rule.row}" if rule.row else rule.question
    value = f"'{rule.value}'" if isinstance(rule.value, str) else rule.value
    asked = f"answered({name})" if rule.value else f"not answered({name})"
    text = asked if rule.op is Op.ANSWERED else SAME[rule.op].format(name=name, value=value)
    judge = SURVEY.logic.judge(sight(given_answers))
    assert holds(Formula(text), given_answers, judge) is rule.holds(given_answers)
