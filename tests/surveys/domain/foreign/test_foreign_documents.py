"""Files told apart by what is in them; what is none, harmful or mangled is refused, and nothing else happens."""

import io
import json
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from surveys.domain.definition_faults import BadDefinition
from surveys.domain.foreign.foreign_files import LARGEST, is_foreign, read_foreign, survey_from_foreign
from surveys.domain.foreign.plain_words import plain_words
from surveys.domain.survey_files import read_survey, survey_of, table_of, write_survey
from tests.surveys.domain.foreign import foreign_samples as samples
from tests.surveys.domain.foreign.foreign_samples import carried, surveyjs, xlsform
from tests.surveys.domain.foreign.test_lime_files import every_type

FORM = [
    ["type", "name", "label", "relevant"],
    ["select_one yn", "went", "Did you?", ""],
    ["integer", "age", "", "${went} = 'y'"],
]
YN = [["list_name", "name", "label"], ["yn", "y", "Yes"]]
SAMPLES = {
    "surveyjs": surveyjs(samples.choice("a", "x", 7), {"name": "b", "visibleIf": "{a} = 'x' and {a} != 7",
    "title": "{a}?"}),
    "lime": every_type(),
    "qualtrics": samples.qualtrics(
        {"QuestionType": "MC", "Choices": samples.parts("Yes", "No")},
        {"DisplayLogic": samples.looks({"Operator": "Selected", "LeftOperand": "q://QID1/SelectableChoice/1"})},
    ),
    "xlsform": xlsform(FORM, YN),
}  # fmt: skip


def repacked(content: bytes, **changed: bytes | None) -> bytes:
    """A workbook with some of its parts otherwise, by the last part of their names without the ending."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            key = "workbook_links" if name.endswith("workbook.xml.rels") else Path(name).name.partition(".")[0]
            part = changed.get(key, old.read(name))
            if part is not None:
                new.writestr(name, part)
    return written.getvalue()


def sheet(rows: str) -> bytes:
    return f'<worksheet xmlns="urn:x"><sheetData>{rows}</sheetData></worksheet>'.encode()


def test_files_are_told_apart_by_what_is_in_them():
    assert {name: read_foreign(content).program for name, content in SAMPLES.items()} == {
        "surveyjs": "SurveyJS", "lime": "LimeSurvey", "qualtrics": "Qualtrics", "xlsform": "XLSForm",
    }  # fmt: skip
    assert all(is_foreign(content) for content in SAMPLES.values())
    assert is_foreign(b"\xef\xbb\xbf" + SAMPLES["surveyjs"])
    assert not any(map(is_foreign, (b"", b"{", b'{"a": 1}', b'name = "trip"', b'{"page": []}', b"[1]")))
    assert survey_from_foreign(read_foreign(SAMPLES["surveyjs"]), "other").name == "other"


@pytest.mark.parametrize(("content", "said"), [
    (b"", "no survey of"), (b"[1]", "no survey of"), (b'{"a": 1}', "no survey of"), (b"\xff\xfe{", "no survey of"),
    (b'{"a": }', "line 1: This is not JSON"), (b'{"pages": ' + b"[" * 50 + b"1" + b"]" * 50 + b"}", "no question in"),
    (b'{"pages": ' + b"[" * 500 + b"]" * 500 + b"}", "too many levels"), (b'{"a":' * 100_000, "too many levels"),
    (b" " * (LARGEST + 1), "larger than 20 MB"), (b"PK\x03\x04 and no more", "no Excel file"),
])  # fmt: skip
def test_what_is_none_of_them_is_refused_with_the_reason(content: bytes, said: str):
    with pytest.raises(BadInput, match=said):
        survey_from_foreign(read_foreign(content))


def test_a_workbook_that_unpacks_to_far_more_than_a_questionnaire_is_refused_unread():
    for extra in ({f"x{number}": b"" for number in range(501)}, {"x": bytes(41 * 1024 * 1024)}):
        packed = io.BytesIO(SAMPLES["xlsform"])
        with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as book:
            for name, content in extra.items():
                book.writestr(name, content)
        assert len(packed.getvalue()) < 200_000
        with pytest.raises(BadInput, match="far larger"):
            read_foreign(packed.getvalue())


def test_a_workbook_that_lies_about_its_size_is_refused():
    content = sheet(f"<row><c t='str'><v>{'z' * 10**6}</v></c></row>")
    lying = repacked(SAMPLES["xlsform"], sheet1=content).replace(
        struct.pack("<I", len(content)), struct.pack("<I", 900)
    )
    with pytest.raises(BadInput, match="cannot be read"):
        read_foreign(lying)


def test_cells_at_the_far_end_of_a_sheet_and_beyond_cost_nothing():
    head = "<row r='1'><c t='inlineStr'><is><t>type</t></is></c><c r='B1' t='str'><v>name</v></c></row>"
    row = "<row r='2'><c t='inlineStr'><is><r><t>te</t></r><r><t>xt</t></r><rPh><t>aside</t></rPh></is></c>"
    row += "<c r='B2' t='b'><v>1</v></c><c t='e'><v>#REF!</v></c><c t='s'><v>99999</v></c><c><v>x</v></c></row>"
    far = "<row r='5'><c r='Z5' t='str'><v>x</v></c></row>"
    far += "<row r='1048576'><c r='XFD1048576' t='str'><v>x</v></c></row>"
    far += "<row r='9999999999'><c t='b'><v>0</v></c></row>"
    survey, notes = carried(repacked(SAMPLES["xlsform"], sheet1=sheet(head + row + far), sharedStrings=None))
    assert ([each.name for each in survey.questions()], notes) == (["true_2"], [])


@pytest.mark.parametrize(("changed", "said"), [
    ({"sheet1": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}, "declares a document type"), ({"sheet1": b"<a>"},
    "cannot be read"),
    ({"sheet1": sheet("<row><c t='str'><v>type</v></c><c t='str'><v>type</v></c></row>")}, "same heading"),
    ({"sheet1": sheet("")}, "no XLSForm"), ({"workbook": None}, "cannot be read"), ({"sheet1": None}, "no XLSForm"),
    ({"sheet1": b"<?xml version='1.0' encoding='x-none'?><a/>"}, "cannot be read"),
])  # fmt: skip
def test_workbooks_with_strange_parts_are_refused(changed: dict[str, bytes | None], said: str):
    with pytest.raises(BadInput, match=said):
        read_foreign(repacked(SAMPLES["xlsform"], **changed))


def test_places_within_a_workbook_may_be_written_from_its_root():
    links = b'<R xmlns="u"><Relationship Id="rId1" Target="/xl/worksheets/sheet1.xml"/><Relationship/><Other/></R>'
    _survey, notes = carried(repacked(SAMPLES["xlsform"], workbook_links=links))
    assert len(notes) == 2


def test_html_leaves_its_words_and_neither_scripts_nor_addresses():
    said = plain_words(
        "<p>One&nbsp;<a href='https://x.test' title='>'>two</a></p>\r\n\n\n\n<br>three<SCRIPT>evil()</script>!"
    )
    assert said == "One two\n\nthree!"
    assert plain_words("a <![odd[ b > c <!-- d > --> e<?php?></ >") == "a c e"
    assert plain_words("\x00a\x1f" + "&amp;" * 5) == "a&&&&&"
    assert (plain_words("a<!-- b"), plain_words("a<style>b"), plain_words("1 < 2 <b"), plain_words(7)) == (
        "a",
        "a",
        "1 < 2 <b",
        "",
    )


def test_strange_numbers_and_halves_of_characters_neither_break_nor_stay():
    content = b'{"pages": [{"elements": [{"name": "x\\ud800\\u0000", "title": "\\udfff", "type": "text", "min": 1e400,'
    content += (
        b'"inputType": "number", "max": NaN, "maxLength": ' + b"9" * 400 + b'}, {"type": "radiogroup", "choices": '
    )
    content += b"[1.5, 1.0, true, null, {}, [], " + b"7" * 5000 + b"]}]}]}"
    survey, _notes = carried(content)
    assert [each.kind for each in survey.questions()] == ["number", "single"]
    written = write_survey(survey)
    assert read_survey(written) == survey
    assert written.encode()


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_mangled_files_are_refused_as_bad_input_or_become_a_survey(name: str, data: st.DataObject):
    content = bytearray(SAMPLES[name])
    for _time in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        end = place + data.draw(st.integers(0, 30))
        content[place:end] = data.draw(
            st.one_of(st.binary(max_size=6), st.sampled_from([b"{", b'"', b"[", b"<", b"0"]))
        )
    is_foreign(bytes(content))
    _read_or_refused(bytes(content))


_LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-3, 10**20), st.floats(), st.text(max_size=5),
                    st.sampled_from(["matrix", "QID1", "{a} > 1", "{{ a }}", "Matrix", "MC", "1", "q://QID1/X/1",
                        "de"]))  # fmt: skip
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["0", "1", "text",
        "type"]), inner, max_size=3)),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(["surveyjs", "qualtrics"]), st.data())
def test_json_with_anything_anywhere_is_refused_as_bad_input_or_becomes_a_survey(name: str, data: st.DataObject):
    document = json.loads(SAMPLES[name])
    for _time in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(list(_places(document))))
        holder[key] = data.draw(_VALUES)
    _read_or_refused(json.dumps(document).encode())


def _places(value):
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from _places(value[key])


def _read_or_refused(content: bytes) -> None:
    try:
        survey = survey_from_foreign(read_foreign(content))
    except BadDefinition:  # what our rules refuse goes with a note, and the rest is carried
        raise
    except BadInput:
        return
    assert survey_of(table_of(survey)) == survey
