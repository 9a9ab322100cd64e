"""When is a page or question shown: rules over earlier answers, as values; for definitions and branching."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from surveys.domain.cells import Answers, Cell


class Op(StrEnum):
    """What a rule asks of an earlier answer."""

    IS = "is"
    IS_NOT = "is_not"
    HAS = "has"
    GREATER = "greater"
    LESS = "less"
    ANSWERED = "answered"


Value = str | float | bool
Judge = Callable[[str], bool]


def undecided(_text: str) -> bool:
    """The judge where nobody knows the survey: no expression holds."""
    return False


@dataclass(frozen=True, slots=True)
class Rule:
    """One look at one earlier question; `row` names the row of a matrix.

    `is_not` is exactly the opposite of `is`, so it also holds where nothing was answered.
    """

    question: str
    op: Op
    value: Value = True
    row: str = ""

    def holds(self, answers: Answers) -> bool:
        """Say whether the answers satisfy this rule."""
        op, cells = self.op, answers.get(self.question, ())
        if self.row:
            cells = tuple(cell for cell in cells if cell.row == self.row)
        if op is Op.ANSWERED:
            return bool(cells) is bool(self.value)
        if op is Op.IS_NOT:
            return not any(self._equal(cell) for cell in cells)
        if op is Op.IS or op is Op.HAS:
            return any(self._equal(cell) for cell in cells)
        return any(self._beyond(cell) for cell in cells)

    def _equal(self, cell: Cell) -> bool:
        if isinstance(self.value, str):
            return cell.value == self.value
        return cell.number is not None and cell.number == self.value

    def _beyond(self, cell: Cell) -> bool:
        if cell.number is None or isinstance(self.value, str):
            return False
        return cell.number > self.value if self.op is Op.GREATER else cell.number < self.value


@dataclass(frozen=True, slots=True)
class Group:
    """Several conditions, of which all or any must hold."""

    every: bool
    parts: tuple["Condition", ...]

    def holds(self, answers: Answers, judge: Judge = undecided) -> bool:
        """Say whether the answers satisfy all parts, or any of them."""
        met = (holds(part, answers, judge) for part in self.parts)
        return all(met) if self.every else any(met)


@dataclass(frozen=True, slots=True)
class Formula:
    """A condition written as an expression; `judge` knows its language and what may be looked at."""

    text: str

    def holds(self, _answers: Answers, judge: Judge = undecided) -> bool:
        """Say whether the expression is true."""
        return judge(self.text)


Condition = Rule | Group | Formula


def holds(condition: Condition | None, answers: Answers, judge: Judge = undecided) -> bool:
    """Say whether something with this condition is shown; no condition means always."""
    if condition is None:
        return True
    return condition.holds(answers) if isinstance(condition, Rule) else condition.holds(answers, judge)


def rules_in(condition: Condition | None) -> Iterator[Rule]:
    """Every single rule of a condition, depth first."""
    if isinstance(condition, Rule):
        yield condition
    elif isinstance(condition, Group):
        for part in condition.parts:
            yield from rules_in(part)


def formulas_in(condition: Condition | None) -> Iterator[Formula]:
    """Every expression of a condition, depth first."""
    if isinstance(condition, Formula):
        yield condition
    elif isinstance(condition, Group):
        for part in condition.parts:
            yield from formulas_in(part)
