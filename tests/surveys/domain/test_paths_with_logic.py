"""What an expression, a jump, a loop, a block, an arm or a language makes of a path."""

import pytest

from surveys.domain.answering import Go, advance
from surveys.domain.branching import Path, Setting, farewell, nearest, path
from surveys.domain.cells import Answers, Cell, Cells
from surveys.domain.definitions import Survey
from surveys.domain.quotas import full_quota
from surveys.domain.survey_files import kept_survey, read_survey, table_of, write_survey
from surveys.domain.translations import in_language, languages_of, texts_of
from tests.surveys.domain.logic_surveys import RICH, garden

SURVEY = garden()
YES, WINDOW, NO = (Cell(value="yes"),), (Cell(value="window"),), (Cell(value="no"),)


def likes(*names: str) -> Cells:
    return tuple(Cell(value=name) for name in names)


def number(value: float) -> Cells:
    return (Cell(number=float(value)),)


def pages(road: Path) -> list[str]:
    return [stop.name for stop in road.stops]


def asked(road: Path) -> list[str]:
    return [question.name for stop in road.stops for question in stop.questions]


def texts(road: Path) -> dict[str, str]:
    return {question.name: question.text for stop in road.stops for question in stop.questions}


def seed_for(arm: str) -> int:
    return next(seed for seed in range(100) if path(SURVEY, {}, Setting(seed=seed)).arm == arm)


def test_a_jump_leads_to_an_end_of_its_own_or_to_the_end_of_all():
    out = path(SURVEY, {"has_garden": NO, "likes": likes("roses")})
    assert (pages(out), out.ending, out.quotas) == (["start"], "no_garden", ())
    assert out.farewell == "Sorry, None means no questions."
    assert dict(out.aside) == {"likes": likes("roses")}
    through = path(SURVEY, {"has_garden": WINDOW})
    assert (pages(through), through.ending) == (["start"], "")
    step = advance(SURVEY, {}, "start", {"has_garden": ["no"]}, Go.NEXT)
    assert (step.complete, step.ending, step.answers["has_garden"]) == (True, "no_garden", NO)


def test_a_jump_onwards_leaves_out_what_lies_between():
    onwards = RICH.replace('to = "end"', 'to = "last"').replace('to = "no_garden"', 'to = "care"')
    survey = read_survey(onwards)
    assert pages(path(survey, {"has_garden": WINDOW})) == ["start", "last"]
    assert pages(path(survey, {"has_garden": NO, "likes": likes("beans")})) == ["start", "earth", "spade", "last"]
    assert pages(path(survey, {"has_garden": YES}))[:2] == ["start", "likings"]


def test_a_loop_asks_once_for_each_thing_and_never_more_often_than_it_may():
    answers = {"has_garden": YES, "likes": likes("moss", "beans", "roses"), "water_roses": number(7)}
    road = path(SURVEY, answers)
    assert pages(road)[2:5] == ["care_roses", "after_care_roses", "care_beans"]
    assert "care_moss" not in pages(road)
    assert texts(road)["water_beans"] == "How much water for Beans?"
    assert texts(road)["why_water_roses"] == "Why 7 for Roses?"
    stop = road.stop("care_roses")
    assert stop is not None
    assert stop.page.title == "Roses"
    moss = path(SURVEY, {"has_garden": YES, "likes": likes("moss")})
    assert asked(moss)[2:3] == ["water_moss"]
    assert "dung_moss" not in asked(moss)


@pytest.mark.parametrize(
    ("question", "cells", "expected"),
    [
        ('kind = "number"\n', number(2), ["again_1", "again_2"]),
        ('kind = "number"\n', number(9), ["again_1", "again_2", "again_3"]),
        ('kind = "number"\n', (), []),
        ('kind = "ranking"\nchoices = [{ name = "a", label = "A" }, { name = "b", label = "B" }]\n', (), []),
        (
            'kind = "ranking"\nchoices = [{ name = "a", label = "A" }, { name = "b", label = "B" }]\n',
            (Cell("b", number=1.0),),
            ["again_b"],
        ),
        ('kind = "single"\nchoices = [{ name = "a", label = "A" }]\n', likes("a"), ["again_a"]),
    ],
)
def test_a_loop_goes_through_numbers_rows_and_single_choices(question, cells, expected):
    text = (
        'name = "x"\ntitle = "X"\n[[page]]\nname = "p"\n[[page.question]]\nname = "over"\ntext = "?"\n'
        + question
        + '[[page]]\nname = "again"\nrepeat = { over = "over", most = 3 }\n[[page.question]]\nname = "q"\n'
        + 'kind = "text"\ntext = "?"\nshow_if = { any = [{ question = "over", op = "answered" }, "answered(over)"] }\n'
    )
    survey = read_survey(text)
    assert pages(path(survey, {"over": cells} if cells else {})) == ["p", *expected]


def test_a_loop_by_chance_draws_from_what_was_found_and_always_the_same_for_a_seed():
    survey = read_survey(RICH.replace("most = 2", "most = 2, random = true"))
    taken = {"has_garden": YES, "likes": likes("roses", "beans", "moss", "herbs")}
    drawn = {seed: _cared(survey, taken, seed) for seed in range(40)}
    assert {len(each) for each in drawn.values()} == {2}
    assert len(set(drawn.values())) == 6  # every pair of four
    assert drawn == {seed: _cared(read_survey(write_survey(survey)), taken, seed) for seed in drawn}
    fewer = {"has_garden": YES, "likes": likes("roses", "beans", "herbs")}
    for seed, pair in drawn.items():
        left = _cared(survey, fewer, seed)
        assert len(left) == 2
        assert pair - {"moss"} <= left  # what was drawn stays, as far as it is there
        loud = dict.fromkeys(("water_roses", "water_beans", "water_moss", "water_herbs"), number(9))
        asked_why = {page for page in pages(path(survey, {**taken, **loud}, Setting(seed=seed))) if "after" in page}
        assert asked_why == {f"after_care_{each}" for each in pair}


@pytest.mark.parametrize(
    ("label", "told", "met"),
    [("Roses", "About Roses?", "About Roses?"), ("A {b}", 'About {{ "A {b}" }}?', "About A {b}?")],
)
def test_a_round_is_called_by_its_label_which_can_open_no_expression(label: str, told: str, met: str):
    survey = read_survey(
        'name = "x"\ntitle = "X"\n[[page]]\nname = "p"\n[[page.question]]\nname = "over"\ntext = "?"\n'
        f'kind = "multiple"\nchoices = [{{ name = "one", label = "{label}" }}]\n'
        '[[page]]\nname = "again"\nrepeat = { over = "over" }\n'
        '[[page.question]]\nname = "q"\nkind = "text"\ntext = "About {{ item }}?"\n'
    )
    assert survey.unrolled.pages[1].questions[0].text == told
    assert path(survey, {"over": likes("one")}).stops[1].questions[0].text == met


def test_a_loop_by_chance_over_a_number_draws_from_all_of_it_as_far_as_the_question_lets():
    text = (
        'name = "x"\ntitle = "X"\n[[page]]\nname = "p"\n[[page.question]]\nname = "over"\ntext = "?"\nkind = "number"\n'
        'most = 6\n[[page]]\nname = "again"\nrepeat = { over = "over", most = 2, random = true }\n'
        '[[page.question]]\nname = "q"\nkind = "text"\ntext = "?"\n'
    )
    survey = read_survey(text)
    assert len(survey.unrolled.pages) == 7
    assert len(read_survey(text.replace("most = 6\n", "")).unrolled.pages) == 51
    met = {page for seed in range(60) for page in pages(path(survey, {"over": number(5)}, Setting(seed=seed)))[1:]}
    assert met == {f"again_{each}" for each in range(1, 6)}
    assert pages(path(survey, {"over": number(1)}, Setting(seed=1))) == ["p", "again_1"]


def _cared(survey, answers, seed):
    found = pages(path(survey, answers, Setting(seed=seed)))
    return frozenset(page.removeprefix("care_") for page in found if page.startswith("care_"))


def test_blocks_exchange_places_and_a_seed_always_gives_the_same_order():
    orders = {tuple(pages(path(SURVEY, {"has_garden": YES}, Setting(seed=seed)))[2:4]) for seed in range(20)}
    assert orders == {("earth", "spade"), ("spade", "earth")}
    road = path(SURVEY, {"has_garden": YES}, Setting(seed=3))
    assert road == path(garden(), {"has_garden": YES}, Setting(seed=3))
    assert nearest(SURVEY, road, "earth").name == "earth"
    assert nearest(SURVEY, path(SURVEY, {"has_garden": NO}), "earth").name == "start"


def test_choices_are_shuffled_but_for_those_that_keep_their_place_and_what_is_hidden_is_no_answer():
    kept = {"has_garden": YES, "likes": likes("moss", "beans")}
    road = path(SURVEY, kept, Setting(seed=5, contact={"country": "EG"}))
    shown = road.shown()
    assert sorted(shown["likes.choices"]) == ["beans", "herbs", "roses", "weeds"]
    assert shown["likes.choices"][-1] == "weeds"
    assert shown[""] == asked(road)
    assert road.answers["likes"] == likes("beans")
    other = path(SURVEY, kept, Setting(seed=6, contact={"country": "EG"})).shown()
    assert other["likes.choices"] != shown["likes.choices"]
    hidden = advance(SURVEY, kept, "likings", {"likes": ["moss"]}, Go.NEXT, setting=Setting(contact={"country": "EG"}))
    assert [fault.field for fault in hidden.faults] == ["likes"]


def test_a_question_of_which_nothing_is_left_is_not_asked():
    assert "best" not in asked(path(SURVEY, {"has_garden": YES, "likes": likes("moss")}))
    some = path(SURVEY, {"has_garden": YES, "likes": likes("beans"), "best": likes("roses")})
    assert "best" in asked(some)
    assert "best" not in some.answers
    least = read_survey(RICH.replace("least = 1", "least = 5"))
    reading = advance(least, {"has_garden": YES}, "likings", {"likes": ["roses", "beans", "herbs", "weeds"]}, Go.NEXT)
    assert [fault.field for fault in reading.faults] == ["likes"]
    few = Setting(contact={"country": "EG"})
    posted = {"likes": ["roses", "beans", "herbs", "weeds"]}
    assert not advance(least, {"has_garden": YES}, "likings", posted, Go.NEXT, setting=few).faults


def test_rows_depend_on_the_arm_that_chance_gave():
    for arm, rows in (("short", {"top"}), ("long", {"top", "deep"})):
        road = path(SURVEY, {"has_garden": YES}, Setting(seed=seed_for(arm)))
        assert set(road.shown()["earth.rows"]) == rows
        assert texts(road)["likes"] == f"What grows there, {arm}?"


def test_computed_values_are_part_of_a_complete_response_and_of_nothing_before():
    answers = {
        "has_garden": YES,
        "likes": likes("roses"),
        "pests": number(1),
        "weeds": number(2),
        "best": likes("roses"),
    }
    road = path(SURVEY, {**answers, "total": number(99)})
    assert (road.answers["total"], road.answers["keen"], "proud" in asked(road)) == (number(5), likes("yes"), True)
    assert texts(road)["proud"] == "Proud of Roses?"
    assert "total" not in road.aside
    step = advance(SURVEY, answers, "last", {"best": ["roses"]}, Go.NEXT)
    assert step.complete
    assert (step.changed["total"], step.answers["total"]) == (number(5), number(5))
    refused = path(SURVEY, {**answers, "pests": (Cell(value="refused"),)})
    assert refused.answers["total"] == number(4)


def test_texts_repeat_the_person_and_speak_their_language():
    road = path(SURVEY, {"has_garden": NO}, Setting(language="de-AT", contact={"first_name": "Ada"}))
    assert (road.intro, road.farewell) == ("Hello Ada.", "Schade: Keinen.")
    assert texts(road)["has_garden"] == "Haben Sie einen Garten?"
    german = in_language(SURVEY, "de")
    assert (german.title, german.language, german is in_language(SURVEY, "de-CH")) == ("Ihr Garten", "de", True)
    assert in_language(SURVEY, "fr") is in_language(SURVEY, "en") is in_language(SURVEY, "") is SURVEY
    assert languages_of(SURVEY) == ("en", "de")
    paths = {each.path: each.words for each in texts_of(SURVEY)}
    assert paths["earth.scale.sand"] == "Sand"
    assert paths["page:care.title"] == "{{ item }}"
    assert set(SURVEY.translations["de"]) <= set(paths)


def test_a_quota_that_is_full_turns_away_whoever_counts_for_it():
    rosarian = path(SURVEY, {"has_garden": YES, "likes": likes("roses")})
    assert rosarian.quotas == ("rosarians", "all")
    assert full_quota(SURVEY, rosarian.quotas, {"rosarians": 1, "all": 4}) is None
    full = full_quota(SURVEY, rosarian.quotas, {"rosarians": 2})
    assert full is not None
    assert (full.name, full.end) == ("rosarians", "enough")
    assert full_quota(SURVEY, path(SURVEY, {"has_garden": YES}).quotas, {"rosarians": 2}) is None
    assert farewell(SURVEY, rosarian.answers, "enough") == "We have heard enough."
    assert farewell(SURVEY, {"has_garden": YES, "pests": number(3)}, "") == "Thank you. You scored 3."


def test_every_part_of_a_definition_survives_being_written_and_read():
    assert read_survey(write_survey(SURVEY)) == SURVEY
    assert kept_survey(table_of(SURVEY)) == SURVEY


def test_results_and_exports_know_every_round_and_every_computed_value():
    names = [question.name for question in SURVEY.questions()]
    assert names.count("water_roses") == 1
    assert names[-2:] == ["total", "keen"]
    assert {"water", "water_moss", "total"} <= set(SURVEY.by_name)


def test_a_survey_without_a_theme_or_translations_is_itself_in_every_language():
    plain: Survey = read_survey(
        'name = "x"\ntitle = "X"\n[[page]]\nname = "p"\n[[page.question]]\nname = "q"\nkind = "text"\ntext = "?"'
    )
    answers: Answers = {"q": (Cell(text="words"),)}
    assert path(plain, answers, Setting(language="de")).answers == answers
