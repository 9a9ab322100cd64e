"""A file that the person adds; what arrives is judged from its first byte to its last, a reference is the answer."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar

from core.language import gettext as _
from core.language import noted
from surveys.domain.cells import Cell, Cells, Fault, Posted, Reading, values_of, words_of
from surveys.domain.file_contents import TYPES, is_whole
from surveys.domain.questions import Column, Exported, Flaw, KindGroup, Measure, Question
from surveys.domain.tallies import Frequency, Tally

MEGABYTE = 1_000_000
MOST_MEGABYTES = 7
MOST_TOGETHER = 4
NO_DIGEST = "0" * 40
LONGEST_FILE_NAME = 120
ENDINGS: Mapping[str, tuple[str, ...]] = {"jpeg": ("jpg", "jpeg"), "text": ("txt", "csv", "log", "md")}
_REFERENCE = re.compile(r"([0-9a-f]{40})\.([0-9]{1,8})\.(.{1,120})")
_TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Signs that turn what follows them around: “photo[U+202E]gnp.exe” would read as a picture's name."""
_TOLD = {
    "size": noted("The file is too large: at most {most} MB."),
    "type": noted("This is not a file of these types: {types}."),
    "empty": noted("The file is empty."),
}


@dataclass(frozen=True, kw_only=True)
class FileUpload(Question):
    """One file of at most `megabytes`, of one of `types` (names from `TYPES`)."""

    kind: ClassVar[str] = "file"
    title: ClassVar[str] = "File upload"
    group: ClassVar[KindGroup] = KindGroup.OTHER
    labels: ClassVar[Mapping[str, str]] = {
        "types": "Types of files, such as pdf png jpeg",
        "megabytes": "At most so many MB",
    }
    chart: ClassVar[str] = "none"
    single_input: ClassVar[bool] = True
    identifying: ClassVar[bool] = True

    types: str = "pdf png jpeg"
    megabytes: int = 5

    @property
    def kinds(self) -> tuple[str, ...]:
        """The types taken."""
        return tuple(self.types.replace(",", " ").split())

    @property
    def accept(self) -> str:
        """The types as the browser's own window for files is told."""
        return ",".join(f".{ending}" for kind in self.kinds for ending in ENDINGS.get(kind, (kind,)))

    def faults(self) -> Iterator[Flaw]:
        """Types that nobody can tell, and sizes that nobody wants to store."""
        yield from super().faults()
        if not self.kinds or not TYPES.issuperset(self.kinds):
            remedy = _('Write it as one text, its words parted by blanks, such as types = "pdf png". Types: ')
            yield _("“types” has a type that is not known."), remedy + ", ".join(sorted(TYPES))
        if not 0 < self.megabytes <= MOST_MEGABYTES:
            yield _("“megabytes” must be 1 to {most}.").format(most=MOST_MEGABYTES), _("Use 5.")

    @property
    def carrier(self) -> str:
        """The field in which whoever takes files hands their references on; no form can post a name like it."""
        return f"_file-{self.name}"

    def reference(self, file_name: str, content: bytes) -> str:
        """What stands for a file in a posted field: its digest, size and name, or what is wrong with it."""
        if not content:
            return "!empty"
        if len(content) > self.megabytes * MEGABYTE:
            return "!size"
        kind = next((each for each in self.kinds if is_whole(each, content)), "")
        if not kind:
            return "!type"
        return f"{sha256(content).hexdigest()[:40]}.{len(content)}.{_called(file_name, kind)}"

    def carried(self, posted: Posted, cells: Cells) -> Posted:
        """With the reference to the file that was added before, unless one is there."""
        return posted if self.carrier in posted else {**posted, **self.fields(cells)}

    def take(self, posted: Posted) -> Reading:
        """Take a reference to a file that was received or is kept already; without any, it was taken away just now."""
        given = values_of(posted, self.carrier)
        if not given:
            owed = self.required and self.carrier not in posted
            faults = (Fault(self.name, "Please add a file."),) if owed else ()
            return Reading(faults=faults)
        found = _REFERENCE.fullmatch(given[-1])
        if found is None:
            told = _TOLD.get(given[-1].removeprefix("!"), noted("Please add the file again."))
            return Reading(faults=(Fault(self.name, told, {"most": self.megabytes, "types": ", ".join(self.kinds)}),))
        return Reading((Cell(value=found[1], number=float(found[2]), text=found[3]),))

    def posting(self, cells: Cells) -> Mapping[str, list[str]]:
        """The reference."""
        return {self.carrier: [f"{cell.value}.{int(cell.number or 0)}.{cell.text}" for cell in cells]} if cells else {}

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:  # noqa: ARG002 - files are opened, not counted
        """How many added a file."""
        return Tally(base)

    def columns(self) -> tuple[Column, ...]:
        """The file's name and its size in bytes."""
        return (
            Column(self.name, self.text, Measure.TEXT),
            Column(f"{self.name}_bytes", f"{self.text} – {_('bytes')}", Measure.SCALE),
        )

    def values(self, cells: Cells) -> tuple[Exported, ...]:
        """The file's name and its size."""
        return (cells[0].text or "", int(cells[0].number or 0)) if cells else ("", "")


def files_fit(questions: Iterable[Question]) -> bool:
    """Say whether the files of these questions can be sent together, with one page."""
    sizes = [question.megabytes for question in questions if isinstance(question, FileUpload)]
    return len(sizes) <= MOST_TOGETHER and sum(sizes) <= MOST_MEGABYTES


def pretended(questions: Iterable[Question], posted: Posted) -> Posted:
    """The fields of a test run, in which a file's name stands for the file: nothing is sent, nothing kept."""
    found: dict[str, Sequence[str]] = dict(posted)
    for question in questions:
        if isinstance(question, FileUpload):
            name = words_of(posted, f"{question.name}-file")
            if name or words_of(posted, f"{question.name}-away"):
                found[question.carrier] = [f"{NO_DIGEST}.1.{name[-LONGEST_FILE_NAME:]}"] if name else []
    return found


def _called(file_name: str, kind: str) -> str:
    """The name without folders, and with an ending of its type: as what it is saved, it is opened."""
    shown = "".join(each for each in file_name if each not in _TURNING)
    name = words_of({"name": [shown.replace("\\", "/").rpartition("/")[2]]}, "name").strip() or "file"
    endings = ENDINGS.get(kind, (kind,))
    if not name.lower().endswith(tuple(f".{ending}" for ending in endings)):
        name = f"{name}.{endings[0]}"
    return name[-LONGEST_FILE_NAME:].strip()
