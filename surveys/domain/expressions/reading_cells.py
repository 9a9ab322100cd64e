"""What answers are worth in an expression: the type of each question, and its value from stored cells."""

from collections.abc import Callable, Mapping
from datetime import date
from math import fsum

from surveys.domain.cells import OTHER, REFUSED, Cell, Cells, Choice
from surveys.domain.expressions.sights import Run, Sight, Value
from surveys.domain.expressions.value_types import DATE, NUMBER, TEXT, Sort, Type
from surveys.domain.questions import Measure, Question
from surveys.domain.show_rules import Op

Worth = Callable[[Cells], Value]


def type_of(question: Question) -> Type | None:
    """The type of a question's answers; None where it has none."""
    if not question.answerable:
        return None
    rows = question.rule_rows()
    inner = _inner(question)
    if not rows:
        return inner
    ordered = tuple(each.name for key in question.lists for each in listed(question, key) if each.name in rows)
    return Type(Sort.ROWS, rows=(*ordered, *sorted(rows - set(ordered))), each=inner)


def _inner(question: Question) -> Type:
    names = question.operands()
    if names is not None:
        sort = Sort.SET if Op.HAS in question.ops else Sort.CHOICE
        offered = [each for each in listed(question, "offered") if each.name in names]
        labels = {each.name: each.label for each in offered} or dict.fromkeys(sorted(names), "")
        scores = {each.name: each.score for each in offered if each.score is not None}
        other = OTHER in names and bool(getattr(question, OTHER, "")) and not question.rule_rows()
        return Type(sort, labels, scores, each=TEXT, other=other)
    if Op.GREATER in question.ops:
        return NUMBER
    return DATE if any(column.measure is Measure.DATE for column in question.columns()) else TEXT


def listed(question: Question, key: str) -> tuple[Choice, ...]:
    """The choices of a list that some kinds have."""
    found: tuple[Choice, ...] = getattr(question, key, ())
    return found


def reader(question: Question, kind: Type, row: str = "") -> Run:
    """What finds a question's value, or that of one row; a refusal is nothing."""
    name, refusable = question.name, bool(question.refusal)
    worth = _WORTHS[kind.sort]

    def run(sight: Sight) -> Value:
        cells = sight.answers.get(name, ())
        if row:
            cells = tuple(cell for cell in cells if cell.row == row)
        if not cells or (refusable and cells[0].value == REFUSED):
            return frozenset() if kind.sort is Sort.SET else None
        return worth(cells)

    return run


def words_reader(question: Question) -> Run:
    """What finds the words beside “other”."""
    name = question.name

    def run(sight: Sight) -> Value:
        cells = sight.answers.get(name, ())
        return next((cell.text for cell in cells if cell.value == OTHER and cell.text), None)

    return run


def _day(cell: Cell) -> Value:
    try:
        return date.fromisoformat((cell.value or cell.text or "")[:10])
    except ValueError:
        return None


def _number(cells: Cells) -> Value:
    """The number; of several in one row what they come to."""
    if len(cells) == 1:
        return cells[0].number
    return fsum(cell.number for cell in cells if cell.number is not None)


def _words(cells: Cells) -> Value:
    """The words, or the plain code of a hidden value; of several in one row one after the other."""
    if len(cells) == 1:
        return cells[0].text if cells[0].text is not None else cells[0].value
    return ", ".join(cell.text or "" for cell in sorted(cells, key=lambda cell: cell.value))


_WORTHS: Mapping[Sort, Worth] = {
    Sort.CHOICE: lambda cells: cells[0].value,
    Sort.SET: lambda cells: frozenset(cell.value for cell in cells),
    Sort.NUMBER: _number,
    Sort.TEXT: _words,
    Sort.DATE: lambda cells: _day(cells[0]),
    Sort.ROWS: lambda cells: frozenset(cell.row for cell in cells if cell.row),
}
