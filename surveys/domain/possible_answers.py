"""Answers that stand for all that a question can get, as far as conditions can tell them apart; for the checks."""

from collections.abc import Iterable, Iterator
from itertools import chain, combinations, pairwise, product

from surveys.domain.cells import REFUSED, Cell, Cells
from surveys.domain.expressions.occurrences import Occurrence
from surveys.domain.expressions.reading_cells import type_of
from surveys.domain.expressions.value_types import Sort, Type
from surveys.domain.questions import Question

MOST_CANDIDATES = 300
MOST_NAMES = 7
SOMETHING_ELSE = "\u2026"


def possible_answers(question: Question, use: Occurrence) -> list[Cells] | None:
    """Cells that stand for every answer, no answer among them; None where they are too many to look through."""
    kind = type_of(question)
    assert kind is not None
    found = _of_rows(question, kind, use) if kind.sort is Sort.ROWS else _plain(question, kind, use)
    if found is None or len(found) > MOST_CANDIDATES:
        return None
    refusal = [(Cell(value=REFUSED),)] if question.refusal else []
    return [*found, *refusal, ()]


def _plain(question: Question, kind: Type, use: Occurrence, row: str = "") -> list[Cells] | None:
    if use.rows and not row:
        return None
    if kind.sort is Sort.CHOICE:
        return [(Cell(row, name),) for name in kind.labels]
    if kind.sort is Sort.SET:
        return _sets(question, kind, use, row)
    if kind.sort is Sort.NUMBER:
        numbers = numbers_for(question, use)
        return None if numbers is None else [(Cell(row, number=number),) for number in numbers]
    if use.woven or kind.sort is Sort.DATE:
        return None
    return [(Cell(row, text=text),) for text in (*sorted(use.texts), SOMETHING_ELSE)]


def _sets(question: Question, kind: Type, use: Occurrence, row: str) -> list[Cells] | None:
    """Every set that can be chosen; where there are too many names, those that nobody names count as one."""
    names = list(kind.labels)
    if len(names) > MOST_NAMES:
        if use.woven:
            return None
        named = [name for name in names if name in use.texts]
        names = [*named, *[name for name in names if name not in named][:1]]
    if len(names) > MOST_NAMES:
        return None
    subsets = chain.from_iterable(combinations(names, size) for size in range(1, len(names) + 1))
    cells = [tuple(Cell(row, name) for name in subset) for subset in subsets]
    whole = len(names) == len(kind.labels) and not row and not kind.other
    return [each for each in cells if not whole or not question.read(question.fields(each)).faults]


def numbers_for(question: Question, use: Occurrence) -> list[float] | None:
    """Every number of a scale; of other numbers the constants, what lies between and beyond, and the limits."""
    scale: Iterable[int] | None = getattr(question, "numbers", None)
    if scale is not None:
        return [float(number) for number in scale]
    least, most = getattr(question, "least", None), getattr(question, "most", None)
    return None if use.woven else list(between(use.numbers, least, most))


def between(constants: Iterable[float], least: float | None, most: float | None) -> Iterator[float]:
    """The numbers that comparisons with these can tell apart, within limits, in ascending order."""
    ends = [float(end) for end in (least, most) if end is not None]
    known = sorted({*constants, *ends})
    middles = [(one + other) / 2 for one, other in pairwise(known)]
    beyond = [known[0] - 1, known[-1] + 1] if known else [0.0]
    for number in sorted({*known, *middles, *beyond}):
        if (least is None or number >= least) and (most is None or number <= most):
            yield number


def _of_rows(question: Question, kind: Type, use: Occurrence) -> list[Cells] | None:
    """The rows that are looked at, each with everything that it can get, or nothing."""
    assert kind.each is not None
    if use.whole or len(use.rows) > MOST_NAMES:
        return None
    each_row: list[list[Cells]] = []
    for row in sorted(use.rows):
        found = _plain(question, kind.each, use, row)
        if found is None:
            return None
        each_row.append([*found, ()])
    size = 1
    for found in each_row:
        size *= len(found)
    return None if size > MOST_CANDIDATES else [tuple(chain.from_iterable(rows)) for rows in product(*each_row)]
