"""Files of targets: read as raking or post-stratification, written so that reading gives the same, else refused."""

import pytest

from core.errors import BadInput
from surveys.domain.weighting_files import read_plan, write_plan
from surveys.domain.weighting_plans import Plan

RAKING = Plan(("went", "score"), ({"yes": 60, "no": 39.5}, {"9": 70, "2": 30}))
JOINT = Plan(("went", "score"), cells={("yes", "9"): 30, ("no", "2"): 70.5}, trim=3)


@pytest.mark.parametrize("plan", [RAKING, JOINT, Plan(("trim",), ({"a": 1},)), Plan(("went",), ({"yes": 1},), trim=5)])
def test_a_plan_is_the_same_after_its_file(plan):
    assert read_plan(write_plan(plan)) == plan


def test_a_table_of_a_spreadsheet_is_raked_by_question_or_fits_every_combination():
    listed = "\ufeffquestion; answer; target\nwent;yes;60\nwent;no;39,5 %\n;;\nscore;9;70\nscore;2;30\n"
    assert read_plan(listed, is_csv=True) == RAKING
    assert read_plan("went,score,target\nyes,9,30\nno,2,70.5\n", is_csv=True).cells == JOINT.cells


@pytest.mark.parametrize(
    ("text", "is_csv", "said"),
    [
        ("", False, "no target in the file"),
        ("went = 3", False, "no numbers"),
        ("[went]\nyes = 'many'", False, "“went, yes” needs a number"),
        ("trim = 'much'", False, "“trim” needs a number"),
        ("cell = [{ went = 'yes' }]", False, "needs a number"),
        ("cell = [{ target = 3 }]", False, "Each combination needs an answer"),
        ("cell = [{ a = 'x', target = 3 }, { target = 4 }]", False, "Each combination needs an answer"),
        ("cell = []", False, "Each combination needs an answer"),
        ("cell = [{ a = 'x', target = 3 }, { a = 'x', target = 4 }]", False, "stands there twice"),
        ("went = { yes = 3 }\ncell = [{ a = 'x', target = 3 }]", False, "“trim” alone"),
        ("cell = [3]", False, "“trim” alone"),
        ("", True, "no column “target”"),
        ("went,share\nyes,3\n", True, "no column “target”"),
        ("went,target\n", True, "no column “target”"),
        ("question,answer,target\nwent,yes\n", True, "“went, yes” needs a number"),
    ],
)
def test_what_is_no_file_of_targets_is_refused_with_a_reason(text, is_csv, said):
    with pytest.raises(BadInput, match=said):
        read_plan(text, is_csv=is_csv)
