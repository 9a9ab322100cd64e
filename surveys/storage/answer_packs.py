"""Answers kept side by side in blocks, beside the rows they come from: a hundred thousand are counted in a moment.

Completed responses never change, so the blocks are right as long as they hold as many as the table; what came since is
read from the rows. Whoever deletes a response drops the survey's blocks in the same transaction.
"""

from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, LargeBinary, Row, Select, String, and_, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.bulk import insert_many
from core.database import Base
from surveys.domain.packed_answers import Coded, Sheet, coded, read_columns, sheet_of, written_columns
from surveys.storage.answer_tables import AnswerTables, tables_of
from surveys.storage.responses import Response, ResponseState
from surveys.storage.surveys import Survey, list_surveys

SIZE = 8192
"""How many responses a block holds at most."""
WORTH = 256
"""So many new responses are worth packing."""
ASKED = 1000
"""Responses whose rows are read at once."""
FACTS = ""
"""The “question” whose rows are what is known of each response: version, language, day, seconds, end."""
PACE = "~"
"""The “question” whose rows are the pages and whose numbers are the whole seconds on each; none of anonymous ones."""


class AnswerPack(Base):
    """One question's columns in one block; the facts' pack has the numbers of the responses."""

    __tablename__ = "answer_pack"

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    block: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question: Mapped[str] = mapped_column(String(40), primary_key=True)
    size: Mapped[int]
    ids: Mapped[bytes | None] = mapped_column(LargeBinary)
    data: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass
class Packed:
    """A block as it was kept."""

    ids: Sequence[int] = ()
    columns: dict[tuple[str, str], Coded] = field(default_factory=dict)


def sheets(session: Session, survey: Survey, questions: Collection[str]) -> Iterator[Sheet]:
    """Every completed response's answers to these questions, and the facts, a block at a time."""
    wanted = {*questions, FACTS}
    blocks = _packed(session, survey.id, wanted)
    fresh: list[int] = []
    if sum(len(block.ids) for block in blocks.values()) != count_completed(session, survey):
        stored = set(completed(session, survey))
        blocks = {number: block for number, block in blocks.items() if stored.issuperset(block.ids)}
        fresh = sorted(stored.difference(*(block.ids for block in blocks.values())))
    for block in blocks.values():
        yield Sheet(block.ids, block.columns)
    for start in range(0, len(fresh), SIZE):
        yield read_sheet(session, tables_of(survey), fresh[start : start + SIZE], wanted)


def _completed(tables: AnswerTables, survey_id: int) -> ColumnElement[bool]:
    return and_(tables.response.survey_id == survey_id, tables.response.state == ResponseState.COMPLETE.value)


def count_completed(session: Session, survey: Survey) -> int:
    """How many completed responses there are."""
    tables = tables_of(survey)
    query = select(func.count()).select_from(tables.response).where(_completed(tables, survey.id))
    return session.scalar(query) or 0


def completed(session: Session, survey: Survey) -> list[int]:
    """The numbers of all completed responses, in order."""
    tables = tables_of(survey)
    query = select(tables.response.id).where(_completed(tables, survey.id)).order_by(tables.response.id)
    return list(session.scalars(query))


def _packed(session: Session, survey_id: int, questions: Collection[str]) -> dict[int, Packed]:
    rows = session.execute(
        select(AnswerPack.block, AnswerPack.question, AnswerPack.ids, AnswerPack.data)
        .where(AnswerPack.survey_id == survey_id, AnswerPack.question.in_(questions))
        .order_by(AnswerPack.block, AnswerPack.question)
    )
    found: dict[int, Packed] = {}
    for number, question, ids, data in rows:
        block = found.setdefault(number, Packed())
        if ids is not None:
            block.ids = array("q", ids)
        block.columns |= {(question, row): column for row, column in read_columns(data).items()}
    return found


def read_sheet(
    session: Session, tables: AnswerTables, ids: Sequence[int], questions: Collection[str] | None = None
) -> Sheet:
    """The answers of these responses, in order, as the rows have them; all questions unless some are named."""
    sheet = sheet_of(ids, _cells(session, tables, ids, questions))
    pace = _pace(session, tables, ids) if questions is None or PACE in questions else {}
    return Sheet(ids, {**sheet.columns, **pace, **_facts(session, tables, ids)})


def _cells(
    session: Session, tables: AnswerTables, ids: Sequence[int], questions: Collection[str] | None
) -> Iterator[Sequence[Any]]:
    answer = tables.answer
    query = select(answer.response_id, answer.question, answer.row, answer.value, answer.number)
    if questions is not None:
        query = query.where(answer.question.in_(questions))
    ordered = query.order_by(answer.response_id, answer.question, answer.row, answer.value)
    for start in range(0, len(ids), ASKED):
        yield from session.execute(ordered.where(answer.response_id.in_(ids[start : start + ASKED])))


def _facts(session: Session, tables: AnswerTables, ids: Sequence[int]) -> dict[tuple[str, str], Coded]:
    response = tables.response
    began = getattr(response, "started_at", response.completed_at)  # of an anonymous one the day alone is known
    query: Select[*tuple[Any, ...]] = select(
        response.version, response.language, response.ending, response.quota, response.completed_at, began
    ).order_by(response.id)
    rows: list[Row[*tuple[Any, ...]]] = []
    for start in range(0, len(ids), ASKED):
        rows += session.execute(query.where(response.id.in_(ids[start : start + ASKED])))
    seconds = [(ended - start).total_seconds() for *_rest, ended, start in rows]
    return {
        (FACTS, "version"): coded(((str(row[0]), None),) for row in rows),
        (FACTS, "language"): coded(((row[1], None),) for row in rows),
        (FACTS, "ending"): coded(((row[2], None),) if row[2] else () for row in rows),
        (FACTS, "quota"): coded(((row[3], None),) if row[3] else () for row in rows),
        (FACTS, "day"): coded(((row[4].strftime("%Y-%m-%d"), None),) for row in rows),
        (FACTS, "seconds"): coded((("", float(round(each))),) if each else () for each in seconds),
    }


def _pace(session: Session, tables: AnswerTables, ids: Sequence[int]) -> dict[tuple[str, str], Coded]:
    if tables.response is not Response:
        return {}
    query = select(Response.pace).order_by(Response.id)
    told: list[Mapping[str, float]] = []
    for start in range(0, len(ids), ASKED):
        told += [each or {} for each in session.scalars(query.where(Response.id.in_(ids[start : start + ASKED])))]
    pages = sorted({page for each in told for page in each})
    return {
        (PACE, page): coded((("", float(round(each[page]))),) if page in each else () for each in told)
        for page in pages
    }


@dataclass(frozen=True)
class Due:
    """Responses that are to stand side by side in a block."""

    survey: Survey
    block: int
    ids: Sequence[int]


def due_block(session: Session) -> Due | None:
    """The next block worth packing: new responses fill the last one up to its size, then a new one."""
    sizes = select(AnswerPack.survey_id, func.sum(AnswerPack.size)).where(AnswerPack.question == FACTS)
    held = dict(session.execute(sizes.group_by(AnswerPack.survey_id)).all())
    for survey in list_surveys(session):
        if abs(count_completed(session, survey) - held.get(survey.id, 0)) >= WORTH:
            return _next(survey, _packed(session, survey.id, [FACTS]), set(completed(session, survey)))
    return None


def _next(survey: Survey, blocks: dict[int, Packed], stored: set[int]) -> Due:
    for number, block in blocks.items():
        if not stored.issuperset(block.ids):
            return Due(survey, number, sorted(stored.intersection(block.ids)))
    fresh = sorted(stored.difference(*(block.ids for block in blocks.values())))
    last = max(blocks, default=-1)
    room = SIZE - len(blocks[last].ids) if blocks else 0
    if room and len(fresh) >= len(blocks[last].ids) // 8:
        return Due(survey, last, sorted([*blocks[last].ids, *fresh[:room]]))
    return Due(survey, last + 1, fresh[:SIZE])


def keep_block(session: Session, survey_id: int, number: int, sheet: Sheet) -> bool:
    """Keep a block that was read before; False where one of its responses is gone by now.

    The survey's row is locked, here and by whoever drops packs: nobody's answers come back after their erasure.
    """
    survey = session.get_one(Survey, survey_id, with_for_update={"key_share": True})
    if not set(completed(session, survey)).issuperset(sheet.ids):
        return False
    of: dict[str, dict[str, Coded]] = {}
    for (question, row), column in sheet.columns.items():
        of.setdefault(question, {})[row] = column
    session.execute(delete(AnswerPack).where(AnswerPack.survey_id == survey_id, AnswerPack.block == number))
    ids = array("q", sheet.ids).tobytes()
    own = {"survey_id": survey_id, "block": number, "size": sheet.size}
    rows = [
        own | {"question": question, "ids": None if question else ids, "data": written_columns(columns)}
        for question, columns in sorted(of.items())
    ]
    insert_many(session, AnswerPack, rows)
    return True


def drop_packs(session: Session, survey_ids: Collection[int]) -> None:
    """Let the rows alone be read again: some of these surveys' responses are gone."""
    locked = select(Survey.id).where(Survey.id.in_(survey_ids)).order_by(Survey.id).with_for_update(key_share=True)
    session.execute(locked).all()
    session.execute(delete(AnswerPack).where(AnswerPack.survey_id.in_(survey_ids)))
