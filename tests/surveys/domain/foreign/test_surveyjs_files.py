"""SurveyJS files: what is carried of each element, and what is told as left out."""

from surveys.domain.survey_files import read_survey, write_survey
from surveys.domain.translations import in_language
from tests.surveys.domain.foreign.foreign_samples import carried, choice, conditions, surveyjs


def named(survey, name: str):
    return next(question for question in survey.questions() if question.name == name)


def test_every_kind_becomes_its_like_and_the_survey_can_be_written_as_a_file():
    elements = [
        choice("went", "yes", {"value": "no", "text": "<b>No</b>"}, isRequired=True, description="This year"),
        choice("town", "York", 7, True, kind="dropdown", showOtherItem=True, showNoneItem=True, otherText="Else"),
        choice("likes", "food", "music", kind="checkbox", hasNone=True, hasOther=True, maxSelectedChoices=9,
               minSelectedChoices=1, choicesOrder="random", showRefuseItem=True, refuseText="Not said"),
        choice("hall", {"value": "a", "imageLink": "https://example.org/a.png"}, kind="imagepicker"),
        choice("halls", "a", "b", kind="imagepicker", multiSelect=True),
        {"type": "boolean", "name": "again", "labelTrue": "Sure", "labelFalse": "Never"},
        {"type": "text", "name": "age", "inputType": "number", "min": 0, "max": 120},
        {"type": "text", "name": "day", "inputType": "date"}, {"type": "text", "name": "mail", "inputType": "email"},
        {"type": "text", "name": "when", "inputType": "datetime-local"},
        {"type": "text", "name": "colour", "inputType": "color", "maxLength": 20}, {"name": "plain"},
        {"type": "comment", "name": "more", "maxLength": 10**5}, {"type": "rating", "name": "stars",
         "rateType": "stars", "rateMax": 7}, {"type": "rating", "name": "score", "rateMin": 0, "rateMax": 10,
         "minRateDescription": "Never", "maxRateDescription": "Surely"},
        {"type": "rating", "name": "odd", "rateMin": 3, "rateMax": 99}, {"type": "slider", "name": "volume", "min": 5},
        {"type": "rating", "name": "words", "rateValues": ["bad", {"value": "good", "text": "Good"}]},
        choice("order", "a", "b", kind="ranking"), choice("empty", kind="checkbox", choicesByUrl={"url": "x"}),
        {"type": "matrix", "name": "judge", "rows": ["a", "b"], "columns": ["bad", "good"], "eachRowRequired": True},
        {"type": "multipletext", "name": "names", "title": "Names", "items": [{"name": "first"}, {"name": "last"}]},
        {"type": "html", "name": "note", "html": "<p>Some <script>x()</script>words</p>"}, {"type": "file",
        "name": "cv"},
    ]  # fmt: skip
    survey, notes = carried(surveyjs(*elements, description="Hello", completedHtml="<h3>Bye</h3>"))
    assert [each.kind for each in survey.questions()] == [
        "single", "single", "multiple", "single", "multiple", "yes_no", "number", "date", "email", "datetime", "text",
        "text", "long_text", "rating", "nps", "slider", "slider", "single", "ranking", "multiple", "matrix",
        "matrix_text", "statement", "file",
    ]  # fmt: skip
    assert read_survey(write_survey(survey)) == survey
    assert (survey.intro, survey.thanks) == ("Hello", "Bye")
    assert [each.name for each in named(survey, "town").choices] == ["york", "7", "true", "none_of_them"]
    assert (named(survey, "likes").least, named(survey, "likes").most, named(survey, "likes").shuffle) == (1, 2, True)
    assert (named(survey, "again").yes, named(survey, "again").no) == ("Sure", "Never")
    assert (named(survey, "note").text, named(survey, "went").hint) == ("Some words", "This year")
    assert [note.partition(":")[0] for note in notes] == [
        f"question “{name}”" for name in ("hall", "halls", "colour", "odd", "empty", "cv")
    ]


def test_conditions_are_told_in_our_expressions_and_split_the_page_where_they_look_at_it():
    elements = [
        choice("went", "yes", "no"), choice("likes", "food", "music", kind="checkbox", hasNone=True),
        {"type": "text", "name": "age", "inputType": "number"}, {"type": "text", "name": "day", "inputType": "date"},
        {"type": "boolean", "name": "again"}, {"type": "comment", "name": "words"},
        {"type": "matrix", "name": "judge", "rows": ["a"], "columns": ["bad", "good"]},
        *({"type": "comment", "name": f"q{number}", "visibleIf": condition} for number, condition in enumerate((
            "{went} = 'yes' and {age} >= 18", "'no' != {went} or 3 < {age}", "{likes} contains ['food', 'music']",
            "{likes} notcontains 'none'", "{likes} anyof ['food', 'music']", "{likes} = ['food']",
            "{day} > '2026-01-02'",
            "{again} = true", "{again} <> 'no'", "{judge.a} = 'good'", "{words} contains 'x'", "{words} empty",
            "{words} = ''", "!({went} notempty)", "{age} * 2 - 1 > {age} / -3", "{went}", "sum({age}, 2) == 3",
            "{went} anyof ['yes']", "{age} != ''", "true", "{words} = 'a\\'b'", "-{age} < -2.5", "{again}",
            "{age} anyof [1, 2]", "{words} noneof ['a']",
        ))),
    ]  # fmt: skip
    survey, notes = carried(surveyjs(*elements))
    assert notes == []
    assert len(survey.pages) == 2
    assert list(conditions(survey).values()) == [
        '(went == "yes") and (age >= 18)', '(went != "no") or (age > 3)', 'likes has "food" and likes has "music"',
        'not (likes has "none")', 'likes has "food" or likes has "music"', 'likes == {"food"}',
        'day > date("2026-01-02")', 'again == "yes"', 'again != "no"', 'judge.a == "good"', 'contains(words, "x")',
        "not answered(words)", "not answered(words)", "not (answered(went))", "((age * 2) - 1) > (age / -3)",
        "answered(went)", "sum(age, 2) == 3", 'went == "yes"', "answered(age)", "true", 'words == "a\'b"',
        "-age < -2.5", 'again == "yes"', "age == 1 or age == 2", 'not (words == "a")',
    ]  # fmt: skip


def test_panels_pass_their_conditions_on_and_what_is_too_deep_or_never_shown_is_told():
    inner: dict[str, object] = {"type": "text", "name": "deep"}
    for _level in range(50):
        inner = {"type": "panel", "elements": [inner]}
    panel = {"type": "panel", "visibleIf": "{went} = 'yes'", "elements": [
        {"type": "comment", "name": "why", "visibleIf": "{score} > 1"}, {"type": "text", "name": "gone",
        "visible": False},
    ]}  # fmt: skip
    survey, notes = carried(surveyjs(choice("went", "yes"), {"type": "rating", "name": "score"}, panel, inner, 7))
    assert conditions(survey) == {"why": '(went == "yes") and (score > 1)'}
    assert [note.partition(": ")[2][:20] for note in notes] == [
        "It was never shown, ",
        "What stands more tha",
        "Something that is no",
    ]


def test_pages_of_their_own_keep_titles_order_and_conditions():
    pages = [
        {"name": "a", "title": "One", "description": "First", "elements": [choice("went", "yes", "no")]},
        {"name": "a", "questionsOrder": "random", "visibleIf": "{went} = 'yes'", "elements": [{"name": "x"}]},
        {"name": "b", "visibleIf": "{nothing} = 1", "elements": [{"name": "y"}]},
        "no page",
    ]
    head = {"showPreviewBeforeComplete": "showAllQuestions", "triggers": [1], "locale": "en", "name": "ears-2026"}
    survey, notes = carried(surveyjs(pages=pages, **head))
    assert [page.name for page in survey.pages] == ["page_a", "page_a_2", "page_b"]
    assert (survey.pages[0].title, survey.pages[0].text, survey.pages[1].shuffle) == ("One", "First", True)
    assert survey.pages[1].show_if.text == 'went == "yes"'
    assert (survey.name, survey.review) == ("ears_2026", True)
    assert notes == [
        "survey: “triggers” was left out.",
        "page “b”: The condition “{nothing} = 1” was left out: there is no question “nothing”.",
    ]


def test_words_in_several_languages_become_translations_of_known_languages():
    title = {"default": "Ears", "de": "Ohren", "qq": "Eq"}
    went = choice("went", {"value": "no", "text": {"default": "No", "de": "Nein"}}, title={"en": "Did you?", "de": "?"})
    survey, notes = carried(surveyjs(went, title=title))
    german = in_language(survey, "de")
    assert (german.title, named(german, "went").choices[0].label, named(survey, "went").text) == (
        "Ohren",
        "Nein",
        "Did you?",
    )
    assert notes == ["survey: “qq” is no other language that is known here; its words were left out."]
    other, told = carried(surveyjs({"name": "x"}, locale="qq"))
    assert (other.language, told) == ("en", ["survey: “qq” is no language that is known here; English stands for it."])


def test_conditions_that_cannot_hold_go_with_a_note_and_their_question_stays():
    wrong = {
        "{later} = 1": "it looks at a question that is asked later", "{self} = 'a'": "it looks at a question that is",
        "{nobody} = 1": "there is no question “nobody”", "{went} = 'perhaps'": "“perhaps” is no answer",
        "{went} > 'yes'": "answers are asked for more or less", "age() > 3": "“age” has no like here",
        "5": "it is neither",
        "{went} = 'yes' and": "it is not complete", "({went} = 'yes'": "“)” is missing", "{went} ? 1": "“?” is not",
        "{went} 5": "“5” is not understood", "[1] = {went} = ": "“=” is not understood",
        "] = 1": "“]” is not understood",
        "{age} contains 1": "“contains” is asked of something else", "{went} contains": "it is not complete",
        "{age} = ['1']": "a list is compared", "{went} = {age}": "", "{day} > 'soon'": "“soon” is no date",
        "{age} > 'x'": "“x” is no number", "{age} > 1 + true": "a value is not understood",
        "{age} = ['1' '2']": "“]” is",
        "1 contains 1": "something else than a question", "{likes} = [{age}]": "answers are compared with",
        "foo(1) > 1": "“foo” has no like here", "pi() > 1": "“pi” has no like",
        "9999999999999999 < {age} + 1": "“” is no",
        "(" * 50 + "{went} = 'yes'" + ")" * 50: "it has too many levels",
        "not " * 50 + "{went}": "it has too many levels",
        "{age} > " + "1 + " * 50 + "1": "it has too many levels", "{age} > " + "1" * 5000: "it is too long",
        "iif({age}, 1, 2)": "“iif” has no like here", "{went} = 'yes'" + " or {went} = 'yes'" * 150: "it is",
        "not (" * 50 + "{went}" + ")" * 50: "it has too many levels",
        "mod({age}, 3)": "“mod” has no like here", "{words} > 'a'": "", "{likes} < {likes}": "",
        "{sig} = 1": "there is",
    }  # fmt: skip
    first = [choice("went", "yes", "no"), {"type": "text", "name": "age", "inputType": "number"}, {"name": "words"},
             {"type": "text", "name": "day", "inputType": "date"}, choice("likes", "a", kind="checkbox"),
             {"type": "signaturepad", "name": "sig"}]  # fmt: skip
    asked = [{"type": "text", "name": f"q{number}", "visibleIf": each} for number, each in enumerate(wrong)]
    asked[1]["name"] = "self"
    pages = [{"elements": first}, {"elements": asked}, {"elements": [{"name": "later"}]}]
    survey, notes = carried(surveyjs(pages=pages))
    assert sum(1 for _each in survey.questions()) == 5 + len(wrong) + 1
    assert conditions(survey) == {}
    assert notes[0] == "question “sig”: There is no question of kind “signaturepad” here; it was left out."
    assert len(notes) == 1 + len(wrong)
    told = {condition: f"“{condition[:200]}” was left out: {why}" for condition, why in wrong.items()}
    assert [condition for condition, words in told.items() if not any(words in note for note in notes)] == []


def test_conditions_in_a_circle_are_left_out_where_they_look_ahead():
    survey, notes = carried(surveyjs(choice("a", "x", visibleIf="{b} = 'x'"), choice("b", "x", visibleIf="{a} = 'x'")))
    assert conditions(survey) == {"b": 'a == "x"'}
    assert len(notes) == 1
    assert notes[0].startswith("question “a”")


def test_choices_keep_their_conditions_as_far_as_they_look_at_earlier_pages():
    shown = {"value": "b", "visibleIf": "{went} = 'yes'"}
    pages = [
        {"elements": [choice("went", "yes")]},
        {"elements": [choice("near", "x"), choice("all", "a", shown, {"value": "c", "visibleIf": "{near} = 'x'"},
                                                 {"value": "d", "visibleIf": "{item} = 1"})]},
    ]  # fmt: skip
    survey, notes = carried(surveyjs(pages=pages))
    assert [each.show_if and each.show_if.text for each in named(survey, "all").choices] == [
        None, 'went == "yes"', None, None,
    ]  # fmt: skip
    assert [note.rpartition(": ")[2] for note in notes] == [
        "there is no question “item”.",
        "it looks at a question that is asked later.",
    ]


def test_answers_in_texts_are_repeated_in_our_way_and_strange_braces_do_nothing():
    elements = [{"name": "who", "title": "{{ who }} {}{{1 + 1}} {nobody} {"},
                {"name": "next", "title": {"default": "Well {who}?", "de": "{nobody}"}, "visibleIf": "{who} notempty"},
                {"name": "last", "title": "{who} " * 700, "visibleIf": "{next} notempty"}]  # fmt: skip
    survey, notes = carried(surveyjs(*elements, completedHtml="Thanks {who} {nobody}"))
    assert [question.text for question in survey.questions()][:2] == [
        "{ { who } } { } { {1 + 1} } … {",
        "Well {{ who }}?",
    ]
    assert len(named(survey, "last").text) <= 5000
    assert survey.thanks == "Thanks {{ who }} …"
    assert notes == [
        "question “who”: “{nobody}” in a text was left out.",
        "survey: “{nobody}” in a text was left out.",
    ]


def test_names_given_twice_reserved_or_in_other_scripts_become_names_of_our_own():
    elements = [choice("went", "ja", "ja", title="First"), choice("went", "no"), {"name": "年齢"}, {"name": "возраст"},
                {"name": "and"}, {"name": "7up"}, choice("likes", "a", kind="checkbox"), {"name": "likes_a",
                "title": "L"},
                {"name": "x", "visibleIf": "{went} = 'ja' and {likes_a} = 'z' and {年齢} notempty"}]  # fmt: skip
    survey, notes = carried(surveyjs(*elements, title="アンケート"))
    assert [each.name for each in survey.questions()] == [
        "went", "went_2", "question", "question_2", "and_2", "q_7up", "likes", "likes_a_2", "x",
    ]  # fmt: skip
    assert conditions(survey) == {"x": '(went == "ja") and (likes_a_2 == "z") and (answered(question))'}
    assert (survey.name, survey.title) == ("survey", "アンケート")
    assert notes == [
        "question “went”: “ja” is there twice; once is enough.",
        "question “went”: There is another question of that name; this one is “went_2” here.",
    ]


def test_p8_card_numbers_are_in_no_name_and_in_no_text():
    card = "4111 1111 1111 1111"
    survey, _notes = carried(surveyjs(choice(card, card, title=card), title=card))
    assert (survey.name, [each.name for each in survey.questions()]) == ("survey", ["question"])
    assert "4111" not in write_survey(survey)


def test_what_our_rules_refuse_is_left_out_with_the_reason_and_the_rest_is_carried():
    elements = [{"type": "text", "name": "age", "inputType": "number", "min": 9, "max": 3},
                {"name": "x", "visibleIf": "{age} > 1", "title": "T" * 6000, "validators": [1]},
                *({"type": "file", "name": f"f{number}"} for number in range(3)), {"type": "matrix", "name": "m"},
                {"type": "multipletext", "name": "t"}, {"type": "html", "name": "h"}]  # fmt: skip
    survey, notes = carried(surveyjs(*elements, title={"de": "Ohren"}, locale="en"))
    assert [question.name for question in survey.questions()] == ["x", "f0", "f1", "f2"]
    assert len(survey.pages) == 3
    assert survey.title == "SurveyJS"
    assert any(note.startswith("question “age”: It was left out: ") for note in notes)
    assert "question “x”: The condition “{age} > 1” was left out: there is no question “age”." in notes
    assert "question “x”: A text of more than 5000 characters was cut." in notes
    assert "question “x”: “validators” was left out." in notes


def test_a_renamed_question_keeps_its_translations():
    twice = choice("likes_a", "x", title={"default": "L", "de": "M"})
    survey, _notes = carried(surveyjs(choice("likes", "a", kind="checkbox", title={"en": "N", "de": "O"}), twice))
    assert survey.translations["de"] == {"likes_a_2.text": "M", "likes.text": "O"}


def test_a_question_with_rows_is_looked_at_as_a_whole_and_never_said():
    matrix = {"type": "matrix", "name": "judge", "rows": ["a"], "columns": ["x"], "isRequired": True}
    look = {"name": "b", "title": "{judge} {judge.a}", "visibleIf": "{judge} notempty"}
    survey, notes = carried(surveyjs(matrix, look, {"name": "c", "visibleIf": "{judge} = 'a'"}))
    assert conditions(survey) == {"b": "answered(judge)"}
    assert named(survey, "b").text == "… {{ judge.a }}"
    assert [note.partition(":")[0] for note in notes] == [f"question “{name}”" for name in ("judge", "b", "c")]
