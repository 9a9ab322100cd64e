"""Functions that know answers: whether there is one, how many, their labels, places and scores; and choosing values."""

from collections.abc import Callable, Mapping, Sequence
from math import fsum, isfinite
from typing import Any

from core.language import gettext as _
from surveys.domain.cells import REFUSED
from surveys.domain.expressions.fitting import fitted, require_names
from surveys.domain.expressions.plain_functions import require_count
from surveys.domain.expressions.sights import Run, Value
from surveys.domain.expressions.slips import Slip
from surveys.domain.expressions.speaking import LONGEST_VALUE, said
from surveys.domain.expressions.trees import Call
from surveys.domain.expressions.value_types import DATE, NUMBER, TEXT, TRUTH, Meaning, Sort, Type

_NOTHING: tuple[Value, ...] = (None, frozenset())
Build = Callable[[Call, Sequence[Meaning]], Meaning]


def _answered(node: Call, given: Sequence[Meaning]) -> Meaning:
    """Whether anything was answered, be it a refusal; of a computed value or a field, whether it is anything."""
    require_count(node, given, 1, 1)
    asked = given[0]
    if not asked.question:
        raise Slip(node.given[0].at, _("“{name}” asks about a question.").format(name=node.name))
    name, part, run = asked.question, bool(asked.row), asked.run
    return Meaning(TRUTH, lambda sight: (not part and name in sight.answers) or run(sight) not in _NOTHING)


def _refused(node: Call, given: Sequence[Meaning]) -> Meaning:
    require_count(node, given, 1, 1)
    name = given[0].question
    if not name:
        raise Slip(node.given[0].at, _("“{name}” asks about a question.").format(name=node.name))
    return Meaning(TRUTH, lambda sight: any(cell.value == REFUSED for cell in sight.answers.get(name, ())))


def _count(node: Call, given: Sequence[Meaning]) -> Meaning:
    """How many answers a set has, how many rows were answered, or how many of several truths hold."""
    require_count(node, given, 1)
    if given[0].sort in {Sort.SET, Sort.ROWS} and len(given) == 1:
        only: Callable[..., Any] = given[0].run
        return Meaning(NUMBER, lambda sight: float(len(only(sight) or ())))
    runs = [fitted(each, Sort.TRUTH, part.at) for each, part in zip(given, node.given, strict=True)]
    return Meaning(NUMBER, lambda sight: float(sum(1 for run in runs if run(sight))))


def _both(node: Call, given: Sequence[Meaning]) -> Meaning:
    """What two sets have in common."""
    require_count(node, given, 2, 2)
    first, second = (fitted(each, Sort.SET, part.at) for each, part in zip(given, node.given, strict=True))
    for one, other, part in ((given[0], given[1], node.given[1]), (given[1], given[0], node.given[0])):
        if one.type.labels and isinstance(other.constant, frozenset):
            require_names(sorted(other.constant, key=str), one.type, one.question, part.at)
    left: Callable[..., Any] = first
    right: Callable[..., Any] = second
    named = given[0].type if given[0].type.labels else given[1].type
    return Meaning(named, lambda sight: left(sight) & right(sight))


def _rows(node: Call, given: Sequence[Meaning]) -> Meaning:
    """The rows of a question in which one of these answers was given."""
    require_count(node, given, 2, 2)
    rows, wanted = given
    if rows.sort is not Sort.ROWS or rows.type.each is None or rows.type.each.sort not in {Sort.CHOICE, Sort.SET}:
        raise Slip(node.given[0].at, _("“rows” begins with a question that has rows of answers."))
    names = wanted.constant if isinstance(wanted.constant, frozenset) else frozenset({wanted.constant})
    if wanted.constant is None:
        raise Slip(node.given[1].at, _('“rows” ends with answers in quotes: "…" or {"…", "…"}.'))
    require_names(sorted(names, key=str), rows.type.each, rows.question, node.given[1].at)
    question = rows.question
    return Meaning(
        Type(Sort.SET, {row: row for row in rows.type.rows}, each=TEXT),
        lambda sight: frozenset(cell.row for cell in sight.answers.get(question, ()) if cell.value in names),
    )


def _figures(reckon: Callable[[list[float]], float]) -> Build:
    """A function of the numbers among those given; nothing where there is none."""

    def build(node: Call, given: Sequence[Meaning]) -> Meaning:
        require_count(node, given, 1)
        runs = [fitted(each, Sort.NUMBER, part.at) for each, part in zip(given, node.given, strict=True)]

        def run(sight: Any) -> Value:
            values = [value for each in runs if isinstance(value := each(sight), float)]
            try:
                result = reckon(values) if values else None
            except ArithmeticError:
                return None
            return result if result is not None and isfinite(result) else None

        return Meaning(NUMBER, run)

    return build


def _choosing(node: Call, given: Sequence[Meaning]) -> Meaning:
    """One value or another, as a truth decides."""
    require_count(node, given, 3, 3)
    truth = fitted(given[0], Sort.TRUTH, node.given[0].at)
    kind, (yes, no) = _one_type(node, given[1:])
    return Meaning(kind, lambda sight: yes(sight) if truth(sight) else no(sight))


def _default(node: Call, given: Sequence[Meaning]) -> Meaning:
    """The first that is anything."""
    require_count(node, given, 2)
    kind, runs = _one_type(node, given)

    def run(sight: Any) -> Value:
        values = (each(sight) for each in runs)
        return next((value for value in values if value not in _NOTHING), None)

    return Meaning(kind, run)


def _one_type(node: Call, given: Sequence[Meaning]) -> tuple[Type, list[Run]]:
    """Several values as one type: labels where some are answers and others texts."""
    sorts = {each.sort for each in given} - {Sort.FIELD}
    if Sort.ROWS in sorts:
        raise Slip(node.at, _("A question with rows has no value as a whole."), _("Name one row: question.row."))
    if len(sorts) == 1 and Sort.FIELD not in {each.sort for each in given}:
        labels = {name: label for each in given for name, label in each.type.labels.items()}
        scores = {name: score for each in given for name, score in each.type.scores.items()}
        return Type(given[0].sort, labels, scores, each=given[0].type.each), [each.run for each in given]
    if len(sorts) == 1 and sorts <= {Sort.NUMBER, Sort.DATE}:
        sort = sorts.pop()
        kind = NUMBER if sort is Sort.NUMBER else DATE
        return kind, [fitted(each, sort, node.at) for each in given]
    if sorts <= {Sort.TEXT, Sort.CHOICE, Sort.SET}:
        return TEXT, [_spoken(each) for each in given]
    raise Slip(node.at, _("The values given to “{name}” are not of one sort.").format(name=node.name))


def _spoken(meaning: Meaning) -> Run:
    run, kind = meaning.run, meaning.type
    return lambda sight: said(value, kind)[:LONGEST_VALUE] or None if (value := run(sight)) is not None else None


def _text(node: Call, given: Sequence[Meaning]) -> Meaning:
    """The words of a value, as a text that repeats it would show them."""
    require_count(node, given, 1, 1)
    if given[0].sort is Sort.ROWS:
        raise Slip(node.at, _("A question with rows has no value as a whole."), _("Name one row: question.row."))
    return Meaning(TEXT, _spoken(given[0]))


def _label(node: Call, given: Sequence[Meaning]) -> Meaning:
    require_count(node, given, 1, 1)
    if given[0].sort not in {Sort.CHOICE, Sort.SET}:
        raise Slip(node.at, _("“{name}” is given a question with answers to choose.").format(name=node.name))
    return Meaning(TEXT, _spoken(given[0]))


def _figure_of_name(figures: Callable[[Type], Mapping[str, float]]) -> Build:
    """What a chosen answer counts; of a set, what its answers count together."""

    def build(node: Call, given: Sequence[Meaning]) -> Meaning:
        require_count(node, given, 1, 1)
        counts = figures(given[0].type)
        if given[0].sort not in {Sort.CHOICE, Sort.SET} or not counts:
            message = _("“{name}” is given a question with answers that count something.")
            raise Slip(node.at, message.format(name=node.name))
        found: Callable[..., Any] = given[0].run
        if given[0].sort is Sort.CHOICE:
            return Meaning(NUMBER, lambda sight: counts.get(found(sight)))
        return Meaning(NUMBER, lambda sight: fsum(counts.get(name, 0.0) for name in found(sight) or ()))

    return build


def _today(node: Call, given: Sequence[Meaning]) -> Meaning:
    require_count(node, given, 0, 0)
    return Meaning(DATE, lambda sight: sight.today)


ANSWER_FUNCTIONS: Mapping[str, Build] = {
    "answered": _answered,
    "refused": _refused,
    "count": _count,
    "both": _both,
    "rows": _rows,
    "sum": _figures(fsum),
    "mean": _figures(lambda values: fsum(values) / len(values)),
    "min": _figures(min),
    "max": _figures(max),
    "if": _choosing,
    "default": _default,
    "text": _text,
    "label": _label,
    "score": _figure_of_name(lambda kind: kind.scores),
    "place": _figure_of_name(lambda kind: {name: float(at) for at, name in enumerate(kind.labels, 1)}),
    "today": _today,
}
