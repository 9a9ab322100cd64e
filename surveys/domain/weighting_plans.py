"""What answers are weighted to: targets for the groups of some questions, as a value that can be kept; for results."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.answer_counts import Selected, name_of
from surveys.domain.packed_answers import Parts, Sheet
from surveys.domain.statistics.raking import UNKNOWN, Cell, Margin
from surveys.domain.statistics.weights import Weights, post_stratify, rake

LEAST_TRIM = 1.5


@dataclass(frozen=True)
class Plan:
    """Raking to `margins`, the targets of each question's groups; or to `cells`, the targets of their combinations.

    `trim` is how many times the average a weight may be.
    """

    questions: tuple[str, ...]
    margins: tuple[Mapping[str, float], ...] = ()
    cells: Mapping[Cell, float] | None = None
    trim: float | None = None

    def table(self) -> dict[str, Any]:
        """As it is kept."""
        cells = None if self.cells is None else [[list(cell), target] for cell, target in self.cells.items()]
        margins = [dict(margin) for margin in self.margins]
        return {"questions": list(self.questions), "margins": margins, "cells": cells, "trim": self.trim}


def plan_of(table: Mapping[str, Any]) -> Plan:
    """The opposite of `Plan.table`."""
    cells = table["cells"]
    return Plan(
        tuple(table["questions"]),
        tuple(table["margins"]),
        None if cells is None else {tuple(cell): target for cell, target in cells},
        table["trim"],
    )


@dataclass(frozen=True)
class Weighed:
    """Weights as counting needs them: a number for each combination of groups, and the weight of each number."""

    plan: Plan
    weights: Weights
    classes: Mapping[Cell, int]
    factors: Sequence[float]

    def select(self, sheet: Sheet, mask: bytes | None) -> Selected:
        """The responses of a sheet with their classes."""
        return Selected(sheet, mask, [self.classes[cell] for cell in cells_of(sheet, self.plan.questions)])


def cells_of(sheet: Sheet, questions: Sequence[str]) -> Iterable[Cell]:
    """Each response's groups in these questions."""
    columns = [sheet.column(question) for question in questions]
    groups = [[_group(parts) for parts in column.seen] for column in columns]
    return zip(
        *(map(names.__getitem__, column.codes) for names, column in zip(groups, columns, strict=True)), strict=True
    )


def _group(parts: Parts) -> str:
    return name_of(parts[0]) if parts else UNKNOWN


def weigh(plan: Plan, sheets: Iterable[Sheet]) -> Weighed:
    """Fit the plan to these responses.

    Raises:
        BadInput: the targets cannot be fitted; why, and what to do.
    """
    people: Counter[Cell] = Counter()
    for sheet in sheets:
        people.update(cells_of(sheet, plan.questions))
    if plan.trim is not None and plan.trim < LEAST_TRIM:
        message = _("No weight can be held to less than {least} times the average.").format(least=LEAST_TRIM)
        raise BadInput(message, field="trim", remedy=_("Try 5."))
    if plan.cells is not None:
        weights = _stratified(plan, people)
    else:
        margins = [Margin(name, targets) for name, targets in zip(plan.questions, plan.margins, strict=True)]
        weights = rake(people, margins, most=plan.trim)
    order = sorted(people)
    return Weighed(
        plan, weights, {cell: place for place, cell in enumerate(order)}, [weights.of(cell) for cell in order]
    )


def _stratified(plan: Plan, people: Mapping[Cell, int]) -> Weights:
    """Combinations in which a group is unknown keep the weight 1: nobody says what their share should be."""
    known = {cell: count for cell, count in people.items() if UNKNOWN not in cell}
    return post_stratify(known, plan.cells or {}, most=plan.trim)
