"""Results over 100,000 responses to 30 questions, on both databases: how long each takes, one JSON line a database.

Responses are written in bulk; then the clock's own work packs them, and the page's data, a filtered page and a
crosstab are asked for as the console asks. `aggregate_s` is what plain SQL over the rows takes, for comparison.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bench.towns import AT, a_database, found, key_of
from core.bulk import insert_many, make_room
from core.database import Database
from surveys.domain.lenses import Lens
from surveys.domain.survey_files import survey_of
from surveys.services.analyse import analyse
from surveys.services.apply_survey import apply_survey
from surveys.services.cross_tabulate import CrossWish, cross_tabulate
from surveys.services.pack_answers import keep, read_due
from surveys.storage.invitations import Invitation
from surveys.storage.responses import Answer, Response
from surveys.storage.surveys import Survey, find_survey, open_survey

CHANCE = random.Random(20261123)
BATCH = 5_000
SCALE = [{"name": f"p{each}", "label": f"Point {each}"} for each in range(1, 6)]
CHOICES = [{"name": f"c{each}", "label": f"Choice {each}"} for each in range(1, 9)]
ROWS = [{"name": f"r{each}", "label": f"Row {each}"} for each in range(1, 5)]
KINDS: tuple[dict[str, Any], ...] = (
    {"kind": "single", "choices": CHOICES[:5], "other": "Other"},
    {"kind": "multiple", "choices": CHOICES},
    {"kind": "rating", "highest": 5},
    {"kind": "nps"},
    {"kind": "matrix", "rows": ROWS, "scale": SCALE},
    {"kind": "number", "least": 0, "most": 100},
)
FILTERED = Lens(("q0=c1|c2", "q3>=7"))
CROSS = CrossWish(("q3",), ("q0",))
BANNER = CrossWish(("q0", "q2", "q4:r1", "q3"), ("q6", "q1", "q10:r2"))
EMPTY = {"row": "", "value": "", "number": None, "text": None}


def questionnaire(questions: int) -> dict[str, Any]:
    """A survey of that many questions, ten a page, every kind in turn; the last is an open text."""
    asked = [{"name": f"q{each}", "text": f"Question {each}?"} | KINDS[each % len(KINDS)] for each in range(questions)]
    asked[-1] = {"name": f"q{questions - 1}", "text": "Anything else?", "kind": "long_text"}
    pages = [{"name": f"page_{place}", "question": asked[place : place + 10]} for place in range(0, questions, 10)]
    return {"name": "bench", "title": "Bench", "page": pages}


def cells(place: int, questions: int) -> Iterator[dict[str, Any]]:
    """One invented answer to the question of that place; one in twenty is left out."""
    kind = KINDS[place % len(KINDS)]["kind"] if place < questions - 1 else "long_text"
    if CHANCE.random() < 0.05:
        return
    if kind == "single":
        yield {"value": f"c{CHANCE.randint(1, 5)}"}
    elif kind == "multiple":
        yield from ({"value": each["name"]} for each in CHANCE.sample(CHOICES, CHANCE.randint(1, 4)))
    elif kind == "matrix":
        for row in ROWS:
            point = CHANCE.randint(1, 5)
            yield {"row": row["name"], "value": f"p{point}", "number": float(point)}
    elif kind == "long_text":
        yield {"text": "Please make it faster."} if CHANCE.random() < 0.2 else {"text": "Good."}
    else:
        yield {"number": float(CHANCE.randint(1, 5) if kind == "rating" else CHANCE.randint(0, 10))}


def pace(questions: int) -> dict[str, float]:
    """Invented seconds on each page."""
    return {f"page_{place}": round(CHANCE.uniform(5, 120), 1) for place in range(0, questions, 10)}


def fill(database: Database, responses: int, questions: int) -> float:
    """Write everything; how many seconds it took."""
    began = time.perf_counter()
    with database.writing() as session:
        survey = apply_survey(session, survey_of(questionnaire(questions)), at=AT).survey
        open_survey(session, survey, AT)
        number = survey.id
    for start in range(1, responses + 1, BATCH):
        several = range(start, min(start + BATCH, responses + 1))
        with database.writing() as session:
            make_room(session)
            _add(session, number, several, questions)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return time.perf_counter() - began


def _add(session: Session, survey_id: int, several: range, questions: int) -> None:
    session.execute(insert(Invitation), [
        {"id": each, "survey_id": survey_id, "address_key": key_of(each), "contact_id": each, "created_at": AT}
        for each in several
    ])  # fmt: skip
    session.execute(insert(Response), [
        {"id": each, "survey_id": survey_id, "version": 1, "invitation_id": each, "state": "complete"}
        | {"page": "", "started_at": AT, "completed_at": AT, "pace": pace(questions)}
        for each in several
    ])  # fmt: skip
    insert_many(session, Answer, [
        EMPTY | {"response_id": each, "question": f"q{place}"} | cell
        for each in several for place in range(questions) for cell in cells(place, questions)
    ])  # fmt: skip


def timed(name: str, act: Callable[[], object], times: int = 5) -> dict[str, float]:
    """The median seconds of several tries, and the least of this process's CPU: what a machine at work takes away."""
    took, worked = [], []
    for _ in range(times):
        began, busy = time.perf_counter(), time.process_time()
        act()
        took.append(time.perf_counter() - began)
        worked.append(time.process_time() - busy)
    return {f"{name}_s": round(median(took), 3), f"{name}_cpu_s": round(min(worked), 3)}


def pack_all(database: Database) -> None:
    """What the clock does, tick after tick."""
    while True:
        with database.reading() as session:
            block = read_due(session)
        if block is None:
            return
        with database.writing() as session:
            keep(session, block)


def aggregate_rows(session: Session, survey: Survey) -> object:
    """Every answer counted by the database itself, as results were counted before answers were packed."""
    cells = (Answer.question, Answer.row, Answer.value, Answer.number)
    own = select(*cells, func.count()).join(Response, Response.id == Answer.response_id)
    whole = own.where(Response.survey_id == survey.id, Response.state == "complete")
    return session.execute(whole.group_by(*cells)).all()


def measured(database: Database) -> dict[str, Any]:
    """How long everything takes."""

    def asking(act: Callable[[Session, Survey], object]) -> Callable[[], object]:
        def ask() -> object:
            with database.reading() as session:
                return act(session, find_survey(session, "bench"))

        return ask

    once: dict[str, Callable[[Session, Survey], object]] = {
        "unpacked": lambda session, survey: analyse(session, survey, at=AT),
        "aggregate": aggregate_rows,
    }
    often: dict[str, Callable[[Session, Survey], object]] = {
        "results": lambda session, survey: analyse(session, survey, at=AT),
        "filtered": lambda session, survey: analyse(session, survey, FILTERED, at=AT),
        "crosstab": lambda session, survey: cross_tabulate(session, survey, CROSS, at=AT),
        "banner": lambda session, survey: cross_tabulate(session, survey, BANNER, at=AT),
    }
    facts: dict[str, float] = {}
    for name, act in once.items():
        facts |= timed(name, asking(act), 1)
    facts |= timed("pack", lambda: pack_all(database), 1)
    for name, act in often.items():
        facts |= timed(name, asking(act))
    return facts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=30)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    given = parser.parse_args()
    for kind in given.database or ("sqlite", "postgresql"):
        with a_database(kind) as url:
            database = found(url)
            facts = {"bench": "results", "database": kind, "responses": given.responses, "questions": given.questions}
            facts["fill_s"] = round(fill(database, given.responses, given.questions), 1)
            print(json.dumps(facts | measured(database)), flush=True)
            database.close()


if __name__ == "__main__":
    main()
