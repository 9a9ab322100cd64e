"""Weights: what the groups of some questions are now, what the targets make of them, and keeping the targets."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from sqlalchemy.orm import Session

from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.cross_variables import Variable, read_variables, variables_of
from surveys.domain.lenses import Lens
from surveys.domain.statistics.raking import UNKNOWN, Cell
from surveys.domain.suppression import LEAST, is_small
from surveys.domain.weighting_plans import Plan, Weighed, cells_of, plan_of, weigh
from surveys.storage.answer_figures import Looked, asked_by, look
from surveys.storage.surveys import Survey
from surveys.storage.weightings import store_weighting, weighting_of

MOST_GROUPS = 60
PLAIN = Lens(weighted=False)


@dataclass(frozen=True)
class Target:
    """One group, its share of those whose group is known now, and its target; `count` None where it is hidden."""

    names: Cell
    label: str
    count: int | None
    share: float | None
    target: float | None


@dataclass(frozen=True)
class TargetGroup:
    """The groups that one target is about: of one question, or of all combinations."""

    label: str
    targets: Sequence[Target]


@dataclass(frozen=True)
class WeightSheet:
    """Everything about a survey's weights; `weighed` is what its targets come to, None without targets."""

    variables: Sequence[Variable]
    chosen: Sequence[Variable]
    plan: Plan | None
    groups: Sequence[TargetGroup]
    weighed: Weighed | None
    error: str = ""


def weight_sheet(
    session: Session, survey: Survey, questions: Sequence[str] = (), *, joint: bool = False, at: datetime
) -> WeightSheet:
    """The groups of these questions, or of those of the kept targets.

    Raises:
        BadInput: a question that has no groups.
    """
    kept = weighting_of(session, survey.id)
    plan = plan_of(kept) if kept else None
    asked = asked_by(session, survey).by_name
    variables = [each for question in asked.values() for each in variables_of(question) if not each.row]
    chosen = read_variables(list(questions) or list(plan.questions if plan else ()), asked)
    together = joint if questions else bool(plan and plan.cells is not None)
    looked = look(session, survey, PLAIN, at=at, questions={each.question.name for each in chosen})
    fitted, error = None, ""
    if plan and not questions:
        try:
            fitted = look(session, survey, Lens(), at=at, questions=()).weighed
        except BadInput as wrong:
            error = str(wrong)
    groups = list(_groups(chosen, looked, plan, joint=together))
    return WeightSheet(variables, chosen, plan, groups, fitted, error)


def _people(looked: Looked, chosen: Sequence[Variable]) -> Counter[Cell]:
    names = [each.question.name for each in chosen]
    found: Counter[Cell] = Counter()
    for each in looked.selected if names else ():
        cells = cells_of(each.sheet, names)
        found.update(cell for cell, kept in zip(cells, each.mask or b"\1" * each.sheet.size, strict=True) if kept)
    return found


def _groups(chosen: Sequence[Variable], looked: Looked, plan: Plan | None, *, joint: bool) -> list[TargetGroup]:
    people = _people(looked, chosen)
    if joint and chosen:
        known = Counter({cell: count for cell, count in people.items() if UNKNOWN not in cell})
        lists = [_labels(each, {cell[place] for cell in known}) for place, each in enumerate(chosen)]
        cells = {tuple(n for n, _l in parts): " × ".join(label for _n, label in parts) for parts in product(*lists)}
        there = {cell: label for cell, label in cells.items() if known[cell]}
        return [TargetGroup(_("All combinations"), _targets(there, known, plan.cells if plan else None, looked))]
    found = []
    for place, each in enumerate(chosen):
        counts = Counter[Cell]()
        for cell, count in people.items():
            counts[cell[place],] += count if cell[place] != UNKNOWN else 0
        labels: dict[Cell, str] = {
            (name,): label for name, label in _labels(each, {name for (name,), n in counts.items() if n})
        }
        targets = dict(zip(plan.questions, plan.margins, strict=False)).get(each.written) if plan else None
        wanted: dict[Cell, float] = {(name,): target for name, target in (targets or {}).items()}
        found.append(TargetGroup(each.label, _targets(labels, counts, wanted, looked)))
    return found


def _labels(variable: Variable, found: set[str]) -> list[tuple[str, str]]:
    """The groups that somebody is in: what is not there cannot be weighted up."""
    return [(each.name, each.label) for each in variable.headings(found) if each.name in found]


def _targets(
    labels: Mapping[Cell, str], counts: Mapping[Cell, int], wanted: Mapping[Cell, float] | None, looked: Looked
) -> list[Target]:
    whole = sum(counts.get(cell, 0) for cell in labels)
    veiled = looked.anonymous and any(is_small(counts.get(cell, 0), LEAST) for cell in labels)
    return [
        Target(
            cell,
            label,
            None if veiled else counts.get(cell, 0),
            None if veiled or not whole else counts.get(cell, 0) / whole,
            (wanted or {}).get(cell),
        )
        for cell, label in labels.items()
    ]


def keep_plan(session: Session, survey: Survey, plan: Plan | None, *, at: datetime) -> Weighed | None:
    """Weight to these targets from now on; with None no more.

    Raises:
        BadInput: the targets cannot be fitted, and why.
    """
    fitted = None
    if plan is not None:
        read_variables(list(plan.questions), asked_by(session, survey).by_name)
        looked = look(session, survey, PLAIN, at=at, questions=plan.questions)
        if not looked.size:
            raise BadInput(_("Nobody has answered yet."), field="targets")
        if len(plan.cells or ()) > MOST_GROUPS:
            raise BadInput(_("These are more than {most} combinations.").format(most=MOST_GROUPS), field="targets")
        fitted = weigh(plan, (each.sheet for each in looked.selected))
    store_weighting(session, survey.id, plan.table() if plan else None, at)
    return fitted
