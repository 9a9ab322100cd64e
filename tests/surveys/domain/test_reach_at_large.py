"""Whatever condition somebody meets on a path, no check calls it impossible."""

from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.domain.branching import Setting, path
from surveys.domain.cells import Answers, Cell
from surveys.domain.expressions.sights import Sight
from surveys.domain.satisfying import Budget, can_be_met
from surveys.domain.show_rules import Formula
from tests.surveys.domain.logic_surveys import garden

SURVEY = garden()
LAST = SURVEY.pages[-1]
looks = st.sampled_from([
    "has_garden == 'yes'", "has_garden != 'window'", "answered(has_garden)", "likes has 'roses'", "likes == {'moss'}",
    "'beans' in likes", "count(likes) > 1", "count(likes - {'roses'}) == 1", "water_roses > 5", "water_roses == 3",
    "answered(dung_moss)", "dung_moss == 'much'", "pests < 4", "pests >= 3.5", "refused(pests)", "weeds in {1, 5}",
    "pests + weeds > 4", "total > 8", "keen", "earth.top == 'sand'", "earth.deep != 'clay'", "answered(earth)",
    "contact.country == 'EG'", "contact.orders > 2", "arm == 'short'", "language == 'de'",
    "why_water_roses != 'dry'", "place(has_garden) == 1", "if(keen, pests > 2, pests < 2)", "length(dung_moss) > 2",
    "rows(earth, 'sand') has 'top'",
])  # fmt: skip
conditions = st.recursive(
    looks,
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "and", "or"]), inner)
        | st.builds("not ({})".format, inner)
    ),
    max_leaves=5,
)


def one(name: str) -> tuple[Cell, ...]:
    return (Cell(value=name),)


answers = st.fixed_dictionaries(
    {"has_garden": st.sampled_from([one("yes"), one("yes"), one("window"), one("no")])},
    optional={
        "likes": st.sets(st.sampled_from(["roses", "beans", "moss", "herbs"]), min_size=1).map(
            lambda names: tuple(Cell(value=name) for name in sorted(names))
        ),
        "water_roses": st.integers(0, 10).map(lambda n: (Cell(number=float(n)),)),
        "why_water_roses": st.sampled_from(["dry", "hot"]).map(lambda text: (Cell(text=text),)),
        "dung_moss": st.sampled_from(["much", "no"]).map(lambda text: (Cell(text=text),)),
        "pests": st.sampled_from([one("refused"), *((Cell(number=n),) for n in (0.0, 1.0, 3.5, 3.7, 4.0, 100.0))]),
        "weeds": st.integers(1, 5).map(lambda n: (Cell(number=float(n)),)),
        "earth": st.sampled_from([(Cell("top", "sand", 1.0),), (Cell("top", "clay", 2.0), Cell("deep", "sand", 1.0))]),
    },
)
places = st.builds(
    lambda seed, contact, language: Setting(seed=seed, contact=contact, language=language),
    st.integers(0, 50),
    st.fixed_dictionaries(
        {}, optional={"country": st.sampled_from(["EG", "DE"]), "orders": st.sampled_from([1.0, 3.0])}
    ),
    st.sampled_from(["", "de"]),
)


@settings(max_examples=120, deadline=None)
@given(conditions, answers, places)
def test_what_one_person_meets_is_never_called_impossible(condition: str, given_answers: Answers, setting: Setting):
    road = path(SURVEY, given_answers, setting)
    if road.stop(LAST.name) is None:
        return
    arm, language = road.arm, setting.language or "en"
    kept = {name: cells for name, cells in road.answers.items() if name not in {"total", "keen"}}
    sight = Sight(kept, setting.contact, None, arm, language, SURVEY.logic.plans)
    if SURVEY.logic.judge(sight)(condition):
        assert can_be_met(SURVEY, [Formula(condition)], Budget())
