"""Versions, openings, results and exports, from stored responses."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, text

from contacts.domain.conditions import OPS
from surveys.domain.definition_faults import BadDefinition
from surveys.domain.survey_files import read_survey
from surveys.services.analyse import Result, Results, analyse
from surveys.services.apply_survey import apply_survey
from surveys.services.close_surveys import open_and_close_due
from surveys.services.invite import Wish, draft_invitation
from surveys.storage.invitations import Invitation
from surveys.storage.open_texts import texts_of
from surveys.storage.responses import Answer, Response
from surveys.storage.surveys import Survey, SurveyState, draft_number, find_survey
from tests.conftest import NOON
from tests.surveys.domain.sample_surveys import BRANCHING, trip
from tests.surveys.survey_scenes import answer, invitations, invited, opened, people


@pytest.fixture
def answered(database):
    with database.writing() as session:
        survey = opened(session)
        people(session, 4)
        invited(session, survey)
        one, two, three, four = invitations(session)
        answer(session, one)
        answer(session, two, ("start", {"went": ["no"]}), ("why_not", {"reason": ["@rain"]}), ("end", {}))
        answer(session, three, ("start", {"went-other": ["half"]}), ("trip", {"score": ["2"]}), ("details", {}))
        answer(session, three, ("end", {"more": ["bad"]}))
        answer(session, four, ("start", {"went": ["yes"]}))
        yield session


def of(results: Results, name: str) -> Result:
    found = results.of(name)
    assert found is not None
    return found


def test_applying_a_file_makes_a_survey_and_applying_it_again_changes_nothing(database):
    with database.writing() as session:
        first = apply_survey(session, trip(), at=NOON)
        assert (first.created, first.number, first.survey.stage) == (True, 1, SurveyState.DRAFT)
        again = apply_survey(session, trip(), at=NOON)
        assert (again.created, again.changed, again.number) == (False, False, 1)
        changed = apply_survey(session, read_survey(BRANCHING.replace("Your trip", "The trip")), at=NOON)
        assert (changed.changed, changed.number, changed.published) == (True, 1, False)
        assert find_survey(session, "trip").title == "The trip"


def test_a_change_of_an_open_survey_is_its_next_version(database):
    with database.writing() as session:
        opened(session)
        newer = read_survey(BRANCHING.replace("Did you go?", "Did you travel?"))
        kept = apply_survey(session, newer, at=NOON, publish=False)
        assert (kept.number, kept.published, kept.survey.version) == (2, False, 1)
        applied = apply_survey(session, newer, at=NOON)
        assert (applied.changed, applied.published, applied.survey.version) == (False, True, 2)
        assert draft_number(session, applied.survey) is None
        assert apply_survey(session, newer, at=NOON).number == 2
        with pytest.raises(BadDefinition, match="give the changed question a new name"):
            apply_survey(session, read_survey(BRANCHING.replace("highest = 4", "highest = 5")), at=NOON)


def test_the_clock_opens_and_closes_once(database):
    with database.writing() as session:
        survey = apply_survey(session, trip(), at=NOON).survey
        survey.opens_at, survey.closes_at = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
        session.flush()
        assert open_and_close_due(session, at=NOON) == ([], [])
        assert open_and_close_due(session, at=NOON + timedelta(hours=1)) == (["trip"], [])
        assert (survey.stage, survey.version) == (SurveyState.OPEN, 1)
        assert open_and_close_due(session, at=NOON + timedelta(hours=3)) == ([], ["trip"])
        assert open_and_close_due(session, at=NOON + timedelta(hours=3)) == ([], [])


def test_results_count_completed_responses_only(answered):
    results = analyse(answered, find_survey(answered, "trip"), at=NOON)
    went = of(results, "went")
    assert [(share.label, share.count) for share in went.tally.shares] == [("Yes", 1), ("No", 1), ("In a way", 1)]
    assert (went.tally.base, went.tally.texts, went.current) == (3, 1, True)
    score = of(results, "score")
    assert (score.tally.base, score.tally.mean, score.tally.nps and score.tally.nps.score) == (2, 5.5, 0.0)
    food = of(results, "judged").tally.rows[0]
    assert (food.tally.base, food.tally.mean) == (1, 3.0)
    assert results.of("told") is None
    assert (results.turnout.delivered, results.turnout.begun, results.turnout.completed) == (4, 4, 3)


def test_questions_of_an_earlier_version_stay_in_the_results(answered):
    newer = BRANCHING.replace('name = "reason"', 'name = "cause"').replace('name = "nights"', 'name = "evenings"')
    apply_survey(answered, read_survey(newer.replace('"nights", op', '"evenings", op')), at=NOON)
    results = analyse(answered, find_survey(answered, "trip"), at=NOON)
    assert (results.versions, of(results, "reason").current, of(results, "cause").tally.base) == (2, False, 0)


def test_open_texts_are_read_in_pages(answered):
    survey = find_survey(answered, "trip")
    assert [each.text for each in texts_of(answered, survey, "more")] == ["=all good", "bad"]
    first = next(texts_of(answered, survey, "more"))
    assert [each.text for each in texts_of(answered, survey, "more", after=first.response_id)] == ["bad"]
    assert [each.text for each in texts_of(answered, survey, "went")] == ["half"]


def test_g14_answers_are_no_field_of_a_segment_and_hang_on_no_contact():
    assert not [field for field in OPS if "survey" in field or "answer" in field or "response" in field]
    for table in (Response.__table__, Answer.__table__, Invitation.__table__):
        assert "contact" not in {key.column.table.name for key in table.foreign_keys}


def test_g14_an_invitation_is_research_and_tracks_nothing(database):
    with database.writing() as session:
        campaign = draft_invitation(session, opened(session), Wish(), at=NOON)
        assert (campaign.tracking, campaign.topic) == (False, "research")


def test_ten_thousand_responses_are_counted(database):
    with database.writing() as session:
        survey = opened(session)
        _many(session, survey, 10_000)
        results = analyse(session, survey, at=NOON)
        assert of(results, "score").tally.base == 10_000


def _many(session, survey: Survey, number: int) -> None:
    keys = [
        {"id": each, "survey_id": survey.id, "address_key": each.to_bytes(32), "contact_id": each, "created_at": NOON}
        for each in range(1, number + 1)
    ]
    session.execute(insert(Invitation), keys)
    session.execute(
        text(
            "INSERT INTO response (id, survey_id, version, invitation_id, state, page, started_at, completed_at) "
            "SELECT id, survey_id, 1, id, 'complete', '', created_at, created_at FROM invitation"
        )
    )
    session.execute(
        text("INSERT INTO answer (response_id, question, row, value) SELECT id, 'went', '', 'yes' FROM response")
    )
    session.execute(
        text(
            "INSERT INTO answer (response_id, question, row, value, number) "
            "SELECT id, 'score', '', '', id % 11 FROM response"
        )
    )
