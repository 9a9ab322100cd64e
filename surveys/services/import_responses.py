"""Taking in answers that were given elsewhere: each row of a file is held to the survey's definition and kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from core.errors import BadInput, Conflict
from core.language import gettext as _
from surveys.domain.anonymity import Anonymity
from surveys.domain.branching import Path
from surveys.domain.definitions import Survey as Definition
from surveys.domain.outside.answer_fields import match
from surveys.domain.outside.answer_rows import Reckoning, RowFault, TakenRow, taken_rows
from surveys.domain.outside.foreign_sheets import AnswerSheet
from surveys.storage.imported_answers import BATCH, Arriving, arrived_before, store_arriving
from surveys.storage.surveys import Survey, published

_PURPOSE = b"heedful imported answers v1\0"


@dataclass(frozen=True)
class Import:
    """A file as a whole: what is in it, the digest of its bytes, and the age below which a person is a child."""

    sheet: AnswerSheet
    digest: bytes
    child_age: int


@dataclass(frozen=True)
class Prepared:
    """What a file holds: every row is exactly one of `fresh`, `known` (stored before), `faulty` or a child's.

    `aside` counts answers that the survey would not have asked for and that are therefore dropped.
    """

    fresh: tuple[Arriving, ...]
    known: int
    faulty: tuple[TakenRow, ...]
    children: int
    unused: tuple[str, ...]
    unasked: tuple[str, ...]

    @property
    def aside(self) -> int:
        """Answers off the path."""
        return sum(each.aside for each in self.fresh)

    @property
    def faults(self) -> list[RowFault]:
        """Every fault of every row."""
        return [fault for row in self.faulty for fault in row.faults]

    def batches(self) -> Iterator[tuple[Arriving, ...]]:
        """The rows to be kept, as many at once as one transaction should hold."""
        return (self.fresh[start : start + BATCH] for start in range(0, len(self.fresh), BATCH))


def definition_for(session: Session, survey: Survey) -> Definition:
    """What the answers of a file must answer: the newest published version.

    Raises:
        Conflict: the survey is anonymous, or was never published.
    """
    if survey.mode is Anonymity.ANONYMOUS:
        raise Conflict(
            _("An anonymous survey takes no answers from files."), remedy=_("Import into a survey of its own.")
        )
    if not survey.version:
        raise Conflict(_("This survey has not been published yet."), remedy=_("Open it first; you may close it again."))
    return published(session, survey)


def prepare_responses(
    session: Session, survey: Survey | None, definition: Definition, wish: Import, *, at: datetime
) -> Prepared:
    """Hold every row to the definition; stores nothing. `survey` None is one that is yet to be made.

    Raises:
        BadInput: no column answers a question.
    """
    matching = match(definition, wish.sheet)
    if not matching.fields:
        raise BadInput(
            _("No column of the file is a question of this survey."),
            remedy=_("Name columns by the questions' names or texts, as an export does."),
        )
    arriving: list[Arriving] = []
    faulty: list[TakenRow] = []
    children = 0
    for row in taken_rows(definition, wish.sheet, matching, Reckoning(at, wish.child_age)):
        arriving += [_arriving(row, row.road, wish, at)] if row.road is not None else []
        faulty += [row] if row.faults else []
        children += row.child
    known = arrived_before(session, survey, [each.key for each in arriving]) if survey else set()
    fresh = tuple(each for each in arriving if each.key not in known)
    return Prepared(fresh, len(known), tuple(faulty), children, matching.unused, matching.unasked)


def keep_responses(session: Session, survey: Survey, rows: Sequence[Arriving], *, at: datetime) -> int:
    """Keep these rows as completed responses of nobody's, but none that is kept already; how many were new."""
    known = arrived_before(session, survey, [each.key for each in rows])
    fresh = [each for each in rows if each.key not in known]
    store_arriving(session, survey, fresh, at)
    return len(fresh)


def require_faultless(prepared: Prepared) -> None:
    """Refuse a file with faults as a whole.

    Raises:
        BadInput: telling the first and how many there are.
    """
    if prepared.faulty:
        raise _refused(prepared.faulty)


def _arriving(row: TakenRow, road: Path, wish: Import, at: datetime) -> Arriving:
    key = sha256(_PURPOSE + wish.digest + row.line.to_bytes(8, "big")).digest()
    completed = min(row.completed or at, at)
    return Arriving(key, road.answers, road.ending, road.shown(), completed, len(road.aside))


def _refused(faulty: tuple[TakenRow, ...]) -> BadInput:
    first = faulty[0].faults[0]
    said = _("Rows with answers that this survey does not allow: {count}. The first: {said}")
    return BadInput(
        said.format(count=len(faulty), said=first.said),
        line=first.line,
        field=first.column,
        remedy=_("Look at all of them with --check; put them right, or leave them out with --rejected."),
    )
