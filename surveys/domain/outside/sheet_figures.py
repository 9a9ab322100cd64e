"""The figures of one question of a sheet: counts, shares, means, scores; for surveys asked elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from surveys.domain.intervals import Interval, Score
from surveys.domain.outside.answer_patterns import Net
from surveys.domain.outside.sheet_answers import MOST_CHOICES, Answered, Taken
from surveys.domain.statistics.column_letters import Rules
from surveys.domain.statistics.formula_names import Formula
from surveys.domain.statistics.masses import Mass
from surveys.domain.statistics.number_sums import moments_of
from surveys.domain.statistics.share_intervals import promoter_score, share_interval
from surveys.domain.tallies import Frequency, median_of

PROMOTER, DETRACTOR = 9, 6


@dataclass(frozen=True)
class Wish:
    """How figures are wanted: groups of answers, the rules of comparison, everybody's number where all were asked.

    With `of_all` people who did not answer are in the base too.
    """

    nets: Sequence[Net] = ()
    rules: Rules = field(default_factory=Rules)
    population: int | None = None
    of_all: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One answer or net: who gave it, their share of the base, and how sure that is."""

    label: str
    mass: Mass
    share: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Average:
    """The numbers' mean with its interval, their deviation and median."""

    mean: float | None
    interval: Interval | None
    deviation: float | None
    median: float | None


@dataclass(frozen=True)
class Figures:
    """What a question's answers come to; `unanswered` people are not in the base unless that was asked for."""

    title: str
    taken: Taken
    base: Mass
    unanswered: int
    different: int
    lines: tuple[Line, ...] = ()
    nets: tuple[Line, ...] = ()
    average: Average | None = None
    score: Score | None = None
    formulas: tuple[Formula, ...] = ()


def figures(question: Answered, weights: Sequence[float], wish: Wish) -> Figures:
    """The figures of a question; `weights` has one for each row, all 1 where nothing is weighted.

    Raises:
        BadInput: more people answered than there are.
    """
    base = mass_where(weights, [bool(given) or wish.of_all for given in question.given])
    choices = question.choices
    shown = question.taken is not Taken.WORDS and len(choices) <= MOST_CHOICES
    lines = [_line(choice, _having(question, weights, choice), base, wish) for choice in choices] if shown else []
    nets = [_line(net.name, _netted(question, weights, net), base, wish) for net in wish.nets]
    return Figures(
        question.title,
        question.taken,
        base,
        sum(not given for given in question.given),
        len(choices),
        tuple(lines),
        tuple(nets),
        _average(question, weights, wish) if question.numbers else None,
        _score(question, weights, wish) if question.taken is Taken.NPS else None,
        _formulas(question, base, wish),
    )


def mass_where(weights: Sequence[float], flags: Sequence[bool]) -> Mass:
    """The mass of the rows that are flagged."""
    chosen = [weight for weight, flag in zip(weights, flags, strict=True) if flag]
    return Mass(len(chosen), sum(chosen), sum(weight * weight for weight in chosen))


def _having(question: Answered, weights: Sequence[float], choice: str) -> Mass:
    return mass_where(weights, question.taking(choice))


def _netted(question: Answered, weights: Sequence[float], net: Net) -> Mass:
    return mass_where(weights, question.matching(net.pattern))


def _line(label: str, mass: Mass, base: Mass, wish: Wish) -> Line:
    share = mass.weight / base.weight if base.weight else None
    return Line(label, mass, share, share_interval(mass, base, population=wish.population))


def _numbered(question: Answered, weights: Sequence[float]) -> list[tuple[float, float]]:
    return [(number, weight) for number, weight in zip(question.numbers, weights, strict=True) if number is not None]


def _average(question: Answered, weights: Sequence[float], wish: Wish) -> Average:
    pairs = _numbered(question, weights)
    moments = moments_of(pairs)
    median = median_of(Frequency("", "", number, weight) for number, weight in pairs)
    return Average(moments.mean, moments.interval(population=wish.population), moments.deviation, median)


def _score(question: Answered, weights: Sequence[float], wish: Wish) -> Score | None:
    numbers = [(-1.0 if number is None else number) for number in question.numbers]
    up = [number >= PROMOTER for number in numbers]
    down = [0 <= number <= DETRACTOR for number in numbers]
    middle = [DETRACTOR < number < PROMOTER for number in numbers]
    return promoter_score(*(mass_where(weights, flags) for flags in (up, middle, down)), population=wish.population)


def _formulas(question: Answered, base: Mass, wish: Wish) -> tuple[Formula, ...]:
    weighted = not base.count == base.weight == base.effective
    return (
        Formula.WILSON,
        *((Formula.STUDENT,) if question.numbers else ()),
        *((Formula.EFFECTIVE,) if weighted else ()),
        *((Formula.CENSUS,) if wish.population is not None else ()),
    )
