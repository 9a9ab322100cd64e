"""Survey files: in and out without loss, and every mistake told with its place and its remedy."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.toml_text import read_toml
from core.errors import BadInput
from surveys.domain.cells import Choice
from surveys.domain.definition_faults import BadDefinition
from surveys.domain.definitions import Page, Survey
from surveys.domain.kinds.number_entry import NumberEntry
from surveys.domain.kinds.single_choice import SingleChoice
from surveys.domain.show_rules import Group, Op, Rule
from surveys.domain.survey_files import read_survey, survey_of, table_of, write_survey
from tests.surveys.domain.sample_surveys import BRANCHING, trip

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1, max_size=30).map(
    lambda text: text.strip() or "x"
)
names = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True)
choices = st.lists(st.builds(Choice, names, words), min_size=1, max_size=4, unique_by=lambda choice: choice.name)
limits = st.floats(-1e6, 1e6, allow_nan=False)


@st.composite
def surveys(draw):
    offered = tuple(draw(choices))
    first = SingleChoice(name="first", text=draw(words), choices=offered, required=draw(st.booleans()))
    rule = Rule("first", draw(st.sampled_from([Op.IS, Op.IS_NOT])), draw(st.sampled_from(offered)).name)
    low, high = sorted((draw(limits), draw(limits)))
    second = NumberEntry(name="second", text=draw(words), least=low, most=high, hint=draw(words), show_if=rule)
    group = Group(draw(st.booleans()), (rule, Rule("first", Op.ANSWERED, draw(st.booleans()))))
    pages = (
        Page(name="one", questions=(first,)),
        Page(name="two", show_if=group, text=draw(words), questions=(second,)),
    )
    return Survey(name="s-1", title=draw(words), intro=draw(words), minutes=draw(st.integers(0, 99)), pages=pages)


@given(surveys())
def test_a_survey_survives_being_written_and_read(survey):
    assert survey_of(read_toml(write_survey(survey))) == survey
    assert survey_of(json.loads(json.dumps(table_of(survey)))) == survey


def test_the_samples_survive_being_written_and_read():
    demo = Path(__file__).resolve().parents[3] / "demo" / "satisfaction.toml"
    for survey in (trip(), read_survey("\ufeff" + demo.read_text(encoding="utf-8"))):
        assert read_survey(write_survey(survey)) == survey


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "Your trip"', "", 'survey: “title” is missing. Add title = "…".'),
        ('title = "Your trip"', "title = 3", "survey: “title” must be a text."),
        (
            'title = "Your trip"',
            'title = "Your trip"\nlanguage = "klingonese"',
            "“klingonese” is no language. Use a tag",
        ),
        ('title = "Your trip"', f'title = "{"x" * 501}"', "has more than 500 characters."),
        ('title = "Your trip"', 'title = "x"\nminutes = "3"', "survey: “minutes” must be a whole number."),
        ('title = "Your trip"', 'title = "x"\ntitel = "y"', "There is no key “titel” here. Did you mean “title”?"),
        ('title = "Your trip"', 'title = "x"\nzzz = "y"', "Known keys: name, title"),
        ('name = "trip"\ntitle', 'name = "My Trip"\ntitle', "“My Trip” cannot be a name. Use small letters"),
        (
            'kind = "nps"',
            'kind = "npm"',
            "page 3 (“trip”), question 2 (“score”): There is no kind “npm”. Kinds: single",
        ),
        ('kind = "nps"', "kind = 3", "“kind” must be a text."),
        ("required = true\nchoices", 'required = "yes"\nchoices', "“required” must be true or false."),
        ("highest = 4", "highest = 14", "question “train_class”: “highest” cannot be 14. Use 2 to 10."),
        ("highest = 4", "highest = true", "“highest” must be a whole number."),
        ("least = 0\n", 'least = "0"\n', "“least” must be a number."),
        ("least = 0\n", "least = nan\n", "“least” must be a number."),
        ("least = 0\n", "least = 40\n", "“least” is more than “most”. Exchange them."),
        ("most = 30\n", "most = 30\nstep = 0\n", "“step” must be more than 0."),
        ("least = 1\nmost = 3", "least = 4\nmost = 3", "“least” and “most” cannot both be met."),
        ("longest = 50", "longest = 0", "“longest” must be 1 to 20000 characters."),
        ('name = "no", label = "No"', 'name = "yes", label = "No"', "Two of kind “choices” are named “yes”."),
        ('name = "no", label = "No"', 'name = "other", label = "No"', "The name “other” is kept"),
        ('name = "car", label = "Car"', 'name = "none", label = "Car"', "The name “none” is kept"),
        ('name = "bad", label = "Bad"', 'name = "na", label = "Bad"', "The name “na” is kept"),
        ('name = "no", label = "No"', 'label = "No"', "question 1 (“went”), choices 2: “name” is missing."),
        (
            'rows = [{ name = "food", label = "Food" }, { name = "weather", label = "Weather" }]',
            "rows = []",
            "“rows” is empty. Add rows = [{ name",
        ),
        (
            'rows = [{ name = "food", label = "Food" }, { name = "weather", label = "Weather" }]',
            "rows = 3",
            "“rows” must be a list.",
        ),
        (
            'rows = [{ name = "food", label = "Food" }, { name = "weather", label = "Weather" }]',
            'rows = ["food"]',
            "rows 1: This must be a table.",
        ),
        ('name = "nights"', 'name = "went"', "Two of kind “question” are named “went”."),
        ('name = "nights"', 'name = "how_car"', "Two of kind “export column” are named “how_car”."),
        (
            '[[page]]\nname = "details"',
            '[[page]]\nname = "empty"\n[[page]]\nname = "details"',
            "page 4 (“empty”): There is no question on it.",
        ),
        ('[[page]]\nname = "details"', '[[page]]\nname = "end"', "Two of kind “page” are named “end”."),
        ('op = "is", value = "no"', 'op = "was", value = "no"', "show_if: There is no rule “was”. Rules: is, is_not"),
        ('op = "is", value = "no"', 'op = "is"', "“value” is missing."),
        (
            'op = "is", value = "no"',
            'op = "is", value = "nope"',
            "“went” has no answer “nope”. Answers: no, other, yes.",
        ),
        (
            'op = "is", value = "no"',
            'op = "less", value = 3',
            "“went” cannot be asked “less”. Rules: is, is_not, answered",
        ),
        ('op = "is", value = "no"', 'op = "answered", value = "no"', "“answered” is true or false."),
        ('op = "is", value = "no"', 'op = "is", value = "no", row = "r"', "“went” has no row “r”. Rows: none."),
        ('{ question = "went", op = "is", value = "no" }', "{ all = [] }", "“all” is empty."),
        ('{ question = "went", op = "is", value = "no" }', "3", "This must be a table."),
        (
            'show_if = { question = "went", op = "is", value = "no" }',
            'show_if = { question = "score", op = "less", value = 7 }',
            "“score” is not asked on an earlier page. Move this",
        ),
        (
            'show_if = { question = "went", op = "is", value = "no" }',
            'show_if = { question = "wnet", op = "less", value = 7 }',
            "There is no question “wnet”. Questions before it: went.",
        ),
        (
            'op = "greater", value = 6',
            'op = "greater", value = "6"',
            "“score” is compared with a number. Write value = 7.",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place_and_remedy(old, new, said):
    assert old in BRANCHING
    with pytest.raises(BadDefinition) as told:
        read_survey(BRANCHING.replace(old, new, 1))
    assert said in str(told.value)


def test_all_mistakes_are_told_at_once():
    with pytest.raises(BadDefinition) as told:
        read_survey('name = "x"\n[[page]]\n[[page.question]]\nkind = "text"')
    assert [fault.place for fault in told.value.faults] == ["survey", *["page 1, question 1"] * 2, "page 1"]


def test_a_text_that_is_no_toml_is_told_with_its_line():
    with pytest.raises(BadInput) as told:
        read_survey('name = "x"\ntitle == 3')
    assert told.value.line == 2


def test_an_empty_survey_is_refused():
    with pytest.raises(BadDefinition, match="There is no page"):
        read_survey('name = "x"\ntitle = "X"')


def test_a_rule_on_the_first_page_has_nothing_to_look_at():
    with pytest.raises(BadDefinition, match="There is no question “b”"):
        read_survey(
            'name = "x"\ntitle = "X"\n[[page]]\nname = "p"\nshow_if = { question = "b", op = "answered" }\n'
            '[[page.question]]\nname = "a"\nkind = "text"\ntext = "A"'
        )


@pytest.mark.parametrize("row", ["rain", ""])
def test_a_rule_on_a_matrix_names_one_of_its_rows(row):
    page = '[[page]]\nname = "p"\nshow_if = { question = "judged", op = "is", value = "bad", row = "%s" }\n'
    question = '[[page.question]]\nname = "z"\nkind = "text"\ntext = "Z"\n'
    with pytest.raises(BadDefinition, match=f"has no row “{row}”. Rows: food, weather"):
        read_survey(BRANCHING + page % row + question)
    asked = read_survey(BRANCHING + page % "food" + question)
    assert read_survey(write_survey(asked)) == asked


def test_limits_on_size_are_told():
    many = "".join(f'[[page.question]]\nname = "q{n}"\nkind = "text"\ntext = "?"\n' for n in range(501))
    with pytest.raises(BadDefinition, match="more than 500 questions"):
        read_survey('name = "x"\ntitle = "X"\n[[page]]\nname = "p"\n' + many)
    choice = ", ".join(f'{{ name = "c{n}", label = "?" }}' for n in range(201))
    with pytest.raises(BadDefinition, match="more than 200"):
        read_survey(BRANCHING.replace('choices = [{ name = "yes"', f'choices = [{choice}, {{ name = "yes"'))


@pytest.mark.parametrize("depth", [60, 300])
def test_a_condition_of_too_many_levels_is_refused_in_a_sentence(depth):
    nested = "{question = 'a', op = 'answered'}"
    for _level in range(depth):
        nested = "{all = [" + nested + "]}"
    text = 'name = "deep"\ntitle = "Deep"\n[[page]]\nname = "p"\n[[page.question]]\n'
    text += f'name = "q"\nkind = "text"\ntext = "Q"\nshow_if = {nested}\n'
    with pytest.raises(BadInput, match=r"too many levels|more than 40 levels"):
        read_survey(text)
