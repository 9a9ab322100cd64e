"""Small survey files of other programs, written here; each builder takes what a test wants to be different."""

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter import Workbook

from surveys.domain.definitions import Survey
from surveys.domain.foreign.carried import Carried
from surveys.domain.foreign.foreign_files import read_foreign, survey_from_foreign
from surveys.domain.show_rules import Formula
from surveys.domain.translations import in_language

Rows = Sequence[Sequence[object]]


def carried(content: bytes) -> tuple[Any, list[str]]:
    """The survey that a file becomes (its questions have fields of many kinds), and what was not carried as lines."""
    found: Carried = read_foreign(content)
    return survey_from_foreign(found), [str(note) for note in found.notes if not note.wrong]


def faults(content: bytes) -> list[str]:
    """What a file has wrong by the rules of its own program."""
    return [str(note) for note in read_foreign(content).notes if note.wrong]


def conditions(survey: Survey) -> dict[str, str]:
    """The conditions of all questions that have one, as our expressions."""
    return {each.name: each.show_if.text for each in survey.questions() if isinstance(each.show_if, Formula)}


def spoken(survey: Survey, language: str) -> Any:
    """The survey in another of its languages."""
    return in_language(survey, language)


def surveyjs(*elements: object, **head: object) -> bytes:
    """A SurveyJS file of one page with these elements."""
    return json.dumps({"title": "Ears", "pages": [{"name": "p", "elements": elements}]} | head).encode()


def choice(name: str, *values: object, kind: str = "radiogroup", **more: object) -> dict[str, object]:
    """A question of SurveyJS with choices."""
    return {"type": kind, "name": name, "choices": list(values), **more}


def xlsform(survey: Rows, choices: Rows = (), settings: Rows = ()) -> bytes:
    """An XLSForm of these sheets, headings first."""
    written = io.BytesIO()
    book = Workbook(written, {"in_memory": True})
    for name, rows in (("survey", survey), ("choices", choices), ("settings", settings)):
        if rows:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    book.close()
    return written.getvalue()


def lime(**tables: Sequence[Mapping[str, object]]) -> bytes:
    """A structure of LimeSurvey with these tables."""
    written = "".join(
        f"<{name}><rows>{''.join(map(_row, rows))}</rows></{name}>"
        for name, rows in tables.items()
    )  # fmt: skip
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<document><LimeSurveyDocType>Survey</LimeSurveyDocType>'
    return f"{head}{written}</document>".encode()


def _row(values: Mapping[str, object]) -> str:
    return f"<row>{''.join(f'<{key}><![CDATA[{value}]]></{key}>' for key, value in values.items())}</row>"


def lime_question(number: int, code: str, kind: str, text: str = "?", **more: object) -> dict[str, object]:
    """A question of LimeSurvey in group 1."""
    base: dict[str, Any] = {"qid": number, "parent_qid": 0, "gid": 1, "title": code, "type": kind, "question": text}
    return {**base, "question_order": number, "language": "en", "relevance": "1", "scale_id": 0, **more}


def lime_part(number: int, parent: int, code: str, text: str, **more: object) -> dict[str, object]:
    """A part of a question of LimeSurvey."""
    return lime_question(number, code, "T", text, parent_qid=parent, **more)


def lime_answer(question: int, code: str, text: str, order: int, **more: object) -> dict[str, object]:
    """An answer of a question of LimeSurvey."""
    base: dict[str, Any] = {"qid": question, "code": code, "answer": text, "sortorder": order}
    return {**base, "language": "en", "scale_id": 0, **more}


def qualtrics(*questions: Mapping[str, object], flow: object = None, blocks: object = None, **entry: object) -> bytes:
    """A survey of Qualtrics: its questions QID1, QID2 … each on a page of one block."""
    asked: list[object] = []
    for number in range(1, len(questions) + 1):
        asked += [{"Type": "Question", "QuestionID": f"QID{number}"}, {"Type": "Page Break"}]
    own = [{"ID": "BL_1", "Type": "Default", "Description": "First", "BlockElements": asked}]
    elements = [
        {"Element": "BL", "Payload": own if blocks is None else blocks},
        {"Element": "FL", "Payload": {"Flow": [{"ID": "BL_1", "Type": "Block"}] if flow is None else flow}},
        *({"Element": "SQ", "PrimaryAttribute": f"QID{number}", "Payload": {"QuestionType": "TE", "QuestionText": "?",
                                                                           "DataExportTag": f"Q{number}", **each}}
          for number, each in enumerate(questions, 1)),
    ]  # fmt: skip
    return json.dumps({"SurveyEntry": {"SurveyName": "Q", **entry}, "SurveyElements": elements}).encode()


def parts(*words: str) -> dict[str, object]:
    """Choices or answers of Qualtrics, numbered from 1."""
    return {str(number): {"Display": each} for number, each in enumerate(words, 1)}


def looks(*seen: Mapping[str, object], joint: str = "And") -> dict[str, object]:
    """A display logic of Qualtrics with one group of looks."""
    group = {str(number): {"LogicType": "Question", "Conjuction": joint, **each} for number, each in enumerate(seen)}
    return {"0": {**group, "Type": "If"}, "Type": "BooleanExpression"}
