"""Whatever is pressed in whatever order, the response is the one that answering straight would have given."""

from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.domain.answering import Go, Step, advance, submit
from surveys.domain.branching import path
from surveys.domain.cells import Answers, Cell, Cells, Posted
from tests.surveys.domain.sample_surveys import trip

SURVEY = trip()
YES, NO = (Cell(value="yes"),), (Cell(value="no"),)
PAGES = [page.name for page in SURVEY.pages]

GOOD = {
    "start": st.sampled_from([{"went": ["yes"]}, {"went": ["no"]}, {"went-other": ["half of it"]}]),
    "why_not": st.sampled_from([{"reason": ["ill"]}, {"reason": ["rain"]}]),
    "trip": st.builds(
        lambda how, score: {"how": how, "score": [score]},
        st.lists(st.sampled_from(["train", "car", "foot"]), unique=True, max_size=3),
        st.sampled_from(["0", "6", "7", "10"]),
    ),
    "details": st.builds(
        lambda stars, nights: {"train_class": stars, "nights": nights},
        st.sampled_from([[], ["1"], ["4"]]),
        st.sampled_from([[], ["0"], ["30"]]),
    ),
    "end": st.builds(
        lambda food, more: {"judged-food": food, "more": more},
        st.sampled_from([[], ["bad"], ["na"]]),
        st.sampled_from([[], ["words"]]),
    ),
}
posts = st.fixed_dictionaries(GOOD)
names = ["went", "went-other", "reason", "how", "how-other", "score", "train_class", "nights"]
fields = st.sampled_from([*names, "judged-food", "judged-weather", "more", "told", "x"])
anything = st.dictionaries(
    fields, st.lists(st.text(max_size=60) | st.sampled_from(["yes", "no", "train", "7"]), max_size=3)
)


def stored(answers: Answers, step: Step) -> dict[str, Cells]:
    return {name: cells for name, cells in {**answers, **step.changed}.items() if cells}


def straight(posted: dict[str, Posted]) -> Answers:
    answers: Answers = {}
    page = "start"
    for _ in range(len(PAGES)):
        step = advance(SURVEY, answers, page, posted[page], Go.NEXT)
        if step.complete:
            return step.answers
        answers, page = stored(answers, step), step.page
    raise AssertionError("answering straight ends within as many presses as there are pages")


@settings(max_examples=150, deadline=None)
@given(posts, st.lists(st.tuples(posts, st.sampled_from(Go), st.sampled_from([*PAGES, ""])), max_size=12))
def test_any_order_of_answering_going_back_and_changing_equals_answering_straight(last, wanderings):
    answers: Answers = {}
    page = "start"
    for posted, go, jump in wanderings:
        step = advance(SURVEY, answers, page, posted[page], go)
        if step.complete:
            break
        answers, page = stored(answers, step), jump or step.page
    page = "start"
    for _ in range(len(PAGES)):
        step = advance(SURVEY, answers, page, last[page], Go.NEXT)
        if step.complete:
            assert step.answers == straight(last)
            return
        answers, page = stored(answers, step), step.page
    raise AssertionError("the walk must end")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PAGES), anything, st.sampled_from(Go)), min_size=1, max_size=8))
def test_no_submitted_fields_can_store_what_the_definition_does_not_allow(presses):
    answers: Answers = {}
    for page, posted, go in presses:
        before = path(SURVEY, answers)
        step = advance(SURVEY, answers, page, posted, go)
        asked = {question.name for stop in before.stops if stop.name == page for question in stop.questions}
        assert set(step.changed) <= asked
        if step.faults:
            assert not step.changed
        answers = stored(answers, step)
        for name, cells in answers.items():
            question = SURVEY.by_name[name]
            assert question.answerable
            assert question.read(question.fields(cells)).cells == cells


def test_faults_on_a_page_store_nothing_and_stay_there():
    step = advance(SURVEY, {"went": YES}, "trip", {"score": ["11"], "how": ["car"]}, Go.NEXT)
    assert step.page == "trip"
    assert not step.changed
    assert [fault.field for fault in step.faults] == ["score"]


def test_going_back_keeps_what_is_good_and_complains_about_nothing():
    step = advance(SURVEY, {"went": YES}, "trip", {"score": ["11"], "how": ["car"]}, Go.BACK)
    assert (step.page, step.faults, dict(step.changed)) == ("start", (), {"how": (Cell(value="car"),)})
    assert advance(SURVEY, {}, "start", {}, Go.BACK).page == "start"


def test_a_page_that_is_off_the_path_stores_nothing_and_leads_back():
    step = advance(SURVEY, {"went": NO}, "trip", {"score": ["9"]}, Go.NEXT)
    assert (step.page, dict(step.changed)) == ("why_not", {})


def test_the_last_page_leads_to_the_first_that_still_lacks_an_answer():
    step = advance(SURVEY, {"went": YES}, "end", {}, Go.NEXT)
    assert (step.page, step.complete) == ("trip", False)


def test_answers_off_the_path_are_kept_aside_while_open_and_gone_at_completion():
    aside = {"went": NO, "how": (Cell(value="car"),), "reason": (Cell(text="ill"),)}
    step = advance(SURVEY, aside, "why_not", {"reason": ["ill"]}, Go.NEXT)
    assert "how" in step.answers
    done = advance(SURVEY, aside, "end", {}, Go.NEXT)
    assert done.complete
    assert set(done.answers) == {"went", "reason"}


def test_an_answer_can_be_taken_back():
    step = advance(SURVEY, {"went": YES, "how": (Cell(value="car"),)}, "trip", {"score": ["9"]}, Go.NEXT)
    assert step.changed["how"] == ()
    assert "how" not in step.answers


def test_a_statement_has_no_answer():
    assert "told" not in submit(SURVEY.pages[-1].questions, {"told": ["x"]}).answers
