"""What is refused before anybody is asked: each with its place and a remedy; what is possible never is."""

import pytest

from surveys.domain.definition_faults import BadDefinition
from surveys.domain.survey_files import kept_survey, read_survey
from tests.surveys.domain.logic_surveys import RICH

LOOP = 'over = "likes", most = 2 }\n[[page.question]]\nname = "water"'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # undefined names, types, forward references
        (
            "when = \"has_garden == 'no'\"",
            'when = "has_gaden == 1"',
            "page “start”, jump 1, when: At character 1: Nothing",
        ),
        (
            'show_if = "keen"',
            'show_if = "total"',
            "question “proud”, show_if: At character 1: This is a number; true or",
        ),
        (
            'show_if = "keen"',
            "show_if = \"best == 'beans'\"",
            "The question “best” is not asked on an earlier page. Move",
        ),
        ("Proud of {{ likes }}?", "Proud of {{ best }}?", "question “proud”, text: The question “best” is not asked"),
        ("Proud of {{ likes }}?", "Proud of {{ likse }}?", "question “proud”, text: At character 1: Nothing is called"),
        (
            "Proud of {{ likes }}?",
            "Proud of {{ earth }}?",
            "A question with rows has no value as a whole. Name one row.",
        ),
        (
            "What grows there, {{ arm }}?",
            "So {{ keen }}?",
            "“keen” needs the question “pests”, which is not asked on an",
        ),
        ('intro = "Hello', 'intro = "{{ likes }}', "survey, intro: The question “likes” is not asked"),
        ("when = \"likes has 'roses'\"", 'when = "likes"', "quota “rosarians”, when: At character 1: This is a set"),
        ("Sorry, {{ label", "Sorry, {{ lable", "end “no_garden”, text: At character 1: There is no function “lable”."),
        (
            "likes has 'roses'\" },",
            "likes has 'rose'\" },",
            "question “best”, choices “roses”, show_if: At character 7",
        ),
        (
            'label = "Beans", show_if = { question = "likes"',
            'label = "{{ zz }}", show_if = { question = "likes"',
            "label:",
        ),
        (
            '"has_garden.text" = "Haben',
            '"has_garden.text" = "{{ zz }} Haben',
            "translations, de, question “has_garden”, text: At",
        ),
        # circles
        (
            'formula = "sum(pests, 2 * weeds)"',
            'formula = "if(keen, 1, 2)"',
            "“total”: It needs itself: total → keen → total.",
        ),
        (
            'formula = "sum(pests, 2 * weeds)"',
            'formula = "smu(1)"',
            "computed value “total”, formula: At character 1: There",
        ),
        ('formula = "sum(pests, 2 * weeds)"', 'formula = "earth"', "computed value “total”: A question with rows"),
        (
            'to = "end"',
            'to = "start"',
            "page “start”, jump 2: It leads back to “start”, so that the survey would go round",
        ),
        # jumps, ends, quotas, arms, names
        (
            'to = "end"',
            'to = "nowhere"',
            "There is neither a page nor an end “nowhere”. Write the name of a later page",
        ),
        (
            'to = "end"',
            'to = "spade"',
            "page “start”, jump 2: It leads between blocks that exchange places. Stay within",
        ),
        ('limit = 2\nend = "enough"', 'limit = 2\nend = "gone"', "quota “rosarians”: There is no end “gone”. Add one"),
        ("limit = 2\n", "limit = -1\n", "quota “rosarians”: A limit cannot be less than 0."),
        ("weight = 3", "weight = 0", "arm “long”: Its weight cannot be that. Use a whole number from 1"),
        ('[[arm]]\nname = "long"', '[[arm]]\nname = "short"', "Two of kind “arm” are named “short”."),
        ('[[end]]\nname = "enough"', '[[end]]\nname = "likings"', "Two of kind “page or end” are named “likings”."),
        ('[[end]]\nname = "enough"', '[[end]]\nname = "end"', "“end” stands for the end of the last page."),
        ('name = "keen"', 'name = "item"', "The name “item” has a meaning of its own in expressions."),
        # blocks
        (
            'shuffle_blocks = ["soil", "tools"]',
            'shuffle_blocks = ["soil", "x"]',
            "No page belongs to the block “x”. Blocks:",
        ),
        (
            'shuffle_blocks = ["soil", "tools"]',
            'shuffle_blocks = ["soil", "soil"]',
            "Two of kind “block” are named “soil”.",
        ),
        (
            'name = "last"\n',
            'name = "last"\nblock = "soil"\n',
            "page “last”: Other pages stand between it and the rest",
        ),
        (
            'text = "How many pests?"',
            'text = "?"\nshow_if = "answered(earth)"',
            "“earth” is not asked on an earlier page.",
        ),
        # loops
        (
            LOOP,
            'over = "lies" }\n[[page.question]]\nname = "water"',
            "page “care”, repeat: There is no question “lies”.",
        ),
        (
            LOOP,
            'over = "best" }\n[[page.question]]\nname = "water"',
            "page “care”, repeat: The question “best” is not asked on an earlier page.",
        ),
        (
            LOOP,
            'over = "likes", most = 0 }\n[[page.question]]\nname = "water"',
            "page “care”, repeat: “most” cannot be 0. Use 1 to 50.",
        ),
        (
            'name = "dung"',
            f'name = "dung{"x" * 33}"',
            "has more than 40 characters. Shorten the name that is repeated.",
        ),
        # the first page, translations
        (
            '[[page]]\nname = "start"',
            '[[page]]\nname = "start"\nshow_if = "arm == \'long\'"',
            "page “start”: The first page must be",
        ),
        (
            "[translations.de]",
            '[translations.de]\n"zz.text" = "x"',
            "translations, de: There is no text “zz.text”. Take it out",
        ),
        ("[translations.de]", "[translations.klingonese]", "translations, klingonese: “klingonese” is no language."),
    ],
)
def test_a_mistake_of_logic_is_told_with_its_place_and_remedy(old, new, said):
    assert old in RICH
    with pytest.raises(BadDefinition) as told:
        read_survey(RICH.replace(old, new, 1))
    assert said in str(told.value)


def test_a_page_of_hidden_values_alone_is_refused():
    page = '[[page]]\nname = "code"\n[[page.question]]\nname = "code"\nkind = "hidden"\ntext = "?"\n'
    with pytest.raises(BadDefinition, match="page “code”: There is nothing to see on it"):
        read_survey(RICH.replace('[[page]]\nname = "last"', page + '[[page]]\nname = "last"'))


def test_the_first_page_has_a_question_that_is_left_to_everybody():
    hidden = RICH.replace(
        '{ name = "yes", label = "Yes" }', '{ name = "yes", label = "Yes", show_if = "arm == \'long\'" }'
    )
    with pytest.raises(BadDefinition, match="page “start”: The first page must be shown to everybody"):
        read_survey(hidden)


def test_a_loop_needs_something_to_go_through():
    with pytest.raises(BadDefinition, match="page “after”, repeat: “what” gives nothing to go through one by one"):
        read_survey(
            'name = "x"\ntitle = "X"\n[[page]]\nname = "p"\n[[page.question]]\nname = "what"\nkind = "text"\n'
            'text = "?"\n'
            '[[page]]\nname = "after"\nrepeat = { over = "what" }\n'
            '[[page.question]]\nname = "q"\nkind = "text"\ntext = "?"'
        )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'shuffle_blocks = ["soil", "tools"]',
            "shuffle_blocks = [1]",
            "“shuffle_blocks” must be a list of names. Write",
        ),
        (
            'when = { question = "has_garden", op = "is", value = "window" }',
            "when = { all = 3 }",
            "“all” must be a list.",
        ),
        ('repeat = { over = "likes", most = 2 }', "repeat = 3", "page 3 (“care”), repeat: This must be a table."),
        ("[translations.de]", "translations.fr = 3\n[translations.de]", "translations, fr: This must be a table."),
    ],
)
def test_a_part_of_the_wrong_shape_is_told(old, new, said):
    text = RICH.replace(old, new, 1)
    if "translations.fr" in new:
        text = RICH.replace("[translations.de]", "[translations]\nfr = 3\n[translations.de]")
    with pytest.raises(BadDefinition) as told:
        read_survey(text)
    assert said in str(told.value)


def test_a_stored_survey_whose_parts_cannot_be_read_is_refused():
    with pytest.raises(BadDefinition, match="“title” is missing"):
        kept_survey({"name": "x", "page": []})


def test_the_limits_on_computed_values_are_told():
    many = "".join(f'[[computed]]\nname = "c{n}"\nformula = "1"\n' for n in range(101))
    with pytest.raises(BadDefinition, match="more than 100 computed values"):
        read_survey(RICH.replace("[[arm]]", many + "[[arm]]", 1))


def test_a_long_chain_of_computed_values_is_worked_out():
    chain = "".join(f'[[computed]]\nname = "c{n}"\nformula = "c{n - 1} + 1"\n' for n in range(90, 0, -1))
    survey = read_survey(RICH.replace("[[arm]]", chain + '[[computed]]\nname = "c0"\nformula = "pests"\n[[arm]]', 1))
    assert len(survey.logic.plans["c90"]) == 91
