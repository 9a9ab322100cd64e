"""The weights of the rows of a sheet: from a column of it, or raked to targets; for surveys asked elsewhere."""

import tomllib
from collections import Counter
from collections.abc import Mapping

from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.kinds.number_entry import number_in
from surveys.domain.outside.foreign_sheets import AnswerSheet
from surveys.domain.statistics.raking import Margin
from surveys.domain.statistics.weights import Weights, rake

_EXAMPLE = "Write a table a column, such as [Gender] with Female = 51 and Male = 49 below it."


def column_weights(sheet: AnswerSheet, column: str) -> list[float]:
    """The weights that a column holds.

    Raises:
        BadInput: a cell of it is no number above 0.
    """
    place = sheet.place(column)
    weights = []
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        number = number_in(row[place])
        if number is None or number <= 0:
            raise BadInput(
                _("This is no weight."),
                line=line,
                field=sheet.columns[place],
                remedy=_("A weight is a number above 0; --where leaves rows out."),
            )
        weights.append(float(number))
    return weights


def read_targets(text: str) -> dict[str, dict[str, float]]:
    """The targets of a TOML file: a table a column, with the share or number of each answer.

    Raises:
        BadInput: it is no such file.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(_("The targets are no TOML: {error}.").format(error=error), remedy=_EXAMPLE) from None
    for column, targets in tables.items():
        if not isinstance(targets, dict) or not all(type(target) in {int, float} for target in targets.values()):
            raise BadInput(_("The targets of “{column}” are no numbers.").format(column=column), remedy=_(_EXAMPLE))
    return tables


def target_weights(
    sheet: AnswerSheet, targets: Mapping[str, Mapping[str, float]], *, most: float | None = None
) -> tuple[list[float], Weights]:
    """A weight for each row so that the columns come to their targets, and what is to be said of them.

    Who did not answer one of the columns is left as they are by it.

    Raises:
        BadInput: the targets do not fit the rows.
    """
    places = [sheet.place(column) for column in targets]
    cells = [tuple(row[place] for place in places) for row in sheet.rows]
    margins = [Margin(column, groups) for column, groups in targets.items()]
    raked = rake(Counter(cells), margins, most=most)
    return [raked.of(cell) for cell in cells], raked
