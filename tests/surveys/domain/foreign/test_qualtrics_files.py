"""Qualtrics files: what is carried of each question type, blocks and display logic, and what is told as left out."""

from surveys.domain.survey_files import read_survey, write_survey
from tests.surveys.domain.foreign.foreign_samples import carried, conditions, looks, parts, qualtrics, spoken

TWO = {"Choices": parts("Yes", "No"), "ChoiceOrder": ["2", 1, 9]}
MATRIX = {"QuestionType": "Matrix", "Choices": parts("Food", "Staff"), "Answers": parts("Bad", "Good")}


def test_every_type_becomes_its_like_and_the_survey_can_be_written_as_a_file():
    entry = {"TextEntry": True, "Display": "Else"}
    number = {"Validation": {"Settings": {"ContentType": "ValidNumber", "ForceResponse": "ON"}}}
    survey, notes = carried(qualtrics(
        {"QuestionType": "MC", "Selector": "SAVR", **TWO, "Randomization": {"Type": "All"}},
        {"QuestionType": "MC", "Selector": "DL", "Choices": {"1": entry}},
        {"QuestionType": "MC", "Selector": "MAVR", "Choices": {**parts("A"), "4": {}}},
        {"QuestionType": "MC", "Selector": "NPS", "Choices": parts(*map(str, range(11)))}, {"QuestionType": "MC"},
        {**MATRIX, "Selector": "Likert"}, {**MATRIX, "SubSelector": "MultipleAnswer"}, {**MATRIX, "Selector": "TE"},
        {**MATRIX, "Answers": {}}, {**MATRIX, "Selector": "TE", "Answers": {}}, {"QuestionType": "Matrix"},
        {"Selector": "SL"}, {"Selector": "ML"}, number,
        {"Validation": {"Settings": {"Type": "ValidEmail"}}}, {"Selector": "FORM", "Choices": parts("First", "Last")},
        {"Selector": "FORM"}, {"QuestionType": "DB", "QuestionText": "<b>Words</b>", **number},
        {"QuestionType": "DB", "QuestionText": ""}, {"QuestionType": "RO", **TWO}, {"QuestionType": "RO"},
        {"QuestionType": "CS", **TWO, "Validation": {"Settings": {"ChoiceTotal": "24"}}}, {"QuestionType": "CS", **TWO},
        {"QuestionType": "CS"}, {"QuestionType": "Slider", "Choices": parts("How loud")},
        {"QuestionType": "Slider", "Choices": parts("A", "B")}, {"QuestionType": "FileUpload"},
        {"QuestionType": "HeatMap", "Selector": "On", "QuestionText": "", "DataExportTag": ""},
        {"DataExportTag": "Q1", "QuestionText": None, "QuestionJS": "alert(1)",
        "Language": {"DE": {"QuestionText": 5}}},
    ))  # fmt: skip
    assert [each.kind for each in survey.questions()] == [
        "single", "single", "multiple", "nps", "matrix", "matrix_multiple", "matrix_text", "text", "long_text",
        "number",
        "email", "matrix_text", "statement", "ranking", "sum", "sum", "slider", "matrix_number", "file", "text",
    ]  # fmt: skip
    assert read_survey(write_survey(survey)) == survey
    asked = {each.name: each for each in survey.questions()}
    assert [each.label for each in asked["q1"].choices] == ["No", "Yes"]
    assert (asked["q1"].shuffle, asked["q2"].dropdown, asked["q14"].required) == (True, True, True)
    assert (asked["q18"].text, asked["q22"].total, asked["q23"].total) == ("Words", 24, 100)
    assert asked["q1_2"].text == "QID29"
    assert [note.partition(":")[0] for note in notes] == [
        f"question “{tag}”" for tag in (
            "Q2", "Q5", "Q9", "Q10", "Q11", "Q17", "Q19", "Q21", "Q24", "Q26", "QID28", "Q1", "Q1",
        )
    ]  # fmt: skip


def test_display_logic_is_told_in_our_expressions():
    chosen = {"Operator": "Selected", "LeftOperand": "q://QID1/SelectableChoice/1"}
    row = {"Operator": "Selected", "LeftOperand": "q://QID3/SelectableAnswer/1/2"}
    several = {"Operator": "NotSelected", "ChoiceLocator": "q://QID2/SelectableChoice/2"}
    number = {"Operator": "GreaterThan", "LeftOperand": "q://QID4/ChoiceNumericEntryValue/1", "RightOperand": "7"}
    given = {"Operator": "NotEmpty", "LeftOperand": "q://QID1/X"}
    none = {"Operator": "Empty", "LeftOperand": "q://QID1/X"}
    two_groups = {**looks(chosen), "1": {**looks(number)["0"], "Type": "ElseIf"}}  # type: ignore[dict-item]  # a table
    numeric = {"Validation": {"Settings": {"ContentType": "ValidNumber"}}}
    logics = [
        looks(chosen, row), looks(several, number, chosen, joint="Or"), looks(given), looks(none), two_groups,
        {**looks(chosen), "1": looks(number)["0"]}, looks(chosen, number, {**row, "Conjuction": "Or"}),
    ]  # fmt: skip
    survey, notes = carried(qualtrics(
        {"QuestionType": "MC", "Selector": "SAVR", **TWO}, {"QuestionType": "MC", "Selector": "MAHR", **TWO}, MATRIX,
        numeric, *({"DisplayLogic": each, "QuestionText": "Why ${q://QID4/ChoiceTextEntryValue}?"} for each in logics),
    ))  # fmt: skip
    assert notes == []
    assert conditions(survey) == {
        "q5": '(q1 == "1") and (q3.1 == "2")', "q6": '(not (q2 has "2")) or (q4 > 7) or (q1 == "1")',
        "q7": "answered(q1)", "q8": "not answered(q1)", "q9": '(q1 == "1") or (q4 > 7)',
        "q10": '(q1 == "1") and (q4 > 7)',
        "q11": '((q1 == "1") and (q4 > 7)) or (q3.1 == "2")',
    }  # fmt: skip
    assert list(survey.questions())[-1].text == "Why {{ q4 }}?"


def test_display_logic_that_is_not_understood_goes_with_a_note():
    chosen = {"Operator": "Selected", "LeftOperand": "q://QID1/SelectableChoice/1"}
    many = {str(number): {"LogicType": "Question", **chosen} for number in range(3000)}
    logics = [
        "text", {}, {"Type": "BooleanExpression"}, {"0": "x"}, {"0": {"0": "x"}}, {"0": {}},
        {"0": many, "1": {"Type": {}}},
        looks({"Operator": "Displayed", "LeftOperand": "q://QID1/X"}), looks({**chosen, "LogicType": "EmbeddedField"}),
        looks({"Operator": "Selected", "LeftOperand": "q://QID1/X"}), looks({"Operator": "GreaterThan",
            "LeftOperand": "q://QID1/X"}),
        looks({**chosen, "LeftOperand": "q://QID99/SelectableChoice/1"}),
    ]  # fmt: skip
    asked = [{"DisplayLogic": each} for each in logics]
    survey, notes = carried(qualtrics({"QuestionType": "MC", **TWO, "SkipLogic": [1]}, *asked))
    assert conditions(survey) == {}
    assert [note.partition(":")[0] for note in notes] == [
        "question “Q1”",
        *(f"question “Q{at}”" for at in range(4, 14)),
    ]
    assert notes[-1] == "question “Q13”: The condition “selected(QID99, 1)” was left out: there is no question “QID99”."


def test_blocks_follow_the_flow_and_what_steers_it_is_told():
    def block(number: int, *asked: object, **more: object) -> dict[str, object]:
        questions = [{"Type": "Question", "QuestionID": each} for each in asked]
        return {"ID": f"BL_{number}", "BlockElements": questions, "Description": f"Block {number}", **more}

    blocks = {"1": block(1, "QID1", ["QID2"], "QID9"), "2": block(2, "QID2", Options={"Looping": "Static"}),
              "3": block(3, "QID3", Type="Trash"), "4": {"ID": "BL_4", "BlockElements": 3}, "5": "x"}  # fmt: skip
    deep: list[object] = [{"Type": "Block", "ID": "BL_1"}]
    for _level in range(20):
        deep = [{"Type": "Group", "Flow": deep}]
    flow = [{"Type": "Branch", "Flow": [{"Type": "Standard", "ID": "BL_2"}]}, {"Type": "Block", "ID": "BL_3"}, 5,
            {"Type": "Block", "ID": "BL_1"}, {"Type": "Block", "ID": "BL_4"}, {"Type": "Block", "ID": "BL_99"},
            *deep]  # fmt: skip
    survey, notes = carried(qualtrics({}, {}, {}, flow=flow, blocks=blocks))
    assert [each.name for each in survey.questions()] == ["q2", "q1"]
    assert notes == [
        "survey flow: “Branch” steers the flow there, and was left out; the blocks within are asked of everybody.",
        "block “Block 2”: What was looped is asked once.",
    ]
    plain, _notes = carried(qualtrics({}, flow=5, blocks=[block(1, "QID1")]))
    assert [each.name for each in plain.questions()] == ["q1"]


def test_words_in_several_languages_become_translations():
    german = {"DE": {"QuestionText": "Los?", "Choices": {"1": {"Display": "Ja"}}}, "EN": "x"}
    survey, _notes = carried(
        qualtrics({"QuestionType": "MC", **TWO, "Language": german, "QuestionText": "Go?"}, SurveyLanguage="EN-GB")
    )
    asked = next(iter(spoken(survey, "de").questions()))
    assert (asked.text, [each.label for each in asked.choices]) == ("Los?", ["No", "Ja"])
