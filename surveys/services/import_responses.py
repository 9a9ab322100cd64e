"""Taking in answers that were given elsewhere: each row of a file is held to the survey's definition and kept."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from core.errors import BadInput, Conflict
from core.language import gettext as _
from surveys.domain.anonymity import Anonymity
from surveys.domain.outside.answer_fields import match
from surveys.domain.outside.answer_rows import Reckoning, RowFault, TakenRow, taken_rows
from surveys.domain.outside.foreign_sheets import AnswerSheet
from surveys.storage.imported_answers import Arriving, arrived_before, store_arriving
from surveys.storage.surveys import Survey, published

_PURPOSE = b"heedful imported answers v1\0"


@dataclass(frozen=True)
class Import:
    """The file as a whole: what is in it, the digest of its bytes, and the age below which a person is a child.

    With `partly` rows with faults are left out; without it one fault refuses the file. With `check` nothing is stored.
    """

    sheet: AnswerSheet
    digest: bytes
    child_age: int
    partly: bool = False
    check: bool = False


@dataclass(frozen=True)
class Imported:
    """What came of a file: every row is exactly one of stored, known (it came before), faulty or a child's.

    `aside` counts answers that the survey would not have asked for and that were therefore dropped.
    """

    stored: int
    known: int
    faulty: tuple[TakenRow, ...]
    children: int
    aside: int
    unused: tuple[str, ...]
    unasked: tuple[str, ...]

    @property
    def faults(self) -> list[RowFault]:
        """Every fault of every row."""
        return [fault for row in self.faulty for fault in row.faults]


def import_responses(session: Session, survey: Survey, wish: Import, *, at: datetime) -> Imported:
    """Keep the rows as completed responses of nobody's; the same file twice stores nothing twice.

    Raises:
        BadInput: no column answers a question, or rows have faults and were not to be left out.
        Conflict: the survey is anonymous, or was never published.
    """
    if survey.mode is Anonymity.ANONYMOUS:
        raise Conflict(
            _("An anonymous survey takes no answers from files."), remedy=_("Import into a survey of its own.")
        )
    if not survey.version:
        raise Conflict(_("This survey has not been published yet."), remedy=_("Open it first; you may close it again."))
    definition = published(session, survey)
    matching = match(definition, wish.sheet)
    if not matching.fields:
        raise BadInput(
            _("No column of the file is a question of this survey."),
            remedy=_("Name columns by the questions' names or texts, as an export does."),
        )
    rows = list(taken_rows(definition, wish.sheet, matching, Reckoning(at, wish.child_age)))
    faulty = tuple(row for row in rows if row.faults)
    if faulty and not (wish.partly or wish.check):
        raise _refused(faulty)
    arriving = [_arriving(row, wish, at) for row in rows if row.road is not None]
    known = arrived_before(session, survey, [each.key for each in arriving])
    fresh = [each for each in arriving if each.key not in known]
    if not wish.check:
        store_arriving(session, survey, fresh, at)
    aside = sum(len(each.road.aside) for each in fresh)
    children = sum(row.child for row in rows)
    return Imported(len(fresh), len(known), faulty, children, aside, matching.unused, matching.unasked)


def _arriving(row: TakenRow, wish: Import, at: datetime) -> Arriving:
    assert row.road is not None
    key = sha256(_PURPOSE + wish.digest + row.line.to_bytes(8, "big")).digest()
    return Arriving(key, row.road, min(row.completed or at, at))


def _refused(faulty: tuple[TakenRow, ...]) -> BadInput:
    first = faulty[0].faults[0]
    said = _("{count} rows have answers that this survey does not allow; the first: {said}")
    return BadInput(
        said.format(count=len(faulty), said=first.said),
        line=first.line,
        field=first.column,
        remedy=_("Look at all of them with --check; put them right, or leave them out with --rejected."),
    )
