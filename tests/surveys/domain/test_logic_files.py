"""Files with jumps, loops, quotas, ends, arms, computed values and translations: in and out without loss."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.domain.toml_text import read_toml
from surveys.domain.cells import Choice
from surveys.domain.definitions import Arm, Computed, End, Jump, Loop, Page, Quota, Survey
from surveys.domain.kinds.likert_matrix import LikertMatrix
from surveys.domain.kinds.ranking import Ranking
from surveys.domain.show_rules import Formula, Group
from surveys.domain.survey_files import kept_survey, table_of, write_survey

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1, max_size=20).map(
    lambda text: text.strip() or "x"
)
names = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True)
choices = st.lists(st.builds(Choice, names, words), min_size=1, max_size=3, unique_by=lambda choice: choice.name)
limits = st.floats(-1e6, 1e6, allow_nan=False)
formulas = st.builds(Formula, words)
conditions = st.none() | formulas | st.builds(lambda every, part: Group(every, (part, part)), st.booleans(), formulas)
paths = st.dictionaries(words, words, max_size=3)
whole = st.integers(-5, 99)


@st.composite
def logical(draw):
    """A survey with a part of every sort; whether it could be asked does not matter here."""
    jump = Jump(draw(names), draw(conditions))
    loop = draw(st.none() | st.builds(Loop, names, whole, st.booleans()))
    question = Ranking(name="q", text=draw(words), shuffle=draw(st.booleans()), choices=tuple(draw(choices)))
    shown = Choice("c", draw(words), draw(conditions), draw(st.booleans()), score=draw(st.none() | limits))
    second = LikertMatrix(name="m", text=draw(words), rows=(shown,), scale=(Choice("a", "A"),), refusal=draw(words))
    page = Page(
        name="p", block=draw(names), shuffle=True, repeat=loop, jumps=(jump, jump), questions=(question, second)
    )
    return Survey(
        name="s",
        title=draw(words),
        review=draw(st.booleans()),
        shuffle_blocks=tuple(draw(st.lists(words, max_size=2))),
        theme=draw(paths),
        arms=(Arm(draw(names), draw(whole)),),
        computed=(Computed(draw(names), draw(words), draw(words)),),
        ends=(End(draw(names), draw(words), draw(st.booleans())),),
        quotas=(Quota(draw(names), draw(whole), draw(names), draw(conditions)),),
        translations={"de": draw(paths), "pt-BR": draw(paths)},
        pages=(page,),
    )


@settings(max_examples=50, deadline=None)
@given(logical())
def test_every_part_of_logic_survives_being_written_and_read(survey):
    assert kept_survey(read_toml(write_survey(survey))) == survey
    assert kept_survey(json.loads(json.dumps(table_of(survey)))) == survey
