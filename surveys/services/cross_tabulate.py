"""Crosstabs: questions in rows, the columns of several others beside each other as a banner."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.answer_counts import cross
from surveys.domain.cross_tables import CrossTable, cross_table
from surveys.domain.cross_variables import Variable, read_variables, variables_of
from surveys.domain.lenses import WHOLE, Lens
from surveys.domain.statistics.column_letters import Rules
from surveys.storage.answer_figures import Looked, asked_by, look
from surveys.storage.surveys import Survey

MOST_TABLES = 60


@dataclass(frozen=True)
class CrossWish:
    """What to set against what, as it is written, and by which rules columns are compared."""

    rows: tuple[str, ...] = ()
    banner: tuple[str, ...] = ()
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True)
class CrossPart:
    """The tables of one row variable that stand side by side: they have the same rows."""

    rows: Variable
    tables: Sequence[CrossTable]


@dataclass(frozen=True)
class Crossed:
    """All tables, the variables there are to choose from, and the responses they are about."""

    variables: Sequence[Variable]
    parts: Sequence[CrossPart]
    looked: Looked


def cross_tabulate(session: Session, survey: Survey, wish: CrossWish, lens: Lens = WHOLE, *, at: datetime) -> Crossed:
    """Make every table of the wish.

    Raises:
        BadInput: a variable that is not there, too many tables, or see `look`.
    """
    questions = asked_by(session, survey).by_name
    variables = [each for question in questions.values() for each in variables_of(question)]
    rows, banner = read_variables(wish.rows, questions), read_variables(wish.banner, questions)
    if len(rows) * len(banner) > MOST_TABLES:
        message = _("These would be more than {most} tables.").format(most=MOST_TABLES)
        raise BadInput(message, field="rows", remedy=_("Choose fewer questions."))
    looked = look(session, survey, lens, at=at, questions={each.question.name for each in (*rows, *banner)})
    if looked.withheld:
        return Crossed(variables, [], looked)
    parts: list[CrossPart] = []
    for row in rows:
        parts += _beside(row, _tables(row, banner, looked, wish.rules))
    return Crossed(variables, parts, looked)


def _tables(row: Variable, banner: Sequence[Variable], looked: Looked, rules: Rules) -> list[CrossTable]:
    """One table a banner variable; the letters of their columns go on from one to the next."""
    tables: list[CrossTable] = []
    first = 0
    for column in banner:
        found = cross(looked.selected, row.key, column.key, looked.weights)
        tables.append(cross_table((row, column), found, rules, first=first, veiled=looked.anonymous))
        first += len(tables[-1].table.columns)
    return tables


def _beside(row: Variable, tables: Sequence[CrossTable]) -> list[CrossPart]:
    """Side by side as long as the rows are the same: hiding small ones can make them differ."""
    parts: list[CrossPart] = []
    for table in tables:
        if parts and parts[-1].tables[0].headings == table.headings:
            parts[-1] = CrossPart(row, [*parts[-1].tables, table])
        else:
            parts.append(CrossPart(row, [table]))
    return parts
