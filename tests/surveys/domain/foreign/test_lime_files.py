"""LimeSurvey's structure files: what is carried of each question type, and what is told as left out."""

import pytest

from core.errors import BadInput
from surveys.domain.foreign.lime_rows import MOST_ROWS
from surveys.domain.survey_files import read_survey, write_survey
from tests.surveys.domain.foreign.foreign_samples import (
    carried,
    conditions,
    lime,
    lime_answer,
    lime_part,
    lime_question,
    spoken,
)

SURVEYS = [{"sid": 9, "language": "en", "anonymized": "Y"}]
SETTINGS = [
    {"surveyls_title": "Harbour", "surveyls_welcometext": "<p>Hi</p>", "surveyls_endtext": "Bye",
    "surveyls_language": "en"},
    {"surveyls_title": "Hafen", "surveyls_language": "de"},
]  # fmt: skip
GROUP = {"gid": 1, "group_name": "About", "group_order": 1, "language": "en", "description": "Some <b>words</b>"}


def every_type() -> bytes:
    """One question of each type, with parts and answers where the type has them."""
    kinds = "L!OMPYG5NSTUDX|RQ;K:FHABCE1I*"
    questions = [lime_question(number, f"Q{number}", kind) for number, kind in enumerate(kinds, 10)]
    listed = {number: kind for number, kind in enumerate(kinds, 10) if kind in "MPQ;K:FHABCE1"}
    parts = [lime_part(1000 + number, number, "SQ1", "Row", question_order=1) for number in listed]
    parts += [
        lime_part(2000 + number, number, "SQ2", "Across", scale_id=1) for number in listed if listed[number] in ";:"
    ]
    chosen = [number for number, kind in enumerate(kinds, 10) if kind in "L!ORFH1"]
    answers = [
        lime_answer(number, code, f"Answer {code}", at) for number in chosen for at, code in enumerate(("A1", "A2"))
    ]
    return lime(
        surveys=SURVEYS, surveys_languagesettings=SETTINGS, groups=[GROUP], questions=questions, subquestions=parts,
        answers=answers,
    )  # fmt: skip


def test_every_type_becomes_its_like_and_the_survey_can_be_written_as_a_file():
    survey, notes = carried(every_type())
    assert [each.kind for each in survey.questions()] == [
        "single", "single", "single", "multiple", "multiple", "yes_no", "single", "rating", "number", "text",
        "long_text", "long_text", "date", "statement", "file", "ranking", "matrix_text", "matrix_text", "matrix_number",
        "matrix_number", "matrix", "matrix", "matrix", "matrix", "matrix", "matrix",
    ]  # fmt: skip
    assert read_survey(write_survey(survey)) == survey
    assert (survey.name, survey.intro, survey.thanks, survey.pages[0].text) == ("harbour", "Hi", "Bye", "Some words")
    assert survey.translations == {"de": {"title": "Hafen"}}
    assert [note.partition(":")[0] for note in notes] == [
        "question “Q12”", "question “Q14”", "question “Q31”", "question “Q36”", "question “Q37”", "question “Q38”",
        "survey",
    ]  # fmt: skip


def test_questions_without_what_they_offer_are_left_out_with_a_note():
    questions = [lime_question(number, f"Q{number}", kind) for number, kind in enumerate("LMRQF", 1)]
    questions += [lime_question(9, "Q9", "X", ""), lime_question(8, "", "T", "")]
    survey, notes = carried(lime(groups=[GROUP], questions=questions))
    assert [(each.name, each.text) for each in survey.questions()] == [("question_8", "question_8")]
    assert len(notes) == 6


def test_attributes_become_limits_and_what_has_no_like_is_told():
    questions = [
        lime_question(1, "Q1", "M", other="Y", mandatory="S"), lime_question(2, "Q2", "N", help="In years"),
        lime_question(3, "Q3", "L", other="Y"), lime_question(4, "Q4", "N"),
    ]  # fmt: skip
    parts = [lime_part(11, 1, "a", "A"), lime_part(12, 1, "b", "B"), lime_part(13, 99, "c", "of nobody")]
    given = {
        1: {"min_answers": "1", "max_answers": "9", "exclude_all_others": "b", "random_order": "1",
            "array_filter": "Q9",
            "other_replace_text": "Else"},
        2: {"min_num_value_n": "0", "max_num_value_n": "120.5", "num_value_int_only": "1"},
        4: {"min_num_value_n": "--5", "max_num_value_n": "x"}, 77: {"a": "b"},
    }  # fmt: skip
    rows = [
        {"qid": number, "attribute": key,
        "value": value} for number, each in given.items() for key, value in each.items()
    ]  # fmt: skip
    answers = [lime_answer(3, "x", "X", 1), lime_answer(98, "y", "of nobody", 1)]
    content = lime(groups=[GROUP], questions=questions, subquestions=parts, answers=answers, question_attributes=rows)
    survey, notes = carried(content)
    several, years, one, free = survey.questions()
    assert (several.least, several.most, several.other, several.shuffle, several.required) == (1, 2, "Else", True, True)
    assert [each.exclusive for each in several.choices] == [False, True]
    assert (years.least, years.most, years.integer, years.hint) == (0, 120.5, True, "In years")
    assert (one.other, free.least, free.most) == ("Other", None, None)
    assert notes == ["question “Q1”: “array_filter” was left out."]


def test_relevance_is_told_in_our_expressions_on_pages_of_its_own():
    questions = [
        lime_question(1, "Q1", "L", other="Y"), lime_question(2, "Q2", "M"), lime_question(3, "Q3", "F"),
        lime_question(4, "Q4", "Q"), lime_question(5, "Q5", "Y"), lime_question(6, "Q6", "S",
            "After {Q1.shown}", gid=2),
        *(lime_question(10 + at, f"R{at}", "S", gid=2, relevance=condition) for at, condition in enumerate((
            '((Q1.NAOK == "A1"))', 'Q2_SQ1.NAOK == "Y" and !is_empty(Q2.NAOK)', 'Q2_SQ1.NAOK == "" || Q2_SQ1 != "Y"',
            'Q3_r.NAOK != "A2"', "!is_empty(Q4_r.NAOK)", 'Q5.NAOK == "N"', "Q2_SQ1", "is_empty(Q2_SQ1.NAOK)",
            "Q2_SQ1 > 3", "Q2_SQ1 + 1 > 2", 'Q1.NAOK == "-oth-"', "strlen(Q1) > 1", 'Q2_SQ1 != ""', "0",
        ))),
    ]  # fmt: skip
    parts = [lime_part(21, 2, "SQ1", "Food"), lime_part(31, 3, "r", "Row"), lime_part(41, 4, "r", "Row")]
    answers = [lime_answer(number, code, code, at) for number in (1, 3) for at, code in enumerate(("A1", "A2"))]
    second = {"gid": 2, "group_name": "More", "group_order": 2, "grelevance": 'Q1 == "A1"', "language": "en"}
    content = lime(groups=[second, GROUP], questions=questions, subquestions=parts, answers=answers)
    survey, notes = carried(content)
    assert [page.title for page in survey.pages] == ["About", "More"]
    assert survey.pages[1].show_if.text == 'q1 == "a1"'
    assert conditions(survey) == {
        "r0": 'q1 == "a1"', "r1": '(q2 has "sq1") and (not (not answered(q2)))',
        "r2": '(not (q2 has "sq1")) or (not (q2 has "sq1"))', "r3": 'q3.r != "a2"', "r4": "not (not answered(q4.r))",
        "r5": 'q5 == "no"', "r6": 'q2 has "sq1"', "r7": 'not (q2 has "sq1")', "r10": 'q1 == "other"',
        "r12": '(q2 has "sq1")',
    }  # fmt: skip
    assert next(each.text for each in survey.questions() if each.name == "q6") == "After {{ q1 }}"
    assert [note.rpartition(": ")[2] for note in notes] == [
        "a choice is compared with another value.",
        "a choice is compared with another value.",
        "“strlen” has no like here.",
    ]


def test_files_of_all_ages_are_put_together_alike():
    told = {"language": "en"}
    old = lime(
        groups=[GROUP],
        questions=[lime_question(1, "Q1", "L", mandatory="Y"), lime_question(1, "Q1", "L", "Na?", language="de"),
                   lime_question(2, "Q2", "M", gid=7), lime_part(21, 2, "s", "Teil", language="de"),
                   lime_part(21, 2, "s", "Part")],
        answers=[lime_answer(1, "a", "Yes", 1), lime_answer(1, "a", "Ja", 1, language="de")],
    )  # fmt: skip
    new = lime(
        groups=[{"gid": 1, "group_order": 1}],
        group_l10ns=[{"gid": 1, "group_name": "About", "description": "Some words", **told}, {"gid": 5}],
        questions=[lime_question(1, "Q1", "L", "", mandatory="Y"), lime_question(2, "Q2", "M", "", gid=7)],
        subquestions=[lime_part(21, 2, "s", "")],
        question_l10ns=[{"qid": 1, "question": "?", **told}, {"qid": 2, "question": "?", **told},
                        {"qid": 21, "question": "Part", **told}, {"qid": 99}],
        answers=[{"aid": 5, "qid": 1, "code": "a", "sortorder": 1}],
        answer_l10ns=[{"aid": 5, "answer": "Yes", **told}, {"aid": 5, "answer": "Ja", "language": "de"}, {"aid": 9}],
    )  # fmt: skip
    survey, _notes = carried(old)
    other, _told = carried(new)
    assert survey.pages == other.pages
    assert spoken(survey, "de").pages[1].questions[0].choices[0].label == "Teil"
    assert spoken(other, "de").pages[0].questions[0].choices[0].label == "Ja"


@pytest.mark.parametrize(("content", "said"), [
    (b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><document>&b;</document>', "declares"),
    (b'<?xml version="1.0"?><!DOCTYPE d SYSTEM "file:///etc/passwd"><document/>', "declares a document type"),
    (b'<?xml version="1.0"?><document><a></document>', "line 1: This is not XML: mismatched tag"),
    (b'<?xml version="1.0" encoding="x-none"?><document/>', "letters that are not known"),
    (b'<?xml version="1.0" encoding="shift_jis"?><document/>', "letters that are not known"),
    (b'<?xml version="1.0"?><document/>', "no structure file"),
    (b'<?xml version="1.0"?>' + b"<a>" * 50, "too many levels"),
    (lime(questions=[lime_question(1, "Q1", "T", "x" * 100_001)]), "A text of the file is too long"),
    (lime(questions=[{"a": 1}] * (MOST_ROWS + 1)), "more rows than any questionnaire"),
    (lime(questions=[{"a": 1}]), "no question in this file"),
])  # fmt: skip
def test_files_that_are_none_or_mean_harm_are_refused(content: bytes, said: str):
    with pytest.raises(BadInput, match=said):
        carried(content)


def test_tables_laid_out_otherwise_are_passed_over():
    head = b'<?xml version="1.0"?><document><languages><language>en</language></languages><odd><cells><c><d>x</d></c>'
    plain = lime(questions=[lime_question(1, "Q1", "T")]).partition(b"<questions>")[2]
    survey, _notes = carried(head + b"</cells><rows><no>x</no></rows></odd><questions>" + plain)
    assert [each.name for each in survey.questions()] == ["q1"]
