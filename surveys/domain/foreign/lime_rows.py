"""The rows of a LimeSurvey structure file (.lss): its XML read without entities, within bounds."""

from collections.abc import Mapping, Sequence
from xml.parsers import expat

from core.errors import BadInput
from core.language import gettext as _

Row = Mapping[str, str]
DEEPEST = 8
MOST_ROWS = 50_000
LONGEST_TEXT = 100_000
_CELL_DEPTH = 4
"""document, a table such as questions, rows, row: what stands within is a cell."""


def lime_rows(content: bytes) -> dict[str, Sequence[Row]]:
    """The rows of each table of the file.

    Raises:
        BadInput: it is no XML, no structure of LimeSurvey, declares entities, or has no end.
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.begin, reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat's own "this is all"
    except (LookupError, ValueError):
        raise BadInput(_("The file is written in letters that are not known here."), remedy=_("Use UTF-8.")) from None
    except expat.ExpatError as error:
        message = _("This is not XML: {reason}.").format(reason=expat.ErrorString(error.code))
        raise BadInput(message, line=error.lineno) from None
    if reader.root != "document" or not reader.tables.get("questions"):
        raise BadInput(_("This is no structure file of LimeSurvey."), remedy=_("Export the survey as .lss."))
    return dict(reader.tables)


def _refuse(*_declared: object) -> None:
    raise BadInput(_("The file declares a document type or entities, which no survey needs."))


class _Reader:
    """What expat finds, gathered: the tables' names, their rows, and the cells of a row."""

    def __init__(self) -> None:
        self.root = ""
        self.tables: dict[str, list[Row]] = {}
        self._path: list[str] = []
        self._row: dict[str, str] = {}
        self._words: list[str] = []
        self._length = self._rows = 0

    def begin(self, name: str, _attributes: object) -> None:
        """A tag opens."""
        self.root = self.root or name
        self._path.append(name)
        if len(self._path) > DEEPEST:
            raise BadInput(_("The file has too many levels."))
        if len(self._path) == _CELL_DEPTH:
            self._row = {}
        self._words, self._length = [], 0

    def text(self, words: str) -> None:
        """Words of a cell."""
        self._length += len(words)
        if self._length > LONGEST_TEXT:
            raise BadInput(_("A text of the file is too long."))
        self._words.append(words)

    def end(self, name: str) -> None:
        """A tag closes."""
        depth = len(self._path)
        if depth == _CELL_DEPTH + 1 and self._path[2] == "rows":
            self._row[name] = "".join(self._words).strip()
        elif depth == _CELL_DEPTH and name == "row" and self._path[2] == "rows":
            self._rows += 1
            if self._rows > MOST_ROWS:
                raise BadInput(_("The file has more rows than any questionnaire."))
            self.tables.setdefault(self._path[1], []).append(self._row)
        self._path.pop()
        self._words = []
