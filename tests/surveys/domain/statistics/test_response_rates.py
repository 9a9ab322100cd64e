"""AAPOR's rates against its worked example."""

from surveys.domain.outcomes_of_asking import Disposition, grouped
from surveys.domain.statistics.response_rates import Cases, cases_of, rates_of

EXAMPLE = Cases(4, 2, 1, 1, 1, 1, 1, 1)


def rounded(cases: Cases, e: float | None = None) -> dict[str, float | None]:
    return {name: None if rate is None else round(rate, 3) for name, rate in rates_of(cases, e).named().items()}


def test_the_worked_example_of_aapor_is_reproduced():
    rates = rounded(EXAMPLE)
    assert rates_of(EXAMPLE).e == 0.9
    assert [rates[f"RR{number}"] for number in range(1, 7)] == [0.364, 0.545, 0.370, 0.556, 0.444, 0.667]
    assert [rates[f"COOP{number}"] for number in range(1, 5)] == [0.5, 0.75, 0.571, 0.857]
    assert [rates[f"REF{number}"] for number in range(1, 4)] == [0.091, 0.093, 0.111]
    assert [rates[f"CON{number}"] for number in range(1, 4)] == [0.727, 0.741, 0.889]


def test_an_e_of_ones_own_takes_the_place_of_the_estimate():
    assert rounded(EXAMPLE, 0.0)["RR3"] == rounded(EXAMPLE)["RR5"]
    assert rounded(EXAMPLE, 1.0)["RR3"] == rounded(EXAMPLE)["RR1"]


def test_what_is_undefined_stays_undefined():
    assert set(rounded(Cases()).values()) == {None}
    unknown = rounded(Cases(unknown=5))
    assert (unknown["RR1"], unknown["RR3"], unknown["RR5"], unknown["COOP1"]) == (0.0, None, None, None)
    assert rounded(Cases(unknown=5), 0.5)["RR3"] == 0.0
    assert rates_of(Cases(ineligible=3)).e == 0.0


def test_every_disposition_counts_in_exactly_one_letter():
    everybody = cases_of(grouped(dict.fromkeys(Disposition, 1)))
    assert everybody.eligible + everybody.unclear + everybody.ineligible == len(Disposition)
    assert (everybody.complete, everybody.partial) == (1, 1)
