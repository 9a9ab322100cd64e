"""Questions kept drawn: what one person filled in, or what was made for them, is shown to nobody else."""

from surveys.domain.cells import Cell
from surveys.web import drawn_questions
from surveys.web.drawn_questions import drawn
from surveys.web.form_sheets import asked
from tests.surveys.domain.sample_surveys import trip


def test_only_questions_that_nobody_filled_in_are_kept():
    survey = trip()
    page = survey.pages[-1]
    more = next(each for each in page.questions if each.name == "more")
    before = drawn(asked([more], {}), survey, "en")
    kept = len(drawn_questions._kept)
    filled = drawn(asked([more], {"more": (Cell(text="<secret>"),)}), survey, "en")
    assert "&lt;secret&gt;" in filled[0]
    posted = drawn(asked([more], {}, posted={"more": ["half written"]}), survey, "en")
    assert "half written" in posted[0]
    assert len(drawn_questions._kept) == kept
    again = drawn(asked([more], {}), survey, "en")
    assert again[0] is before[0]
    assert "secret" not in again[0]


def test_what_was_made_for_one_person_is_not_kept():
    survey = trip()
    other = trip()
    questions = other.pages[-1].questions
    kept = len(drawn_questions._kept)
    drawn(asked(questions, {}), survey, "en")
    assert len(drawn_questions._kept) == kept
