"""Keep completed answers side by side, a block at a time: for the clock, so that results are counted in a moment."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from surveys.domain.packed_answers import Sheet
from surveys.storage.answer_packs import due_block, keep_block, read_sheet
from surveys.storage.answer_tables import tables_of


@dataclass(frozen=True)
class Block:
    """A block that was read and may be kept."""

    survey_id: int
    number: int
    sheet: Sheet


def read_due(session: Session) -> Block | None:
    """Read the next block that is worth it, in a reading session: nobody who answers waits for it."""
    due = due_block(session)
    return Block(due.survey.id, due.block, read_sheet(session, tables_of(due.survey), due.ids)) if due else None


def keep(session: Session, block: Block) -> bool:
    """Keep what was read; False where somebody was erased meanwhile, and the next tick tries again."""
    return keep_block(session, block.survey_id, block.number, block.sheet)
