"""The question types of Qualtrics as tables of ours; what has no like here is told by None."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from core.language import gettext as _
from surveys.domain.cells import NONE, OTHER
from surveys.domain.foreign.assembling import Assembly
from surveys.domain.foreign.conditions_told import Sort, Target

Table = dict[str, Any]


def mapping(given: object) -> Mapping[str, Any]:
    """A table of the file; an empty one for anything else."""
    return given if isinstance(given, Mapping) else {}


class Telling:
    """One question being told: its name here, and what conditions may ask of it."""

    def __init__(self, everything: Assembly, payload: Mapping[str, Any], number: str, place: str) -> None:
        self.all, self.payload, self.number, self.place = everything, payload, number, place
        self.name = everything.name(str(payload.get("DataExportTag") or number), place)
        self.settings = mapping(mapping(payload.get("Validation")).get("Settings"))

    @property
    def kind(self) -> str:
        """Its type."""
        return str(self.payload.get("QuestionType") or "")

    @property
    def selector(self) -> str:
        """Its variety."""
        return str(self.payload.get("Selector") or "")

    def said(self, key: str, *within: str) -> dict[str, Any]:
        """A text in all its languages: the question's own, or of one of its parts."""
        found = {"": _within(self.payload, key, within)}
        for tag, words in mapping(self.payload.get("Language")).items():
            found[str(tag).lower()] = _within(mapping(words), key, within)
        return {tag: text for tag, text in found.items() if isinstance(text, str) and text}

    def words(self, key: str, path: str) -> str:
        """The words of the question under our path."""
        return self.all.words(self.said(key), f"{self.name}.{path}", self.place)

    def listed(self, key: str, order: str, ours: str, *reserved: str) -> tuple[list[Table], dict[str, str]]:
        """Choices or answers as ours, with our names for their numbers."""
        parts = mapping(self.payload.get(key))
        ordered = self.payload.get(order)
        numbers = [str(each) for each in (ordered if isinstance(ordered, list) else parts) if str(each) in parts]
        given: list[tuple[str, object]] = [(each, self.said(key, each, "Display")) for each in numbers[:200]]
        return self.all.choices(given, self.name, ours, self.place, reserved=reserved)

    def asked(self, sort: Sort, names: Mapping[str, str] | None = None) -> None:
        """Let conditions ask about it."""
        self.all.ask(self.number, Target(sort, self.name, names or {}))


def _within(table: Mapping[str, Any], key: str, path: tuple[str, ...]) -> object:
    found: object = table.get(key)
    for step in path:
        found = mapping(found).get(step)
    return found


def told_kind(telling: Telling) -> Table | None:
    """The question as a table of ours; None where there is no like."""
    teller = KINDS.get(telling.kind)
    own = teller(telling) if teller else None
    if own is None:
        return None
    text = telling.words("QuestionText", "text")
    table: Table = {"name": telling.name, "text": text or telling.number, **own}
    if telling.settings.get("ForceResponse") == "ON" and own["kind"] != "statement":
        table["required"] = True
    return table


def _choice(telling: Telling) -> Table | None:
    several = telling.selector in {"MAVR", "MAHR", "MACOL", "MSB"}
    made, names = telling.listed("Choices", "ChoiceOrder", "choices", *((OTHER, NONE) if several else (OTHER,)))
    if not made:
        return None
    if telling.selector == "NPS":
        telling.asked(Sort.NUMBER)
        return {"kind": "nps"}
    telling.asked(Sort.SET if several else Sort.ONE, names)
    table: Table = {"kind": "multiple" if several else "single", "choices": made}
    if telling.selector == "DL":
        table["dropdown"] = True
    _note_words_beside(telling)
    return table | _random(telling)


def _note_words_beside(telling: Telling) -> None:
    parts = mapping(telling.payload.get("Choices"))
    if any(mapping(each).get("TextEntry") for each in parts.values()):
        message = _("The field for words beside a choice was left out; use “other” for it.")
        telling.all.report.note(telling.place, message)


def _random(telling: Telling) -> Table:
    return {"shuffle": True} if mapping(telling.payload.get("Randomization")).get("Type") == "All" else {}


def _matrix(telling: Telling) -> Table | None:
    rows, row_names = telling.listed("Choices", "ChoiceOrder", "rows")
    if not rows:
        return None
    if telling.selector == "TE":
        across, _names = telling.listed("Answers", "AnswerOrder", "across")
        return {"kind": "matrix_text", "rows": rows, "across": across} if across else None
    several = telling.payload.get("SubSelector") == "MultipleAnswer"
    key = "choices" if several else "scale"
    points, names = telling.listed("Answers", "AnswerOrder", key, "na")
    if not points:
        return None
    if not several:
        for theirs, ours in row_names.items():
            telling.all.ask(f"{telling.number}.{theirs}", Target(Sort.ONE, f"{telling.name}.{ours}", names))
    return {"kind": "matrix_multiple" if several else "matrix", "rows": rows, key: points} | _random(telling)


def _entry(telling: Telling) -> Table | None:
    content = str(telling.settings.get("ContentType") or telling.settings.get("Type") or "")
    if telling.selector == "FORM":
        rows, _names = telling.listed("Choices", "ChoiceOrder", "rows")
        across = [{"name": "words", "label": telling.words("QuestionText", "across.words")[:500] or "…"}]
        return {"kind": "matrix_text", "rows": rows, "across": across} if rows else None
    if content == "ValidNumber":
        telling.asked(Sort.NUMBER)
        return {"kind": "number"}
    telling.asked(Sort.TEXT)
    if content == "ValidEmail":
        return {"kind": "email"}
    return {"kind": "long_text" if telling.selector in {"ML", "ESTB"} else "text"}


def _statement(telling: Telling) -> Table | None:
    return {"kind": "statement"} if telling.words("QuestionText", "text") else None


def _ranking(telling: Telling) -> Table | None:
    made, _names = telling.listed("Choices", "ChoiceOrder", "choices")
    return {"kind": "ranking", "choices": made} | _random(telling) if made else None


def _sum(telling: Telling) -> Table | None:
    made, _names = telling.listed("Choices", "ChoiceOrder", "choices")
    total = str(telling.settings.get("ChoiceTotal") or "100")
    number = int(total) if re.fullmatch("[1-9][0-9]{0,5}", total) else 100
    return {"kind": "sum", "choices": made, "total": number} if made else None


def _slider(telling: Telling) -> Table | None:
    rows, _names = telling.listed("Choices", "ChoiceOrder", "rows")
    if len(rows) > 1:
        telling.all.report.note(telling.place, _("Several sliders became fields for numbers from 0 to 100."))
        across = [{"name": "number", "label": "0–100"}]
        return {"kind": "matrix_number", "rows": rows, "across": across, "least": 0, "most": 100}
    telling.asked(Sort.NUMBER)
    return {"kind": "slider"}


def _file(_telling: Telling) -> Table:
    return {"kind": "file"}


KINDS: Mapping[str, Callable[[Telling], Table | None]] = {
    "MC": _choice,
    "Matrix": _matrix,
    "TE": _entry,
    "DB": _statement,
    "RO": _ranking,
    "CS": _sum,
    "Slider": _slider,
    "FileUpload": _file,
}
