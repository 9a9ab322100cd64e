"""The parts of an Excel workbook, unpacked within bounds and read as XML without entities."""

import io
import zipfile
from collections.abc import Callable, Mapping
from xml.parsers import expat

from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.packed_contents import BROKEN

LARGEST_UNPACKED = 40 * 1024 * 1024
MOST_PARTS = 500

Begin = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]


class Parts:
    """The files within a workbook."""

    def __init__(self, content: bytes) -> None:
        """Look at what there is, and unpack nothing.

        Raises:
            BadInput: it is no workbook, or far larger than a questionnaire.
        """
        try:
            self._packed = zipfile.ZipFile(io.BytesIO(content))
            found = self._packed.infolist()
        except BROKEN:
            raise BadInput(_("This is no Excel file."), remedy=_("Save it as .xlsx.")) from None
        if len(found) > MOST_PARTS or sum(each.file_size for each in found) > LARGEST_UNPACKED:
            raise BadInput(_("This Excel file is far larger than a questionnaire."))
        self.names = frozenset(each.filename for each in found)

    def read(self, name: str, begin: Begin, end: End, text: Callable[[str], None]) -> None:
        """Go through one part; tags and attributes come without their prefixes.

        Raises:
            BadInput: there is no such part, or it is broken.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda tag, given: begin(_plain(tag), {_plain(k): v for k, v in given.items()})
        parser.EndElementHandler = lambda tag: end(_plain(tag))
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
        try:
            parser.Parse(self._packed.read(name), True)  # noqa: FBT003 - expat's own "this is all"
        except (*BROKEN, expat.ExpatError, LookupError):
            raise BadInput(_("“{part}” within this Excel file cannot be read.").format(part=name)) from None


def _plain(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse(*_declared: object) -> None:
    raise BadInput(_("The file declares a document type or entities, which no survey needs."))
