"""Answers as files: every format read back by a program that is not ours, from stored responses of two versions."""

import csv
import io
import json
from typing import Any

import pandas as pd
import pyreadstat
import pytest
from pyarrow import parquet
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from core.errors import Conflict
from surveys.domain.exporting.plain_rows import Gaps, Shape, Values
from surveys.domain.survey_files import read_survey
from surveys.services.apply_survey import apply_survey
from surveys.services.export_answers import ExportWish, Format, export_answers, exported_data_set
from surveys.storage.responses import Answer
from surveys.storage.surveys import Survey, find_survey
from tests.conftest import NOON
from tests.surveys.domain.sample_surveys import BRANCHING, trip
from tests.surveys.survey_scenes import answer, invitations, invited, opened, people

LONG = "=ünï\nx" * 60
NEWER = BRANCHING.replace('{ name = "train", label = "Train" }, ', '{ name = "boat", label = "Boat" }, ').replace(
    'has", value = "train"', 'has", value = "car"'
)


@pytest.fixture
def answered(database):
    with database.writing() as session:
        survey = opened(session, BRANCHING.replace("longest = 50", "longest = 500"))
        people(session, 4)
        invited(session, survey)
        one, two, three, four = invitations(session)
        answer(session, one)
        session.execute(update(Answer).where(Answer.question == "more").values(text=LONG))
        apply_survey(session, read_survey(NEWER), at=NOON)
        answer(session, two, ("start", {"went": ["no"]}), ("why_not", {"reason": ["@rain"]}), ("end", {}))
        answer(session, three, ("start", {"went-other": ["half"]}), ("trip", {"how": ["boat"], "score": ["2"]}))
        answer(session, three, ("details", {}), ("end", {"more": ["bad"]}))
        answer(session, four, ("start", {"went": ["yes"]}))
        session.flush()
        yield session


def exported(session, form: Format, *, gaps: Gaps = Gaps.WORDS, values: Values = Values.NAMES, **wish) -> bytes:
    wanted = ExportWish(form, Shape(values, gaps), **wish)
    return b"".join(export_answers(session, find_survey(session, "trip"), wanted, at=NOON))


def table(session, **wish) -> list[dict[str, str]]:
    text = exported(session, Format.CSV, **wish).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_a_table_has_a_row_a_response_and_nothing_that_a_spreadsheet_runs(answered):
    one, two, three = table(answered)
    assert (one["went"], two["went"], three["went"]) == ("yes", "no", "other")
    assert (one["more"], two["reason"], three["went_other"]) == (f"'{LONG}", "'@rain", "half")
    assert (one["how_train"], one["how_car"], two["how_car"]) == ("1", "0", "not shown")
    assert (one["score"], one["judged_food"], one["judged_weather"]) == ("9", "good", "not answered")
    assert (one["version"], two["version"], one["ending"], one["language"]) == ("1", "2", "complete", "en")
    assert (one["how_boat"], three["how_boat"], three["how_train"]) == ("not shown", "1", "not shown")
    assert one["completed_at"] == NOON.isoformat(timespec="seconds")


def test_choices_are_written_as_names_labels_or_codes_and_gaps_as_words_codes_or_nothing(answered):
    labelled = table(answered, values=Values.LABELS, gaps=Gaps.BLANK)[2]
    assert (labelled["went"], labelled["how_boat"], labelled["train_class"]) == ("In a way", "chosen", "")
    coded = table(answered, values=Values.CODES, gaps=Gaps.CODES)[1]
    assert (coded["went"], coded["score"], coded["judged_food"]) == ("2", "-99", "-98")


def test_a_workbook_has_the_answers_and_the_codebook(answered):
    book = CalamineWorkbook.from_filelike(io.BytesIO(exported(answered, Format.XLSX)))
    assert book.sheet_names == ["Answers", "Codebook"]
    header, one, two, _three = book.get_sheet_by_name("Answers").to_python()
    row = dict(zip(header, one, strict=True))
    assert (row["went"], row["score"], row["more"]) == ("yes", 9.0, f"'{LONG}")
    assert row["completed_at"] == NOON.replace(tzinfo=None)
    assert dict(zip(header, two, strict=True))["nights"] == "not shown"
    lines = [line[:1] + line[-3:] for line in book.get_sheet_by_name("Codebook").to_python()]
    assert ["went", "yes", 1.0, "Yes"] in lines
    assert ["went", "", -99.0, "not shown"] in lines


def test_spss_reads_names_labels_measures_missing_codes_and_sets(answered, tmp_path):
    (tmp_path / "a.sav").write_bytes(exported(answered, Format.SAV))
    found, meta = pyreadstat.read_sav(tmp_path / "a.sav", user_missing=True, output_format="dict")
    assert (found["went"], found["score"]) == ([1.0, 2.0, 3.0], [9.0, -99.0, 2.0])
    assert (found["more"], found["reason"]) == ([LONG, "-99", "bad"], ["-99", "@rain", "-99"])
    assert found["how_train"] == [1.0, -99.0, -99.0]
    assert found["completed_at"][0] == NOON.replace(tzinfo=None)
    assert meta.variable_value_labels["judged_food"][3.0] == "Good"
    assert meta.variable_value_labels["went"][-97.0] == "refused"
    ranges: Any = meta.missing_ranges
    assert ranges["score"] == [{"lo": code, "hi": code} for code in (-99.0, -98.0, -97.0)]
    assert ranges["more"][0] == {"lo": "-99", "hi": "-99"}
    assert (meta.variable_measure["judged_food"], meta.variable_measure["score"]) == ("ordinal", "scale")
    assert meta.column_names_to_labels["judged_food"] == "How were these? – Food"
    members = ["how_boat", "how_car", "how_foot", "how_train", "how_other", "how_none"]
    assert sorted(meta.mr_sets["how"]["variable_list"]) == sorted(members)
    assert (meta.mr_sets["how"]["label"], meta.mr_sets["how"]["counted_value"]) == ("How did you travel?", 1)
    assert (meta.file_label, meta.number_rows) == ("Your trip", 3)
    plain, _meta = pyreadstat.read_sav(tmp_path / "a.sav", output_format="dict")
    assert (plain["score"], plain["reason"]) == ([9.0, None, 2.0], [None, "@rain", None])


def test_stata_reads_names_labels_and_three_missing_values(answered, tmp_path):
    (tmp_path / "a.dta").write_bytes(exported(answered, Format.DTA))
    found, meta = pyreadstat.read_dta(tmp_path / "a.dta", user_missing=True, output_format="dict")
    assert (found["went"], found["score"]) == ([1, 2, 3], [9.0, "a", 2.0])
    assert found["judged_food"][1] == "b"
    assert (found["more"], found["reason"]) == ([LONG, "", "bad"], ["", "@rain", ""])
    assert meta.variable_value_labels["went"] == {
        1: "Yes", 2: "No", 3: "In a way", "a": "not shown", "b": "not answered", "c": "refused",
    }  # fmt: skip
    frame = pd.read_stata(tmp_path / "a.dta")
    assert list(frame["went"]) == ["Yes", "No", "In a way"]
    assert (frame["more"][0], frame["completed_at"][0]) == (LONG, NOON.replace(tzinfo=None))
    assert frame["score"].isna().tolist() == [False, True, False]


def test_parquet_has_types_labels_and_the_reason_of_each_null(answered):
    read = parquet.read_table(io.BytesIO(exported(answered, Format.PARQUET)))
    one, two, _three = read.to_pylist()
    assert (one["went"], one["score"], one["more"], one["completed_at"]) == ("yes", 9.0, LONG, NOON)
    assert (two["score"], dict(two["missing"])["score"]) == (None, "not shown")
    assert read.schema.field("went").metadata[b"label"] == b"Did you go?"
    assert json.loads(read.schema.metadata[b"heedful"])["survey"] == "trip"


def test_json_has_the_codebook_and_the_reason_of_each_gap(answered):
    found = json.loads(exported(answered, Format.JSON))
    went = next(each for each in found["variables"] if each["name"] == "went")
    assert went["values"][0] == {"value": "yes", "code": 1, "label": "Yes"}
    assert (went["versions"], found["sets"][0]["name"]) == ([1, 2], "how")
    assert found["responses"][0]["values"]["more"] == LONG
    assert found["responses"][1]["missing"]["judged_food"] == "not answered"


def test_p1_an_export_names_nobody_unless_it_is_identified_and_asked_for(answered):
    for form in Format:
        assert b"example.org" not in exported(answered, form)
    assert [row["email"] for row in table(answered, people=True)] == [f"person{each}@example.org" for each in range(3)]
    with_mark = table(answered, texts=lambda text: text.replace("bad", "•••"))
    assert with_mark[2]["more"] == "•••"


def test_what_was_never_published_has_no_data_set(database):
    with database.writing() as session:
        survey: Survey = apply_survey(session, trip(), at=NOON).survey
        with pytest.raises(Conflict, match="not been published"):
            exported_data_set(session, survey, ExportWish())
