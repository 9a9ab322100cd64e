"""Plans of weights: kept as tables, fitted to responses, refused with a reason."""

import pytest

from core.errors import BadInput
from surveys.domain.answer_counts import count
from surveys.domain.packed_answers import Sheet, sheet_of
from surveys.domain.weighting_plans import Plan, plan_of, weigh

PEOPLE = [("yes", 9)] * 6 + [("yes", 2)] * 2 + [("no", 9)] * 1 + [("no", 2)] * 1 + [("", 2)]


def sheet() -> Sheet:
    cells: list[tuple[object, ...]] = [
        (number, "went", "", went, None) for number, (went, _score) in enumerate(PEOPLE) if went
    ]
    cells += [(number, "score", "", "", float(score)) for number, (_went, score) in enumerate(PEOPLE)]
    return sheet_of(range(len(PEOPLE)), cells)


@pytest.mark.parametrize(
    "plan",
    [
        Plan(("went",), ({"yes": 50, "no": 50},)),
        Plan(("went", "score"), ({"yes": 50, "no": 50}, {"9": 60, "2": 40}), trim=3),
        Plan(("went", "score"), cells={("yes", "9"): 30, ("yes", "2"): 20, ("no", "9"): 25, ("no", "2"): 25}),
    ],
)
def test_weighted_answers_have_the_shares_of_their_targets(plan):
    assert plan_of(plan.table()) == plan
    weighed = weigh(plan, [sheet()])
    counts = count([weighed.select(sheet(), None)], weighed.factors)
    shares = {each.value: each.count for each in counts.frequencies("went")}
    assert shares["yes"] == pytest.approx(shares["no"], rel=1e-6)
    assert counts.base("score").weight == pytest.approx(11, rel=0.2)
    assert weighed.weights.error < 0.01


def test_what_cannot_be_fitted_is_refused_with_a_reason():
    with pytest.raises(BadInput, match="Try 5"):
        weigh(Plan(("went",), ({"yes": 50, "no": 50},), trim=1.2), [sheet()])
    with pytest.raises(BadInput, match="Nobody"):
        weigh(Plan(("went",), ({"yes": 50, "no": 30, "other": 20},)), [sheet()])
    with pytest.raises(BadInput):
        weigh(Plan(("went",), cells={}), [sheet()])
