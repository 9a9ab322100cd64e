"""Answers from files, on both databases: kept once, all or none, of nobody."""

import io
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from sqlalchemy import func, select

from core.errors import BadInput, Conflict
from surveys.domain.anonymity import Anonymity
from surveys.domain.exporting.plain_rows import Gaps, Shape, Values
from surveys.domain.outside.foreign_sheets import read_sheet
from surveys.services.apply_survey import apply_survey
from surveys.services.export_answers import ExportWish, Format, export_answers
from surveys.services.import_responses import (
    Import,
    Prepared,
    definition_for,
    keep_responses,
    prepare_responses,
    require_faultless,
)
from surveys.storage.imported_answers import BATCH
from surveys.storage.invitations import NOBODY, Invitation
from surveys.storage.responses import Answer, Response, answers_of
from surveys.storage.surveys import Survey, find_survey
from tests.conftest import NOON
from tests.surveys.domain.sample_surveys import BRANCHING, trip
from tests.surveys.survey_scenes import answer, invitations, invited, opened, people

FILE = "went,reason,score,completed_at\nyes,rain,9,2026-01-02T03:04:05+00:00\nno,@rain,,2999-01-01\nyes,,3,\n"


def looked_at(session, survey: Survey, text: str = FILE) -> Prepared:
    data = text.encode()
    wish = Import(read_sheet(io.BytesIO(data)), sha256(data).digest(), 16)
    return prepare_responses(session, survey, definition_for(session, survey), wish, at=NOON)


def brought(session, survey: Survey, text: str = FILE) -> Prepared:
    prepared = looked_at(session, survey, text)
    stored = sum(keep_responses(session, survey, batch, at=NOON) for batch in prepared.batches())
    assert stored == len(prepared.fresh)
    return prepared


def stored(session) -> list[Response]:
    return list(session.scalars(select(Response).order_by(Response.id)))


def test_rows_become_completed_responses_of_nobody_and_the_same_file_stores_nothing_twice(database):
    with database.writing() as session:
        survey = opened(session)
        done = brought(session, survey)
        assert (len(done.fresh), done.known, done.aside, done.unused) == (3, 0, 1, ("completed_at",))
        one, two, three = stored(session)
        assert [each.state for each in (one, two, three)] == ["complete"] * 3
        assert [each.completed_at for each in (one, two, three)] == [
            datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
            NOON,
            NOON,
        ]
        assert {name: cells[0].value for name, cells in answers_of(session, one.id).items()} == {
            "went": "yes",
            "score": "",
        }
        assert answers_of(session, two.id)["reason"][0].text == "@rain"
        assert set(session.scalars(select(Invitation.contact_id))) == {NOBODY}
        again = brought(session, survey)
        assert (len(again.fresh), again.known, len(stored(session))) == (0, 3, 3)


def test_a_fault_refuses_the_file_unless_its_row_is_to_be_left_out(database):
    with database.writing() as session:
        survey = opened(session)
        told = looked_at(session, survey, FILE.replace("yes,,3", "perhaps,,3"))
        with pytest.raises(BadInput, match="Rows with answers that this survey does not allow: 1") as refused:
            require_faultless(told)
        assert (refused.value.line, refused.value.field) == (4, "went")
        assert (len(told.fresh), [fault.line for fault in told.faults], stored(session)) == (2, [4], [])
        require_faultless(looked_at(session, survey))


def test_two_who_bring_the_same_file_at_once_store_it_once(database):
    with database.writing() as session:
        survey = opened(session)
        one, other = looked_at(session, survey), looked_at(session, survey)
        assert keep_responses(session, survey, one.fresh[:2], at=NOON) == 2
        assert keep_responses(session, survey, other.fresh, at=NOON) == 1
        assert keep_responses(session, survey, other.fresh, at=NOON) == 0
        assert len(stored(session)) == 3


def test_more_rows_than_one_statement_takes_keep_their_answers(database):
    text = "went,score\n" + "\n".join(f"yes,{number % 11}" for number in range(BATCH + 20))
    with database.writing() as session:
        done = brought(session, opened(session), text)
        assert len(done.fresh) == BATCH + 20
        total = session.scalar(select(func.sum(Answer.number)).where(Answer.question == "score"))
        assert total == sum(number % 11 for number in range(BATCH + 20))
        third = session.scalars(select(Answer.number).where(Answer.question == "score").order_by(Answer.response_id))
        assert third.all()[2] == 2.0


def test_p8_a_card_number_in_a_file_is_masked_before_it_is_stored(database):
    with database.writing() as session:
        brought(session, opened(session), "went,reason\nno,my card 4111 1111 1111 1111\n")
        assert "4111 1111 1111 1111" not in (
            session.scalar(select(Answer.text).where(Answer.question == "reason")) or ""
        )


def test_g14_an_anonymous_survey_takes_no_answers_from_files(database):
    with database.writing() as session:
        survey = opened(session)
        survey.anonymity = Anonymity.ANONYMOUS.value
        with pytest.raises(Conflict, match="anonymous survey takes no answers"):
            brought(session, survey)


def test_what_cannot_be_taken_in_is_refused(database):
    with database.writing() as session:
        apply_survey(session, trip(), at=NOON)
        with pytest.raises(Conflict, match="not been published"):
            brought(session, find_survey(session, "trip"))
        survey = opened(session)
        with pytest.raises(BadInput, match="No column of the file is a question"):
            brought(session, survey, "colour\nred\n")


def test_what_we_exported_comes_back_as_it_was(database):
    with database.writing() as session:
        survey = opened(session)
        people(session, 2)
        invited(session, survey)
        one, two = invitations(session)
        answer(session, one)
        answer(session, two, ("start", {"went": ["no"]}), ("why_not", {"reason": ["=rain"]}), ("end", {}))
        kept = [answers_of(session, each.id) for each in stored(session)]
        for number, (values, gaps) in enumerate([(Values.NAMES, Gaps.WORDS), (Values.LABELS, Gaps.BLANK)]):
            wish = ExportWish(Format.CSV, Shape(values, gaps))
            text = b"".join(export_answers(session, survey, wish, at=NOON)).decode()
            other = opened(session, BRANCHING.replace('name = "trip"\ntitle', f'name = "again{number}"\ntitle'))
            done = brought(session, other, text)
            assert (len(done.fresh), done.aside, done.unasked) == (2, 0, ())
            assert [answers_of(session, each.id) for each in stored(session)[-2:]] == kept
