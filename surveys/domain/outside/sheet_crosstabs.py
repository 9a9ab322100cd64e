"""A question of a sheet broken down by another, with letters and tests; for surveys asked elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.outside.sheet_answers import MOST_CHOICES, Answered, Taken
from surveys.domain.outside.sheet_figures import DETRACTOR, PROMOTER, Wish, mass_where
from surveys.domain.statistics.crosstabs import Banner, Crosstab, Heading, crosstab
from surveys.domain.statistics.mean_tables import MeanTable, mean_table
from surveys.domain.statistics.number_sums import Moments, moments_of

Flags = Mapping[str, Sequence[bool]]
PROMOTERS, PASSIVES, DETRACTORS = "9–10", "7–8", "0–6"


def broken_down(question: Answered, by: Answered, weights: Sequence[float], wish: Wish) -> Crosstab | MeanTable:
    """A question by another: shares of its answers and nets, of the groups of a score, or means of its numbers.

    Raises:
        BadInput: one of them has too many different answers.
    """
    columns = _headings(by)
    if question.taken is Taken.NUMBERS:
        return _means(question, by, columns, weights, wish)
    asked = _grouped(question) if question.taken is Taken.NPS else question
    table = _table(asked, by, {row.name: asked.taking(row.name) for row in _headings(asked)}, weights, wish)
    if not wish.nets:
        return table
    nets = {net.name: question.matching(net.pattern) for net in wish.nets}
    return replace(table, rows=(*table.rows, *_table(replace(asked, several=True), by, nets, weights, wish).rows))


def _table(asked: Answered, by: Answered, rows: Flags, weights: Sequence[float], wish: Wish) -> Crosstab:
    columns = _headings(by)
    kept = [bool(given) for given in asked.given]
    in_any = [bool(given) for given in by.given]
    flags = {column.name: by.taking(column.name) for column in columns}
    banner = Banner(
        columns,
        bases={name: mass_where(weights, _both(kept, flag)) for name, flag in flags.items()},
        total=mass_where(weights, _both(kept, in_any)),
        row_totals={row: mass_where(weights, _both(flag, in_any)) for row, flag in rows.items()},
        multiple=asked.several,
        overlapping=by.several,
    )
    counts = {
        (row, name): mass_where(weights, _both(having, flag))
        for row, having in rows.items()
        for name, flag in flags.items()
    }
    return crosstab([Heading(name, name) for name in rows], banner, counts, wish.rules)


def _grouped(question: Answered) -> Answered:
    """The promoters, passives and detractors of a score as choices."""
    given = [
        () if number is None else (PROMOTERS if number >= PROMOTER else PASSIVES if number > DETRACTOR else DETRACTORS,)
        for number in question.numbers
    ]
    return replace(question, given=tuple(given))


def _means(
    question: Answered, by: Answered, columns: Sequence[Heading], weights: Sequence[float], wish: Wish
) -> MeanTable:
    rows = [
        (number, weight, given)
        for number, weight, given in zip(question.numbers, weights, by.given, strict=True)
        if number is not None and given
    ]
    moments = {
        column.name: moments_of((number, weight) for number, weight, given in rows if column.name in given)
        for column in columns
    }
    total: Moments | None = moments_of((number, weight) for number, weight, _given in rows) if by.several else None
    return mean_table(columns, moments, wish.rules, total=total)


def _headings(question: Answered) -> list[Heading]:
    choices = question.choices
    if len(choices) > MOST_CHOICES:
        raise BadInput(
            _("“{title}” has {count} different answers, too many for a table.").format(
                title=question.title, count=len(choices)
            ),
            remedy=_("Choose a column with at most {most}.").format(most=MOST_CHOICES),
        )
    return [Heading(choice, choice) for choice in choices]


def _both(one: Sequence[bool], other: Sequence[bool]) -> list[bool]:
    return [first and second for first, second in zip(one, other, strict=True)]
