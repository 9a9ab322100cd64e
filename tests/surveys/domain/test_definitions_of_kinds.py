"""What the figures and lists of each kind must satisfy; a fresh question of every kind is valid as it stands."""

import base64
from dataclasses import fields
from pathlib import Path

import pytest

from surveys.domain.cells import Choice
from surveys.domain.computed_values import ComputedValue
from surveys.domain.definition_faults import BadDefinition
from surveys.domain.kinds import KINDS
from surveys.domain.kinds.choice_grid import ChoiceGrid
from surveys.domain.kinds.constant_sum import ConstantSum
from surveys.domain.kinds.entry_grid import NumberGrid, TextGrid
from surveys.domain.kinds.experience_scales import Satisfaction
from surveys.domain.kinds.file_upload import FileUpload
from surveys.domain.kinds.moment_entry import DateEntry, TimeEntry
from surveys.domain.kinds.ranking import Ranking
from surveys.domain.kinds.rating_scale import Rating
from surveys.domain.kinds.slider import Slider
from surveys.domain.pictures import LARGEST_PICTURE, picture_fault
from surveys.domain.questions import Question
from surveys.domain.survey_files import read_survey, survey_of, write_survey
from tests.surveys.domain.every_kind import every_kind, picture

A = (Choice("a", "Apples"),)
ELSEWHERE = (Choice("a", "A", image="https://a.test/a.png"),)


def written(content: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_fresh_question_of_every_kind_is_valid_and_survives_a_file(kind):
    question = {"name": "q", "kind": kind, "text": "New question", **KINDS[kind].skeleton()}
    seen = {"name": "seen", "kind": "statement", "text": "So."}
    survey = survey_of({"name": "s", "title": "T", "page": [{"name": "p", "question": [question, seen]}]})
    assert read_survey(write_survey(survey)) == survey
    assert KINDS[kind].title
    assert len({column.name for column in survey.by_name["q"].columns()}) == len(survey.by_name["q"].columns())


def test_a_survey_of_every_kind_and_look_survives_a_file():
    survey = every_kind()
    assert {question.kind for question in survey.questions()} == set(KINDS) - {"computed"}
    assert read_survey(write_survey(survey)) == survey
    assert {name for name, question in survey.by_name.items() if getattr(question, "pictured", False)} == {
        "pictures",
        "several_pictures",
    }


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (Ranking(name="q", text="?", choices=()), "“choices” is empty."),
        (Ranking(name="q", text="?", choices=A, most=2), "“most” cannot be 2."),
        (ConstantSum(name="q", text="?", choices=A, total=0), "“total” must be 1 to 1000000."),
        (Slider(name="q", text="?", most=0), "A slider needs “least” and “most”."),
        (Rating(name="q", text="?", smileys=True, highest=7), "Smileys go without stars and up to 5."),
        (Satisfaction(name="q", text="?", good=6), "“good” cannot be 6."),
        (ChoiceGrid(name="q", text="?", rows=A, choices=()), "“choices” is empty."),
        (TextGrid(name="q", text="?", rows=A, across=()), "“across” is empty."),
        (TextGrid(name="q", text="?", rows=A, across=A, longest=0), "“longest” must be 1 to 20000 characters."),
        (NumberGrid(name="q", text="?", rows=A, across=A, least=2, most=1), "“least” is more than “most”."),
        (DateEntry(name="q", text="?", earliest="2026-02-30"), "“2026-02-30” is no such moment."),
        (TimeEntry(name="q", text="?", earliest="15:00", latest="14:00"), "“earliest” is after “latest”."),
        (FileUpload(name="q", text="?", types="exe"), "“types” has a type that is not known."),
        (FileUpload(name="q", text="?", types=""), "“types” has a type that is not known."),
        (FileUpload(name="q", text="?", megabytes=8), "“megabytes” must be 1 to 7."),
        (Ranking(name="q", text="?", choices=ELSEWHERE), "choices “a”: A picture must be part of the survey."),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told(question, said):
    assert said in [message for message, _remedy in question.faults()]


def test_p17_a_picture_is_part_of_the_survey_and_what_it_says_it_is():
    assert picture_fault(picture(1, 2, 3)) is None
    assert picture_fault(written(b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp")) is None
    for bad, said in (
        ("data:image/svg+xml;base64,PHN2Zz4=", "A picture must be part of the survey."),
        ("data:image/png;base64,abc", "A picture is not complete."),
        (written(b"<svg>"), "A picture is not of the kind “png”."),
        (written(b"RIFF\x00\x00\x00\x00WAVEfmt ", "webp"), "A picture is not of the kind “webp”."),
        (written(b"\x89PNG\r\n\x1a\n" + bytes(LARGEST_PICTURE)), f"A picture has more than {LARGEST_PICTURE} bytes."),
    ):
        fault = picture_fault(bad)
        assert fault is not None
        assert fault[0] == said


def test_a_text_that_a_file_leaves_out_has_its_default_and_one_that_it_empties_has_none():
    question = {"name": "q", "kind": "csat", "text": "?"}
    table = {"name": "s", "title": "T", "page": [{"name": "p", "question": [question]}]}
    assert getattr(survey_of(table).by_name["q"], "high", "") == "Very satisfied"
    question["high"] = ""
    assert not getattr(survey_of(table).by_name["q"], "high", "?")
    with pytest.raises(BadDefinition):
        survey_of({**table, "page": [{"name": "p", "question": [{**question, "kind": "consent"}]}]})


def test_every_kind_and_every_field_of_it_stands_in_the_guide():
    guide = (Path(__file__).resolve().parents[3] / "docs" / "surveys-questions.md").read_text(encoding="utf-8")
    for kind in set(KINDS.values()) - {ComputedValue}:
        assert f"`{kind.kind}`" in guide, kind.kind
        for each in {each.name for each in fields(kind)} - {each.name for each in fields(Question)}:
            assert f"`{each}`" in guide, (kind.kind, each)


@pytest.mark.parametrize(
    ("types", "remedy"),
    [
        (["pdf", "png"], 'Write one text, its words parted by blanks: types = "pdf png".'),
        ([], 'Put it in quotes: types = "…".'),
        ("exe", 'Write it as one text, its words parted by blanks, such as types = "pdf png". Types: docx, flac, '),
    ],
)
def test_the_types_of_a_file_are_one_text_and_whoever_writes_a_list_is_told_how(types: object, remedy: str):
    question = {"name": "q", "kind": "file", "text": "?", "types": types}
    with pytest.raises(BadDefinition) as refused:
        survey_of({"name": "s", "title": "T", "page": [{"name": "p", "question": [question]}]})
    (fault,) = refused.value.faults
    assert fault.remedy.startswith(remedy)
