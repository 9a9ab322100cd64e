"""Blocks of answers: the same as the rows, at once when somebody answers, and gone when somebody is erased."""

from sqlalchemy import delete, func, insert, select, text

from contacts.storage.belongings import People
from surveys.domain.lenses import WHOLE, Lens
from surveys.services.analyse import analyse
from surveys.services.pack_answers import keep, read_due
from surveys.storage.answer_packs import WORTH, AnswerPack, drop_packs, sheets
from surveys.storage.answers_kept import ANSWERS
from surveys.storage.coding_frames import all_codings, code_text, frame_of, store_frame
from surveys.storage.invitations import Invitation
from surveys.storage.responses import Answer, Response
from surveys.storage.surveys import Survey, find_survey
from tests.conftest import NOON
from tests.surveys.answered_scenes import answered
from tests.surveys.survey_scenes import opened


def add(session, survey: Survey, first: int, last: int) -> None:
    """Completed responses with these numbers: two answers each."""
    numbers = range(first, last + 1)
    own = {"survey_id": survey.id, "contact_id": 1, "created_at": NOON}
    session.execute(insert(Invitation), [{"id": each, "address_key": each.to_bytes(32), **own} for each in numbers])
    session.execute(
        text(
            "INSERT INTO response (id, survey_id, version, invitation_id, state, page, started_at, completed_at) "
            "SELECT id, survey_id, 1, id, 'complete', '', created_at, created_at FROM invitation WHERE id >= :first"
        ),
        {"first": first},
    )
    cells = [{"response_id": each, "row": "", "text": None} for each in numbers]
    went = [
        each | {"question": "went", "value": ("yes", "no")[place % 2], "number": None}
        for place, each in enumerate(cells)
    ]
    score = [each | {"question": "score", "value": "", "number": place % 11} for place, each in enumerate(cells)]
    session.execute(insert(Answer), [*went, *score])


def pack(database) -> int:
    """What the clock does; how many blocks it kept."""
    kept = 0
    while True:
        with database.reading() as session:
            block = read_due(session)
        if block is None:
            return kept
        with database.writing() as session:
            kept += keep(session, block)


def counted(database) -> tuple[int, list[float], int]:
    """The whole number of responses, who went, and how many rows are packed."""
    with database.reading() as session:
        found = analyse(session, find_survey(session, "trip"), at=NOON)
        went = found.of("went")
        assert went is not None
        packed = session.scalar(select(func.sum(AnswerPack.size)).where(AnswerPack.question == "")) or 0
        return found.looked.size, [share.count for share in went.tally.shares], packed


def test_results_are_the_same_before_during_and_after_packing(database):
    with database.writing() as session:
        add(session, opened(session), 1, WORTH + 2)
    assert counted(database) == (258, [129, 129, 0], 0)
    assert pack(database) == 1
    assert counted(database) == (258, [129, 129, 0], 258)
    with database.writing() as session:
        add(session, find_survey(session, "trip"), 1001, 1001)
    assert counted(database) == (259, [130, 129, 0], 258)
    assert pack(database) == 0
    with database.writing() as session:
        add(session, find_survey(session, "trip"), 2001, 2000 + WORTH)
    assert pack(database) == 1
    assert counted(database) == (515, [258, 257, 0], 515)


def test_a_response_that_went_is_counted_no_more_and_a_block_read_before_is_not_kept(database):
    with database.writing() as session:
        add(session, opened(session), 1, 2 * WORTH)
    with database.reading() as session:
        block = read_due(session)
    assert block is not None
    pack(database)
    with database.writing() as session:
        session.execute(delete(Answer).where(Answer.response_id == 1))
        session.execute(delete(Response).where(Response.id == 1))
    assert counted(database)[:2] == (511, [255, 256, 0])
    with database.writing() as session:
        assert not keep(session, block)
        drop_packs(session, [find_survey(session, "trip").id])
        add(session, find_survey(session, "trip"), 5001, 5001)
    assert counted(database) == (512, [256, 256, 0], 0)


def test_only_the_questions_asked_for_are_read(database):
    with database.writing() as session:
        add(session, opened(session), 1, WORTH)
    pack(database)
    with database.reading() as session:
        (sheet,) = sheets(session, find_survey(session, "trip"), ["went"])
        assert {question for question, _row in sheet.columns} == {"", "went"}
        assert sheet.column("", "day").counts() == {((NOON.date().isoformat(), None),): WORTH}


def test_an_erased_person_leaves_neither_a_block_nor_a_code(database):
    with database.writing() as session:
        survey = opened(session)
        add(session, survey, 1, WORTH)
        store_frame(session, survey.id, "went", [("a", "A")])
        (code,) = frame_of(session, survey.id, "went")
        code_text(session, survey.id, 7, [code.id], [code.id])
        code_text(session, survey.id, 8, [code.id], [code.id])
    pack(database)
    with database.writing() as session:
        ANSWERS.erase(session, People(frozenset({(7).to_bytes(32)})))
    assert counted(database) == (WORTH - 1, [127, 128, 0], 0)
    with database.reading() as session:
        assert set(all_codings(session, [code.id])) == {8}


def test_the_median_time_of_each_page_stands_beside_who_stopped_there_packed_or_not(database):
    with database.writing() as session:
        survey = opened(session)
        answered(session, survey, [{"went": "yes"}] * 100, pace={"start": 4.2, "trip": 30.0})
        answered(session, survey, [{"went": "no"}] * 150, first=101, pace={"start": 9.6})
        answered(session, survey, [{"went": "no"}] * WORTH, first=251)
        answered(
            session,
            survey,
            [{"went": "yes"}],
            first=9001,
            state="open",
            page="trip",
            completed_at=None,
            pace={"trip": 500.0},
        )
    for lens, start in ((WHOLE, 10.0), (Lens(("went=yes",)), 4.0)):
        for _packed in range(2):
            with database.reading() as session:
                found = analyse(session, find_survey(session, "trip"), lens, at=NOON)
            pages = [(page.stopped.name, page.stopped.count, page.seconds) for page in found.pages]
            assert pages == [("start", 0, start), ("trip", 1, 30.0)]
            pack(database)
