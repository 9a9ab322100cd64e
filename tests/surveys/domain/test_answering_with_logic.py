"""With jumps, loops, blocks and hidden choices too: any order of answering is like answering straight."""

from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.domain.answering import Go, Step, advance
from surveys.domain.branching import Setting, path
from surveys.domain.cells import Answers, Cells, Posted
from tests.surveys.domain.logic_surveys import garden

SURVEY = garden()
PAGES = [page.name for page in SURVEY.unrolled.pages]
OF_PAGE = {page.name: page for page in SURVEY.unrolled.pages}
VALUES = [
    "yes",
    "window",
    "no",
    "roses",
    "beans",
    "moss",
    "herbs",
    "weeds",
    "sand",
    "clay",
    "0",
    "3",
    "8",
    "10",
    "x",
    "",
]
posts = st.dictionaries(
    st.sampled_from(
        [
            "has_garden",
            "likes",
            "water_roses",
            "water_moss",
            "water_beans",
            "why_water_roses",
            "dung_moss",
            "earth-top",
            "earth-deep",
            "pests",
            "pests-refused",
            "weeds",
            "proud",
            "best",
            "total",
        ]
    ),
    st.lists(st.sampled_from(VALUES), max_size=3),
)
places = st.builds(
    lambda seed, country, language: Setting(seed=seed, contact={"country": country}, language=language),
    st.integers(0, 2**64 - 1),
    st.sampled_from(["EG", "DE"]),
    st.sampled_from(["", "de"]),
)
SOUND: Posted = {
    "has_garden": ["yes"],
    "likes": ["roses", "beans"],
    "water_roses": ["8"],
    "why_water_roses": ["dry"],
    "earth-top": ["sand"],
    "pests": ["3"],
    "weeds": ["2"],
    "best": ["beans"],
}


def stored(answers: Answers, step: Step) -> dict[str, Cells]:
    return {name: cells for name, cells in {**answers, **step.changed}.items() if cells}


def finished(answers: Answers, last: Posted, setting: Setting) -> Answers:
    """Answer every page from the first with the same fields until the survey is complete."""
    page = "start"
    for _ in range(len(PAGES) + 1):
        step = advance(SURVEY, answers, page, last, Go.NEXT, setting=setting)
        assert not step.faults
        if step.complete:
            return step.answers
        answers, page = stored(answers, step), step.page
    raise AssertionError("the walk must end")


@settings(max_examples=70, deadline=None)
@given(
    places,
    st.sampled_from([SOUND, {**SOUND, "has_garden": ["no"]}, {**SOUND, "likes": ["herbs", "beans"]}]),
    st.lists(st.tuples(posts, st.sampled_from(Go), st.sampled_from([*PAGES, ""])), max_size=10),
)
def test_wandering_through_jumps_and_loops_equals_answering_straight(setting, last, wanderings):
    last = {**last, "best": ["beans"]}
    answers: Answers = {}
    page = "start"
    for posted, go, jump in wanderings:
        step = advance(SURVEY, answers, page, posted, go, setting=setting)
        if step.complete:
            break
        answers, page = stored(answers, step), jump or step.page
    assert finished(answers, last, setting) == finished({}, last, setting)


@settings(max_examples=70, deadline=None)
@given(places, st.lists(st.tuples(st.sampled_from(PAGES), posts, st.sampled_from(Go)), min_size=1, max_size=8))
def test_no_fields_can_store_what_this_person_was_not_offered(setting, presses):
    answers: Answers = {}
    for page, posted, go in presses:
        step = advance(SURVEY, answers, page, posted, go, setting=setting)
        asked = {each.name: each for stop in path(SURVEY, answers, setting).stops for each in stop.questions}
        if not step.complete:
            assert set(step.changed) <= set(asked)
        for name, cells in step.changed.items():
            if cells and name in asked:
                assert asked[name].read(asked[name].fields(cells)).cells == cells
        if step.complete:
            whole = path(SURVEY, step.answers, setting)
            assert dict(whole.answers) == dict(step.answers)
            assert whole.first_owing() is None
            return
        answers = stored(answers, step)
