"""A survey's definition drafted from a sheet of answers, so that a survey asked elsewhere has its results here."""

from collections.abc import Sequence
from typing import Any

from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.choice_names import free_name, name_from
from surveys.domain.definitions import Survey
from surveys.domain.outside.foreign_sheets import AnswerSheet
from surveys.domain.outside.sheet_answers import Taken, answered
from surveys.domain.survey_files import survey_of

LONGEST_LABEL = 500
LONGEST_TEXT = 20_000
KEPT_NAMES = ("other", "none", "na", "refused")
HALF = 0.5


def drafted_from(sheet: AnswerSheet, name: str, title: str) -> Survey:
    """A question a column: numbers, choices where there are few different answers, else words.

    Left out are empty columns and those that hold e-mail addresses: answers are kept apart from people (P1).

    Raises:
        BadInput: nothing is left, or the name cannot be one.
    """
    questions: list[dict[str, Any]] = []
    for place in range(len(sheet.columns)):
        cells = [row[place] for row in sheet.rows if row[place]]
        if cells and sum("@" in cell for cell in cells) < HALF * len(cells):
            questions.append(_question(sheet, place, [each["name"] for each in questions]))
    if not questions:
        raise BadInput(_("The file has no column that could be a question."))
    return survey_of({"name": name, "title": title, "page": [{"name": "answers", "question": questions}]})


def _question(sheet: AnswerSheet, place: int, taken: Sequence[str]) -> dict[str, Any]:
    title = sheet.columns[place]
    stem = name_from(title)
    name = free_name(stem if stem[0].isalpha() else f"q_{stem}"[:36], taken)
    common = {"name": name, "text": title[:LONGEST_LABEL]}
    found = answered(sheet, f"#{place + 1}")
    if found.taken is Taken.NUMBERS:
        return {**common, "kind": "number"}
    longest = max(len(choice) for choice in found.choices)
    if found.taken is Taken.WORDS or longest > LONGEST_LABEL:
        return {**common, "kind": "long_text", "longest": LONGEST_TEXT}
    names: list[str] = []
    for choice in found.choices:
        names.append(free_name(name_from(choice), (*names, *KEPT_NAMES)))
    choices = [{"name": each, "label": choice} for each, choice in zip(names, found.choices, strict=True)]
    return {**common, "kind": "single", "choices": choices}
