"""Which column of a sheet answers which question of a survey, and how its cells are posted; for importing answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from surveys.domain.cells import OTHER, REFUSED
from surveys.domain.definitions import Survey
from surveys.domain.outside.foreign_sheets import AnswerSheet
from surveys.domain.questions import Column, Question

SEPARATORS = ";|"
"""What parts several choices in one cell."""
NOT_TAKEN = frozenset({"", "0", "no", "false", "unchecked", "not chosen", "not selected"})
NO_ANSWER = frozenset({"", "not shown", "not answered"})
"""How our own exports write that there is no answer."""
NOT_CARRIED = frozenset({"file"})
_FORMULA = ("'=", "'+", "'-", "'@")


@dataclass(frozen=True)
class Field:
    """Where the cells of one column go: a field of the form of `question`.

    `tick` is what is posted where the cell is not empty, 0 or no; else `names` says what is posted for a label, and
    `several` that a cell holds more than one.
    """

    question: Question
    place: int
    field: str
    names: Mapping[str, str]
    tick: str = ""
    several: bool = False

    def posted(self, cell: str) -> list[str]:
        """What the form would have posted for a cell."""
        if self.tick:
            return [] if cell.casefold() in NOT_TAKEN | NO_ANSWER else [self.tick]
        if cell.casefold() in NO_ANSWER:
            return []
        written = cell[1:] if cell.startswith(_FORMULA) else cell
        parts = _parts(written) if self.several else [written]
        return [self.names.get(_plain(part), part) for part in parts]

    def refuses(self, cell: str) -> bool:
        """Say whether the cell says that the person would rather not say."""
        return bool(self.question.refusal) and _plain(cell) in {REFUSED, _plain(self.question.refusal)}


@dataclass(frozen=True)
class Matching:
    """The fields that the columns of a sheet fill; `unused` columns and `unasked` questions have no counterpart."""

    fields: tuple[Field, ...]
    unused: tuple[str, ...]
    unasked: tuple[str, ...]

    @property
    def questions(self) -> list[Question]:
        """The questions that have a column, in the order of the survey."""
        return list(dict.fromkeys(field.question for field in self.fields))


def match(survey: Survey, sheet: AnswerSheet) -> Matching:
    """Match by the names that our exports give columns, by their labels, and by questions' texts, in any case."""
    titles = {_plain(title): place for place, title in reversed(list(enumerate(sheet.columns)))}
    fields: list[Field] = []
    for question in survey.questions():
        if question.answerable and question.kind not in NOT_CARRIED:
            fields += _fields(question, titles)
    used = {field.place for field in fields}
    met = {field.question.name for field in fields}
    return Matching(
        tuple(fields),
        tuple(title for place, title in enumerate(sheet.columns) if place not in used),
        tuple(each.name for each in survey.questions() if each.answerable and each.name not in met),
    )


def _fields(question: Question, titles: Mapping[str, int]) -> Iterator[Field]:
    columns = question.columns()
    found = False
    for column in columns:
        place = _place(titles, column.name, column.label)
        if place is not None:
            found = True
            yield _field(question, column, place)
    if not found:
        place = _place(titles, question.name, question.text)
        if place is not None:
            yield Field(question, place, question.name, _choices(question), several=columns[0].group == question.name)


def _place(titles: Mapping[str, int], name: str, label: str) -> int | None:
    return titles.get(_plain(name), titles.get(_plain(label)))


def _field(question: Question, column: Column, place: int) -> Field:
    if column.group:
        taken = column.name.removeprefix(f"{column.group}_")
        return Field(question, place, _dashed(question, column.group), {}, tick=taken)
    names = {_plain(label): str(value) for value, label in column.labels}
    names |= {_plain(str(value)): str(value) for value, _label in column.labels}
    return Field(question, place, _dashed(question, column.name), names)


def _dashed(question: Question, column: str) -> str:
    """The form field of a column: ``name``, ``name-row``, ``name-row-part`` or ``name-other``."""
    rest = column.removeprefix(question.name).removeprefix("_")
    if not rest:
        return question.name
    other: str = getattr(question, "other", "")
    if other and rest in {OTHER, f"{OTHER}_text"}:
        return f"{question.name}-{OTHER}"
    rows: Sequence[str] = [row.name for row in getattr(question, "rows", ())]
    for row in rows:
        if rest.startswith(f"{row}_") and rest not in rows:
            return f"{question.name}-{row}-{rest[len(row) + 1 :]}"
    return f"{question.name}-{rest}"


def _choices(question: Question) -> dict[str, str]:
    """The names of the choices by their labels and by themselves."""
    offered = getattr(question, "offered", ())
    return {_plain(choice.label): choice.name for choice in offered} | {
        _plain(choice.name): choice.name for choice in offered
    }


def _parts(cell: str) -> list[str]:
    for mark in SEPARATORS:
        if mark in cell:
            return [part.strip() for part in cell.split(mark) if part.strip()]
    return [cell]


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
