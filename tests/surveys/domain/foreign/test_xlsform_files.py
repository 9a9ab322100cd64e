"""XLSForms: what is carried of each type, groups and languages, and what is told as left out."""

import io

import pytest
from python_calamine import CalamineWorkbook

from core.errors import BadInput
from surveys.domain.foreign.foreign_files import read_foreign
from surveys.domain.foreign.form_sheets_read import sheets_of
from surveys.domain.survey_files import read_survey, write_survey
from tests.surveys.domain.foreign.foreign_samples import carried, conditions, faults, spoken, xlsform

CHOICES = [["list_name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "no", "No"], ["foods", "a", "Apple"],
           ["foods", "b", "Bread"]]  # fmt: skip


def form(*rows: list[object], settings=(), choices=CHOICES, more: tuple[str, ...] = ()) -> bytes:
    """An XLSForm with rows of type, name, label, relevant and whatever columns come behind."""
    return xlsform([["type", "name", "label", "relevant", *more], *rows], choices, settings)


def test_every_type_becomes_its_like_and_the_survey_can_be_written_as_a_file():
    kinds = {
        "select_one yn": "single", "select_one yn or_other": "single", "select_multiple foods": "multiple",
        "select_multiple foods or_other": "multiple", "rank foods": "ranking", "text": "text", "integer": "number",
        "decimal": "number", "range": "slider", "date": "date", "time": "time", "dateTime": "datetime",
        "note": "statement", "acknowledge": "consent", "image": "file",
    }  # fmt: skip
    left_out = [
        "start",
        "hidden",
        "geopoint",
        "select_one nothing",
        "select_multiple nothing",
        "rank nothing",
        "calculate",
    ]
    rows: list[list[object]] = [[kind, f"q{at}", "?", "", "yes"] for at, kind in enumerate([*kinds, *left_out, ""])]
    settings = [["form_title", "form_id", "style"], ["Farm" * 200, "farm-1", "pages"]]
    survey, notes = carried(form(*rows, settings=settings, more=("required",)))
    assert [each.kind for each in survey.questions()] == list(kinds.values())
    assert {each.kind for each in survey.questions() if not each.required} == {"statement"}
    assert read_survey(write_survey(survey)) == survey
    assert (survey.name, len(survey.title)) == ("farm_1", 500)
    assert [note.partition(":")[0] for note in notes] == [f"row {at}" for at in range(17, 24)] + ["settings"] * 2


def test_limits_appearances_and_hints_are_carried_as_far_as_they_have_a_like():
    rows: list[list[object]] = [
        ["integer", "a", "", "", ". >= 0 and . < 121", "", "", "In years", "7"],
        ["decimal", "b", "", "", ". >= 0.5", "", "", "", ""], ["decimal", "c", "", "", ". > 0", "", "", "", ""],
        ["integer", "d", "", "", ". > 3 or . < 1", "", "", "", ""], ["text", "e", "", "", "regex(., 'x')", "multiline"],
        ["range", "f", "", "", "", "", "start=10 end=2 step=0.5"], ["range", "g", "", "", "", "", "start=3 end=3"],
        ["range", "j", "", "", "", "", f"start=2 end={10**20}"], ["integer", "k", "", "", ". <= 1", "", "", "", "", 5],
        ["select_one yn", "h", "", "", "", "minimal"], ["integer", "i", "", "", ". > 5 and . < 2"],
    ]  # fmt: skip
    survey, notes = carried(form(*rows, more=("constraint", "appearance", "parameters", "hint", "default")))
    by_name = {each.name: each for each in survey.questions()}
    assert (by_name["a"].least, by_name["a"].most, by_name["a"].hint) == (0, 120, "In years")
    assert (by_name["b"].least, by_name["c"].least, by_name["d"].least) == (0.5, None, None)
    assert (by_name["f"].least, by_name["f"].most, by_name["f"].step) == (2, 10, 0.5)
    assert (by_name["e"].kind, by_name["h"].dropdown, by_name["g"].most) == ("long_text", True, 4)
    assert [note.partition(":")[0] for note in notes] == ["row 2", "row 4", "row 5", "row 6", "row 9", "row 12"]


def test_groups_are_pages_whose_conditions_hold_within_and_repeats_are_asked_once():
    rows: list[list[object]] = [
        ["select_one yn", "went", "Did you?"], ["begin group", "g", "About it", "${went} = 'yes'"],
        ["select_multiple foods", "likes", "What?"], ["begin_group", "inner", "", "selected(${likes}, 'a')"],
        ["integer", "age", "How old?"], ["end_group"], ["end group"], ["end group"],
        ["text", "why", "${age} years: why?", "not(selected(${likes}, 'b')) and count-selected(${likes}) > 1"],
        ["begin repeat", "g", "Each"], ["text", "name", "Name", "${why} = ''"], ["end repeat"],
        ["date", "day", "", "${age} div 2 >= 9 or today() > '2026-01-01'"], ["text", "z", "",
        "${went} = 'no' or false()"],
        ["acknowledge", "ok"], ["text", "end", "", "${ok} = 'OK' and true()"],
    ]  # fmt: skip
    survey, notes = carried(form(*rows))
    assert [page.name for page in survey.pages] == [
        "page_1", "page_g", "page_g_3", "page_3", "page_g_2", "page_5", "page_5_2",
    ]  # fmt: skip
    assert conditions(survey) == {
        "likes": 'went == "yes"', "age": '(went == "yes") and (likes has "a")',
        "why": '(not (likes has "b")) and (count(likes) > 1)', "name": "not answered(why)",
        "z": '(went == "no") or (false)', "end_2": '(ok == "agreed") and (true)',
    }  # fmt: skip
    assert next(each.text for each in survey.questions() if each.name == "why") == "{{ age }} years: why?"
    assert [note.partition(":")[0] for note in notes] == ["row 11", "row 14"]


def test_languages_are_known_by_tag_by_name_or_left_out():
    survey_rows = [["type", "name", "label::English (en)", "label::Français", "label:Elbonian", "hint::English (en)"],
                   ["select_one yn", "went", "Did you?", "Y étiez-vous ?", "DaH?", "Now"],
                   ["text", "why", "Why?", "Pourquoi ?"]]  # fmt: skip
    choices: list[list[object]] = [
        ["list name", "value", "label::English (en)", "label::French"],
        ["yn", 1, "Yes", "Oui"],
        ["yn", 2.5, "No"],
    ]
    settings = [["default_language", "id_string"], ["English (en)", "x"]]
    survey, notes = carried(xlsform(survey_rows, choices, settings))
    assert survey.language == "en"
    assert next(iter(survey.questions())).hint == "Now"
    assert spoken(survey, "fr").pages[0].questions[0].choices[0].label == "Oui"
    assert [note for note in notes if "Elbonian" in note] != []


def test_a_workbook_without_a_form_is_refused():
    for content in (xlsform([["name"], ["x"]]), xlsform([["type"]]), xlsform([], [["x"]])):
        with pytest.raises(BadInput, match="no XLSForm"):
            carried(content)
    with pytest.raises(BadInput, match="no question in this file"):
        carried(form(["start", "start"]))


def test_another_reader_of_workbooks_finds_the_same_texts():
    content = form(["select_one yn", "went", " Did <you> &? ", "", "größer 年"], [], ["text", "z"], more=("hint",))
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    found = sheets_of(content, ("survey", "choices", "missing"))
    for name, rows in found.items():
        headings, *theirs = book.get_sheet_by_name(name).to_python()
        told = [{str(head): str(cell).strip() for head, cell in zip(headings, row, strict=True)} for row in theirs]
        assert [row for row in told if any(row.values())] == [
            {str(head): row.get(str(head), "") for head in headings} for row in rows
        ]
    assert [row["#"] for row in found["survey"]] == ["2", "4"]


def test_a_form_at_odds_with_its_own_rules_is_carried_as_far_as_it_goes_and_told():
    broken: list[list[object]] = [
        ["select_one nowhere", "went", "Did you?"], ["q string", "went", "Say?"], ["begin group", "g"],
        ["setting", "x", "?"], ["form_id", "farm"], ["osm tags", "way", "Way?"],
        ["range", "r", "How?", "${r} = ${q"], ["select_one yn", "s", "Which?", "", "", "randomize=true seed=now"],
        ["select_one yn", "t", "", "", "", "seed=1"],
    ]  # fmt: skip
    content = form(*broken, more=("switch", "parameters"))
    survey, _notes = carried(content)
    assert [each.kind for each in survey.questions()] == ["text", "slider", "single", "single"]
    assert [fault.partition(":")[0] for fault in faults(content)] == [
        "row 2", "row 3", "row 5", "row 9", "row 10", "row 10", "row 4", "row 8",
    ]  # fmt: skip
    assert read_foreign(form(["q string", "a", "Say?"])).valid
    assert not read_foreign(content).valid


def test_old_headings_in_any_case_are_read_as_the_ones_of_today():
    content = xlsform([["Command", "tag", "Caption: French", "Relevance", "media::image"],
                       ["Text", "a", "Pourquoi ?"], ["integer", "b", "Combien ?", "${a} = 'x'"]])  # fmt: skip
    survey, _notes = carried(content)
    assert [each.text for each in survey.questions()] == ["Pourquoi ?", "Combien ?"]
    assert conditions(survey) == {"b": 'a == "x"'}
    twice = xlsform([["type", "name", "label", "Label", "image", "media::image"], ["text", "a", "A", "B"]])
    assert faults(twice) == ["headings: Two columns say the same: “Label”."]
